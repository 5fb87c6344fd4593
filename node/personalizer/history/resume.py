"""JSON Resume (jsonresume.org, schema 1.0.0): positions, volunteering, projects, courses, certificates, skills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from node.personalizer.history.pieces import COURSE, POSITION, SKILL, Piece, shortened

_LEVELS = {"beginner": "with-help", "basic": "with-help", "intermediate": "with-a-hint"}


def read_resume(value: Mapping[str, Any]) -> Iterator[Piece]:
    """Pieces in the order of the document; names of employers and people are left out."""
    for section in ("work", "volunteer"):
        for entry in _entries(value, section):
            yield from _piece(POSITION, entry, "position", "endDate", "startDate")
    for entry in _entries(value, "projects"):
        yield from _piece(POSITION, entry, "name", "endDate", "startDate")
    for entry in _entries(value, "education"):
        yield from _piece(COURSE, entry, "area", "endDate", "startDate")
    for entry in _entries(value, "certificates"):
        yield from _piece(COURSE, entry, "name", "date")
    for entry in _entries(value, "skills"):
        yield from _skills(entry)


def _entries(value: Mapping[str, Any], section: str) -> Iterator[Mapping[str, Any]]:
    found = value.get(section)
    for entry in found if isinstance(found, list) else ():
        if isinstance(entry, Mapping):
            yield entry


def _piece(kind: str, entry: Mapping[str, Any], title: str, *dates: str) -> Iterator[Piece]:
    told = entry.get(title)
    if isinstance(told, str) and told.strip():
        yield Piece(kind, shortened(told), next((str(entry[date])[:10] for date in dates if entry.get(date)), ""))


def _skills(entry: Mapping[str, Any]) -> Iterator[Piece]:
    how = _LEVELS.get(str(entry.get("level", "")).casefold(), "alone")
    keywords = entry.get("keywords")
    names = [entry.get("name"), *(keywords if isinstance(keywords, list) else ())]
    for name in names:
        if isinstance(name, str) and name.strip():
            yield Piece(SKILL, shortened(name), how=how)
