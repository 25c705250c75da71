"""Servers that tests start for themselves and end again."""

import os
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def postgresql_server():
    """Start a server of our own on loopback, as an ordinary user, in a temporary folder."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    # PostgreSQL refuses to run for root; Debian's package brings a user of its own.
    who = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)

        def run(program, *arguments):
            command = [programs / program, "-D", f"{folder}/data", *arguments]
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, **who)

        run("initdb", "--auth=trust", "--username=crmlab", "--encoding=UTF8", "--locale=C.UTF-8")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
        run("pg_ctl", "start", "--wait", "-l", f"{folder}/log", "-o", options)
        try:
            yield f"postgresql://crmlab@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "stop", "--mode=immediate")
