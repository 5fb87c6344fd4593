"""Deletion is real: what a deleted record said leaves the stored frames, and blobs that nothing names leave the disk.

A consumer that resumes before an emptied frame sees a gap in the account's commits and fetches the repository anew,
as the protocol tells it to.
"""

from __future__ import annotations

from collections import defaultdict

from federation.events import CommitEvent
from federation.frames import parse_frame
from node.services.hosting.accounts import Accounts
from node.services.hosting.stream import EventStream
from node.store.administration import facts
from node.store.database import Database
from node.store.repositories import events
from node.store.sessions import Session

_DONE = "deletions-forgotten"  # up to which event
AT_ONCE = 500  # events looked at in one step of the writer


class Forgetting:
    """Runs again and again, well within the minute that a deletion may take."""

    def __init__(self, database: Database, stream: EventStream, accounts: Accounts) -> None:
        self._database = database
        self._stream = stream
        self._accounts = accounts

    def run(self) -> int:
        """Forget what was deleted since the last time; how many frames were emptied."""
        with self._database.read() as session:
            done = int(str((facts.find_fact(session, _DONE) or {}).get("seq", 0)))
            newest = events.last_seq(session)
            deletions = events.list_deletions(session, done, AT_ONCE)
        if deletions and self._database.quick is not None:
            self._database.quick.forget()
        emptied = self._empty(deletions)
        reached = deletions[-1][0] if len(deletions) == AT_ONCE else newest
        if deletions:
            self._database.writer.write(lambda session: facts.save_fact(session, _DONE, {"seq": reached}))
        self._accounts.collect_blobs()
        self._database.scrub_if_owed()
        return emptied

    def _empty(self, deletions: list[tuple[int, str, bytes]]) -> int:
        gone: dict[str, dict[str, int]] = defaultdict(dict)  # account → path → the event that deleted it
        for seq, did, frame in deletions:
            gone[did].update({op.path: seq for op in _commit(frame).ops if op.action == "delete"})
        held = [seq for did, paths in gone.items() for seq in self._holding(did, paths)]
        if not held:
            return 0

        def work(session: Session) -> int:
            self._stream.forget_recent(session)
            return events.empty_events(session, held)

        return self._database.writer.write(work)

    def _holding(self, did: str, paths: dict[str, int]) -> list[int]:
        """Events of an account, before the deletion, that carry one of the deleted records."""
        with self._database.read() as session:
            frames = events.list_frames_of(session, did, max(paths.values()))
        return [
            seq for seq, frame in frames if any(op.cid and seq < paths.get(op.path, 0) for op in _commit(frame).ops)
        ]


def _commit(frame: bytes) -> CommitEvent:
    event = parse_frame(frame)
    assert isinstance(event, CommitEvent)  # the table's kind says so
    return event
