"""The files of an evaluation: documents as JSON Lines, questions as `id⇥text`, judgements in TREC form.

Judgements are `question⇥iteration⇥document⇥relevance`, or without the iteration as BEIR writes them. Questions may also
be JSON Lines. A header row is recognised and passed over; further columns are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from node.errors import Malformed
from node.search.document import GIVEN_FACETS, SearchDocument


class EvaluationFileInvalid(Malformed):
    """A line of an evaluation file cannot be read."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        super().__init__(f"{path}:{line}: {why}")


def load_documents(path: Path) -> Iterator[SearchDocument]:
    """One JSON object a line: id, title, summary, body, language, facets, aliases, kind; only the id is required."""
    for number, line in _lines(path):
        try:
            yield _document(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EvaluationFileInvalid(path, number, f"no document: {_fault(error)}") from error


def load_queries(path: Path) -> dict[str, str]:
    """Question id → text."""
    found: dict[str, str] = {}
    for number, line in _lines(path):
        columns = _question(path, number, line) if line.startswith("{") else line.split("\t")
        if len(columns) < 2:
            raise EvaluationFileInvalid(path, number, "expected id⇥text")
        found[columns[0]] = columns[1]
    return found


def load_judgements(path: Path) -> dict[str, dict[str, int]]:
    """Question id → document id → relevance; what is judged irrelevant is left out."""
    found: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        columns = line.split("\t") if "\t" in line else line.split()
        if len(columns) == 3:
            columns.insert(1, "0")
        if len(columns) < 4 or not columns[3].lstrip("-").isdecimal():
            if number == 1:
                continue
            raise EvaluationFileInvalid(path, number, "expected question⇥iteration⇥document⇥relevance")
        if int(columns[3]) > 0:
            found.setdefault(columns[0], {})[columns[2]] = int(columns[3])
    return found


def _question(path: Path, number: int, line: str) -> list[str]:
    try:
        value = json.loads(line)
        return [str(value.get("id", value.get("_id"))), str(value.get("text", value.get("query")))]
    except (ValueError, AttributeError) as error:
        raise EvaluationFileInvalid(path, number, f"no question: {_fault(error)}") from error


def _fault(error: Exception) -> str:
    """What is wrong with a line, in words."""
    if isinstance(error, json.JSONDecodeError):
        return "not JSON"
    return "it has no id" if isinstance(error, KeyError) else "it is no JSON object with text in it"


def _document(value: dict[str, Any]) -> SearchDocument:
    def text(name: str) -> str:
        return str(value.get(name) or "")

    return SearchDocument(
        id=str(value["id"] if "id" in value else value["_id"]),
        kind=text("kind") or "module",
        title=text("title"),
        summary=text("summary"),
        body=text("body") or text("text"),
        language=text("language"),
        aliases=_values(value.get("aliases") or ()),
        facets={name: _values(v) for name, v in (value.get("facets") or {}).items() if name in GIVEN_FACETS},
    )


def _values(given: Any) -> tuple[str, ...]:
    return (str(given),) if isinstance(given, str | int) else tuple(str(v) for v in given)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, line.rstrip("\r\n")
