"""DIDs to documents: did:web from the host, did:plc from directories whose word is not taken for anything.

A did:plc history certifies itself: it is fetched in full and audited here, so a directory can withhold the latest
operation but cannot invent one; with a mirror it cannot make us forget one either.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol
from urllib.parse import unquote

from federation.did.document import DidDocument, origin_of, parse_document
from federation.errors import DidDocumentInvalid, DidNotFound, DidUnsupported, FederationError, FetchFailed, PlcRefused
from federation.plc.history import History, audit
from schemas.errors import IdentifierInvalid
from schemas.identifiers.account import Did, parse_did

DOCUMENT_BYTES: Final = 100_000
LOG_BYTES: Final = 4_000_000
_CACHE_SIZE: Final = 50_000


class FetchJson(Protocol):
    """What resolution needs of `SafeClient`."""

    async def get_json(self, url: str, limit: int = ..., seconds: float = ...) -> Any:
        """The JSON value at a URL."""


class PlcMirror(Protocol):
    """Where histories that were proven once are kept: an account then outlives its directory."""

    async def find(self, did: str) -> History | None:
        """The history that was kept, or None."""

    async def keep(self, history: History) -> None:
        """Keep a history that extends the one before."""


class NoMirror:
    """Keeps nothing."""

    async def find(self, did: str) -> History | None:  # noqa: ARG002  # the interface's parameter
        """None."""
        return None

    async def keep(self, history: History) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class _Cached:
    document: DidDocument | None
    failure: str
    until: float


class Resolver:
    """Resolves and remembers: documents for `keep_seconds`, failures for a tenth of that."""

    def __init__(
        self,
        http: FetchJson,
        directories: Sequence[str] = ("https://plc.directory",),
        *,
        mirror: PlcMirror | None = None,
        keep_seconds: float = 600.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._directories = tuple(directories)
        self._mirror = mirror or NoMirror()
        self._keep_seconds = keep_seconds
        self._clock = clock
        self._cache: dict[str, _Cached] = {}

    async def resolve(self, did: str, announced: Sequence[str] = ()) -> DidDocument:
        """The document of a DID. `announced` are further directories, as the followed host names them.

        Raises ResolutionFailed (DidNotFound, DidUnsupported, DidGone), DidDocumentInvalid, or FetchFailed when
        nobody who could know answered.
        """
        cached = self._cache.get(did)
        if cached is not None and cached.until > self._clock():
            if cached.document is None:
                raise DidNotFound(cached.failure)
            return cached.document
        try:
            document = await self._resolve(parse_did(did), announced)
        except IdentifierInvalid as error:
            raise DidUnsupported(did[:100]) from error
        except DidNotFound as error:
            self._remember(did, _Cached(None, error.detail, self._clock() + self._keep_seconds / 10))
            raise
        self._remember(did, _Cached(document, "", self._clock() + self._keep_seconds))
        return document

    def forget(self, did: str) -> None:
        """Resolve anew next time: after an #identity event, or when a signature does not verify."""
        self._cache.pop(did, None)

    async def history(self, did: str, announced: Sequence[str] = ()) -> History:
        """The proven history of a did:plc, from the first directory that has it. Raises as `resolve` does."""
        known = await self._mirror.find(did)
        failure: FederationError = DidNotFound(did)
        asked = [*self._directories, *(url for url in announced if url not in self._directories)]
        for number, directory in enumerate(asked):
            try:
                log = await self._http.get_json(f"{directory.rstrip('/')}/{did}/log/audit", limit=LOG_BYTES)
                history = self._prove(did, log, known, trusted=number < len(self._directories))
            except (FetchFailed, PlcRefused) as error:
                failure = error if not _says_unknown(error) else failure
                continue
            await self._mirror.keep(history)
            return history
        if known is not None:
            return known
        raise failure

    async def _resolve(self, did: Did, announced: Sequence[str]) -> DidDocument:
        if did.method == "plc":
            return parse_document((await self.history(did, announced)).to_document(), did)
        if did.method == "web":
            return await self._resolve_web(did)
        raise DidUnsupported(did[:100])

    async def _resolve_web(self, did: Did) -> DidDocument:
        try:
            value = await self._http.get_json(f"{web_origin(did)}/.well-known/did.json", limit=DOCUMENT_BYTES)
        except FetchFailed as error:
            if _says_unknown(error):
                raise DidNotFound(did) from error
            raise
        return parse_document(value, did)

    @staticmethod
    def _prove(did: str, log: Any, known: History | None, *, trusted: bool) -> History:
        """Audit a log, our own times over the directory's; a log that lacks what we know is refused."""
        if not isinstance(log, list):
            raise PlcRefused("the log is not a list")
        seen = {} if known is None else {entry.operation.cid: entry.at for entry in known.entries}
        if known is not None and not trusted:
            now = datetime.now(UTC)
            claimed = [item.get("cid") for item in log if isinstance(item, dict)]
            seen |= {cid: now for cid in claimed if isinstance(cid, str) and cid not in seen}
        history = audit(did, log, seen)
        if not seen.keys() <= {entry.operation.cid for entry in history.entries}:
            raise PlcRefused("the log lacks operations that were there before")
        return history

    def _remember(self, did: str, cached: _Cached) -> None:
        if len(self._cache) >= _CACHE_SIZE:
            for oldest in list(self._cache)[: _CACHE_SIZE // 10]:
                del self._cache[oldest]
        self._cache[did] = cached


def web_origin(did: str) -> str:
    """The URL of a did:web's host: https, or http where the host is exactly `localhost` (a port only there).

    Raises DidUnsupported for did:web with a path, which AT Protocol does not allow.
    """
    name = did.removeprefix("did:web:")
    if ":" in name or not name or name == did:
        raise DidUnsupported(did[:100])
    host = unquote(name)
    bare, colon, port = host.partition(":")
    if bare == "localhost":
        scheme = "http"
    elif colon or not bare.isascii() or not all(c.isalnum() or c in "-." for c in bare):
        raise DidUnsupported(did[:100])
    else:
        scheme = "https"
    if colon and not (port.isascii() and port.isdecimal()):
        raise DidUnsupported(did[:100])
    try:
        return origin_of(f"{scheme}://{host}")
    except DidDocumentInvalid as error:
        raise DidUnsupported(did[:100]) from error


def _says_unknown(error: FederationError) -> bool:
    return getattr(error, "status", None) in (404, 410)
