"""Labelers that this node subscribes to: their streams are read now and then, every label's signature is checked."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from federation.did.document import DidDocument
from federation.errors import CursorAhead, FederationError, StreamSilent
from federation.keys import VerifyingKey
from federation.labels import SUBSCRIBE_LABELS, Label, parse_labels, verify_label
from federation.stream import StreamLimits, subscribe
from node.batches import batches
from node.errors import Malformed, NodeError, Unknown
from node.logs import get_logger
from node.services.cataloguing.cataloguer import Cataloguer
from node.services.hosting.names import node_did
from node.services.moderating.log import Deed, Note, write_line
from node.services.moderating.recataloguing import recatalogue
from node.services.moderating.subjects import Subject, parse_subject
from node.services.outside import Outside, policy_of
from node.services.policy import Viewer
from node.services.withholding import Withholding
from node.settings.declared import Settings
from node.store.administration import labels
from node.store.clock import now, parse_time
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.moderation import LabelerRow, LabelRow
from schemas.authority import AUTHORITY

SILENCE = 3.0  # seconds without a frame: caught up
MOST_FRAMES = 5_000  # of one reading
LONGEST = 120.0  # seconds of one reading: a labeler that drips keeps no other waiting; the rest comes next time
MOST_LABELS = 200_000  # kept of one labeler
PIECE = 200  # labels kept in one transaction


class Read(NamedTuple):
    """What one reading brought: labels that were taken, and that carry the labeler's name without its signature."""

    taken: int
    unproven: int


class Labelers:
    """Reads others' labels about what can be here."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        cataloguer: Cataloguer,
        outside: Outside,
        withholding: Withholding,
        note: Note,
    ) -> None:
        self._settings = settings
        self._database = database
        self._cataloguer = cataloguer
        self._outside = outside
        self._withholding = withholding
        self._note = note

    def subscribed(self) -> list[LabelerRow]:
        """Those subscribed to."""
        with self._database.read() as session:
            return labels.list_labelers(session)

    def subscribe(self, who: Viewer, did: str, effect: str) -> LabelerRow:
        """Let a labeler's labels count here, at most to `effect`, and read them. Raises Malformed, Unreachable."""
        if effect not in ("hide", "warn"):
            raise Malformed(f"{effect!r} is neither hide nor warn.")
        subject = _labeler(did)
        if subject.did == node_did(self._settings):
            raise Malformed("This node's own labels count here in any case.")
        url, _ = _service(self._outside.document(subject.did))
        known = self._find(subject.did)
        row = known or LabelerRow(did=subject.did, added_at=now())
        row.url, row.effect = url, effect

        def save(session: Session) -> None:
            labels.save_labeler(session, row)
            write_line(session, self._withholding, Deed.SUBSCRIBED, subject.text, f"at most to {effect}")

        self._database.writer.write(save)
        self._note(who, Deed.SUBSCRIBED.value, subject.text, effect)
        self._recatalogue(self._hidden_by(subject.did))
        self.read(subject.did)
        return self._find(subject.did) or row

    def unsubscribe(self, who: Viewer, did: str) -> None:
        """Forget a labeler and its labels. Raises Unknown."""
        subject = _labeler(did)
        if self._find(subject.did) is None:
            raise Unknown(f"The labels of {did} do not count here.")

        uris = self._hidden_by(subject.did)

        def drop(session: Session) -> None:
            labels.delete_labeler(session, subject.did)
            write_line(session, self._withholding, Deed.UNSUBSCRIBED, subject.text, "")
            labels.delete_labels(session, subject.did)

        self._database.writer.write(drop)
        self._note(who, Deed.UNSUBSCRIBED.value, subject.text, "")
        self._recatalogue(uris)

    def read_all(self) -> int:
        """Read every labeler; how many labels were taken."""
        return sum(self.read(row.did) for row in self.subscribed())

    def read(self, did: str) -> int:
        """Read what a labeler said since the last time; what went wrong stands in its row."""
        row = self._find(did)
        if row is None:
            return 0
        taken, error, cursor = 0, "", None
        try:
            document = self._outside.document(did)
            url, key = _service(document)
            taken, unproven = asyncio.run(self._follow(row, url, key))
            if unproven:
                error = f"Not signed with the key that its document names, and without effect: labels ({unproven})."
        except CursorAhead as problem:  # it came back from a backup: from its beginning, the next time
            error, cursor = str(problem), 0
        except (FederationError, NodeError) as problem:
            error = str(problem)[:500]
        if error:
            get_logger("moderation").info("labeler not read", labeler=did, error=error)
        self._database.writer.write(lambda session: _told(session, did, error, cursor))
        return taken

    async def _follow(self, row: LabelerRow, url: str, key: VerifyingKey) -> Read:
        limits = StreamLimits(idle_seconds=SILENCE)
        stream = subscribe(url, row.cursor, policy=policy_of(self._settings), limits=limits, method=SUBSCRIBE_LABELS)
        taken, unproven, frames, until = 0, 0, 0, time.monotonic() + LONGEST
        async with contextlib.aclosing(stream) as frames_in:
            with contextlib.suppress(StreamSilent):
                async for frame in frames_in:
                    frames += 1
                    seq, said = parse_labels(frame)
                    own = [one for one in said if isinstance(one, Mapping) and one.get("src") == row.did]
                    found = [label for one in own if (label := verify_label(one, row.did, key)) is not None]
                    unproven += len(own) - len(found)
                    if seq:
                        taken += await asyncio.to_thread(self._take, row.did, seq, list(filter(_concerns, found)))
                    if frames >= MOST_FRAMES or time.monotonic() > until:
                        break
        return Read(taken, unproven)

    def _take(self, did: str, seq: int, found: list[Label]) -> int:
        """Keep what a frame says: one may hold twenty thousand labels, and nobody's writing waits for all of them."""
        rows = [row for label in found if (row := _row(label, seq)) is not None]
        room: int | None = None  # for more of this labeler's, counted once
        for piece in batches(rows, PIECE):
            room = self._database.writer.write(partial(_keep, did=did, rows=piece, room=room))
        self._database.writer.write(lambda session: _read_to(session, did, seq))
        if hiding := {row.uri for row in rows if self._withholding.heeds(row.val)}:
            self._withholding.forget()
            self._recatalogue(hiding)
        return len(rows)

    def _recatalogue(self, uris: set[str]) -> None:
        recatalogue(self._database, self._cataloguer, map(parse_subject, sorted(uris)))

    def _hidden_by(self, did: str) -> set[str]:
        """What a labeler's labels hide, as far as it may."""
        with self._database.read() as session:
            return set(labels.list_hidden_by(session, did, self._withholding.hiding))

    def _find(self, did: str) -> LabelerRow | None:
        with self._database.read() as session:
            return labels.find_labeler(session, did)


