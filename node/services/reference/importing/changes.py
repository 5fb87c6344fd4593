"""A newer release upon the one in use: what it does not say stays, what it drops is kept as gone, changes are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from node.services.reference.importing.emerging import KIND
from node.services.reference.importing.parsed import Parsed, Rows

_COLUMNS = ("description", "zone", "aliases", "tools", "related")
Sections = Mapping[str, Rows]


@dataclass(slots=True)
class Changes:
    """Ids of tasks, sorted. `requoted` are among the reworded: they differ only in how quotation marks are printed."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    reworded: list[str] = field(default_factory=list)
    requoted: list[str] = field(default_factory=list)
    emerging_added: list[str] = field(default_factory=list)
    emerging_removed: list[str] = field(default_factory=list)
    occupations_added: list[str] = field(default_factory=list)
    occupations_removed: list[str] = field(default_factory=list)


def upon(parsed: Parsed, here: Sections) -> tuple[dict[str, Rows], Changes]:
    """The rows of the new generation, and how its tasks and occupations differ from those in use."""
    changes = Changes()
    sections = {
        "occupation": _occupations(parsed, here, changes),
        "task": _tasks(parsed, here, changes),
        **{name: _whole(parsed, here, name) for name in ("skill", "crosswalk", "exposure")},
    }
    sections["link"] = _links(parsed, here, sections)
    return {name: rows for name, rows in sections.items() if rows}, changes


def _whole(parsed: Parsed, here: Sections, name: str) -> Rows:
    """A section that is replaced as a whole, where the files had it."""
    return parsed.sections.get(name, []) if name in parsed.given else list(here.get(name, []))


def _links(parsed: Parsed, here: Sections, sections: Sections) -> Rows:
    """Links of tasks that are gone stay: their decompositions are still offered across."""
    fresh = _whole(parsed, here, "link")
    if "link" not in parsed.given:
        return fresh
    gone = {row["id"] for row in sections["task"] if row["gone"]}
    return fresh + [row for row in here.get("link", []) if row["task"] in gone]


def _occupations(parsed: Parsed, here: Sections, changes: Changes) -> Rows:
    before = {row["id"]: row for row in here.get("occupation", [])}
    now = {row["id"]: row for row in parsed.sections.get("occupation", [])}
    kept = [name for name in _COLUMNS if name not in parsed.given]
    rows = [
        {**row, **{name: before[code][name] for name in kept}} if code in before else row for code, row in now.items()
    ]
    rest = [row for code, row in before.items() if code not in now]
    if "occupation" in parsed.given:
        changes.occupations_removed = sorted(row["id"] for row in rest if not row["gone"])
        rest = [{**row, "gone": row["gone"] or parsed.version} for row in rest]
    if before:
        changes.occupations_added = sorted(code for code in now if code not in before or before[code]["gone"])
    return sorted(rows + rest, key=lambda row: str(row["id"]))


def _tasks(parsed: Parsed, here: Sections, changes: Changes) -> Rows:
    before = {row["id"]: row for row in here.get("task", [])}
    now = {row["id"]: row for row in parsed.sections.get("task", [])}
    if KIND not in parsed.given:
        now |= {code: row for code, row in before.items() if row["kind"] == KIND}
    if not before:
        return list(now.values())
    in_use = {code for code, row in before.items() if not row["gone"]}
    changes.added, changes.emerging_added = _apart(now.keys() - in_use, now)
    changes.removed, changes.emerging_removed = _apart(in_use - now.keys(), before)
    for code in sorted(now.keys() & in_use):
        if now[code] is not before[code]:
            _compare(before[code], now[code], changes)
    gone = [{**row, "gone": row["gone"] or parsed.version} for code, row in before.items() if code not in now]
    return sorted([*now.values(), *gone], key=lambda row: str(row["id"]))


def _apart(codes: Iterable[str], rows: Mapping[str, Mapping[str, Any]]) -> tuple[list[str], list[str]]:
    """Tasks, and emerging ones."""
    emerging = {code for code in codes if rows[code]["kind"] == KIND}
    return sorted(set(codes) - emerging), sorted(emerging)


def _compare(old: Mapping[str, Any], new: dict[str, Any], changes: Changes) -> None:
    """Note a new wording; the row keeps the one before it."""
    new["earlier"] = new["earlier"] or old["earlier"]
    if (old["published"] or old["statement"]) == (new["published"] or new["statement"]):
        return
    changes.reworded.append(new["id"])
    if old["statement"] == new["statement"]:
        changes.requoted.append(new["id"])
    else:
        new["earlier"] = old["statement"]
