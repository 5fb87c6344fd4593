"""The scores of one question (a task, or none in particular) under one slow layer, kept up as endorsements arrive."""

from collections.abc import Sequence

import numpy as np

from curation.arrays import Floats, Integers
from curation.fast.fast_layer import Hearing, hear, score_cells
from curation.fast.seats import Seats
from curation.slow.slow_layer import UNTRUSTED, SlowLayer
from curation.stated.changes import Change, PairChange
from curation.voices.cells import Cells, Counter
from curation.voices.ledger import Ledger

VALUE, MEAN, EVIDENCE = 0, 1, 2


class Board:
    """Counts and scores what it is asked for, once; a change makes it forget just the scores it touches."""

    def __init__(self, counter: Counter, slow: SlowLayer, seats: Seats) -> None:
        self._counter, self._slow, self._seats = counter, slow, seats
        self._ledger = Ledger()
        self._counted = np.zeros(0, np.bool_)
        self._scores = np.zeros((0, 3))

    def take(self, cells: Cells) -> None:
        """Start from the cells of all subjects."""
        self._grow()
        self._ledger.put_counted(cells)
        self._counted[:] = True
        self._score_all(cells)

    def scores(self, subjects: Sequence[int]) -> Floats:
        """Value, mean and evidence by subject: an array of shape (subjects, 3)."""
        self._grow()
        wanted = np.array(subjects, np.int64)
        self._count([int(subject) for subject in wanted[~self._counted[wanted]]])
        stale = wanted[np.isnan(self._scores[wanted, VALUE])]
        if len(stale):
            cells, segment = self._ledger.merged(stale)
            self._score(cells, segment, stale)
        return self._scores[wanted]

    def follow(self, change: Change) -> None:
        """Take over what a statement changed."""
        self._grow()
        if isinstance(change, PairChange):
            self._follow_pair(change)
            return
        known = [subject for subject in change.subjects if self._counted[subject]]
        self._counted[known] = False
        self._scores[known] = np.nan

    def hearing(self, subject: int) -> Hearing:
        """Every step from the cells of one subject to its final voices."""
        self.scores([subject])
        cells = self._ledger.cells(subject)
        return self.hearing_of(subject, cells)

    def cells(self, subject: int) -> Cells:
        """The cells of one subject."""
        self.scores([subject])
        return self._ledger.cells(subject)

    def hearing_of(self, subject: int, cells: Cells) -> Hearing:
        """What would be heard if these were the cells of a subject."""
        own = np.array([self._seats.author_position(subject)])
        return hear(cells, np.zeros(len(cells), np.int64), own, self._slow, self._counter.parameters)

    def _follow_pair(self, change: PairChange) -> None:
        position = self._seats.position(change.by)
        if position == UNTRUSTED or not self._counted[change.subject]:
            return
        before, after = self._counter.pair(change.before), self._counter.pair(change.after)
        self._ledger.add(change.subject, position, after[0] - before[0], after[1] - before[1])
        self._scores[change.subject] = np.nan

    def _count(self, subjects: list[int]) -> None:
        if not subjects:
            return
        cells = self._counter.cells(self._seats.positions(), tuple(subjects))
        for subject in subjects:
            self._ledger.put_page(subject, cells.of(subject))
        self._counted[subjects] = True

    def _score_all(self, cells: Cells) -> None:
        self._score(cells, cells.subject, np.arange(len(self._scores)))

    def _score(self, cells: Cells, segment: Integers, subjects: Integers) -> None:
        own = self._seats.author_positions(subjects)
        scores = score_cells(cells, segment, own, self._slow, self._counter.parameters)
        self._scores[subjects, VALUE] = scores.value
        self._scores[subjects, MEAN] = scores.mean
        self._scores[subjects, EVIDENCE] = scores.evidence

    def _grow(self) -> None:
        missing = len(self._counter.contributions.subjects) - len(self._scores)
        if missing > 0:
            self._scores = np.concatenate([self._scores, np.full((missing, 3), np.nan)])
            self._counted = np.concatenate([self._counted, np.zeros(missing, np.bool_)])
