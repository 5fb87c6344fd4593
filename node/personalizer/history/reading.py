"""Which form a file has, and its pieces. The worker may say; else it is found out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from node.personalizer.errors import HistoryInvalid
from node.personalizer.history.commits import read_commits
from node.personalizer.history.pieces import MOST, Piece
from node.personalizer.history.plain_list import read_list
from node.personalizer.history.resume import read_resume
from node.personalizer.history.statements import read_statements
from node.personalizer.history.table import is_table, read_table

FORMS = ("resume", "list", "table", "statements", "git")
LARGEST = 2_000_000


def read_history(text: str, form: str = "") -> tuple[str, list[Piece]]:
    """The form and the pieces, each once, at most 500. Raises `HistoryInvalid`."""
    if len(text) > LARGEST:
        raise HistoryInvalid(f"The file has more than {LARGEST:,} characters.")
    form = form or find_form(text)
    if form not in FORMS:
        raise HistoryInvalid(f"{form!r} is no form of history.", hint=f"One of {', '.join(FORMS)}.")
    pieces = {piece.id: piece for piece in _READERS[form](text)}
    return form, list(pieces.values())[:MOST]


def find_form(text: str) -> str:
    """What the file looks like; a plain list when like nothing else."""
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith(("{", "[")):
        value = _first_json(start)
        return "resume" if isinstance(value, Mapping) and not {"verb", "statements"} & set(value) else "statements"
    if start.startswith("commit ") or "\nAuthor: " in start or _looks_logged(start):
        return "git"
    return "table" if is_table(start) else "list"


def _looks_logged(text: str) -> bool:
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    return sum("|" in line and ("+" in line or "-" in line) for line in lines) > len(lines) / 3 > 1


def _first_json(text: str) -> Any:
    try:
        return json.JSONDecoder().raw_decode(text)[0]
    except (ValueError, RecursionError) as error:
        raise HistoryInvalid(f"This is not JSON: {error}.") from error


def _resume(text: str) -> Iterator[Piece]:
    value = _first_json(text.lstrip("\ufeff \t\r\n"))
    if not isinstance(value, Mapping):
        raise HistoryInvalid("A JSON Resume is an object.")
    return read_resume(value)


def _statements(text: str) -> Iterator[Piece]:
    """An array, an object with `statements`, one statement, or one a line."""
    decoder, place, found = json.JSONDecoder(), 0, []
    text = text.lstrip("\ufeff")
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        try:
            value, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            raise HistoryInvalid(f"This is not JSON: {error}.") from error
        nested = value.get("statements") if isinstance(value, Mapping) else value
        found += nested if isinstance(nested, list) else [value]
    return read_statements(found)


_READERS: dict[str, Callable[[str], Iterable[Piece]]] = {
    "resume": _resume,
    "list": read_list,
    "table": read_table,
    "statements": _statements,
    "git": read_commits,
}
