"""A bucket of an S3-compatible server: the few requests that a node makes of it, signed, timed and tried again."""

from __future__ import annotations

import time
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import httpx

from node.errors import BlobsAway
from node.services.hosting.blobs.request_signing import NOTHING, Signer, encoded
from node.waiting import Line, Unasked

PATIENCE = httpx.Timeout(10.0, connect=5.0, write=30.0)
WAITS = (0.2, 0.4, 0.8)  # seconds between tries of what was refused or broken off; who waited in vain once is told so
PASSING = frozenset({429, 500, 502, 503, 504})
OF_ONE = (httpx.PoolTimeout, httpx.WriteTimeout, httpx.WriteError)  # a busy node, a slow upload: others may be answered


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bucket is. With `path_style` its name is in the path, else in the host's name."""

    endpoint: str
    bucket: str
    path_style: bool = True

    def url_of(self, key: str) -> str:
        """The address of an object, percent-encoded as it is signed; '' is the bucket itself."""
        parts, path = urlsplit(self.endpoint), quote(key, safe="/-_.~")
        if self.path_style:
            return f"{self.endpoint}/{self.bucket}/{path}" if path else f"{self.endpoint}/{self.bucket}"
        return f"{parts.scheme}://{self.bucket}.{parts.netloc}{parts.path}/{path}"


@dataclass(frozen=True, slots=True)
class Listed:
    """An object of a listing; `age` seconds by the server's own clock."""

    key: str
    age: float


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request: about the object `key`, or the bucket itself. `digest` is the SHA-256 of `file`, which is sent."""

    method: str
    key: str = ""
    query: dict[str, str] = field(default_factory=dict)
    file: Path | None = None
    digest: str = NOTHING


class Bucket:
    """Objects by key. Whatever the server does, what is raised is BlobsAway with its words."""

    def __init__(self, place: Place, signer: Signer) -> None:
        self._place = place
        self._signer = signer
        self._line = Line(BlobsAway)
        self._client = httpx.Client(timeout=PATIENCE, trust_env=False, limits=httpx.Limits(max_connections=32))
        weakref.finalize(self, self._client.close)

    def put(self, key: str, file: Path, digest: str) -> None:
        """Store a file, streamed; the server compares it with its SHA-256 `digest` (hex)."""
        self._ask(_Asked("PUT", key, file=file, digest=digest))

    def get(self, key: str) -> bytes | None:
        """An object's bytes; None when there is none."""
        answer = self._ask(_Asked("GET", key), allowed=404)
        return None if answer.status_code == 404 else answer.content

    def delete(self, key: str) -> None:
        """Let an object go; one that is not there is gone."""
        self._ask(_Asked("DELETE", key), allowed=404)

    def list(self, prefix: str, page: int = 1000) -> Iterator[Listed]:
        """Every object whose key begins so, in order of keys, asked for `page` at a time."""
        query = {"list-type": "2", "prefix": prefix, "max-keys": str(page)}
        while True:
            answer = self._ask(_Asked("GET", query=query))
            root, now = _parse(answer), parsedate_to_datetime(answer.headers["date"])
            for found in root.iterfind("{*}Contents"):
                changed = datetime.fromisoformat(_text(found, "LastModified"))
                yield Listed(_text(found, "Key"), (now - changed).total_seconds())
            if _text(root, "IsTruncated") != "true":
                return
            query["continuation-token"] = _text(root, "NextContinuationToken")

    def keeps_versions(self) -> bool:
        """Does what is deleted stay there as an old version?"""
        return _text(_parse(self._ask(_Asked("GET", query={"versioning": ""}))), "Status") == "Enabled"

    def _ask(self, asked: _Asked, allowed: int = 200) -> httpx.Response:
        """The answer. Raises BlobsAway, at once where the server does not answer anybody."""
        try:  # pages read, by the dozen
            answer = self._line.ask(lambda: self._try(asked), patiently=asked.method != "GET")
        except Unasked as error:
            raise self._failed(asked, str(error)) from error
        if answer.is_success or answer.status_code == allowed:
            return answer
        raise self._failed(asked, f"{answer.status_code} {_reason(answer)}".strip())

    def _try(self, asked: _Asked) -> httpx.Response:
        """Whatever is answered, asked again while a failure may pass. Raises BlobsAway when nothing is, or Unasked."""
        waits = iter(WAITS)
        while True:
            wait = next(waits, None)
            try:
                answer = self._send(asked)
            except httpx.HTTPError as error:
                if wait is None or isinstance(error, httpx.TimeoutException):
                    how = f"{type(error).__name__} {error}".strip()
                    raise (Unasked(how) if isinstance(error, OF_ONE) else self._failed(asked, how)) from error
            else:
                if wait is None or answer.status_code not in PASSING:
                    return answer
            time.sleep(wait)

    def _failed(self, asked: _Asked, how: str) -> BlobsAway:
        return BlobsAway(f"The storage of files at {self._place.endpoint} failed at {asked.method}: {how[:200]}")

    def _send(self, asked: _Asked) -> httpx.Response:
        url = self._place.url_of(asked.key)
        parts = urlsplit(url)
        query, at = encoded(asked.query), datetime.now(UTC)
        headers = self._signer.headers(asked.method, (parts.netloc, parts.path, query), asked.digest, at)
        target = httpx.URL(url, query=query.encode() or None)
        if asked.file is None:
            return self._client.request(asked.method, target, headers=headers)
        headers["content-length"] = str(asked.file.stat().st_size)  # known, or it would be sent in chunks
        with asked.file.open("rb") as body:
            return self._client.request(asked.method, target, headers=headers, content=body)


def _parse(answer: httpx.Response) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(answer.content)  # noqa: S314 - the operator's own server; expat bounds the growth of entities
    except ElementTree.ParseError as error:
        raise BlobsAway("The storage of files answered something that is no XML.") from error


def _text(element: ElementTree.Element, name: str) -> str:
    return element.findtext(f"{{*}}{name}") or ""


def _reason(answer: httpx.Response) -> str:
    """The server's own code for what went wrong."""
    try:
        return _text(ElementTree.fromstring(answer.content), "Code")  # noqa: S314 - as above
    except ElementTree.ParseError:
        return ""
