"""Everything stated publicly, held once per node and read by every ranking (one per viewpoint)."""

import math
from array import array
from collections.abc import Iterable

import numpy as np

from curation.arrays import Integers
from curation.errors import StatementInvalid
from curation.stated.changes import NOTHING, Change, PairChange, Recount
from curation.stated.endorsement_rows import EndorsementRows, EndorsementTable, Row
from curation.stated.people import People
from curation.stated.registry import Registry
from curation.stated.statements import (
    HALVES,
    Endorsement,
    Organisation,
    Practitioner,
    Statement,
    Subject,
    Task,
    Verdict,
    Vouch,
)
from curation.stated.subjects import Subjects

__all__ = [
    "Contributions",
    "Endorsement",
    "Organisation",
    "Practitioner",
    "Statement",
    "Subject",
    "Task",
    "Verdict",
    "Vouch",
]


class Contributions:
    """Statements, in any order of arrival; adding one with a known id replaces it.

    `add` and `remove` answer with the `Change` that each ranking takes over (`Ranking.follow`).
    """

    def __init__(self) -> None:
        self.people = People()
        self.subjects = Subjects(self.people)
        self.tasks = Registry()
        self.rows = EndorsementRows()
        self.vouches: dict[tuple[int, int], None] = {}
        self._task_occupations: dict[int, tuple[str, ...]] = {}
        self._position_of: dict[str, int] = {}
        self._positions_of_pair: dict[int, int | tuple[int, ...]] = {}
        self._positions_of_subject: dict[int, array[int]] = {}
        self._subjects_of_account: dict[int, array[int]] = {}

    def add(self, statement: Statement) -> Change:
        """Take in a statement, replacing an earlier one of the same id."""
        match statement:
            case Endorsement():
                return self._add_endorsement(statement)
            case Practitioner():
                account = self.people.add(statement)
                return Recount(self._touched_by(account))
            case Organisation():
                self.people.add_organisation(statement.id)
                return NOTHING
            case Subject():
                return Recount((self.subjects.add(statement),))
            case Task():
                self._task_occupations[self.tasks.number(statement.id)] = statement.occupations
                return NOTHING
            case Vouch():
                self.vouches[self._vouch_key(statement)] = None
                return NOTHING

    def extend(self, statements: Iterable[Statement]) -> None:
        """Take in many statements before any ranking is built."""
        for statement in statements:
            if isinstance(statement, Endorsement) and statement.id not in self._position_of:
                self._keep(self._row(statement), statement.id)
            else:
                self.add(statement)

    def remove(self, statement: Statement) -> Change:
        """Take a statement back; one that was never made changes nothing."""
        match statement:
            case Endorsement():
                return self.withdraw(statement.id)
            case Practitioner():
                return self.add(Practitioner(statement.id))
            case Subject():
                number = self.subjects.remove(statement.id)
                return NOTHING if number is None else Recount((number,))
            case Vouch():
                self.vouches.pop(self._vouch_key(statement), None)
                return NOTHING
            case Task():
                self._task_occupations.pop(self.tasks.number(statement.id), None)
                return NOTHING
            case Organisation():
                return NOTHING

    def withdraw(self, endorsement_id: str) -> Change:
        """Take an endorsement back by its id; an unknown id changes nothing."""
        position = self._position_of.pop(endorsement_id, None)
        if position is None:
            return NOTHING
        row = self.rows.row(position)
        before = self._pair(row.by, row.subject)
        self._drop(position, row)
        return PairChange(row.by, row.subject, before, self._pair(row.by, row.subject))

    @property
    def endorsement_count(self) -> int:
        """How many endorsements stand."""
        return len(self._position_of)

    def table(self, subjects: tuple[int, ...] | None = None) -> EndorsementTable:
        """The standing endorsements as columns: all, or those of some subjects."""
        if subjects is None:
            return self.rows.table()
        found = [self._positions_of_subject[s] for s in subjects if s in self._positions_of_subject]
        positions = [np.frombuffer(part, np.int32).astype(np.int64) for part in found if len(part)]
        return self.rows.table(np.concatenate(positions) if positions else np.zeros(0, np.int64))

    def task_occupations(self, task: str) -> tuple[str, ...]:
        """Occupations of a task: as stated, or those of the subject that is this task; () where neither is known."""
        number = self.tasks.find(task)
        stated = self._task_occupations.get(number, ()) if number is not None else ()
        return stated or self.subjects.occupations_of(task)

    def vouch_pairs(self) -> tuple[Integers, Integers]:
        """Accounts that vouch, and whom for: two arrays of the same length."""
        pairs = np.array(list(self.vouches), np.int64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def _add_endorsement(self, endorsement: Endorsement) -> Change:
        row = self._row(endorsement)
        known = self._position_of.get(endorsement.id)
        if known is not None and self.rows.row(known)[:3] != row[:3]:
            raise StatementInvalid(f"{endorsement.id} was about another subject, task or practitioner")
        before = self._pair(row.by, row.subject)
        if known is not None:
            if self.rows.row(known) == row:
                return NOTHING
            self._drop(known, row)
        self._keep(row, endorsement.id)
        return PairChange(row.by, row.subject, before, self._pair(row.by, row.subject))

    def _row(self, endorsement: Endorsement) -> Row:
        halves = HALVES.get(endorsement.verdict)
        if halves is None or not math.isfinite(endorsement.at):
            raise StatementInvalid(f"{endorsement.id} has a verdict or time that cannot be read")
        task = -1 if endorsement.task is None else self.tasks.number(endorsement.task)
        by, subject = self.people.number(endorsement.by), self.subjects.number(endorsement.subject)
        return Row(by, subject, task, halves, float(endorsement.at), endorsement.major)

    def _keep(self, row: Row, endorsement_id: str) -> None:
        position = self.rows.append(row)
        self._position_of[endorsement_id] = position
        pair = row.subject << 32 | row.by
        others = self._positions_of_pair.get(pair)
        if others is None:
            self._positions_of_pair[pair] = position
            self._subjects_of_account.setdefault(row.by, array("i")).append(row.subject)
        else:
            self._positions_of_pair[pair] = (*_many(others), position)
        self._positions_of_subject.setdefault(row.subject, array("i")).append(position)

    def _drop(self, position: int, row: Row) -> None:
        self.rows.withdraw(position)
        pair = row.subject << 32 | row.by
        left = tuple(other for other in _many(self._positions_of_pair[pair]) if other != position)
        if left:
            self._positions_of_pair[pair] = left if len(left) > 1 else left[0]
        else:
            del self._positions_of_pair[pair]
            self._subjects_of_account[row.by].remove(row.subject)

    def _pair(self, by: int, subject: int) -> tuple[Row, ...]:
        positions = self._positions_of_pair.get(subject << 32 | by)
        return () if positions is None else tuple(self.rows.row(position) for position in _many(positions))

    def _touched_by(self, account: int) -> tuple[int, ...]:
        endorsed = set(self._subjects_of_account.get(account, ()))
        return tuple(sorted(endorsed | self.subjects.authored_by(account)))

    def _vouch_key(self, vouch: Vouch) -> tuple[int, int]:
        return self.people.number(vouch.by), self.people.number(vouch.for_)


def _many(positions: int | tuple[int, ...]) -> tuple[int, ...]:
    return (positions,) if isinstance(positions, int) else positions
