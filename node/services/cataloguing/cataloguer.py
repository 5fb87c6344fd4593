"""Applies record changes to the catalogue, in the running transaction; listeners hear of it once it is durable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from federation.codec import decode
from node.services.cataloguing import rows
from node.services.cataloguing.changes import CatalogueChange, Listener, RecordChange
from node.store.content import catalogue, contributions
from node.store.content.catalogue import MEMBERS, Audience
from node.store.engine.writer import on_commit
from node.store.inside import internal
from node.store.repositories import records
from node.store.sessions import Row, Session
from node.store.tables.catalogue import (
    CredentialRow,
    EndorsementRow,
    OrganisationRow,
    ProfileRow,
    SuggestionRow,
    VersionRow,
    VouchRow,
)
from schemas.authority import (
    CREDENTIAL,
    ENDORSEMENT,
    MODULE,
    MODULE_VERSION,
    NODE,
    PATH,
    PATH_VERSION,
    PROFILE,
    SUGGESTION,
    TASK,
    TASK_VERSION,
    VOUCH,
)
from schemas.endorsement_key import endorsement_key

Withholds = Callable[[str, RecordChange], bool]  # is this record of this account kept out by moderation?
Majorness = Callable[[dict[str, Any], dict[str, Any]], int]  # how many major changes lie between two versions
FURTHEST_BACK = 50  # versions that are looked through for small steps that add up
RowMaker = Callable[[str, str, str, rows.Value], Row]

# Contributions whose row stands alone: collection → (table, maker, keyed by DID instead of at-uri).
_PLAIN: dict[str, tuple[type[Row], RowMaker, bool]] = {
    VOUCH: (VouchRow, rows.vouch_row, False),
    CREDENTIAL: (CredentialRow, rows.credential_row, False),
    PROFILE: (ProfileRow, rows.profile_row, True),
    NODE: (OrganisationRow, rows.organisation_row, True),
}
# Versions before heads: a head can only show a version that is here.
_ORDER = {MODULE_VERSION: 0, TASK_VERSION: 0, PATH_VERSION: 0, MODULE: 1, TASK: 1, PATH: 1}


@dataclass(frozen=True, slots=True)
class Batch:
    """The changes of one repository that are being applied: whose, at which revision, first seen when, for whom."""

    session: Session
    did: str
    rev: str
    at: int
    seen: CatalogueChange
    audience: Audience = "public"

    def uri(self, change: RecordChange) -> str:
        """The at-uri of a changed record."""
        return f"at://{self.did}/{change.collection}/{change.rkey}"


class Cataloguer:
    """Keeps the catalogue's rows equal to the records, whoever hosts them."""

    def __init__(self, majors_between: Majorness) -> None:
        self._majors_between = majors_between
        self._withholds: Withholds = lambda _did, _change: False
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Call `listener` in the writer's thread after each durable change; it must be quick."""
        self._listeners.append(listener)

    def withhold(self, withholds: Withholds) -> None:
        """Treat every record for which `withholds` says so as not there, whoever stores it."""
        self._withholds = withholds

    def apply(self, session: Session, did: str, rev: str, changes: Sequence[RecordChange], at: int) -> CatalogueChange:
        """Bring the rows of one repository up to date with `changes`."""
        return self._apply(Batch(session, did, rev, at, CatalogueChange()), changes)

    def apply_internal(self, session: Session, did: str, changes: Sequence[RecordChange], at: int) -> CatalogueChange:
        """As `apply`, for records that are in no repository: only the members of this node are shown them."""
        return self._apply(Batch(session, did, "", at, CatalogueChange(), "organisation"), changes)

    def _apply(self, batch: Batch, changes: Sequence[RecordChange]) -> CatalogueChange:
        for given in sorted(changes, key=lambda change: _ORDER.get(change.collection, 2)):
            change = self._as_shown(batch, given)
            if change.collection in rows.HEAD_OF:
                self._version(batch, change)
            elif change.collection in rows.KIND_OF:
                self._head(batch, change)
            elif change.collection == ENDORSEMENT:
                _apply_endorsement(batch, change)
            elif change.collection == SUGGESTION:
                _apply_suggestion(batch, change)
            elif change.collection in _PLAIN and batch.audience == "public":
                _apply_plain(batch, change)
        if batch.seen:
            on_commit(batch.session, lambda: self.tell(batch.seen))
        return batch.seen

    def _as_shown(self, batch: Batch, change: RecordChange) -> RecordChange:
        withheld = change.value is not None and self._withholds(batch.did, change)
        return replace(change, value=None) if withheld else change

    def tell(self, seen: CatalogueChange) -> None:
        """Tell every listener of a durable change, made here or by another process of this node."""
        for listener in self._listeners:
            listener(seen)

    def _version(self, batch: Batch, change: RecordChange) -> None:
        uri = batch.uri(change)
        batch.seen.versions.add(uri)
        old = catalogue.find_version(batch.session, uri, MEMBERS)
        if change.value is None:
            catalogue.delete_version(batch.session, uri)
            if old is not None:
                self._refresh(batch, old.item_uri)
            return
        row = rows.version_row(uri, change.cid, batch.did, change.collection, change.value)
        row.first_seen = old.first_seen if old else batch.at
        row.audience = batch.audience
        row.major = self._major(batch.session, row)
        catalogue.save_version(batch.session, row)
        self._refresh(batch, row.item_uri)

    def _major(self, session: Session, row: VersionRow) -> int:
        """How many major changes lie behind this version; the author's word may only raise it.

        What is compared is the text: a version that names no predecessor follows the newest one all the same, and small
        steps are compared with where they began, so that they cannot add up to another text unseen.
        """
        previous = catalogue.find_version(session, row.previous, MEMBERS) if row.previous else None
        if previous is None or previous.item_uri != row.item_uri or previous.uri == row.uri:
            previous = self._newest_other(session, row)
        if previous is None:
            return 1
        first = _first_of_major(session, previous)
        steps = max(
            self._majors_between(one.value, row.value) for one in {first.uri: first, previous.uri: previous}.values()
        )
        return previous.major + max(steps, int(bool(row.value.get("major"))))

    @staticmethod
    def _newest_other(session: Session, row: VersionRow) -> VersionRow | None:
        known = catalogue.list_versions(session, row.item_uri, MEMBERS)
        others = [one for one in known if one.uri != row.uri and one.did == row.did]
        return max(others, key=lambda one: (one.major, one.uri), default=None)

    def _head(self, batch: Batch, change: RecordChange) -> None:
        uri, session = batch.uri(change), batch.session
        batch.seen.items.add(uri)
        current = str(((change.value or {}).get("current") or {}).get("uri", ""))
        version = catalogue.find_version(session, current, frozenset({batch.audience}))
        old = catalogue.find_item(session, uri, MEMBERS)
        if old is not None and old.audience == "public" and batch.audience != "public":
            return  # published meanwhile: what is public is what everybody is shown
        if change.value is None or version is None or version.item_uri != uri:
            catalogue.delete_item(session, uri)
            return
        row = rows.item_row(uri, change.collection, change.value, version)
        row.first_seen = old.first_seen if old else version.first_seen
        row.updated_at = version.first_seen
        catalogue.save_item(session, row)

    def _refresh(self, batch: Batch, head_uri: str) -> None:
        """A version came or went: does the stored head show it?"""
        store = records if batch.audience == "public" else internal
        head = store.find_record_by_uri(batch.session, head_uri)
        if head is not None:
            change = RecordChange(head.collection, head.rkey, head.cid, decode(head.block)).sound()
            self._head(batch, self._as_shown(batch, change))


