"""A table (CSV, TSV, semicolons): columns are found by their names, in any order."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from node.personalizer.errors import HistoryInvalid
from node.personalizer.history.pieces import COURSE, Piece, shortened
from node.personalizer.learner.outcomes import ALONE, NOT, OUTCOMES, WITH_HELP

LONGEST_CELL = 1_000_000
_TITLES = ("title", "course", "activity", "name", "task", "object", "object.name", "position", "skill")
_DATES = ("date", "completed", "completed at", "timestamp", "when", "finished", "end")
_RESULTS = ("result", "outcome", "status", "verb", "success", "passed")
_WORDS = {
    "passed": ALONE, "true": ALONE, "yes": ALONE, "1": ALONE, "success": ALONE, "successful": ALONE, "failed": NOT,
    "false": NOT, "no": NOT, "0": NOT, "completed": WITH_HELP, "attended": WITH_HELP, "with help": WITH_HELP,
}  # fmt: skip


def read_table(text: str) -> Iterator[Piece]:
    """A piece a row; rows that say nothing of an ability are passed over. Raises `HistoryInvalid` without a title."""
    lines = io.StringIO(text.lstrip("\ufeff"), newline=None).read()  # every kind of line end becomes one
    reader = csv.DictReader(io.StringIO(lines), delimiter=_delimiter(lines))
    csv.field_size_limit(LONGEST_CELL)  # one for the whole process: whoever reads a table sets their own
    try:
        yield from _pieces(reader)
    except csv.Error as error:
        raise HistoryInvalid("The table cannot be read.", hint="Is a quotation mark missing?") from error


def is_table(text: str) -> bool:
    """Whether the first line names a column that says what was done."""
    cells = text.partition("\n")[0].split(_delimiter(text))
    return len(cells) > 1 and any(cell.strip(' "\r').casefold() in _TITLES for cell in cells)


def _pieces(reader: csv.DictReader[str]) -> Iterator[Piece]:
    names = {str(name).strip().casefold(): name for name in reader.fieldnames or () if name}
    title = next((names[name] for name in _TITLES if name in names), None)
    if title is None:
        raise HistoryInvalid("The table has no column that names what was done.", hint=f"One of {', '.join(_TITLES)}.")
    when = next((names[name] for name in _DATES if name in names), "")
    result = next((names[name] for name in _RESULTS if name in names and names[name] != title), "")
    for row in reader:
        how = _how(row, result)
        if (row.get(title) or "").strip() and how:
            yield Piece(COURSE, shortened(row[title]), (row.get(when) or "").strip()[:10], how)


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max("\t;,", key=first.count) if any(mark in first for mark in "\t;,") else ","


def _how(row: Mapping[str, str], column: str) -> str:
    word = (row.get(column) or "").strip().casefold().rsplit("/", 1)[-1]
    if not column or not word:
        return ALONE
    return word if word in OUTCOMES else _WORDS.get(word, "")
