"""Labels as readers see them: a line above what they stand on, with who says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from node.services.assembly import Services
from node.services.moderating.labelling import OFFERED
from node.store.administration import labels
from node.store.clock import now
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow, VersionRow
from node.store.tables.moderation import LabelRow
from node.web.contexts.site import Notice
from node.web.pages.hiding import hidden_in_list, hidden_notices
from node.web.pages.names import Names

_SAID = {
    "!warn": "be careful with this",
    "!hide": "this should be hidden",
    "unsafe": "it is unsafe to work by this",
    "misleading": "this is wrong or misleading",
    "outdated": "this is out of date",
    "spam": "this is advertising",
}
assert _SAID.keys() == OFFERED.keys()

Warnings = Mapping[str, tuple[str, ...]]


def label_notices(services: Services, session: Session, *uris: str, cid: str = "") -> tuple[Notice, ...]:
    """A notice for each label in force about any of `uris`: a record, its account."""
    rows = services.moderation.labels_of(*uris, cid=cid)
    names = Names(session, {row.src for row in rows})
    return tuple(Notice(kind="attention", text=_sentence(row, names)) for row in rows)


def item_notices(services: Services, session: Session, item: ItemRow, version: VersionRow) -> tuple[Notice, ...]:
    """What to know before reading an item: labels on it, on this version and on its author; what the text hides."""
    labelled = label_notices(services, session, item.uri, version.uri, item.did, cid=version.cid)
    return (*labelled, *hidden_notices(services, version))


def warnings_in_list(session: Session, items: Collection[ItemRow], others: Collection[str] = ()) -> Warnings:
    """The same in lists, read at once: item or DID → what is said of it, of its version and of its author."""
    about = {item.uri: {item.uri, item.version_uri, item.did} for item in items} | {one: {one} for one in others}
    cids = {item.uri: item.version_cid for item in items}
    rows = labels.list_labels_of(session, set().union(*about.values()), now()) if about else []
    names = Names(session, {row.src for row in rows})
    said = {
        uri: tuple(_sentence(row, names) for row in rows if row.uri in uris and row.cid in ("", cids.get(uri)))
        for uri, uris in about.items()
    }
    for uri, sentence in hidden_in_list(session, items).items():
        said[uri] += (sentence,)
    return {uri: sentences for uri, sentences in said.items() if sentences}


def words_of(value: str) -> str:
    """What a label says, in words where this node knows them."""
    return _SAID.get(value, value)


def _sentence(row: LabelRow, names: Names) -> str:
    return f"{names.organisation(row.src).text}: {words_of(row.val)} ({row.val})."
