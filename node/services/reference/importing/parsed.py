"""A release as its files say, before it is compared with what is here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Rows = list[dict[str, Any]]


@dataclass(slots=True)
class Parsed:
    """`sections` holds rows by table (occupation, task, skill, link, crosswalk, exposure).

    `given` names what the files said: sections, and columns of occupations (`aliases`, `tools`, `zone`,
    `related`, `description`); what is not given stays as it was.
    """

    scheme: str
    version: str
    title: str
    attribution: str
    licence: str
    date: str = ""
    sections: dict[str, Rows] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    files: dict[str, int] = field(default_factory=dict)


def blank_occupation(code: str, title: str) -> dict[str, Any]:
    """An occupation of which only the name is known."""
    return {
        "id": code, "title": title, "description": "", "zone": 0, "parent": "", "aliases": [], "tools": [],
        "related": [], "gone": "",
    }  # fmt: skip
