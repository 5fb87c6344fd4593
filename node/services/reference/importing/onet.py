"""O*NET as published, releases 20 to 39: text, comma-separated or Excel files in one folder.

Files and columns: https://www.onetcenter.org/dictionary.html. Titles stand in some editions' rows and not in others'.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from node.services.reference.importing.emerging import KIND, emerging_tasks
from node.services.reference.importing.errors import (
    FilesMissing,
    IdTwice,
    ReleasesMixed,
    ReleaseUnknown,
    ValueWrong,
)
from node.services.reference.importing.folder import ReleaseFolder
from node.services.reference.importing.onet_codes import COLUMN, parse_onet_code
from node.services.reference.importing.parsed import Parsed, Rows, blank_occupation
from node.services.reference.importing.tabular import Row, Table, unquoted

LICENCE = "CC-BY-4.0"
_NUMBER = re.compile(r"(\d+)(?:\.0+)?")
_ACTIVITY = re.compile(r"\d\.[A-Z](\.\w+)+")
_KINDS = {"core": "core", "supplemental": "supplemental", "": "", "n/a": ""}


def parse_onet(folder: str, version: str = "") -> Parsed:
    """Read and check a release. Raises ReferenceInvalid."""
    files = ReleaseFolder(Path(folder))
    statements = files.get("task_statements")
    number, date = release_of(files, version)
    parsed = Parsed(
        "onet", number, f"O*NET {number} Database",
        f"O*NET {number} Database by the U.S. Department of Labor, Employment and Training Administration, "
        "used under CC BY 4.0. O*NET is a trademark of USDOL/ETA; it has not approved or tested this use.",
        LICENCE, date,
    )  # fmt: skip
    occupations = _occupations(files, parsed, statements)
    tasks = _tasks(statements, occupations)
    if (table := files.find("emerging_tasks")) is not None:
        parsed.given.add(KIND)
        tasks |= emerging_tasks(table, occupations)
    parsed.sections["task"] = list(tasks.values())
    _details(files, parsed, occupations)
    skills = _skills(files, parsed)
    _links(files, parsed, tasks, skills)
    parsed.sections["occupation"] = list(occupations.values())
    parsed.files = files.counts
    return parsed


def release_of(files: ReleaseFolder, version: str) -> tuple[str, str]:
    """Number and date. Raises ReleaseUnknown, ReleasesMixed."""
    note = files.find_path("read_me", "readme")
    text = note.read_text("utf-8", "replace") if note else ""
    said = re.search(r"O\*NET\D{0,20}(\d\d\.\d)", text)
    named = re.search(r"(?<!\d)(\d\d)[._](\d)(?!\d)", files.path.name)
    numbers = {version.strip()} | ({said[1]} if said else set()) | ({f"{named[1]}.{named[2]}"} if named else set())
    numbers = (numbers | files.versions_in_names) - {""}
    place = str(files.path)
    if len(numbers) > 1:
        raise ReleasesMixed(place, f"This claims to be several releases at once: {', '.join(sorted(numbers))}.")
    if not numbers:
        raise ReleaseUnknown(place)
    number = numbers.pop()
    if not re.fullmatch(r"[23]\d\.\d", number):
        raise ReleaseUnknown(place, f"{number!r} is no release of O*NET that this node reads (20.0 to 39.9).")
    when = re.search(r"((?:January|February|March|April|May|June|July|August|September|October|November|December) "
                     r"\d{4}) Release", text)  # fmt: skip
    return number, when[1] if when else ""


def _occupations(files: ReleaseFolder, parsed: Parsed, statements: Table) -> dict[str, dict[str, Any]]:
    table = files.find("occupation_data")
    found: dict[str, dict[str, Any]] = {}
    if table is not None:
        parsed.given |= {"occupation", "description"}
        for row in table.rows(COLUMN, "Title", "Description"):
            code = parse_onet_code(row, row.values[0])
            if code in found:
                raise IdTwice(row.place, f"The occupation {row.values[0]} stands here a second time.")
            found[code] = {**blank_occupation(code, unquoted(row.values[1])), "description": unquoted(row.values[2])}
        return found
    if not statements.has("Title"):
        raise FilesMissing(str(files.path), "There is no file occupation_data (.tsv, .txt, .csv or .xlsx).")
    for row in statements.rows(COLUMN, "Title"):
        code = parse_onet_code(row, row.values[0])
        found.setdefault(code, blank_occupation(code, unquoted(row.values[1])))
    return found


def _tasks(table: Table, occupations: Iterable[str]) -> dict[str, dict[str, Any]]:
    known, found = set(occupations), dict[str, dict[str, Any]]()
    for row in table.rows(COLUMN, "Task ID", "Task", "Task Type", optional=("Date", "Domain Source")):
        soc, number, text, kind, date, source = row.values
        code = _known(row, soc, known)
        key = f"{code}/{_number(row, number)}"
        if key in found:
            raise IdTwice(row.place, f"The task {number} of {soc} stands here a second time.")
        if not text:
            raise ValueWrong(row.place, "A task without words.")
        if kind.lower() not in _KINDS:
            raise ValueWrong(row.place, f"{kind[:40]!r} is no task type (Core, Supplemental or empty).")
        plain = unquoted(text) if table.is_tabbed else text
        found[key] = {
            "id": key, "occupation": code, "statement": plain, "published": text if text != plain else "",
            "kind": _KINDS[kind.lower()], "date": date, "source": source, "earlier": "", "gone": "",
        }  # fmt: skip
    return found


def _number(row: Row, text: str) -> str:
    whole = _NUMBER.fullmatch(text)
    if not whole:
        raise ValueWrong(row.place, f"{text[:40]!r} is no task id.")
    return whole[1]


def _known(row: Row, soc: str, known: Iterable[str]) -> str:
    code = parse_onet_code(row, soc)
    if code not in known:
        raise ReleasesMixed(row.place, f"{soc} is not among this release's occupations.")
    return code


def _details(files: ReleaseFolder, parsed: Parsed, occupations: dict[str, dict[str, Any]]) -> None:
    """Titles, tools, job zones, related occupations: what an occupation's row gathers."""
    _titles(files, parsed, occupations)
    for name in ("technology_skills", "tools_used", "tools_and_technology"):
        if (table := files.find(name)) is not None:
            parsed.given.add("tools")
            example = "T2 Example" if table.has("T2 Example") else "Example"
            for row in table.rows(COLUMN, example, "Commodity Title"):
                code = _known(row, row.values[0], occupations)
                occupations[code]["tools"].append([unquoted(row.values[1]), row.values[2]])
    if (table := files.find("job_zones")) is not None:
        parsed.given.add("zone")
        for row in table.rows(COLUMN, "Job Zone"):
            code = _known(row, row.values[0], occupations)
            if row.values[1] not in ("1", "2", "3", "4", "5"):
                raise ValueWrong(row.place, f"{row.values[1][:40]!r} is no job zone (1 to 5).")
            occupations[code]["zone"] = int(row.values[1])
    if (table := files.find("related_occupations")) is not None and table.has("Related O*NET-SOC Code"):
        parsed.given.add("related")
        for row in table.rows(COLUMN, "Related O*NET-SOC Code"):
            code, other = _known(row, row.values[0], occupations), parse_onet_code(row, row.values[1])
            if other in occupations:
                occupations[code]["related"].append(other)


