"""The cells of one ranking: counted in bulk, then kept up one endorsement at a time."""

import numpy as np

from curation.arrays import Integers
from curation.cells import Cells

Sums = tuple[int, int]


class Ledger:
    """Cells by subject. What was counted in bulk stays in arrays; subjects that changed since have a page each."""

    def __init__(self) -> None:
        self._counted = Cells(*(np.zeros(0, np.int64) for _ in range(4)))
        self._pages: dict[int, dict[int, Sums]] = {}

    def put_counted(self, cells: Cells) -> None:
        """Start from cells of all subjects."""
        self._counted, self._pages = cells, {}

    def put_page(self, subject: int, cells: Cells) -> None:
        """Replace the cells of one subject."""
        self._pages[subject] = _page(cells)

    def add(self, subject: int, organisation: int, weight: int, outcome: int) -> None:
        """Add to one cell (or take away, with negative numbers); a cell without weight is no cell."""
        page = self._pages.get(subject)
        if page is None:
            page = self._pages[subject] = _page(self._counted.of(subject))
        held = page.get(organisation, (0, 0))
        sums = held[0] + weight, held[1] + outcome
        if sums[0] > 0:
            page[organisation] = sums
        else:
            page.pop(organisation, None)

    def cells(self, subject: int) -> Cells:
        """The cells of one subject, ascending by organisation."""
        page = self._pages.get(subject)
        if page is None:
            return self._counted.of(subject)
        rows = np.array([(subject, organisation, *page[organisation]) for organisation in sorted(page)], np.int64)
        return Cells(*rows.reshape(-1, 4).T)

    def merged(self, subjects: Integers) -> tuple[Cells, Integers]:
        """Cells of some subjects, and for every cell the position of its subject among them."""
        parts = [self.cells(int(subject)) for subject in subjects]
        segment = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
        columns = zip(*(part.columns() for part in parts), strict=True)
        return Cells(*(np.concatenate(column) for column in columns)), segment


def _page(cells: Cells) -> dict[int, Sums]:
    organisations, weights, outcomes = (column.tolist() for column in cells.columns()[1:])
    return dict(zip(organisations, zip(weights, outcomes, strict=True), strict=True))
