"""`module preview`: a small server for the author's own machine that shows a file as its readers will see it.

Nothing is published, stored or fetched. It listens on the loopback address alone, answers only to requests that name
that address (so that no web page can read drafts through the browser), and serves only pictures beside the text.
"""

from __future__ import annotations

import mimetypes
import time
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from node.cli.practitioner.previewing_page import SCRIPT, Draft, list_page, preview_page
from node.cli.publishing.collect import NothingFound, collect
from node.errors import PortTaken

HOST = "127.0.0.1"
_WAIT = 20.0  # seconds that a question for changes is held open
_LOOK = 0.25  # seconds between looks at the files
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml"})
_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class PreviewServer(ThreadingHTTPServer):
    """Shows the modules and tasks at `path`, read afresh at every request."""

    daemon_threads = True

    def __init__(self, path: Path, port: int = 0) -> None:
        self.path = path
        self.root = (path if path.is_dir() else path.parent).resolve()
        self.closing = False
        collect(path, judge=False)
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise PortTaken.of(port) from error

    @property
    def url(self) -> str:
        """Where to look."""
        return f"http://{HOST}:{self.server_address[1]}/"

    @cached_property
    def theme(self) -> Any:
        """The default theme's files."""
        from node.web.rendering import Rendering

        return Rendering()

    def state(self) -> str:
        """Changes whenever a file beside the text does."""
        paths = [self.path] if self.path.is_file() else sorted(self.path.rglob("*.md"))
        stamps = [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths if path.is_file()]
        return f"{hash(tuple(stamps)):x}"

    def server_close(self) -> None:
        """Stop, and let go of those who wait for changes."""
        self.closing = True
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer

    def do_GET(self) -> None:
        if self.headers.get("host", "").rpartition(":")[0] not in (HOST, "localhost"):
            self._answer(b"This server answers to this machine alone.", "text/plain", 403)
            return
        parts = urlsplit(self.path)
        path, query = unquote(parts.path), {key: values[-1] for key, values in parse_qs(parts.query).items()}
        if path == "/":
            self._page(query)
        elif path == "/changes":
            self._changes(query.get("since", ""))
        elif path == "/preview.js":
            self._answer(SCRIPT.encode(), "text/javascript")
        elif path.startswith("/static/"):
            self._static(path.removeprefix("/static/"))
        elif path.startswith("/files/"):
            self._picture(path.removeprefix("/files/"))
        else:
            self._answer(b"There is no such page.", "text/plain", 404)

    def _page(self, query: dict[str, str]) -> None:
        state = self.server.state()
        try:
            collected = collect(self.server.path)
        except (NothingFound, OSError) as error:
            self._html(list_page([], state, str(error)))
            return
        drafts = [Draft(source, self.server.root) for source in collected.sources]
        wanted = query.get("file", drafts[0].name if len(drafts) == 1 else "")
        chosen = next((draft for draft in drafts if draft.name == wanted), None)
        self._html(preview_page(chosen, query.get("as", "novice"), state) if chosen else list_page(drafts, state))

    def _changes(self, since: str) -> None:
        until = time.monotonic() + _WAIT
        while (state := self.server.state()) == since and time.monotonic() < until and not self.server.closing:
            time.sleep(_LOOK)
        self._answer(state.encode(), "text/plain")

    def _static(self, path: str) -> None:
        file = self.server.theme.find_static(path)
        if file is None:
            self._answer(b"There is no such file.", "text/plain", 404)
        else:
            self._answer(file.path.read_bytes(), file.media_type)

    def _picture(self, path: str) -> None:
        file = (self.server.root / path).resolve()
        mime = mimetypes.guess_type(file.name)[0] or ""
        if mime not in _PICTURES or not file.is_relative_to(self.server.root) or not file.is_file():
            self._answer(b"There is no such picture.", "text/plain", 404)
        else:
            self._answer(file.read_bytes(), mime)

    def _html(self, page: str) -> None:
        self._answer(page.encode("utf-8", "replace"), "text/html; charset=utf-8")

    def _answer(self, body: bytes, mime: str, status: int = 200) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", mime)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", _POLICY)
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing: the terminal belongs to the author."""
