"""Rows of a log as people export them: a mark before the header, another separator, quotes, times in many forms."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Literal, NamedTuple

from node.personalizer.errors import LogInvalid
from node.personalizer.evaluation.logs.heading import Heading, parse_heading

SEPARATORS = ",\t;|"
LONGEST_CELL = 1 << 24
NO_CLOCK = -1.0
MISSING = frozenset({"", "nan", "nat", "none", "null", "na", "n/a", "\\n"})
# In words too; a hint that was asked for before the first attempt is no success.
_RIGHT = ("true", "t", "yes", "y", "correct", "right", "ok", "pass", "passed")
_WRONG = ("false", "f", "no", "n", "incorrect", "wrong", "hint", "initial_hint", "hint_level_change", "bug", "error")
_TRUTH = {**dict.fromkeys(_RIGHT, 1.0), **dict.fromkeys(_WRONG, 0.0)}
# How public logs mark a row that is no answer: a lecture, a place that was filled up, an attempt that nobody judged.
_NO_ANSWER = MISSING | {"-1", "-1.0", "unknown", "ungraded", "untutored_action"}
# No log is of after the year 5000: what is larger counts nanoseconds, microseconds or milliseconds.
_SCALES = ((1e17, 1e-9), (1e14, 1e-6), (1e11, 1e-3))
_CLOCK = r"[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d*)?)?(?: ?([AP])\.?M\.?)?"
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})" + _CLOCK, re.IGNORECASE)
_MONTH_FIRST = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})" + _CLOCK, re.IGNORECASE)
_SEVERAL_NUMBERS = re.compile(r"\d+(?:[_;,]\d+)+")


class Row(NamedTuple):
    """One row. `skills` sorted, each once; `at` seconds since 1970; `turn` what orders rows; `split` in lower case.

    −1 where no time or no order is given.
    """

    user: str
    item: str
    skills: tuple[str, ...]
    correct: float
    at: float = NO_CLOCK
    turn: float = NO_CLOCK
    split: str = ""


def read_table(cells: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    """Rows of what `table_cells` gives. Raises `LogInvalid` with the line."""
    cells = iter(cells)
    heading = parse_heading(next(cells, (1, []))[1])
    known: dict[str, tuple[str, ...]] = {}
    for number, row in cells:
        try:
            if is_answer(row, heading):
                yield _read(row, heading, known)
        except ValueError as error:
            raise LogInvalid(f"Line {number}: {error}.") from error


def table_cells(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of what is not empty, the header first; separated by whatever the header has most of."""
    lines = iter(lines)
    before = list(islice(_until_text(lines), 1))
    header = before[0][1] if before else ""
    separator = max(SEPARATORS, key=header.count)
    skipped = before[0][0] - 1 if before else 0
    reader = csv.reader(chain((header,), lines), delimiter=separator, quoting=_quoting(separator))
    csv.field_size_limit(LONGEST_CELL)
    try:
        for cells in reader:
            if any(cells):
                yield reader.line_num + skipped, [_unquoted(cell) for cell in cells] if separator == "\t" else cells
    except csv.Error as error:
        raise LogInvalid(f"Line {reader.line_num + skipped}: {error}.") from error


def _quoting(separator: str) -> Literal[0, 3]:
    """Between tabs nothing needs quotes, and DataShop's names of steps hold single ones."""
    return csv.QUOTE_NONE if separator == "\t" else csv.QUOTE_MINIMAL


def _until_text(lines: Iterator[str]) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, with their numbers."""
    for number, line in enumerate(lines, 1):
        text = line.removeprefix("\ufeff")
        if text.strip():
            yield number, text


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def is_answer(cells: Sequence[str], heading: Heading) -> bool:
    """In a table of attempts, the first at a step is an answer; in others' logs, what has a result."""
    if len(cells) < heading.least or heading.own:
        return True
    if heading.attempt >= 0 and cells[heading.attempt].strip() not in ("", "1"):
        return False
    return cells[heading.correct].strip().lower() not in _NO_ANSWER


