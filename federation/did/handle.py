"""Handles to DIDs, and back. Source: https://atproto.com/specs/handle#handle-resolution"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol

from federation.did.document import DidDocument
from federation.errors import FetchFailed, HandleNotFound
from schemas.errors import IdentifierInvalid
from schemas.identifiers.account import Did, Handle, parse_did, parse_handle

TxtLookup = Callable[[str], Awaitable[Sequence[str]]]
"""A domain name to the texts of its TXT records; no record is an empty answer."""

LocalLookup = Callable[[Handle], Awaitable[str | None]]
"""A handle to the DID that some trusted host knows for it, or None."""

# Names that no public DNS holds: only a local lookup can know them.
_PRIVATE_ENDINGS: Final = (".test", ".localhost", ".internal", ".local", ".invalid", ".example", ".arpa", ".onion")


class FetchBytes(Protocol):
    """What handle resolution needs of `SafeClient`."""

    async def get_bytes(self, url: str, limit: int = ..., seconds: float = ...) -> bytes:
        """The body at a URL."""


class HandleResolver:
    """Asks a local lookup first (for names inside a closed network), then DNS, then the handle's own host."""

    def __init__(self, http: FetchBytes, lookup_txt: TxtLookup | None = None, local: LocalLookup | None = None) -> None:
        self._http = http
        self._lookup_txt = lookup_txt
        self._local = local

    async def resolve(self, text: str) -> Did:
        """The DID of a handle. Raises HandleNotFound."""
        try:
            handle = parse_handle(text).normalized
        except IdentifierInvalid as error:
            raise HandleNotFound(text[:100]) from error
        found = await self._find_local(handle)
        if found is None and not handle.endswith(_PRIVATE_ENDINGS):
            found = await self._find_in_dns(handle) or await self._find_at_host(handle)
        if found is None:
            raise HandleNotFound(handle)
        return found

    async def confirms(self, document: DidDocument) -> bool:
        """Whether the handle that a DID document claims leads back to its DID."""
        if document.handle is None:
            return False
        try:
            return await self.resolve(document.handle) == document.did
        except HandleNotFound:
            return False

    async def _find_local(self, handle: Handle) -> Did | None:
        return None if self._local is None else _find_did(await self._local(handle))

    async def _find_in_dns(self, handle: Handle) -> Did | None:
        if self._lookup_txt is None:
            return None
        texts = await self._lookup_txt(f"_atproto.{handle}")
        named = [text.removeprefix("did=") for text in texts if text.startswith("did=")]
        return _find_did(named[0]) if len(named) == 1 else None  # two answers are none: the specification's rule

    async def _find_at_host(self, handle: Handle) -> Did | None:
        try:
            content = await self._http.get_bytes(f"https://{handle}/.well-known/atproto-did", limit=2100, seconds=5.0)
        except FetchFailed:
            return None
        return _find_did(content.decode("ascii", "replace").strip())


def _find_did(text: str | None) -> Did | None:
    try:
        return None if text is None else parse_did(text)
    except IdentifierInvalid:
        return None
