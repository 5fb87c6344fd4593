"""Labels as readers see them: a line above what they stand on, with who says so."""

from __future__ import annotations

from node.services.assembly import Services
from node.services.moderating.labelling import OFFERED
from node.store.sessions import Session
from node.web.contexts.site import Notice
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


def label_notices(services: Services, session: Session, *uris: str, cid: str = "") -> tuple[Notice, ...]:
    """A notice for each label in force about any of `uris`: a record, its account."""
    rows = services.moderation.labels_of(*uris, cid=cid)
    names = Names(session, {row.src for row in rows})
    return tuple(
        Notice(kind="attention", text=f"{names.organisation(row.src).text}: {_SAID.get(row.val, row.val)} ({row.val}).")
        for row in rows
    )