def _read(cells: Sequence[str], heading: Heading, known: dict[str, tuple[str, ...]]) -> Row:
    if len(cells) < heading.least:
        raise ValueError(f"{len(cells)} columns instead of {heading.least} or more")
    user, item, step, correct, at, turn, split = (
        "" if place < 0 else cells[place].strip()
        for place in (
            heading.user, heading.item, heading.step, heading.correct, heading.at, heading.order, heading.split,
        )
    )  # fmt: skip
    named = "~".join(cells[place] for place in heading.skills if place < len(cells))
    if named not in known:
        known[named] = parse_skills(named, only_tilde=heading.own)
    skills = known[named]
    item = whole(item) if heading.item >= 0 else "~".join(skills)
    if not user or not item:
        raise ValueError(f"{'item_id' if user else 'user_id'} is empty")
    item = f"{item} / {step}" if step else item
    return Row(whole(user), item, skills, parse_correct(correct), parse_time(at), parse_turn(turn), split.lower())


def whole(name: str) -> str:
    """Ids that went through a column of floating numbers as they were before: 37.0 is 37."""
    return name[:-2] if name.endswith(".0") and name[:-2].isdecimal() else name


def parse_skills(text: str, *, only_tilde: bool = False) -> tuple[str, ...]:
    """Sorted, each once: joined by `~`, or numbers joined by `_`, `;` or a comma."""
    text = text.strip()
    several = not only_tilde and _SEVERAL_NUMBERS.fullmatch(text)
    parts = re.split("[_;,]", text) if several else text.split("~")
    return tuple(sorted({whole(name) for part in parts if (name := part.strip()).lower() not in MISSING}))


def parse_correct(text: str) -> float:
    """0 to 1; true and false in words too. Raises ValueError."""
    value = _TRUTH.get(text.lower())
    if value is None:
        try:
            value = float(text)
        except ValueError:
            raise ValueError(f"correct is {text!r}, not a number from 0 to 1") from None
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"correct is {text}, not from 0 to 1")
    return value


def parse_time(text: str) -> float:
    """Seconds since 1970 (milli-, micro-, nanoseconds too) or a time, UTC where it names no zone; else ValueError."""
    if text.lower() in MISSING:
        return NO_CLOCK
    try:
        value = float(text)
    except ValueError:
        return _moment(text)
    if not math.isfinite(value):
        raise ValueError(f"timestamp is {text}")
    return max(NO_CLOCK, value * next((scale for least, scale in _SCALES if abs(value) > least), 1.0))


def parse_turn(text: str) -> float:
    """The number of a row, −1 where there is none; infinite where the column is of names and orders nothing."""
    if text.lower() in MISSING:
        return NO_CLOCK
    try:
        value = float(text)
    except ValueError:
        return math.inf
    return max(NO_CLOCK, value)


def _moment(text: str) -> float:
    spelt = text.removesuffix("UTC").strip().replace("/", "-")
    try:
        moment = datetime.fromisoformat(spelt)
    except ValueError:
        moment = _as_people_write(spelt, text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _as_people_write(spelt: str, text: str) -> datetime:
    """2011-9-21 17:35, or 9-21-2011 5:35 PM: month first, as schools in America write it. Raises ValueError."""
    found = _YEAR_FIRST.fullmatch(spelt)
    if found:
        year, month, day = map(int, found.groups()[:3])
    elif found := _MONTH_FIRST.fullmatch(spelt):
        month, day, year = map(int, found.groups()[:3])
    else:
        raise ValueError(f"timestamp {text!r} is neither a number nor a time such as 2026-11-22T09:30:00Z")
    hour, minute, second = (int(part or 0) for part in found.groups()[3:6])
    half = found.group(7)
    hour = hour % 12 + 12 * (half.upper() == "P") if half else hour
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as error:
        raise ValueError(f"timestamp {text!r}: {error}") from None
