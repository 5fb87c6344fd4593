"""Whose work a module rests on: the chain of versions that it was made from, as far as this node knows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from node.store.content import catalogue
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.store.tables.catalogue import VersionRow
from node.web.contexts.catalogue.module import Origin
from node.web.pages.links import href_of_version, licence_link
from node.web.pages.names import Names

LONGEST = 32


def attribution_of(session: Session, version: VersionRow, audiences: Audiences) -> tuple[Origin, ...]:
    """What it was made from, nearest first; empty for an original."""
    return tuple(_chain(session, version, audiences))


def _chain(session: Session, version: VersionRow, audiences: Audiences) -> Iterator[Origin]:
    seen = {version.uri}
    while len(seen) <= LONGEST:
        derived: Any = version.value.get("derivedFrom")
        uri = str(derived.get("uri", "")) if isinstance(derived, dict) else ""
        if not uri or uri in seen:
            return
        seen.add(uri)
        found = catalogue.find_version(session, uri, audiences)
        if found is None or found.cid != derived.get("cid"):
            yield Origin(title=uri, href=None, author=None, licence=None)
            return
        yield Origin(
            title=str(found.value.get("title", "")),
            href=href_of_version(found.item_uri, uri),
            author=Names(session, [found.did]).person(found.did),
            licence=licence_link(str(found.value.get("license", ""))),
        )
        version = found