def _first_of_major(session: Session, version: VersionRow) -> VersionRow:
    """Where the chain of small changes that this version belongs to began."""
    first = version
    for _ in range(FURTHEST_BACK):
        before = catalogue.find_version(session, first.previous, MEMBERS) if first.previous else None
        if before is None or before.item_uri != version.item_uri or before.major != version.major:
            break
        first = before
    return first


def _apply_endorsement(batch: Batch, change: RecordChange) -> None:
    uri, value = batch.uri(change), change.value
    batch.seen.endorsements.add(uri)
    # One per practitioner, module and task: a key that does not follow from both is not an endorsement.
    if value is None or change.rkey != endorsement_key(value["module"], value["task"]):
        contributions.delete_contribution(batch.session, EndorsementRow, uri)
        return
    row = rows.endorsement_row(uri, batch.did, batch.rev, value)
    row.first_seen, row.audience = batch.at, batch.audience
    contributions.save_contribution(batch.session, row)


def _apply_suggestion(batch: Batch, change: RecordChange) -> None:
    uri = batch.uri(change)
    if change.value is None:
        contributions.delete_contribution(batch.session, SuggestionRow, uri)
        return
    row = rows.suggestion_row(uri, change.cid, batch.did, change.value)
    row.first_seen, row.audience = batch.at, batch.audience
    contributions.save_contribution(batch.session, row)


def _apply_plain(batch: Batch, change: RecordChange) -> None:
    table, make, by_did = _PLAIN[change.collection]
    batch.seen.people.add(batch.did)
    if by_did and change.rkey != "self":
        return
    uri = batch.uri(change)
    if change.value is None or (change.collection == NODE and not rows.is_of_node(batch.did, change.value)):
        contributions.delete_contribution(batch.session, table, batch.did if by_did else uri)
        return
    row = make(uri, batch.did, batch.rev, change.value)
    if isinstance(row, VouchRow):
        row.first_seen = batch.at
    contributions.save_contribution(batch.session, row)
