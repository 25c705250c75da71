"""Servers and sessions that tests start for themselves and end again."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch


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

        login = ("--auth=trust", "--username=crmlab", "--encoding=UTF8", "--locale=C.UTF-8")
        run("initdb", "--no-sync", *login)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
        run("pg_ctl", "start", "--wait", "-l", f"{folder}/log", "-o", options)
        try:
            yield f"postgresql://crmlab@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "stop", "--mode=immediate")


@contextmanager
def spark_session():
    """Start a local Spark of one thread, set for many queries of few rows."""
    from pyspark.sql import SparkSession

    options = {
        # Queries this short end before the second compiler has earned its time.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.adaptive.enabled": False,
        "spark.sql.codegen.wholeStage": False,
        "spark.sql.execution.arrow.pyspark.enabled": True,
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": 1,
        "spark.ui.enabled": False,
    }
    builder = SparkSession.builder.master("local[1]").config(map=options)
    with patch.dict(os.environ, PYSPARK_PYTHON=sys.executable):
        session = builder.getOrCreate()
        try:
            yield session
        finally:
            session.stop()
