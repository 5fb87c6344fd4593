"""Operator: migrate, doctor."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from cyclopts import App

from node.cli.client import Answered, NodeClient, connect, operate
from node.cli.folders import data_folder, settings_in
from node.cli.options import AsJson, Data
from node.cli.output import show, show_json, show_table
from node.errors import NodeError, Unreachable

ENOUGH_DISK = 1_000_000_000  # bytes: below, a day's pictures of a busy network may not fit


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, what was seen, and what mends it."""

    name: str
    ok: bool
    detail: str
    mend: str = ""


def register(app: App) -> None:
    """Add the commands."""
    app.command(migrate)
    app.command(doctor)


def migrate(*, data: Data = None, json: AsJson = False) -> None:
    """Bring a stopped node's data folder up to this release; `serve` does the same when it starts."""
    from node.app.compose import compose
    from node.app.data_folder import DataFolder
    from node.logs import configure_logs

    path = data_folder(data)
    configure_logs("error", as_json=False)
    folder = DataFolder(path)
    try:
        compose(settings_in(path)).database.close()
    finally:
        folder.close()
    show({"data": str(path)}, as_json=json, lines=[f"{path} is up to date."])


def doctor(*, data: Data = None, json: AsJson = False) -> int:
    """Look for what is wrong with this node and say what mends it; exit code 1 when something is."""
    path = data_folder(data)
    findings = [*_of_folder(path)]
    if all(finding.ok for finding in findings):
        findings += _of_node(path)
    if json:
        show_json({"ok": all(finding.ok for finding in findings), "findings": [asdict(one) for one in findings]})
    else:
        shown = [{**asdict(one), "ok": "ok" if one.ok else "WRONG"} for one in findings]
        show_table(shown, {"name": "what", "ok": "", "detail": "seen", "mend": "mend"}, empty="")
    return 0 if all(finding.ok for finding in findings) else 1


def _of_folder(path: Path) -> Iterator[Finding]:
    mend = "`skillnet init --url … --organisation …` or `skillnet serve` makes one; --data names another."
    if not path.is_dir():
        yield Finding("data folder", ok=False, detail=f"{path} does not exist", mend=mend)
        return
    writable = os.access(path, os.W_OK)
    yield Finding(
        "data folder", writable, f"{path}{'' if writable else ' cannot be written'}", "" if writable else mend
    )
    private = path.stat().st_mode & 0o077 == 0
    seen = "only its owner reads it" if private else "others of this machine may read it"
    yield Finding("privacy of the folder", private, seen, "" if private else f"chmod 700 {path}")
    free = shutil.disk_usage(path).free
    enough = free >= ENOUGH_DISK
    yield Finding("disk", enough, f"{free / 1e9:.1f} GB free", "" if enough else "Make room, or move the folder.")
    try:
        settings_in(path)
        yield Finding("settings", ok=True, detail="each value can be used")
    except NodeError as error:
        yield Finding("settings", ok=False, detail=error.message, mend=error.hint)


def _of_node(path: Path) -> Iterator[Finding]:
    from node.app.data_folder import SOCKET_NAME

    is_running = (path / SOCKET_NAME).exists()
    if not is_running:
        yield Finding("running", ok=True, detail="stopped; `skillnet serve` starts it")
    try:
        with operate(path) as client:
            if is_running:
                yield from _readiness(client)
            yield from _peers(client)
            about = client.get("/api/node")
    except NodeError as error:
        yield Finding("node", ok=False, detail=error.message, mend=error.hint)
        return
    if is_running:
        yield _address(str(about["url"]), str(about["did"]))


def _readiness(client: NodeClient) -> Iterator[Finding]:
    try:
        ready = client.get("/ready")
    except Answered as error:
        yield Finding("node", ok=False, detail=error.message, mend="It is starting; look again in a minute.")
        return
    yield Finding("node", ok=True, detail="answers, its database too, and its ranking is built")
    answers = "does not answer" not in ready["search"]
    mend = "Is the server of search.meilisearch_url running, and its key right? The node tries again by itself."
    yield Finding("search", ok=answers, detail=ready["search"], mend="" if answers else mend)


def _peers(client: NodeClient) -> Iterator[Finding]:
    for peer in client.get("/api/peers"):
        detail = peer["error"] or peer["state"]
        mend = f"Next try {peer['nextTry']}; `skillnet sync` tries now." if peer["error"] else ""
        yield Finding(f"peer {peer['url']}", not peer["error"], detail, mend)
    refused = client.get("/api/rejections", limit=100)
    if refused:
        reasons = ", ".join(sorted({one["code"] for one in refused}))
        yield Finding("refused from peers", ok=True, detail=f"{len(refused)} lately: {reasons}")


def _address(url: str, did: str) -> Finding:
    """Does the world find this node under the address it gives out? Tries name, certificate and node in one."""
    mend = "Is the node running, and do DNS, certificate and proxy of node.url lead to it?"
    try:
        document = connect(url).get("/.well-known/did.json")
    except (Unreachable, Answered) as error:
        return Finding("address", ok=False, detail=error.message, mend=mend)
    found = document.get("id") if isinstance(document, dict) else None
    if found != did:
        return Finding("address", ok=False, detail=f"{url} is somebody else's: {found}", mend=mend)
    return Finding("address", ok=True, detail=f"{url} leads to this node")
