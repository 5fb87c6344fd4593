"""Operator: migrate, move, doctor."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from node.cli.reaching.client import is_answered, operate
from node.cli.reaching.folders import data_folder, settings_in
from node.cli.reaching.options import AsJson, Data, Flag
from node.cli.terminal.output import counted, show, show_json, show_table
from node.errors import NodeError
from node.services.examining.finding import Finding
from node.services.examining.units import NODE, log

# A stopped node's folder is opened for the rest; one of these wrong, and opening it would fail or change something.
BEFORE_OPENING = frozenset(
    {
        "data folder", "owner of the files", "privacy of the folder", "disk", "settings", "tables", "database",
        "database file", "keys",
    }
)  # fmt: skip
WHOLE = frozenset({"database file", "audit log"})


def register(app: App) -> None:
    """Add the commands."""
    app.command(migrate)
    app.command(move)
    app.command(doctor)


def migrate(
    *, undo: Annotated[bool, Flag, Parameter(help="Put the database back as it was before the last upgrade.")] = False,
    data: Data = None, json: AsJson = False,
) -> None:  # fmt: skip
    """Bring a stopped node's data folder up to this release; `serve` does the same when it starts.

    What was before is kept for three days, or until somebody is erased.
    """
    from node.app.data_folder import DataFolder
    from node.logs import configure_logs

    path = data_folder(data)
    configure_logs("error", as_json=False)
    folder = DataFolder(path)
    try:
        shown, lines = _put_back(path) if undo else _bring_up(path)
    finally:
        folder.close()
    show({"data": str(path), **shown}, as_json=json, lines=lines)


def _bring_up(path: Path) -> tuple[dict[str, Any], list[str]]:
    from node.app.compose import compose

    database = compose(settings_in(path)).database
    can_undo = database.former_age() is not None
    database.close()
    lines = [f"{path} is up to date."]
    if can_undo:
        lines.append("The database as it was before is kept: `skillnet migrate --undo` puts it back.")
    return {"canUndo": can_undo}, lines


def _put_back(path: Path) -> tuple[dict[str, Any], list[str]]:
    from node.services.audit import Audit
    from node.store.database import Database

    database = Database(settings_in(path).store_url)
    try:
        revision = database.put_back()
        Audit(database, path).let_go()
    finally:
        database.close()
    said = f"{path} is as it was before the upgrade (revision {revision}): start the release that it had then."
    return {"revision": revision}, [said]


def move(url: str = "", /, *, data: Data = None, json: AsJson = False) -> int:
    """Take a stopped node to another address, URL or what node.url says: its identity and everybody's name it then.

    Exit code 1 when somebody's identity could not be told; the next call tries again.
    """
    from node.app.moving import move_node
    from node.logs import configure_logs

    path = data_folder(data)
    configure_logs("error", as_json=False)
    settings, settled = move_node(path, url, os.environ)
    values = {"url": settings.public_url, "announced": settled.announced, "notTold": settled.not_told}
    lines = [
        f"The node lives at {settings.public_url}.",
        f"Committed anew: {counted(settled.announced, 'repository', 'repositories')}.",
        *(f"Still to do for {did}: {why}" for did, why in settled.not_told.items()),
        "Whoever follows it has to follow the new address: tell them. Passkeys of the former one open nothing.",
        f"Start it with: skillnet serve --data {path}",
    ]
    show({"data": str(path), **values}, as_json=json, lines=lines)
    return int(bool(settled.not_told))


def doctor(*, data: Data = None, json: AsJson = False) -> int:
    """Look for what is wrong with this node and say what mends it; exit code 1 when something is."""
    findings = _look(data_folder(data))
    wrong = sum(not finding.ok for finding in findings)
    if json:
        show_json({"ok": not wrong, "findings": [asdict(one) for one in findings]})
        return int(wrong > 0)
    shown = [
        {"name": one.name, "ok": "ok" if one.ok else "WRONG", "detail": one.detail + (one.mend and f"\n→ {one.mend}")}
        for one in findings
    ]
    show_table(shown, {"ok": "", "name": "what", "detail": "seen, and what mends it"}, empty="")
    print(f"{len(findings)} things looked at, {wrong or 'none'} wrong.")
    return int(wrong > 0)


def _look(path: Path) -> list[Finding]:
    """A node knows more of itself, as its own user; only from here file and audit log are read from end to end."""
    from node.app.data_folder import SOCKET_NAME

    is_running = is_answered(path / SOCKET_NAME)
    outside = _from_outside(path)
    findings = dict(outside)
    if is_running or all(finding.ok for name, finding in outside.items() if name in BEFORE_OPENING):
        findings |= _from_inside(path, is_running) | {name: outside[name] for name in WHOLE & outside.keys()}
    if not is_running:
        findings["running"] = Finding("running", ok=True, detail="stopped; `skillnet serve` starts it")
    return list(findings.values())


def _from_inside(path: Path, is_running: bool) -> dict[str, Finding]:
    """By name. A stopped node is opened for it."""
    try:
        with operate(path) as client:
            said = client.post("/api/doctor", {"serving": is_running})["findings"]
    except NodeError as error:
        mend = error.hint or f"The node's log says why: {log(NODE)}."
        return {"node": Finding("node", ok=False, detail=error.message, mend=mend)}
    return {one["name"]: Finding(**one) for one in said}


def _from_outside(path: Path) -> dict[str, Finding]:
    """By name. Opens nothing for writing."""
    from node.services.examining.folder import examine_backup, examine_folder
    from node.services.examining.mail import examine_mail
    from node.services.examining.sign_on import examine_sign_on
    from node.services.examining.storage import examine_storage
    from node.services.examining.tables import examine_clock_by_files, examine_tables
    from node.services.founded import NoNode, has_node

    if path.is_dir() and not has_node(path):  # nor is a mend proposed for a folder of something else
        lack = NoNode(path)
        return {"data folder": Finding("data folder", ok=False, detail=lack.message, mend=lack.hint)}
    findings = [*examine_folder(path)]
    if all(finding.ok for finding in findings):
        settings = settings_in(path)
        clock = examine_clock_by_files(path)
        findings += [*([clock] if clock else []), *examine_tables(settings), *examine_storage(settings)]
        findings += [*examine_sign_on(settings), *examine_mail(settings), examine_backup(path)]
    return {finding.name: finding for finding in findings}
