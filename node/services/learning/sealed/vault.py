"""Sealed entries: AES-256-GCM under one data key per worker, which the node's key wraps. No key, no worker.

An entry is canonical JSON, bound by its associated data to `person|kind|slot`: moved elsewhere it does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from node.personalizer.canonical import canonical
from node.services.erasures import Erasures
from node.services.learning.sealed.erasing import Erased, scan
from node.services.sealing import SealBroken, Sealer
from node.store.clock import now
from node.store.database import Database
from node.store.private import workers
from node.store.sessions import Session
from node.store.tables.worker import WorkerEntryRow, WorkerRow

T = TypeVar("T")
COUNTED = "counted over many workers"


@dataclass(frozen=True, slots=True)
class Entry:
    """One opened entry. `at` microseconds."""

    kind: str
    slot: str
    at: int
    value: Any


class Drawer:
    """One worker's entries inside one transaction. Without a key (nobody yet, or erased) it is empty and stays so."""

    def __init__(self, session: Session, person: str, key: bytes | None) -> None:
        self.session = session
        self.person = person
        self._key = key
        self._sealer = Sealer(key) if key else None

    def find(self, kind: str, slot: str = "") -> Any:
        """The value of one entry, None when there is none."""
        found = self.find_entry(kind, slot)
        return None if found is None else found.value

    def find_entry(self, kind: str, slot: str) -> Entry | None:
        """One entry with its time."""
        row = workers.find_entry(self.session, self.person, kind, slot) if self._sealer else None
        return None if row is None else self._open(row)

    def entries(self, kind: str, *, limit: int = 10_000) -> list[Entry]:
        """Entries of one kind, oldest first; the newest `limit` of them."""
        rows = workers.list_entries(self.session, self.person, kind, limit=limit) if self._sealer else []
        return [self._open(row) for row in rows]

    def entries_by_kind(self, *kinds: str) -> dict[str, list[Entry]]:
        """All entries of several kinds, oldest first, in one query."""
        rows = workers.list_entries_of(self.session, self.person, kinds) if self._sealer else []
        found: dict[str, list[Entry]] = {kind: [] for kind in kinds}
        for row in rows:
            found[row.kind].append(self._open(row))
        return found

    def among(self, kind: str, slots: Collection[str]) -> dict[str, Entry]:
        """The entries of one kind that lie in `slots`, in one query."""
        rows = workers.list_entries_in(self.session, self.person, kind, slots) if self._sealer else []
        return {row.slot: self._open(row) for row in rows}

    def all(self) -> Iterator[Entry]:
        """Everything, oldest first."""
        for row in workers.list_all_entries(self.session, self.person) if self._sealer else ():
            yield self._open(row)

    def slots(self, kind: str) -> list[str]:
        """Slots of one kind, oldest first; nothing is opened."""
        return workers.list_slots(self.session, self.person, kind) if self._sealer else []

    def put(self, kind: str, slot: str, value: Any, at: int = 0) -> None:
        """Store or replace. Only inside `Vault.change`."""
        self.put_all(kind, {slot: value}, at)

    def put_all(self, kind: str, values: Mapping[str, Any], at: int = 0) -> None:
        """As `put`, several of one kind by slot."""
        assert self._sealer is not None
        for slot, value in values.items():
            sealed = self._sealer.seal(canonical(value), f"{self.person}|{kind}|{slot}")
            workers.put_entry(self.session, self.person, kind, slot, sealed, at)

    def delete(self, kind: str, slot: str) -> bool:
        """Remove one entry; False when there was none."""
        return workers.delete_entry(self.session, self.person, kind, slot)

    def delete_before(self, kind: str, before: int, *, unless: str) -> None:
        """Remove what is of before that moment (microseconds), unless its slot holds an entry of another kind too."""
        workers.delete_before(self.session, self.person, kind, before, unless)

    def opaque(self, text: str) -> str:
        """A name for `text` that says nothing to whoever lacks the worker's key: the same every time."""
        key = self._key or secrets.token_bytes(32)
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:24]

    def _open(self, row: WorkerEntryRow) -> Entry:
        assert self._sealer is not None
        plain = self._sealer.open(row.sealed, f"{self.person}|{row.kind}|{row.slot}")
        return Entry(row.kind, row.slot, row.at, json.loads(plain))


