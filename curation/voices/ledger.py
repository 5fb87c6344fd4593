"""The cells of one ranking: counted in bulk, then kept up one endorsement at a time."""

import numpy as np

from curation.arrays import Integers
from curation.voices.cells import Cells


class Ledger:
    """Cells by subject. What was counted in bulk stays in arrays; subjects that changed since have a page each."""

    def __init__(self) -> None:
        self._counted = Cells(*(np.zeros(0, np.int64) for _ in range(4)))
        self._pages: dict[int, Cells] = {}

    def put_counted(self, cells: Cells) -> None:
        """Start from cells of all subjects."""
        self._counted, self._pages = cells, {}

    def put_page(self, subject: int, cells: Cells) -> None:
        """Replace the cells of one subject."""
        self._pages[subject] = Cells(*(column.copy() for column in cells.columns()))

    def add(self, subject: int, organisation: int, weight: int, outcome: int) -> None:
        """Add to one cell (or take away, with negative numbers); a cell without weight is no cell."""
        if subject not in self._pages:
            self.put_page(subject, self._counted.of(subject))
        page = self._pages[subject]
        place = int(page.organisation.searchsorted(organisation))
        if place == len(page) or page.organisation[place] != organisation:
            if weight > 0:
                sums = (subject, organisation, weight, outcome)
                pairs = zip(page.columns(), sums, strict=True)
                self._pages[subject] = Cells(*(_inserted(column, place, value) for column, value in pairs))
            return
        page.weight[place] += weight
        page.outcome[place] += outcome
        if page.weight[place] <= 0:
            self._pages[subject] = Cells(*(np.delete(column, place) for column in page.columns()))

    def cells(self, subject: int) -> Cells:
        """The cells of one subject, ascending by organisation."""
        page = self._pages.get(subject)
        return self._counted.of(subject) if page is None else page

    def merged(self, subjects: Integers) -> tuple[Cells, Integers]:
        """Cells of some subjects, and for every cell the position of its subject among them."""
        parts = [self.cells(int(subject)) for subject in subjects]
        if len(parts) == 1:
            return parts[0], np.zeros(len(parts[0]), np.int64)
        segment = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        columns = zip(*(part.columns() for part in parts), strict=True)
        return Cells(*(np.concatenate(column) for column in columns)), segment


def _inserted(column: Integers, place: int, value: int) -> Integers:
    longer = np.empty(len(column) + 1, np.int64)
    longer[:place], longer[place], longer[place + 1 :] = column[:place], value, column[place:]
    return longer
