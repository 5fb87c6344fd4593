"""This node's own labels: signed when they are handed out, under the key that its document names then."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from federation.labels import Label
from node.errors import Malformed, Unknown
from node.services.cataloguing.cataloguer import Cataloguer
from node.services.hosting.keyring import Keyring
from node.services.moderating.log import Deed, Note, write_line
from node.services.moderating.recataloguing import recatalogue
from node.services.moderating.subjects import Subject, parse_reason, parse_subject
from node.services.policy import Viewer
from node.services.withholding import Withholding
from node.store.administration import labels
from node.store.clock import as_text, now
from node.store.database import Database
from node.store.inside import internal
from node.store.sessions import Session
from node.store.tables.moderation import LabelRow

_VALUE = re.compile(r"!?[a-z](?:[a-z-]{0,98}[a-z])?")
MOST_OF_AUTHOR = 1_000  # labels that an author is told of, or not
# What the form offers; any other value of this shape may be given too.
OFFERED = {
    "!warn": "Warn before it",
    "!hide": "Hide it",
    "unsafe": "Unsafe to work by",
    "misleading": "Wrong or misleading",
    "outdated": "Out of date",
    "spam": "Advertising",
}


class Labelling:
    """Labels that this node gives."""

    def __init__(
        self,
        database: Database,
        cataloguer: Cataloguer,
        keyring: Keyring,
        withholding: Withholding,
        node_did: str,
        note: Note,
    ) -> None:
        self._database = database
        self._cataloguer = cataloguer
        self._keyring = keyring
        self._withholding = withholding
        self._did = node_did
        self._note = note

    def give(self, who: Viewer, about: str, val: str, reason: str, *, until: int = 0, cid: str = "") -> LabelRow:
        """Label an account or record; the same label given again takes the place of the first. Raises Malformed."""
        subject, val, reason = _labelled(about), parse_value(val), parse_reason(reason)
        if until and until <= now():  # it would end the one that stands
            raise Malformed("That label has run out already.")
        self._require_public(subject)
        row = self._row(subject, val)
        row.cid, row.expires_at, row.exp = cid, until, as_text(until) if until else ""
        return self._store(who, subject, row, Deed.LABELLED, reason)

    def take_back(self, who: Viewer, about: str, val: str, reason: str = "") -> LabelRow:
        """Say that a label no longer holds. Raises Unknown."""
        subject, val = _labelled(about), parse_value(val)
        with self._database.read() as session:
            known = labels.find_label(session, self._did, subject.text, val)
        if known is None or known.neg:
            raise Unknown(f"This node has not labelled {subject.text} {val}.")
        row = self._row(subject, val)
        row.neg, row.cid = True, known.cid
        return self._store(who, subject, row, Deed.UNLABELLED, parse_reason(reason, needed=False))

    def _require_public(self, subject: Subject) -> None:
        with self._database.read() as session:
            if internal.find_record_by_uri(session, subject.text) is not None:
                hint = "Ask its author to mend it, or take it down."
                raise Malformed("Labels are public, and this is kept inside the organisation.", hint=hint)

    def _row(self, subject: Subject, val: str) -> LabelRow:
        return LabelRow(src=self._did, uri=subject.text, val=val, cts=as_text(now()))

    def _store(self, who: Viewer, subject: Subject, row: LabelRow, deed: Deed, reason: str) -> LabelRow:
        def save(session: Session) -> LabelRow:
            row.seq = labels.next_seq(session, self._did)
            labels.save_label(session, row)
            write_line(
                session, self._withholding, deed, subject.text, f"{row.val}: {reason}".rstrip(": "), row.expires_at
            )
            return row

        saved = self._database.writer.write(save)
        self._note(who, deed.value, subject.text, f"{row.val}: {reason}")
        # A step of its own: what is withheld is read from what is durable.
        if self._withholding.heeds(row.val):
            recatalogue(self._database, self._cataloguer, [subject])
        return saved

    def own(self) -> list[LabelRow]:
        """This node's labels in force."""
        with self._database.read() as session:
            return labels.list_standing(session, self._did, now())

    def given_to(self, did: str) -> list[LabelRow]:
        """This node's labels in force about an account and its records, newest first."""
        with self._database.read() as session:
            return labels.list_newest_about(session, self._did, did, now(), MOST_OF_AUTHOR)

    def after(self, seq: int, limit: int) -> list[tuple[int, dict[str, Any]]]:
        """(number, signed label) after `seq`, negations too."""
        with self._database.read() as session:
            rows = labels.list_after(session, self._did, seq, limit)
            return list(zip((row.seq for row in rows), self._signed(session, rows), strict=True))

    def matching(self, patterns: Sequence[str], after: int, limit: int) -> tuple[list[dict[str, Any]], int]:
        """Signed labels about what a pattern names, with the number of the last; `*` ends a prefix."""
        prefixes = [pattern[:-1] for pattern in patterns if pattern.endswith("*")]
        exact = [pattern for pattern in patterns if not pattern.endswith("*")]
        with self._database.read() as session:
            rows = labels.list_matching(session, self._did, exact, prefixes, after, limit)
            return self._signed(session, rows), rows[-1].seq if rows else after

    def last_seq(self) -> int:
        """The number of the newest label."""
        with self._database.read() as session:
            return labels.last_seq(session, self._did)

    def _signed(self, session: Session, rows: Sequence[LabelRow]) -> list[dict[str, Any]]:
        key = self._keyring.key_of(session, self._did)
        return [Label(row.src, row.uri, row.val, row.cts, row.cid, row.neg, row.exp).signed(key) for row in rows]


def parse_value(text: str) -> str:
    """The value of a label. Raises Malformed."""
    if not _VALUE.fullmatch(text):
        raise Malformed(f"{text[:100]!r} is no value of a label.", hint="Small letters and hyphens, like misleading")
    return text


def _labelled(about: str) -> Subject:
    subject = parse_subject(about)
    if subject.kind == "host":
        raise Malformed("A label is about an account or a record.")
    return subject
