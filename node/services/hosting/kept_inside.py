"""Keeps what is internal out of repositories: neither the record itself nor a mention of its address gets in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from node.errors import Malformed
from node.store import internal, records
from node.store.sessions import Session


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
    return [
        uri
        for uri in dict.fromkeys(_addresses_in(value))
        if uri != besides
        and internal.find_record_by_uri(session, uri) is not None
        and records.find_record_by_uri(session, uri) is None
    ]


def _addresses_in(value: object) -> Iterator[str]:
    """Every at-uri that stands as a value of its own; those inside running text are the author's words."""
    if isinstance(value, str):
        if value.startswith("at://"):
            yield value
    elif isinstance(value, dict):
        for entry in value.values():
            yield from _addresses_in(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _addresses_in(entry)