class Vault:
    """The drawers of all workers."""

    def __init__(self, database: Database, sealer: Sealer, erasures: Erasures) -> None:
        self._database = database
        self._sealer = sealer
        self._erasures = erasures

    def open(self) -> Vault:
        """Replay the erasure log: after a restore nobody erased comes back."""
        log = self._erasures.load()
        with self._database.read() as session:
            names = workers.list_workers(session) if log else []
            everybody = [workers.find_worker(session, person) for person in names]
        for row in everybody:
            if row is not None and self._erasures.is_erased(log, row.person, row.created_at):
                self._delete(row.person)
        return self

    @contextmanager
    def read(self, person: str) -> Iterator[Drawer]:
        """A drawer to look into."""
        with self._database.read() as session:
            yield Drawer(session, person, self._find_key(session, person))

    def change(self, person: str, work: Callable[[Drawer], T]) -> T:
        """Run `work` in one durable transaction; a worker's first change makes their key."""

        def inside(session: Session) -> T:
            return work(Drawer(session, person, self._find_key(session, person) or self._make_key(session, person)))

        return self._database.writer.write(inside)

    def change_many(self, work: Mapping[str, Callable[[Drawer], object]]) -> None:
        """Run each person's work, all in one durable transaction; whoever was erased meanwhile is passed over."""

        def inside(session: Session) -> None:
            for person, change in work.items():
                key = self._find_key(session, person)
                if key is not None:
                    change(Drawer(session, person, key))

        self._database.writer.write(inside)

    def read_all(self, persons: Iterable[str]) -> Iterator[Drawer]:
        """One drawer after the other, all as of the same moment."""
        with self._database.read() as session:
            for person in persons:
                yield Drawer(session, person, self._find_key(session, person))
                session.expunge_all()

    def workers(self) -> list[str]:
        """Sign-in names of everybody who has a drawer."""
        with self._database.read() as session:
            return workers.list_workers(session)

    def has(self, person: str) -> bool:
        """Has this person a drawer?"""
        with self._database.read() as session:
            return workers.find_worker(session, person) is not None

    def seal_counted(self, value: Any) -> str:
        """What was counted over many workers, sealed under the node's key: of nobody, and yet not to be read."""
        return base64.b64encode(self._sealer.seal(canonical(value), COUNTED)).decode()

    def find_counted(self, sealed: str) -> Any:
        """What was sealed so; {} where nothing was, or by a key that is gone."""
        try:
            return json.loads(self._sealer.open(base64.b64decode(sealed), COUNTED)) if sealed else {}
        except SealBroken:
            return {}

    def erase(self, person: str) -> Erased:
        """Destroy the key and every row, then look into every file whether anything is left.

        The log is written first: whatever happens then, the erasure is finished.
        """
        with self._database.read() as session:
            row = workers.find_worker(session, person)
            sealed = [entry.sealed for entry in workers.list_all_entries(session, person)]
        if row is not None:
            self._erasures.add(person, row.created_at)
        self._delete(person)
        self._database.drop_former()
        self._database.scrub()
        self._database.write_anew(WorkerRow.__tablename__)  # without the key, what was sealed stays sealed
        return scan(self._erasures.folder, [*sealed, *([row.wrapped_key] if row else [])])

    def _delete(self, person: str) -> None:
        self._database.writer.write(lambda session: workers.delete_worker(session, person))

    def _find_key(self, session: Session, person: str) -> bytes | None:
        row = workers.find_worker(session, person)
        return None if row is None else self._sealer.open(row.wrapped_key, _wrapping(person))

    def _make_key(self, session: Session, person: str) -> bytes:
        key = secrets.token_bytes(32)
        row = WorkerRow(person=person, wrapped_key=self._sealer.seal(key, _wrapping(person)), created_at=now())
        workers.save_worker(session, row)
        session.flush()
        return key


def _wrapping(person: str) -> str:
    return f"worker-key|{person}"
