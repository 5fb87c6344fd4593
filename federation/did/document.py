"""DID documents: read what AT Protocol needs of one.

Source: https://atproto.com/specs/did#did-documents
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from federation.did_json import make_document
from federation.errors import DidDocumentInvalid, KeyInvalid
from federation.keys import VerifyingKey
from schemas.errors import IdentifierInvalid
from schemas.identifiers.account import parse_handle

__all__ = ["DidDocument", "make_document", "origin_of", "parse_document"]


@dataclass(frozen=True, slots=True)
class DidDocument:
    """What an identity says: the handle it claims, its signing key (did:key), its host's URL.

    Each may be None; `services` maps a service's id (the part after #) to its type and URL.
    """

    did: str
    handle: str | None
    signing_key: str | None
    pds: str | None
    services: Mapping[str, tuple[str, str]]
    label_key: str | None = None  # signs the labels of a labeler

    @property
    def labeler(self) -> str | None:
        """The URL of the labeler's service, where it is one."""
        kind, endpoint = self.services.get("atproto_labeler", ("", ""))
        return endpoint if kind == "AtprotoLabeler" else None

    @property
    def verifying_key(self) -> VerifyingKey:
        """The key that signs the repository. Raises DidDocumentInvalid where there is none."""
        if self.signing_key is None:
            raise DidDocumentInvalid(f"{self.did} names no signing key")
        return VerifyingKey.parse_did_key(self.signing_key)

    def is_hosted_by(self, host: str) -> bool:
        """Whether `host` (a URL) serves this repository, as the document says."""
        return self.pds is not None and origin_of(self.pds) == origin_of(host)


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, in one spelling: for comparison. Raises DidDocumentInvalid."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise DidDocumentInvalid(f"URL {url[:100]!r}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise DidDocumentInvalid(f"URL {url[:100]!r}")
    usual = {"http": 80, "https": 443}[parts.scheme]
    name = parts.hostname.removesuffix(".")  # with it or without, it is one name of the DNS
    host = f"[{name}]" if ":" in name else name
    return f"{parts.scheme}://{host}" + ("" if port in (None, usual) else f":{port}")


def web_did(url: str) -> str:
    """The did:web of whoever serves this URL; a port is allowed on localhost only, written %3A (did:web, section 3)."""
    return "did:web:" + urlsplit(url).netloc.replace(":", "%3A")


def parse_document(value: object, did: str) -> DidDocument:
    """The document of `did`. Raises DidDocumentInvalid; parts we do not know are passed over."""
    if not isinstance(value, dict) or value.get("id") != did:
        raise DidDocumentInvalid(f"it is not about {did[:200]}")
    return DidDocument(
        did,
        _find_handle(_items(value, "alsoKnownAs")),
        _find_key(_items(value, "verificationMethod"), did, "atproto"),
        *_services(_items(value, "service"), did),
        _find_key(_items(value, "verificationMethod"), did, "atproto_label"),
    )


def _items(value: dict[str, Any], name: str) -> list[Any]:
    items = value.get(name, [])
    return items[:100] if isinstance(items, list) else []


def _find_handle(names: list[Any]) -> str | None:
    for name in names:
        if isinstance(name, str) and name.startswith("at://"):
            try:
                return str(parse_handle(name.removeprefix("at://"))).lower()
            except IdentifierInvalid:
                continue
    return None


def _find_key(methods: list[Any], did: str, name: str) -> str | None:
    for method in methods:
        if isinstance(method, dict) and method.get("id") in (f"#{name}", f"{did}#{name}"):
            text, kind = method.get("publicKeyMultibase"), method.get("type")
            if method.get("controller") != did or not isinstance(text, str) or not isinstance(kind, str):
                return None
            try:
                return VerifyingKey.parse_multibase(text, kind).did_key
            except KeyInvalid:
                return None
    return None


def _services(items: list[Any], did: str) -> tuple[str | None, dict[str, tuple[str, str]]]:
    services: dict[str, tuple[str, str]] = {}
    for item in items:
        if not isinstance(item, dict):
            continue
        name, kind, endpoint = item.get("id"), item.get("type"), item.get("serviceEndpoint")
        if isinstance(name, str) and isinstance(kind, str) and isinstance(endpoint, str):
            services.setdefault(name.removeprefix(did).removeprefix("#"), (kind, endpoint))
    return _find_host(services), services


def _find_host(services: Mapping[str, tuple[str, str]]) -> str | None:
    kind, endpoint = services.get("atproto_pds", ("", ""))
    if kind != "AtprotoPersonalDataServer":
        return None
    try:
        return origin_of(endpoint)
    except DidDocumentInvalid:
        return None
