"""The audit log: what operators did and what happened to accounts; never what a worker learns.

Each entry's hash covers the one before it, so nothing can be changed or left out unseen. The newest hash lies in the
data folder too: who has the database alone cannot cut off the end unseen. A hash that is lost from the chain stays
there until the operator deletes the file. Against who has both, keep it elsewhere.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from node.services.policy import Action, Viewer, may
from node.store.administration import audit, people
from node.store.clock import now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.people import AuditRow

NEWEST = "audit.newest"  # in the data folder
LONGEST = 500  # characters of a detail
SYSTEM = Viewer(display_name="the node itself")
WHOLE_EVERY = 3600  # seconds
_START = "0" * 64


class Deed(StrEnum):
    """What an entry can be about."""

    ACCOUNT_MADE = "account made"
    PERSON_REMOVED = "person removed"
    ACCOUNT_STATUS = "account status changed"
    ROLES_CHANGED = "roles changed"
    LINK_MADE = "one-time link made"
    LINK_MAILED = "one-time link mailed to who asked"
    INVITED = "invitation made"
    INVITATION_REVOKED = "invitation revoked"
    INVITATION_USED = "invitation used"
    REGISTERED = "registered"
    PASSWORD_SET = "password set through a link"  # noqa: S105 - the name of an event
    FACTOR_ON = "second factor switched on"
    FACTOR_OFF = "second factor switched off"
    CODES_RENEWED = "recovery codes made anew"
    FACTOR_LIFTED = "second factor lifted by an operator"
    PASSKEY_ADDED = "passkey added"
    PASSKEY_REMOVED = "passkey removed"
    MAIL_SET = "address for links set"
    KEY_MADE = "key for a program made"
    KEY_ENDED = "key for a program ended"
    SIGN_ON_TIED = "single sign-on tied to an account"
    OPERATOR_SIGNED_IN = "operator signed in"
    SLOWED = "sign-in slowed down after failures"
    FOLLOWED = "peer followed"
    UNFOLLOWED = "peer unfollowed"
    SYNCED = "peers read at once"
    CREDENTIAL_ISSUED = "credential issued"
    CREDENTIAL_REVOKED = "credential revoked"
    VOUCHED = "vouched as the node"
    CONFIRMED = "confirmation token given"
    IDENTITY_REGISTERED = "identity registered in the directory"
    KEYS_ROTATED = "keys of an account rotated"
    NODE_MOVED = "node moved to another address"
    IMPORTED = "reference data imported"
    MODERATED = "moderation"
    TOOLS_READ = "tool releases read"


@dataclass(frozen=True, slots=True)
class Checked:
    """What reading the whole log found. `broken` is the number of the first entry that does not fit, 0 when all do."""

    entries: int
    head: str
    broken: int = 0
    met: bool = True  # the hash that was expected and the one kept in the data folder are in the chain

    @property
    def ok(self) -> bool:
        """Is every entry as it was written?"""
        return not self.broken and self.met


class Audit:
    """The audit log of one node."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._kept = folder / NEWEST
        self._lock = threading.Lock()
        self._checked = Checked(0, _START)
        self._whole_at = -float(WHOLE_EVERY)  # by the clock that nobody sets

    def note(self, actor: Viewer, deed: Deed, subject: str = "", detail: str = "") -> None:
        """Add an entry; it is on disk when this returns."""
        who = actor.name or actor.display_name or "somebody"
        who = "operator at the machine" if actor.local else who
        said = (who, deed.value, subject, detail[:LONGEST])
        kept = self._find_kept()
        head, is_whole = self._database.writer.write(lambda session: _add(session, said, kept))
        if is_whole:
            self._keep(head)

    def note_sign_in(self, person: Viewer) -> None:
        """Somebody came in, by whichever door; of operators alone it is noted."""
        if may(person, Action.OPERATE):
            self.note(person, Deed.OPERATOR_SIGNED_IN, person.name)

    def list(self, limit: int, before: int = 0) -> list[AuditRow]:
        """The newest entries first."""
        with self._database.read() as session:
            return audit.list_entries(session, limit, before)

    def doors_opened(self, name: str) -> tuple[AuditRow, ...]:
        """What let somebody else into a person's account, or made it easier; newest first. Not what was said of whoever
        had the name before."""
        with self._database.read() as session:
            person = people.find_person(session, name)
            said = audit.list_about(session, name, (Deed.LINK_MADE, Deed.FACTOR_LIFTED))
        return tuple(row for row in said if person is None or row.at >= person.created_at)

    def check(self, expected: str = "") -> Checked:
        """Read it all and compute every hash anew; `expected` is a hash that was written down earlier."""
        return self._check(Checked(0, _START), expected)

    def check_newest(self, *, whole: bool = False) -> Checked:
        """What came since it was called last; all of it each hour, when asked, and whenever something does not fit."""
        at = time.monotonic()
        is_due = whole or not self._checked.ok or at - self._whole_at >= WHOLE_EVERY
        found = None if is_due else self._check(self._checked)
        if found is None or not found.ok:
            found, self._whole_at = self.check(), at
        self._checked = found
        return found

    def _check(self, after: Checked, expected: str = "") -> Checked:
        """An entry to go on from that is not there any more is broken."""
        entries, head = after.entries, after.head
        missing = {expected, self._find_kept()} - {""}
        with self._database.read() as session:
            if entries and not audit.is_entry(session, entries, head):
                return Checked(entries, head, broken=entries)
            missing -= {head} if entries else set()
            for row in audit.iterate_entries(session, entries):
                entries += 1
                if row.seq != entries or row.hash != _hash(row, head):
                    return Checked(entries, head, broken=entries, met=not missing)
                head = row.hash
                missing.discard(head)
        return Checked(entries, head, met=not missing)

    def let_go(self) -> None:
        """An older database takes the place of this one: its log ends earlier."""
        self._kept.unlink(missing_ok=True)

    def _keep(self, head: str) -> None:
        """Of two at once either may be kept: both are in the chain. A folder that cannot be written keeps an older."""
        with self._lock, contextlib.suppress(OSError):
            draft = self._kept.with_suffix(".draft")
            draft.write_text(head)
            draft.replace(self._kept)

    def _find_kept(self) -> str:
        try:
            return self._kept.read_text().strip()
        except OSError:
            return ""


def _add(session: Session, said: tuple[str, str, str, str], kept: str) -> tuple[str, bool]:
    """The new entry's hash, and whether the one that was kept (empty: none) is still in the chain."""
    last = audit.last_entry(session)
    is_whole = not kept or (last is not None and last.hash == kept) or audit.has_entry(session, kept)
    actor, action, subject, detail = said
    row = AuditRow(
        seq=(last.seq if last else 0) + 1, at=now(), actor=actor, action=action, subject=subject, detail=detail
    )
    row.hash = _hash(row, last.hash if last else _START)
    audit.add_entry(session, row)
    return row.hash, is_whole


def _hash(row: AuditRow, previous: str) -> str:
    said = [previous, row.seq, row.at, row.actor, row.action, row.subject, row.detail]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
