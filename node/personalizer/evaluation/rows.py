"""Rows of a log as people export them: a mark before the header, another separator, quotes, times in many forms."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import NamedTuple

from node.personalizer.errors import LogInvalid
from node.personalizer.evaluation.heading import Heading, parse_heading

SEPARATORS = ",\t;"
NO_CLOCK = -1.0
_MISSING = frozenset({"", "nan", "nat", "none", "null", "na", "n/a"})
# In words too; a hint that was asked for before the first attempt is no success.
_TRUTH = {"true": 1.0, "false": 0.0, "correct": 1.0, "incorrect": 0.0, "hint": 0.0, "ok": 1.0, "bug": 0.0, "error": 0.0}
# No log is of after the year 5000: what is larger counts nanoseconds, microseconds or milliseconds.
_SCALES = ((1e17, 1e-9), (1e14, 1e-6), (1e11, 1e-3))


class Row(NamedTuple):
    """One row. `skills` sorted, each once; `at` seconds since 1970, −1 where none is given; `split` in lower case."""

    user: str
    item: str
    skills: tuple[str, ...]
    correct: float
    at: float
    split: str


def read_rows(lines: Iterable[str]) -> Iterator[Row]:
    """Raises `LogInvalid` with the line. Separated by comma, tab or semicolon, whichever the header has most of."""
    lines = iter(lines)
    header = next(lines, "").removeprefix("\ufeff")
    separator = max(SEPARATORS, key=header.count)
    reader = csv.reader(chain((header,), lines), delimiter=separator)
    heading = parse_heading(next(reader, []))
    known: dict[str, tuple[str, ...]] = {}
    while True:
        try:
            cells = next(reader, None)
            if cells is None:
                return
            if cells and _is_answer(cells, heading):
                yield _read(cells, heading, known)
        except (ValueError, csv.Error) as error:
            raise LogInvalid(f"Line {reader.line_num}: {error}.") from error


def _is_answer(cells: Sequence[str], heading: Heading) -> bool:
    """In a table of attempts, the first at a step is an answer, if it has a result."""
    if heading.attempt < 0 or len(cells) < heading.least:
        return True
    return cells[heading.attempt].strip() in ("", "1") and bool(cells[heading.correct].strip())


def _read(cells: Sequence[str], heading: Heading, known: dict[str, tuple[str, ...]]) -> Row:
    if len(cells) < heading.least:
        raise ValueError(f"{len(cells)} columns instead of {heading.least} or more")
    user, item, step, correct, at, split = (
        "" if place < 0 else cells[place].strip()
        for place in (heading.user, heading.item, heading.step, heading.correct, heading.at, heading.split)
    )
    if not user or not item:
        raise ValueError(f"{'item_id' if user else 'user_id'} is empty")
    skills = "~".join(cells[place] for place in heading.skills if place < len(cells))
    if skills not in known:
        known[skills] = tuple(sorted({s for part in skills.split("~") if (s := part.strip()).lower() not in _MISSING}))
    item = f"{item} / {step}" if step else item
    return Row(user, item, known[skills], parse_correct(correct), parse_time(at), split.lower())


def parse_correct(text: str) -> float:
    """0 to 1; true and false in words too. Raises ValueError."""
    value = _TRUTH.get(text.lower())
    if value is None:
        value = _number(text, lambda: ValueError(f"correct is {text!r}, not a number from 0 to 1"))
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"correct is {text}, not from 0 to 1")
    return value


def parse_time(text: str) -> float:
    """Seconds since 1970 (milli-, micro-, nanoseconds too) or ISO 8601, UTC where it names no zone; else ValueError."""
    if text.lower() in _MISSING:
        return NO_CLOCK
    try:
        value = float(text)
    except ValueError:
        return _moment(text)
    if not math.isfinite(value):
        raise ValueError(f"timestamp is {text}")
    return max(NO_CLOCK, value * next((scale for least, scale in _SCALES if abs(value) > least), 1.0))


def _moment(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text.removesuffix("UTC").strip().replace("/", "-"))
    except ValueError:
        raise ValueError(f"timestamp {text!r} is neither a number nor a time such as 2026-11-22T09:30:00Z") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _number(text: str, error: Callable[[], ValueError]) -> float:
    try:
        return float(text)
    except ValueError:
        raise error() from None
