"""Serves the marking page to the browser of this machine, and to nobody else.

It listens on the loopback address alone. The address printed holds a token that opens it once;
from then on a cookie does that no page of another site can use. What students wrote is shown as
text, and the browser is told to run nothing but the page's own script.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from crmlab._words import _
from crmlab.grading.desk import Desk, DeskError
from crmlab.grading.pages import PAGES

HOST = "127.0.0.1"
_COOKIE = "crmlab-marking"
_LARGEST = 20_000
_OWN_ALONE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FILES = {"/marking.js": "text/javascript", "/marking.css": "text/css"}


class Marking(ThreadingHTTPServer):
    """The server of one desk; `address` opens it, once."""

    daemon_threads = True

    def __init__(self, desk: Desk, *, port: int = 0) -> None:
        super().__init__((HOST, port), _Handler)
        self.desk = desk
        self.token: str | None = secrets.token_urlsafe(24)
        self.session = secrets.token_urlsafe(24)
        self.address = f"http://{HOST}:{self.server_port}/?token={self.token}"

    def take(self, token: str) -> bool:
        """Return whether this token opens the page, and let nobody use it again."""
        fits = self.token is not None and _same(token, self.token)
        self.token = None if fits else self.token
        return fits


def _same(given: str, secret: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "replace"), secret.encode())


class _RefusedError(Exception):
    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(why)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Marking  # pyright: ignore[reportIncompatibleVariableOverride]
    server_version, sys_version = "crmlab", ""

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: addresses hold the token."""

    def do_GET(self) -> None:
        with self._while_there():
            self._answer(self._get)

    def do_POST(self) -> None:
        with self._while_there():
            self._answer(self._post)

    @contextmanager
    def _while_there(self) -> Iterator[None]:
        """Say nothing on the console when the browser has gone before it was answered."""
        try:
            yield
        except ConnectionError:
            self.close_connection = True

    def _answer(self, act: Callable[[], None]) -> None:
        """Act, and word what is refused."""
        try:
            if self.headers.get("Host") != f"{HOST}:{self.server.server_port}":
                raise _RefusedError(
                    HTTPStatus.FORBIDDEN, _("this page is for its own address alone")
                )
            act()
        except _RefusedError as error:
            self._send(str(error), "text/plain", error.status)
        except ValueError as error:  # what the desk, the sheet and json refuse
            self._send(str(error), "text/plain", HTTPStatus.BAD_REQUEST)
        except ConnectionError:
            raise
        except OSError as error:  # a sheet that a spreadsheet holds open
            why = _("nothing was saved: {why}").format(why=error.strerror or error)
            self._send(why, "text/plain", HTTPStatus.INTERNAL_SERVER_ERROR)

    def _get(self) -> None:
        asked = urlsplit(self.path)
        token = parse_qs(asked.query).get("token", [""])[0]
        if token:
            if not self.server.take(token):
                raise _RefusedError(
                    HTTPStatus.FORBIDDEN,
                    _("this address has been opened already; end the command, and start it again"),
                )
            cookie = f"{_COOKIE}={self.server.session}; HttpOnly; SameSite=Strict; Path=/"
            self._send("", "text/plain", HTTPStatus.SEE_OTHER, Location="/", Set_Cookie=cookie)
            return
        self._require_session()
        desk = self.server.desk
        if asked.path in _FILES:
            text = (files("crmlab.grading") / "templates" / asked.path[1:]).read_text("utf-8")
            self._send(text, _FILES[asked.path])
        elif asked.path == "/":
            self._page("marking.html", questions=[*desk.questions()], second=desk.second)
        elif asked.path.startswith("/question/"):
            name = unquote(asked.path.removeprefix("/question/"))
            self._page("question.html", **desk.page(name), second=desk.second)
        else:
            raise _RefusedError(HTTPStatus.NOT_FOUND, _("there is no such page"))

    def _post(self) -> None:
        self._require_session()
        own = f"http://{HOST}:{self.server.server_port}"
        is_json = self.headers.get("Content-Type") == "application/json"
        if self.path != "/give" or self.headers.get("Origin") != own or not is_json:
            raise _RefusedError(HTTPStatus.FORBIDDEN, _("levels come from the page alone"))
        size = int(self.headers.get("Content-Length") or 0)
        if not 0 <= size <= _LARGEST:
            raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("the comment is too long"))
        said = json.loads(self.rfile.read(size))
        self._send(json.dumps(self.server.desk.give(**_given(said))), "application/json")

    def _require_session(self) -> None:
        try:
            held = SimpleCookie(self.headers.get("Cookie", "")).get(_COOKIE)
        except CookieError:
            held = None
        if held is None or not secrets.compare_digest(
            held.value.encode(), self.server.session.encode()
        ):
            raise _RefusedError(
                HTTPStatus.FORBIDDEN, _("open the address that `crmlab course mark` printed")
            )

    def _page(self, name: str, **what: Any) -> None:
        self._send(PAGES.get_template(name).render(**what), "text/html")

    def _send(
        self, text: str, kind: str, status: HTTPStatus = HTTPStatus.OK, **headers: str
    ) -> None:
        body = text.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", _OWN_ALONE)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


def _given(said: Any) -> dict[str, Any]:
    """Return what the page sent, if every part is of its kind."""
    texts = ("question", "student", "of", "comment", "was_level", "was_comment")
    fits = isinstance(said, dict) and {*said} == {*texts, "level"}
    fits = fits and all(isinstance(said[name], str) for name in texts)
    if not fits or not (said["level"] is None or type(said["level"]) is int):
        raise DeskError("that is no level")
    was = said.pop("was_level"), said.pop("was_comment")
    return {**said, "was": was}
