"""ESCO occupations and ISCO-08 groups, as the Commission publishes them (CSV) or in the open Tabiya form (CSV).

The two forms name their columns differently; skills come from either, or from a plain list of ids and labels.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from node.services.reference.importing.errors import ColumnMissing, IdTwice, ReleasesMixed, ValueWrong
from node.services.reference.importing.esco_hierarchy import find_table, read_broader, read_groups
from node.services.reference.importing.folder import ReleaseFolder
from node.services.reference.importing.parsed import Parsed, Rows, blank_occupation
from node.services.reference.importing.tabular import Row, Table

ATTRIBUTION = (
    "ESCO, the European classification of skills, competences, qualifications and occupations, and ISCO-08 as in ESCO; "
    "© European Union, reused under Commission Decision 2011/833/EU."
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_GROUP = re.compile(r"\d{1,4}")
_LANGUAGES = ("", "_en")
_URI = ("ORIGINURI", "conceptUri", "id")
_LABEL = ("PREFERREDLABEL", "preferredLabel", "label")
_ALIASES = ("ALTLABELS", "altLabels")
_TEXT = ("DESCRIPTION", "description")
_CODE = ("CODE", "code")
_ISCO = ("ISCOGROUPCODE", "iscoGroup")
MOST_DESCRIPTION = 4000


def parse_esco(folder: str, version: str = "") -> Parsed:
    """Read and check a release. Raises ReferenceInvalid."""
    files = ReleaseFolder(Path(folder))
    parsed = Parsed("esco", version or _version(files), "ESCO", ATTRIBUTION, "LicenseRef-EU-2011-833")
    parsed.title = f"ESCO {parsed.version}".strip()
    groups = _groups(files)
    occupations = _occupations(files, groups)
    parsed.given = {"occupation", "description", "aliases", "crosswalk"}
    parsed.sections["occupation"] = [*groups.values(), *occupations.values()]
    parsed.sections["crosswalk"] = [
        {"source": code, "target": row["parent"], "match": "broader"} for code, row in occupations.items()
    ]
    if (skills := _skills(files)) is not None:
        parsed.given.add("skill")
        parsed.sections["skill"] = [*skills.values(), *_hierarchy(files, parsed, skills)]
        _relations(files, parsed, set(occupations), set(skills))
    parsed.files = files.counts
    return parsed


def _hierarchy(files: ReleaseFolder, parsed: Parsed, skills: dict[str, dict[str, Any]]) -> Rows:
    """Rows of the groups of skills; what is part of what goes to the crosswalk."""
    groups = read_groups(files)
    titles = {code: row["title"] for code, row in skills.items()}
    parsed.sections["crosswalk"] += [
        {"source": child, "target": parent, "match": "broader"} for child, parent in read_broader(files, groups, titles)
    ]
    return [
        {"id": code, "title": title, "kind": "group", "parent": "", "aliases": []}
        for code, title in groups.titles.items()
        if code not in skills
    ]


def _version(files: ReleaseFolder) -> str:
    if (table := files.find("model_info")) is not None:
        return next((row.values[0] for row in table.rows("VERSION")), "")
    found = re.search(r"v?(\d+\.\d+(?:\.\d+)?)", files.path.name)
    return found[1] if found else "unnumbered"


def _get(files: ReleaseFolder, *names: str) -> Table:
    return files.get(*(name + language for name in names for language in _LANGUAGES))


def _column(table: Table, names: tuple[str, ...]) -> str:
    found = next((name for name in names if table.has(name)), None)
    if found is None:
        raise ColumnMissing(f"{table.name}:1", f"There is no column {' or '.join(names)}.")
    return found


def _groups(files: ReleaseFolder) -> dict[str, dict[str, Any]]:
    table = _get(files, "iscogroups", "isco_groups")
    found: dict[str, dict[str, Any]] = {}
    for row in table.rows(_column(table, _CODE), _column(table, _LABEL), _column(table, _TEXT)):
        code, title, text = row.values
        if not _GROUP.fullmatch(code):
            raise ValueWrong(row.place, f"{code[:40]!r} is no ISCO-08 code.")
        if f"isco:{code}" in found:
            raise IdTwice(row.place, f"The group {code} stands here a second time.")
        parent = f"isco:{code[:-1]}" if len(code) > 1 else ""
        blank = blank_occupation(f"isco:{code}", title)
        found[f"isco:{code}"] = {**blank, "description": text[:MOST_DESCRIPTION], "parent": parent}
    return found


def _occupations(files: ReleaseFolder, groups: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    table = _get(files, "occupations")
    names = (_URI[:2], _ISCO, _LABEL, _ALIASES, _TEXT)
    found: dict[str, dict[str, Any]] = {}
    for row in table.rows(*(_column(table, name) for name in names)):
        uri, group, title, aliases, text = row.values
        code = _id(row, uri)
        if code in found:
            raise IdTwice(row.place, f"The occupation {uri} stands here a second time.")
        if f"isco:{group.removeprefix('C')}" not in groups:
            raise ReleasesMixed(row.place, f"The ISCO group {group[:40]!r} is not among the groups.")
        found[code] = {
            **blank_occupation(code, title), "description": text[:MOST_DESCRIPTION],
            "aliases": _lines(aliases, title), "parent": f"isco:{group.removeprefix('C')}",
        }  # fmt: skip
    return found


def _skills(files: ReleaseFolder) -> dict[str, dict[str, Any]] | None:
    table = find_table(files, "skills") or find_table(files, "esco_v1.2_skill_uuid_label", "skill_uuid_label")
    if table is None:
        return None
    aliases = next((name for name in _ALIASES if table.has(name)), "")
    found: dict[str, dict[str, Any]] = {}
    for row in table.rows(_column(table, _URI), _column(table, _LABEL), optional=(aliases,)):
        uri, title, others = row.values
        code = _id(row, uri)
        if code in found:
            raise IdTwice(row.place, f"The skill {uri} stands here a second time.")
        found[code] = {"id": code, "title": title, "kind": "skill", "parent": "", "aliases": _lines(others, title)}
    return found


def _relations(files: ReleaseFolder, parsed: Parsed, occupations: set[str], skills: set[str]) -> None:
    """Which skills an occupation takes, where the release says it."""
    table = find_table(files, "occupationskillrelations", "occupation_skill_relations")
    if table is None or not table.has("occupationUri", "skillUri"):
        return
    pairs = {(_id(row, row.values[0]), _id(row, row.values[1])) for row in table.rows("occupationUri", "skillUri")}
    parsed.given.add("link")
    parsed.sections["link"] = [
        {"task": one, "skill": other} for one, other in sorted(pairs) if one in occupations and other in skills
    ]


def _id(row: Row, uri: str) -> str:
    uuid = uri.rpartition("/")[2].lower()
    if not _UUID.fullmatch(uuid):
        raise ValueWrong(row.place, f"{uri[:80]!r} is no ESCO id.")
    return f"esco:{uuid}"


def _lines(text: str, title: str) -> list[str]:
    """Names one to a line, each once, without the title."""
    names = {name.lower(): name for line in reversed(text.split("\n")) if (name := line.strip())}
    return [name for key, name in reversed(names.items()) if key != title.lower()]
