"""Results on the terminal: tables for people, JSON with --json."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

# Text from the network must not move the cursor or change colours of somebody's terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_UNFOLDED = 400  # columns


def plain(value: object) -> str:
    """`value` as text that a terminal shows as it is."""
    return _CONTROL.sub("", str(value))


def show_json(value: Any) -> None:
    """Print JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def show_lines(lines: Sequence[str]) -> None:
    """Print text, line by line."""
    for line in lines:
        print(plain(line))


def show_table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], *, empty: str) -> None:
    """Print rows as a table; `columns` maps a key to its heading."""
    if not rows:
        print(empty)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in columns.values():
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(plain(row.get(key, "") if row.get(key) is not None else "") for key in columns))
    if sys.stdout.isatty():
        Console(highlight=False, markup=False).print(table)
        return
    # A file or pipe has no width: rows stay whole there, and end with their last word.
    console = Console(highlight=False, markup=False, width=_UNFOLDED)
    with console.capture() as drawn:
        console.print(table)
    print("\n".join(line.rstrip() for line in drawn.get().splitlines()))


def show_rows(
    rows: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
    *,
    as_json: bool,
    empty: str,
    shown: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """Either the rows as JSON or a table; of `shown`, where people read them otherwise than programs."""
    if as_json:
        show_json(rows)
    else:
        show_table(rows if shown is None else shown, columns, empty=empty)


def counted(number: int, word: str, many: str = "") -> str:
    """'1 file', '2 files'; '1 entry', '2 entries' with `many`, where that is no s more."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {many or f'{word}s'}"


def show(result: Any, *, as_json: bool, lines: Sequence[str]) -> None:
    """Either the result as JSON or these lines."""
    if as_json:
        show_json(result)
    else:
        show_lines(lines)
