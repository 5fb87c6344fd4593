"""The signed record behind a page, and its versions."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from node.web.contexts.cards import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRecord:
    """What a sceptic needs in order to check."""

    uri: Annotated[str, "at-uri of the version shown"]
    cid: Annotated[str, "Hash of the record"]
    repository: Annotated[str, "DID of the repository it stands in"]
    signed_by: Annotated[str, "did:key that signed the commit"]
    rev: Annotated[str, "Revision of the repository"]
    host: Annotated[str, "Host that served it"]
    verified_at: Annotated[datetime, "When this node checked hash, signature and order"]
    raw: Annotated[str, "Address of the record as JSON"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """One published state."""

    href: Annotated[str, "Address of that version's page"]
    at: Annotated[datetime, "When it was published"]
    change: Annotated[str, "The author's change note, '' without"]
    current: Annotated[bool, "The one the head points to"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """A module or task that its author has taken out of use."""

    reason: Annotated[str, "In the author's words"]
    at: Annotated[date, "Since when"]
    superseded_by: Annotated[Link | None, "What to use instead"]
