"""Logs as models of sequences are given them: not a row for each answer, but a line for each thing about a student.

Lines (Piech et al. 2015, and who came after them), with a comma after the last or without:
    3 lines: how many, or who · skills · results
    4 lines: how many, or who · items · skills · results
    6 lines: who, how many · items · skills · results · times · seconds taken   (`data.txt` of pyKT; NA where not known)
A table of pyKT has a row for each piece of a sequence, its lists joined by commas and filled up with −1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from node.personalizer.errors import LogInvalid
from node.personalizer.evaluation.logs.heading import plain
from node.personalizer.evaluation.logs.rows import MISSING, Row, parse_correct, parse_skills, parse_time, whole

# Line of the items, of the skills, of the results and of the times in a block of so many lines; −1: there is none.
FORMS: Mapping[int, tuple[int, int, int, int]] = {3: (-1, 1, 2, -1), 4: (1, 2, 3, -1), 6: (1, 2, 3, 4)}
PADDING = "-1"


def find_form(lines: Sequence[str]) -> int | None:
    """Of how many lines a block of these is; None where they are no blocks.

    The empty lines of who has no answers are not among them at the end: one line more is such a block.
    """
    fitting = ((size, rest) for rest in (0, 1) for size in FORMS if len(lines) > rest and len(lines) % size == rest)
    found = (size for size, rest in fitting if all(map(_is_block, _blocks([*lines, *[""] * (size - 1) * rest], size))))
    return next(found, None)


def _blocks(lines: Iterable[str], size: int) -> Iterator[list[str]]:
    lines = iter(lines)
    while block := [line.strip() for line in islice(lines, size)]:
        yield block


def _is_block(block: Sequence[str]) -> bool:
    _, _, results, _ = FORMS[len(block)]
    head, body = _cells(block[0]), [_cells(line) for line in block[1:]]
    lengths = {len(cells) for cells in body if not _is_unknown(cells)}
    judged = len(lengths) == 1 and all(cell in ("0", "1", "0.0", "1.0") for cell in body[results - 1])
    return len(head) in (1, 2) and head[-1].isdecimal() and (judged or not lengths)


def read_blocks(lines: Iterable[str], size: int, mark: str = "") -> Iterator[Row]:
    """Students go by `mark` and the number of their block where the log does not name them. Raises `LogInvalid`."""
    for number, block in enumerate(_blocks(lines, size)):
        try:
            yield from _read_block(block, size, f"{mark}{number}") if any(block) else ()
        except (ValueError, IndexError) as error:
            raise LogInvalid(
                f"Line {number * size + 1}: these {size} lines do not belong together: {error}."
            ) from error


def _read_block(block: Sequence[str], size: int, number: str) -> Iterator[Row]:
    user = _cells(block[0])[0] if size == max(FORMS) else number
    items, skills, results, times = (_cells(block[line]) if line > 0 else [] for line in FORMS[size])
    yield from _answers(user, (items, skills, results, times))


def _answers(user: str, lists: tuple[list[str], list[str], list[str], list[str]], split: str = "") -> Iterator[Row]:
    """Raises ValueError where the lists are of different lengths."""
    _, _, results, _ = lists
    if _is_unknown(results):
        return
    items, skills, results, times = ([""] * len(results) if _is_unknown(one) else one for one in lists)
    for item, named, result, time in zip(items, skills, results, times, strict=True):
        known = parse_skills(named)
        yield Row(user, whole(item) or "~".join(known), known, parse_correct(result), parse_time(time), split=split)


def read_sequences(cells: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    """Rows of a table of sequences, its header first. What a mask leaves out is no answer. Raises `LogInvalid`."""
    cells = iter(cells)
    names = [plain(name) for name in next(cells)[1]]
    for number, row in cells:
        try:
            yield from _read_sequence(dict(zip(names, row, strict=True)))
        except ValueError as error:
            raise LogInvalid(f"Line {number}: {error}.") from error


def is_sequences(header: Sequence[str]) -> bool:
    """Is this the header of such a table?"""
    names = {plain(name) for name in header}
    return {"uid", "responses"} <= names and not names.isdisjoint({"questions", "concepts"})


def _read_sequence(row: Mapping[str, str]) -> Iterator[Row]:
    lists = [_cells(row.get(name, "")) for name in ("questions", "concepts", "responses", "timestamps")]
    mask = _cells(row.get("selectmasks", ""))
    mask = lists[2] if _is_unknown(mask) else mask
    kept = [place for place, cell in enumerate(mask) if cell != PADDING]
    items, skills, results, times = ([one[place] for place in kept] if any(one) else [] for one in lists)
    yield from _answers(row["uid"], (items, skills, results, times), row.get("fold", ""))


def _cells(line: str) -> list[str]:
    cells = [cell.strip() for cell in line.strip().split(",")]
    return cells[:-1] if len(cells) > 1 and not cells[-1] else cells


def _is_unknown(cells: Sequence[str]) -> bool:
    return len(cells) <= 1 and all(cell.lower() in MISSING for cell in cells)
