"""Talks to a node: over HTTP with a saved sign-in, through the operator's socket, or in a stopped node's folder."""

from __future__ import annotations

import contextlib
import socket
import time
import weakref
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from node.errors import DataFolderBusy, Malformed, NodeError, Unreachable

if TYPE_CHECKING:
    import httpx  # a third of the time that `skillnet --help` takes: only who asks a node pays for it

TIMEOUT = 60.0
STARTING = 10.0  # seconds in which a node that holds its folder comes to listen
_USUAL_WAIT = 5.0


class Answered(NodeError):
    """The node refused."""

    wait: float | None = None  # seconds after which it would listen again, where it said so


class NodeClient:
    """One node's HTTP interface. Errors come back as the node's own words and hint."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def get(self, path: str, **query: Any) -> Any:
        """GET JSON."""
        return self._ask("GET", path, params={k: v for k, v in query.items() if v not in (None, "", False)})

    def post(self, path: str, body: Any = None) -> Any:
        """POST JSON."""
        return self._ask("POST", path, json={} if body is None else body)

    def put(self, path: str, body: Any) -> Any:
        """PUT JSON."""
        return self._ask("PUT", path, json=body)

    def delete(self, path: str) -> Any:
        """DELETE."""
        return self._ask("DELETE", path)

    def upload(self, path: str, body: bytes, mime: str) -> Any:
        """POST bytes."""
        return self._ask("POST", path, content=body, headers={"content-type": mime})

    def download(self, path: str, **query: Any) -> bytes:
        """GET bytes."""
        return self._send("GET", path, params=query).content

    def fetch(self, path: str, body: Any) -> bytes:
        """POST JSON, get bytes."""
        return self._send("POST", path, json=body).content

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        return _body(self._send(method, path, **options))

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The answer, when it is one of success. Raises Unreachable, Answered, Malformed."""
        import httpx

        try:
            response = self.http.request(method, path, **options)
        except httpx.HTTPError as error:
            raise Unreachable(
                f"{self.http.base_url} does not answer: {error}.",
                hint="Is the node running? `skillnet serve` starts it.",
            ) from error
        except UnicodeEncodeError as error:
            raise Malformed("What was given is not text.", hint="Words are read as UTF-8.") from error
        except httpx.InvalidURL as error:
            raise Malformed(f"This cannot be asked: {error}.") from error
        if not response.is_success:
            raise _refusal(response)
        return response


def _body(response: httpx.Response) -> Any:
    is_json = "json" in response.headers.get("content-type", "")
    try:
        return response.json() if is_json and response.content else response.text
    except ValueError as error:
        raise Answered(f"{response.url} answered with something that is not JSON.") from error


def _refusal(response: httpx.Response) -> Answered:
    body = _body(response)
    facts = body if isinstance(body, dict) else {}
    message = facts.get("detail") or facts.get("message") or f"The node answered {response.status_code}."
    code = facts.get("error") or str(facts.get("type", "")).partition("#")[2]
    refusal = Answered(str(message), hint=str(facts.get("hint", "")), code=str(code))
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        refusal.wait = _asked_to_wait(response.headers)
    return refusal


def _asked_to_wait(headers: httpx.Headers) -> float:
    """Seconds: `Retry-After`, or until `RateLimit-Reset`, which hosts of the protocol give as a time since 1970."""
    try:
        if "retry-after" in headers:
            return max(float(headers["retry-after"]), 0)
        return max(float(headers["ratelimit-reset"]) - time.time(), 0)
    except (KeyError, ValueError):
        return _USUAL_WAIT


def connect(url: str, token: str = "") -> NodeClient:
    """A client of the node at `url`."""
    import httpx

    headers = {"accept": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
    client = NodeClient(httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT))
    # Commands come and go without a place to close it in; with the last one who holds it, its connections end.
    weakref.finalize(client, client.http.close)
    return client


@contextlib.contextmanager
def operate(data: Path) -> Iterator[NodeClient]:
    """The operator's client: the running node's socket, or the folder itself when it is not running."""
    from node.app.data_folder import SOCKET_NAME

    with contextlib.ExitStack() as stack:
        yield NodeClient(_enter(stack, data, data / SOCKET_NAME))


def _enter(stack: contextlib.ExitStack, data: Path, door: Path) -> httpx.Client:
    """A node that is starting holds its folder before it listens: it is waited for. Raises DataFolderError."""
    import httpx

    if not is_answered(door):
        try:
            return stack.enter_context(_stopped_node(data))
        except DataFolderBusy:
            until = time.monotonic() + STARTING
            while not is_answered(door):
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
    transport = httpx.HTTPTransport(uds=str(door))
    return stack.enter_context(httpx.Client(transport=transport, base_url="http://node", timeout=TIMEOUT))


def is_answered(door: Path) -> bool:
    """Does a node listen at this socket? The file of one that was killed lies there until the next start."""
    with socket.socket(socket.AF_UNIX) as trying:
        try:
            trying.connect(str(door))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except OSError:
            return True  # who asks there hears why
    return True


@contextlib.contextmanager
def _stopped_node(data: Path) -> Iterator[httpx.Client]:
    """Opens the folder, and serves it to this process alone for the length of one command."""
    import asyncio

    import httpx

    from node.app.in_process import open_stopped
    from node.logs import configure_logs

    configure_logs("error", as_json=False)  # the answer is what was asked for, not what services say meanwhile
    with asyncio.Runner() as runner, open_stopped(data, runner) as transport:
        yield httpx.Client(transport=transport, base_url="http://node", timeout=TIMEOUT)
