"""Keeps what is internal out of repositories: neither the record itself nor a mention of its address gets in."""

from __future__ import annotations

from typing import Any

from node.errors import Malformed
from node.store.inside import internal
from node.store.repositories import records
from node.store.sessions import Session
from schemas.datamodel import texts_in


class KeptInside(Malformed):
    """This says `visibility: organisation`: it is not for the network."""

    code = "KeptInside"
    hint = "`skillnet module make-public` shows what would become public, then publishes it."


class NamesInternal(Malformed):
    """It names something that is kept inside, and would tell of it."""

    code = "KeptInside"
    hint = "Make that public first, take the address out, or keep this inside too."


def refuse_internal(session: Session, value: dict[str, Any]) -> None:
    """Raise KeptInside, NamesInternal for a record that must not be public."""
    if value.get("visibility") == "organisation":
        raise KeptInside
    named = internal_addresses(session, value)
    if named:
        raise NamesInternal(f"It names {', '.join(named)}, which is kept inside.")


def internal_addresses(session: Session, value: object, besides: str = "") -> list[str]:
    """Addresses in a record that lead to an internal one; `besides` is its own, which may stand in it."""
    # An address inside running text is the author's words.
    named = dict.fromkeys(text for text in texts_in(value) if text.startswith("at://"))
    return [
        uri
        for uri in named
        if uri != besides
        and internal.find_record_by_uri(session, uri) is not None
        and records.find_record_by_uri(session, uri) is None
    ]
