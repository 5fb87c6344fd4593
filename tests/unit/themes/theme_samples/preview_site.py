"""The samples behind a small web server with the node's content policy, so that a browser can try them."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from theme_samples import rendered, rendering_in

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PICTURE = base64.b64decode(  # one grey dot
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)


@dataclass(slots=True)
class PreviewSite:
    """`/NAME` shows a sample, every POST is kept; what htmx asks for is answered with the fragment samples."""

    address: str = ""
    theme: str = "default"
    posted: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)

    def answer(self, method: str, target: str, body: str) -> tuple[int, str, bytes]:
        """Status, media type, body."""
        path = urlsplit(target).path
        if method == "POST":
            self.posted.append((path, parse_qs(body)))
        if path.startswith("/static/"):
            file = rendering_in(self.theme).find_static(path.split("/", 3)[3])
            return (200, file.media_type, file.path.read_bytes()) if file else (404, "text/plain", b"")
        if path.startswith("/pictures/"):
            return 200, "image/png", PICTURE
        name = {"/write/check": "fragment-draft", "/me/feed/r1": "fragment-gone"}.get(path, path.strip("/"))
        if path == "/search" and urlsplit(target).query:
            name = "fragment-results"
        html = rendered(self.theme).get(name, "")
        return (200 if html else 404), "text/html; charset=utf-8", html.encode()


@contextmanager
def served() -> Iterator[PreviewSite]:
    """A preview on a free port of this machine."""
    site = PreviewSite()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send("GET", "")

        def do_POST(self) -> None:
            self._send("POST", self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

        def _send(self, method: str, body: str) -> None:
            status, media_type, content = site.answer(method, self.path, body)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.address = f"http://localhost:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
