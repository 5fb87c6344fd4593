"""Which form a log is of: a table of answers, a table of sequences, or blocks of lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from node.personalizer.evaluation.logs.rows import Row, read_table, table_cells
from node.personalizer.evaluation.logs.sequences import FORMS, find_form, is_sequences, read_blocks, read_sequences

LOOKED_AT = 10 * max(FORMS) * min(FORMS)
MARK = "\ufeff"


def read_rows(lines: Iterable[str], mark: str = "") -> Iterator[Row]:
    """The rows of a log. `mark` goes before the numbers of students whom the log does not name. Raises `LogInvalid`."""
    lines = iter(lines)
    first = [line.removeprefix(MARK) for line in islice(lines, LOOKED_AT)]
    size = find_form("\n".join(line.strip() for line in first).rstrip().split("\n"))
    if size is not None:
        return read_blocks(chain(first, lines), size, mark)
    cells = table_cells(chain(first, lines))
    header = next(cells, (1, []))
    return (read_sequences if is_sequences(header[1]) else read_table)(chain((header,), cells))
