"""What can be moderated: a host, an account, a record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from node.errors import Malformed
from node.services.withholding import host_name
from schemas.errors import IdentifierInvalid
from schemas.identifiers import parse_at_uri, parse_did

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,259}}\Z){_LABEL}(?:\.{_LABEL})*(?::\d{{1,5}})?")
_JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji need them
LONGEST_REASON = 2_000
MOST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Subject:
    """`text` in the form that rules, labels and reports keep; `did` is empty for a host, `path` set for a record."""

    kind: Literal["host", "account", "record"]
    text: str
    did: str = ""
    path: str = ""


def parse_subject(text: str) -> Subject:
    """A DID, an at-uri of a record, or a host (with or without scheme and port). Raises Malformed."""
    text = text.strip()
    try:
        if text.startswith("did:"):
            did = str(parse_did(text))
            return Subject("account", did, did)
        if text.startswith("at://"):
            return _record(text)
    except IdentifierInvalid as error:
        raise Malformed(f"{text[:200]!r}: {error}") from error
    name = host_name(text)
    if not _HOST.fullmatch(name) or int(name.partition(":")[2] or 0) > MOST_PORT:
        raise Malformed(f"{text[:200]!r} is no host, DID or at-uri.", hint="Like node.example, did:plc:… or at://did/…")
    return Subject("host", name)


def _record(text: str) -> Subject:
    uri = parse_at_uri(text)
    did = str(parse_did(str(uri.authority)))
    if not uri.collection:
        return Subject("account", did, did)
    if not uri.rkey:
        raise Malformed(f"{text[:200]} names no record.", hint="Like at://did/collection/key")
    return Subject("record", str(uri), did, f"{uri.collection}/{uri.rkey}")


def parse_reason(text: str, *, needed: bool = True) -> str:
    """A reason as it is kept and shown: without what nobody sees or what reorders the rest. Raises Malformed."""
    words = " ".join(text.split())
    text = "".join(letter for letter in words if letter.isprintable() or letter in _JOINERS).strip()
    if needed and not any(letter.isalnum() for letter in text):
        raise Malformed("Say why: the reason stands in the public log.")
    if len(text) > LONGEST_REASON:
        raise Malformed(f"A reason has at most {LONGEST_REASON} characters.")
    return text
