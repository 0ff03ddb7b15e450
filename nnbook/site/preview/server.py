"""Serve the pages of the preview on this machine, with a script in each that listens for news.

The standard library does all that is needed: static files, and one open answer for each open page (Server-Sent Events).
The script is put in on the way; the files stay as they are.
"""

import json
import os
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from html import escape
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from nnbook.site.errors import BuildError
from nnbook.site.front import root_page

HOST = "127.0.0.1"
PORT = 8000
EVENTS, SCRIPT = "/_preview/events", "/_preview/page.js"
_SCRIPTS = [Path(__file__).parent / name for name in ("text.js", "page.js")]
_NOTHING_YET = b"<!doctype html><title>nnbook serve</title><body><p>This page has not been made yet.</p></body>"
_HEARTBEAT = 5.0  # seconds after which a page that has gone is noticed


class Board:
    """Written by the session, read by the threads of the server."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._all = 0
        self._versions: dict[str, int] = {}
        self._errors: tuple[BuildError, ...] = ()
        self._notices: tuple[str, ...] = ()

    def pages_written(self, names: Iterable[str]) -> None:
        """Pages such as `en/index` are new; they load themselves anew."""
        with self._changed:
            for name in names:
                self._versions[name] = self._versions.get(name, 0) + 1
            self._changed.notify_all()

    def all_written(self) -> None:
        """Every page should load itself anew, for instance for a style sheet."""
        with self._changed:
            self._all += 1
            self._changed.notify_all()

    def show(self, errors: Sequence[BuildError], notices: Sequence[str]) -> None:
        """Show what is wrong now; nothing takes it away."""
        with self._changed:
            self._errors, self._notices = tuple(errors), tuple(notices)
            self._changed.notify_all()

    def version(self, page: str) -> str:
        """Changes when the page does, and when another process serves it."""
        return f"{os.getpid()}-{self._all}-{self._versions.get(page, 0)}"

    def wait(self, page: str, seen: Mapping[str, Any] | None, seconds: float) -> dict[str, Any]:
        """The news for a `page`, at once if they differ from those it has `seen`, else when they do or time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._news(page) != seen, seconds)
            return self._news(page)

    def _news(self, page: str) -> dict[str, Any]:
        return {
            "version": self.version(page),
            "errors": [
                {"rule": error.rule, "findings": error.findings, "remedy": error.remedy} for error in self._errors
            ],
            "notices": list(self._notices),
        }


@contextmanager
def serving(folder: Path, languages: tuple[str, ...], board: Board, port: int | None) -> Iterator[str]:
    """Serve `folder` while the context lasts, and give the address.

    Args:
        languages: the codes of the folders with pages.
        port: the port to use; None for the first free one from 8000 on.

    Raises:
        BuildError: if the port is taken.
    """
    with _server(partial(_Handler, folder=folder, languages=languages, board=board), port) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://{HOST}:{server.server_port}/"
        finally:
            server.shutdown()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # the threads of open pages end with the process

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in the middle of a request is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def _server(handler: "partial[_Handler]", port: int | None) -> _Server:
    for candidate in range(PORT, PORT + 100) if port is None else [port]:
        try:
            return _Server((HOST, candidate), handler)
        except OSError as error:
            cause = error.strerror or str(error)
    raise BuildError(
        "The preview must have a port of its own.",
        [f"--port {port or f'{PORT} to {PORT + 99}'}: {cause}"],
        "Choose another with --port, or none for the first free one:",
    )


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, folder: Path, languages: tuple[str, ...], board: Board) -> None:
        self._languages = languages
        self._board = board
        super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        try:
            if path == EVENTS:
                self._tell_news()
            elif path == SCRIPT:
                self._send(b"".join(path.read_bytes() for path in _SCRIPTS), "text/javascript; charset=utf-8")
            elif path in {"/", "/index.html"}:
                self._send(root_page(self._languages, "", {}).encode(), "text/html; charset=utf-8")
            elif path.endswith((".html", "/")):
                self._send_page(path)
            else:
                del self.headers["If-Modified-Since"]  # which counts whole seconds
                super().do_GET()
        except ConnectionError:
            self.close_connection = True

    def end_headers(self) -> None:
        # Pictures and data are named by their content; all else is asked for again.
        lasting = "/_images/" in self.path or "/_data/" in self.path
        self.send_header("Cache-Control", "max-age=3600, immutable" if lasting else "no-cache")
        super().end_headers()

    def log_message(self, *arguments: object) -> None:
        """The terminal is for what the writer does."""

    def _send_page(self, path: str) -> None:
        file = Path(self.translate_path(path))
        file = file / "index.html" if path.endswith("/") else file
        name = file.relative_to(self.directory).with_suffix("").as_posix()
        version = self._board.version(name)  # before reading: a page that is a moment too old loads itself anew
        found = file.is_file()
        content = file.read_bytes() if found else _NOTHING_YET
        script = f'<script src="{SCRIPT}" data-page="{escape(name)}" data-version="{version}"></script></body>'
        before, _, after = content.rpartition(b"</body>")
        status = HTTPStatus.OK if found else HTTPStatus.NOT_FOUND
        self._send(before + script.encode() + after, "text/html; charset=utf-8", status)

    def _send(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _tell_news(self) -> None:
        """Send the news of a page now and whenever they change, until the page is closed."""
        page = parse_qs(urlsplit(self.path).query).get("page", [""])[0]
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"retry: 250\n\n")
        seen = None
        while True:
            news = self._board.wait(page, seen, _HEARTBEAT)
            self.wfile.write(b":\n\n" if news == seen else f"data: {json.dumps(news)}\n\n".encode())
            self.wfile.flush()
            seen = news