def _titles(files: ReleaseFolder, parsed: Parsed, occupations: dict[str, dict[str, Any]]) -> None:
    seen = {code: {row["title"].lower()} for code, row in occupations.items()}
    for name, column in (("alternate_titles", "Alternate Title"), ("sample_of_reported_titles", "Reported Job Title")):
        if (table := files.find(name)) is None:
            continue
        parsed.given.add("aliases")
        for row in table.rows(COLUMN, column):
            code, title = _known(row, row.values[0], occupations), unquoted(row.values[1])
            if title.lower() not in seen[code]:
                seen[code].add(title.lower())
                occupations[code]["aliases"].append(title)


def _skills(files: ReleaseFolder, parsed: Parsed) -> set[str]:
    """Detailed, intermediate and generalized work activities; answers with the detailed ones' ids."""
    table = files.find("dwa_reference")
    if table is None:
        return set()
    parsed.given.add("skill")
    found: dict[str, dict[str, Any]] = {}
    names = _element_names(files)
    for row in table.rows("Element ID", "IWA ID", "DWA ID", "DWA Title", optional=("Element Name", "IWA Title")):
        general, middle, detailed, title, general_title, middle_title = row.values
        if f"onet:{detailed}" in found:
            raise IdTwice(row.place, f"The work activity {detailed} stands here a second time.")
        if not _ACTIVITY.fullmatch(detailed):
            raise ValueWrong(row.place, f"{detailed[:40]!r} is no work activity such as 4.A.2.a.2.I07.D06.")
        found[f"onet:{detailed}"] = _skill(detailed, unquoted(title), "detailed", middle)
        found.setdefault(
            f"onet:{middle}", _skill(middle, middle_title or names.get(middle, middle), "intermediate", general)
        )
        found.setdefault(
            f"onet:{general}", _skill(general, general_title or names.get(general, general), "generalized", "")
        )
    parsed.sections["skill"] = list(found.values())
    return {code for code, row in found.items() if row["kind"] == "detailed"}


def _element_names(files: ReleaseFolder) -> dict[str, str]:
    """Titles of activities that stand in files of their own in some editions."""
    names: dict[str, str] = {}
    for name, key, title in (
        ("iwa_reference", "IWA ID", "IWA Title"), ("content_model_reference", "Element ID", "Element Name"),
    ):  # fmt: skip
        if (table := files.find(name)) is not None:
            names |= {row.values[0]: unquoted(row.values[1]) for row in table.rows(key, title)}
    return names


def _skill(code: str, title: str, kind: str, parent: str) -> dict[str, Any]:
    up = f"onet:{parent}" if parent else ""
    return {"id": f"onet:{code}", "title": title, "kind": kind, "parent": up, "aliases": []}


def _links(files: ReleaseFolder, parsed: Parsed, tasks: dict[str, dict[str, Any]], skills: set[str]) -> None:
    table = files.find("tasks_to_dwas")
    if table is None:
        return
    parsed.given.add("link")
    seen: set[tuple[str, str]] = set()
    rows: Rows = []
    for row in table.rows(COLUMN, "Task ID", "DWA ID"):
        soc, number, activity = row.values
        pair = (f"{parse_onet_code(row, soc)}/{_number(row, number)}", f"onet:{activity}")
        if pair[0] not in tasks:
            raise ReleasesMixed(row.place, f"The task {number} of {soc} is not in the task statements.")
        if skills and pair[1] not in skills:
            raise ReleasesMixed(
                row.place, f"The work activity {activity[:40]!r} is no detailed activity of the reference."
            )
        if pair in seen:
            raise IdTwice(row.place, f"The task {number} and the activity {activity} are linked a second time.")
        seen.add(pair)
        rows.append({"task": pair[0], "skill": pair[1]})
    parsed.sections["link"] = rows