def _labeler(did: str) -> Subject:
    subject = parse_subject(did)
    if subject.kind != "account":
        raise Malformed("A labeler is named by its DID.")
    return subject


def _service(document: DidDocument) -> tuple[str, VerifyingKey]:
    """Where a labeler answers and the key that it signs with. Raises Malformed."""
    if document.labeler is None or document.label_key is None:
        raise Malformed(f"{document.did} is no labeler: its document names no service and key for labels.")
    return document.labeler, VerifyingKey.parse_did_key(document.label_key)


def _concerns(label: Label) -> bool:
    """About an account, or a record of ours."""
    if label.uri.startswith("did:"):
        return True
    return label.uri.startswith("at://") and f"/{AUTHORITY}." in label.uri


def _row(label: Label, seq: int) -> LabelRow | None:
    """The label as it is kept; None where its subject or time is of no known form."""
    try:
        subject = parse_subject(label.uri)
        expires = parse_time(label.exp) if label.exp else 0
        parse_time(label.cts)
    except (Malformed, ValueError):
        return None
    return LabelRow(
        src=label.src, uri=subject.text, val=label.val, cid=label.cid, neg=label.neg, cts=label.cts, exp=label.exp,
        expires_at=expires, seq=seq,
    )  # fmt: skip


def _keep(session: Session, did: str, rows: Sequence[LabelRow], room: int | None) -> int:
    """How much room is left. A label of an older time than the one that is known says nothing; what is taken back is
    heard of however many there are."""
    known = labels.find_labels(session, did, {row.uri for row in rows})
    if room is None:
        room = MOST_LABELS - labels.count_labels(session, did)
    for row in rows:
        before = known.get((row.uri, row.val))
        if before is None and room > 0:
            labels.add_label(session, row)
            known[row.uri, row.val] = row
            room -= 1
        elif before is not None and parse_time(before.cts) <= parse_time(row.cts):
            labels.save_label(session, row)
    return room


def _read_to(session: Session, did: str, seq: int) -> None:
    labeler = labels.find_labeler(session, did)
    if labeler is not None:
        labeler.cursor = max(labeler.cursor, seq)


def _told(session: Session, did: str, error: str, cursor: int | None) -> None:
    row = labels.find_labeler(session, did)
    if row is not None:
        row.cursor = row.cursor if cursor is None else cursor
        row.read_at, row.labels = now(), labels.count_labels(session, did)
        row.error = error or ("It gives more labels than are kept here." if row.labels >= MOST_LABELS else "")
