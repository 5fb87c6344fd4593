"""Cells: what one organisation's practitioners together say of one subject, in whole numbers."""

from dataclasses import dataclass

import numpy as np

from curation.arrays import Flags, Floats, Integers, starts_of, sum_by
from curation.parameters import Parameters
from curation.stated.contributions import Contributions
from curation.stated.endorsement_rows import EndorsementTable, Row
from curation.voices.weights import SCALE, SHARE_BITS, WeightTable, pair_total


@dataclass(frozen=True, slots=True)
class Cells:
    """Arrays of one length, ascending by (subject, organisation).

    `organisation` counts the trusted ones in order of their DIDs; `weight` is N in 2^-24, `outcome` is S in 2^-25.
    """

    subject: Integers
    organisation: Integers
    weight: Integers
    outcome: Integers

    def __len__(self) -> int:
        return len(self.subject)

    def of(self, subject: int) -> "Cells":
        """The cells of one subject."""
        low, high = np.searchsorted(self.subject, (subject, subject + 1))
        return Cells(*(column[low:high] for column in self.columns()))

    def columns(self) -> tuple[Integers, Integers, Integers, Integers]:
        """The four arrays in order."""
        return self.subject, self.organisation, self.weight, self.outcome


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts endorsements into cells, for one epoch and one question (a task, or none)."""

    contributions: Contributions
    parameters: Parameters
    weights: WeightTable
    task: str | None = None

    def cells(self, positions: Integers, subjects: tuple[int, ...] | None = None) -> Cells:
        """Cells of all subjects, or of some; `positions`: trusted position of every account's organisation, or -1."""
        table = self.contributions.table(subjects)
        organisation = positions[table.by]
        table, organisation = _choose(table, organisation, organisation >= 0)
        weight = self._weights(table)
        weight, outcome, first = _pairs(table, weight)
        return _cells(table.subject[first], organisation[first], weight, outcome)

    def pair(self, rows: tuple[Row, ...]) -> tuple[int, int]:
        """Weight and outcome of one practitioner's endorsements of one subject."""
        weights = [self._weight(row) for row in rows]
        return pair_total(weights, [row.halves for row in rows])

    def _asked(self) -> tuple[int, int]:
        """The task asked for as a number (-2: nobody named it), and its set of occupations (0: not known)."""
        if self.task is None:
            return -2, 0
        occupations = self.contributions.task_occupations(self.task)
        number = self.contributions.tasks.find(self.task)
        return (-2 if number is None else number), self.contributions.people.occupation_set(occupations)

    def _weight(self, row: Row) -> int:
        task, wanted = self._asked()
        subjects = self.contributions.subjects
        shares = self.contributions.people.shares_occupation(row.by, wanted or subjects.occupation_set(row.subject))
        relevance = 1.0 if shares else self.parameters.off_occupation
        if self.task is not None and row.task != task:
            relevance *= self.parameters.off_task
        return self.weights.weight(row, subjects.major(row.subject), relevance)

    def _weights(self, table: EndorsementTable) -> Integers:
        task, wanted = self._asked()
        subjects = self.contributions.subjects
        sets = subjects.occupation_sets()[table.subject] if wanted == 0 else np.full(len(table), wanted)
        shares = self.contributions.people.sharing_occupation(table.by, sets)
        relevance: Floats = np.where(shares, 1.0, self.parameters.off_occupation)
        if self.task is not None:
            relevance *= np.where(table.task == task, 1.0, self.parameters.off_task)
        return self.weights.weights(table, subjects.majors()[table.subject], relevance)


def _choose(table: EndorsementTable, organisation: Integers, keep: Flags) -> tuple[EndorsementTable, Integers]:
    """The rows to keep, ascending by (subject, organisation, practitioner)."""
    kept = np.flatnonzero(keep)
    order = kept[np.lexsort((table.by[kept], organisation[kept], table.subject[kept]))]
    return table.at_rows(order), organisation[order]


def _pairs(table: EndorsementTable, weight: Integers) -> tuple[Integers, Integers, Integers]:
    """Weight, outcome and first row of every (practitioner, subject), as `pair_total` gives them."""
    first = starts_of(table.subject << 32 | table.by)
    if len(first) == len(table):
        return weight, weight * table.halves, first
    total = np.add.reduceat(weight, first)
    largest = np.maximum.reduceat(weight, first)
    share = (np.add.reduceat(weight * table.halves, first) << SHARE_BITS) // np.maximum(total, 1)
    return largest, (largest * share) >> SHARE_BITS, first


def _cells(subject: Integers, organisation: Integers, weight: Integers, outcome: Integers) -> Cells:
    first = starts_of(subject << 32 | organisation)
    if len(first) == 0:
        return Cells(subject, organisation, weight, outcome)
    group = np.zeros(len(subject), np.int64)
    group[first[1:]] = 1
    group = np.cumsum(group)
    summed = [sum_by(group, column, len(first)).astype(np.int64) for column in (weight, outcome)]
    alive = summed[0] > 0
    return Cells(*(column[alive] for column in (subject[first], organisation[first], *summed)))


def floats(cells: Cells) -> tuple[Floats, Floats]:
    """N as a plain number, and the mean outcome S/N in 0..1."""
    return cells.weight / float(SCALE), cells.outcome / (2.0 * cells.weight)
