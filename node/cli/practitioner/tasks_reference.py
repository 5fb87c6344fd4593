"""The group `task`, what concerns reference data: import it (operators), find one's task in it, see what is covered."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from node.cli.reaching.client import NodeClient, operate
from node.cli.reaching.folders import data_folder
from node.cli.reaching.options import AsJson, Data, Flag, Where
from node.cli.terminal.output import counted, show, show_json, show_lines, show_table
from node.cli.terminal.progress import progress_bar
from node.errors import NodeError

HERE = Where()
_POLL = 0.15  # seconds
SHOWN = 12
Release = Annotated[str, Parameter(name="--release", help="Which release it is, where the files do not say.")]
Older = Annotated[bool, Flag, Parameter(help="Import it although a newer release is in use.")]


class ImportFailed(NodeError):
    """The import failed."""


def import_onet(
    folder: Path, /, *, release: Release = "", older: Older = False, data: Data = None, json: AsJson = False
) -> None:
    """Import O*NET from the folder of a release: occupations, tasks, activities, titles, tools."""
    _import("onet", folder, {"release": release, "older": older}, data, as_json=json)


def import_esco(
    folder: Path, /, *, release: Release = "", older: Older = False, data: Data = None, json: AsJson = False
) -> None:
    """Import ESCO occupations and skills and ISCO groups from the folder of a release."""
    _import("esco", folder, {"release": release, "older": older}, data, as_json=json)


def import_exposure(folder: Path, /, *, data: Data = None, json: AsJson = False) -> None:
    """Import studies of what assistants do in the tasks of O*NET, which comes first."""
    _import("exposure", folder, {}, data, as_json=json)


def import_crosswalk(folder: Path, /, *, data: Data = None, json: AsJson = False) -> None:
    """Import which codes of older O*NET editions, and of ESCO, stand for which of today's."""
    _import("crosswalk", folder, {}, data, as_json=json)


def find_work(
    sentence: str,
    /,
    *,
    kind: Annotated[Literal["task", "occupation"], Parameter(help="What is looked for.")] = "task",
    limit: Annotated[int, Parameter(help="How many to show.")] = 5,
    where: Where = HERE,
    json: AsJson = False,
) -> None:
    """Find the task that a plain sentence about your work means, or the occupation behind a job title."""
    with where.reading() as client:
        found = client.get("/api/reference/find", q=sentence, kind=kind, limit=limit)
    lines = [line for number, one in enumerate(found["found"], 1) for line in _found(number, one)]
    nothing = ["Nothing is like it. Is anything imported? `skillnet task import-onet DIR` imports O*NET."]
    show(found, as_json=json, lines=lines or nothing)


def _found(number: int, one: Mapping[str, Any]) -> list[str]:
    whose = f"  ({one['occupationTitle']})" if one.get("occupationTitle") else ""
    return [f"{number:>2}. {one['title']}{whose}", f"    {one['id']}"]


def coverage(
    occupation: str,
    /,
    *,
    csv: Annotated[bool, Flag, Parameter(name="--csv", help="Print CSV, for a spreadsheet.")] = False,
    where: Where = HERE,
    json: AsJson = False,
) -> None:
    """Show which tasks of an occupation have modules, at which level, how fresh, and where the holes are."""
    code = occupation if ":" in occupation else f"onet:{occupation}"
    with where.reading() as client:
        found = client.get("/api/reference/coverage", occupation=code, form="csv" if csv else "json")
    if csv:
        print(found, end="")
        return
    rows = [
        {
            **row,
            "modules": len(row["modules"]),
            "decomposed": len(row["decomposed"]),
            "hole": "hole" if row["hole"] else "",
        }
        for row in found["tasks"]
    ]
    if json:
        show_json(found)
        return
    columns = {"statement": "task", "kind": "kind", "decomposed": "decomposed", "modules": "modules", "hole": ""}
    show_lines([f"{found['title']}: {counted(len(rows), 'task')}, {found['holes']} without a module."])
    show_table(rows, columns, empty="No tasks are known for it.")


def register(group: App) -> None:
    """Add the commands to the group `task`."""
    group.command(import_onet, name="import-onet")
    group.command(import_esco, name="import-esco")
    group.command(import_crosswalk, name="import-crosswalk")
    group.command(import_exposure, name="import-exposure")
    group.command(find_work, name="find")
    group.command(coverage)


def _import(kind: str, folder: Path, options: Mapping[str, Any], data: Path | None, *, as_json: bool) -> None:
    with operate(data_folder(data)) as client:
        client.post("/api/reference/imports", {"kind": kind, "folder": str(folder.resolve()), **options})
        status = _awaited(client)
    if status["state"] == "failed":
        raise ImportFailed(status["error"], hint=status["hint"], code=status["code"])
    reports = status["reports"]
    lines = [line for report in reports for line in _lines(report)]
    show(reports[0] if len(reports) == 1 else reports, as_json=as_json, lines=lines)


def _awaited(client: NodeClient) -> dict[str, Any]:
    with progress_bar() as progress:
        while (status := client.get("/api/reference/imports"))["state"] == "running":
            progress(status["stage"], status["share"])
            time.sleep(_POLL)
    return dict(status)


def _lines(report: Mapping[str, Any]) -> list[str]:
    name = f"{report['scheme']} {report['version']}"
    if report["state"] == "unchanged":
        return [f"{name} is in use already; nothing has changed."]
    held = ", ".join(f"{count:,} {what}" for what, count in report["counts"].items())
    lines = [f"{name} imported in {report['seconds']:.1f} s: {held}."]
    if report["before"]:
        lines += _changes(report)
    return [*lines, report["attribution"]]


def _changes(report: Mapping[str, Any]) -> list[str]:
    changes = report["changes"]
    added, removed, reworded = (changes[name] for name in ("added", "removed", "reworded"))
    new = counted(len(added), "task")
    lines = [
        f"Since {report['before']}: {new} added, {len(removed)} removed, {len(reworded)} reworded"
        + (f" ({len(changes['requoted'])} in their quotation marks only)." if changes["requoted"] else ".")
    ]
    for sign, ids in (("+", added), ("-", removed), ("~", reworded)):
        lines += _some(sign, ids)
    lines += [
        f"{one['title']} ({one['uri']}) decomposes {one['task']}, which was {one['what']}; it stays attached."
        for one in report["attached"]
    ]
    return lines


def _some(sign: str, ids: Sequence[str]) -> list[str]:
    more = [f"  {sign} and {len(ids) - SHOWN} more (--json lists all)"] if len(ids) > SHOWN else []
    return [f"  {sign} {code}" for code in ids[:SHOWN]] + more
