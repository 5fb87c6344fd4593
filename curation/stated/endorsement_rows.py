"""Endorsements held as columns of numbers: a million of them in tens of megabytes."""

from array import array
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from curation.arrays import Flags, Floats, Integers

WITHDRAWN = -1


class Row(NamedTuple):
    """One endorsement in numbers: task is -1 where none was named, outcome is in halves, `at` in seconds since 1970."""

    by: int
    subject: int
    task: int
    halves: int
    at: float
    major: int


@dataclass(frozen=True, slots=True)
class EndorsementTable:
    """The standing endorsements, one element per endorsement in every array."""

    by: Integers
    subject: Integers
    task: Integers
    halves: Integers
    at: Floats
    major: Integers

    def __len__(self) -> int:
        return len(self.by)

    def at_rows(self, rows: Integers | Flags) -> "EndorsementTable":
        """The rows chosen, in the order chosen."""
        columns = (self.by[rows], self.subject[rows], self.task[rows], self.halves[rows])
        return EndorsementTable(*columns, self.at[rows], self.major[rows])


class EndorsementRows:
    """Append-only columns; a withdrawn row keeps its place and is skipped."""

    def __init__(self) -> None:
        self._by, self._subject, self._task = array("i"), array("i"), array("i")
        self._halves, self._at, self._major = array("b"), array("d"), array("i")

    def __len__(self) -> int:
        return len(self._by)

    def append(self, row: Row) -> int:
        """Add a row and return its position."""
        self._by.append(row.by)
        self._subject.append(row.subject)
        self._task.append(row.task)
        self._halves.append(row.halves)
        self._at.append(row.at)
        self._major.append(row.major)
        return len(self._by) - 1

    def withdraw(self, position: int) -> None:
        """Let a row count no longer."""
        self._halves[position] = WITHDRAWN

    def row(self, position: int) -> Row:
        """One row as it stands."""
        return Row(
            self._by[position],
            self._subject[position],
            self._task[position],
            self._halves[position],
            self._at[position],
            self._major[position],
        )

    def table(self, positions: Integers | None = None) -> EndorsementTable:
        """The standing rows, all of them or those among `positions`."""
        halves = np.frombuffer(self._halves, np.int8) if len(self) else np.zeros(0, np.int8)
        chosen = np.arange(len(self)) if positions is None else positions
        chosen = chosen[halves[chosen] != WITHDRAWN]

        def column(values: "array[int]") -> Integers:
            source = np.frombuffer(values, np.int32) if len(values) else np.zeros(0, np.int32)
            return np.asarray(source[chosen], np.int64)

        at = np.frombuffer(self._at, np.float64) if len(self) else np.zeros(0)
        return EndorsementTable(
            column(self._by),
            column(self._subject),
            column(self._task),
            halves[chosen].astype(np.int64),
            at[chosen],
            column(self._major),
        )
