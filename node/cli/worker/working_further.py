"""Workers, continued: work history, checks, notices, and moving to another node."""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from node.cli.reaching.client import operate
from node.cli.reaching.folders import data_folder
from node.cli.reaching.options import AsJson, Data, Flag, signed_in
from node.cli.terminal.output import counted, show, show_json, show_lines

Passphrase = Annotated[bool, Flag, Parameter(help="Read the passphrase from standard input instead of asking.")]


def register(workers: App) -> None:
    """Add the commands."""
    for command in (history, check, notice, move, bring, groups):
        workers.command(command)


def history(
    name: str,
    /,
    *,
    file: Annotated[Path | None, Parameter(help="JSON Resume, list, CSV, xAPI/cmi5 statements or git log.")] = None,
    form: Annotated[str, Parameter(help="resume, list, table, statements or git; else found out.")] = "",
    keep: Annotated[bool, Flag, Parameter(help="Let what the file says count; without it, it is only shown.")] = False,
    remove: Annotated[str, Parameter(help="Remove one piece by its id, or * for all.")] = "",
    json: AsJson = False,
) -> None:
    """Show your work history, preview a file, let it count, or remove pieces."""
    client, _ = signed_in(name)
    if remove:
        client.delete(f"/api/me/history/{remove}")
    if file is None:
        found = client.get("/api/me/history")
    else:
        text = file.read_text("utf-8", errors="replace")
        found = client.post("/api/me/history/preview", {"text": text, "form": form})
        if keep:
            found = client.post("/api/me/history", {"pieces": found["pieces"]})
    if json:
        show_json(found)
        return
    show_lines([_piece(piece) for piece in found["pieces"]] or ["Nothing."])
    if file is not None and not keep:
        show_lines(["", "Nothing of this counts yet; --keep lets it count."])


def _piece(piece: dict[str, Any]) -> str:
    skills = f" → {', '.join(piece['skills'])}" if piece["skills"] else ""
    return f"{piece['id']}  {piece['title']} ({piece['when'] or 'no date'}, {piece['how']}){skills}"


def check(
    name: str,
    /,
    outcome: Annotated[str, Parameter(help="How it went: alone, with-a-hint, with-help, not or skipped.")] = "",
    *,
    json: AsJson = False,
) -> None:
    """Did it hold up? Show what there is to ask about a lesson of a while ago, or answer it."""
    client, _ = signed_in(name)
    found = client.get("/api/me/check")["check"]
    if found is None or not outcome:
        asked = f"“{found['title']}”: how did it go on the real task since?" if found else "Nothing to ask today."
        show({"check": found}, as_json=json, lines=[asked])
        return
    made = client.post("/api/me/check", {"receipt": found["receipt"], "outcome": outcome})
    show(made, as_json=json, lines=[f"Noted: {made['outcome']}."])


def notice(name: str, /, *, json: AsJson = False) -> None:
    """Print a notice if there is something now and you allow one: for a program that runs every hour."""
    client, _ = signed_in(name)
    found = client.post("/api/me/notice")
    show(found, as_json=json, lines=[found["notice"]] if found["notice"] else [])


def move(
    name: str,
    /,
    *,
    to: Annotated[Path, Parameter(name="--to", help="File to write.")],
    passphrase_stdin: Passphrase = False,
    json: AsJson = False,
) -> None:
    """Write everything kept about you into one file sealed with a passphrase, for another node."""
    client, _ = signed_in(name)
    sealed = client.fetch("/api/me/pack", {"passphrase": _passphrase(stdin=passphrase_stdin)})
    to.write_bytes(sealed)
    to.chmod(0o600)
    said = f"Wrote {to}. Once signed in to the other node: skillnet worker bring NAME@URL {to}"
    show({"file": str(to)}, as_json=json, lines=[said])


def bring(name: str, file: Path, /, *, passphrase_stdin: Passphrase = False, json: AsJson = False) -> None:
    """Bring what another node wrote with `worker move`; nothing may be kept about you here yet."""
    client, _ = signed_in(name)
    sealed = base64.b64encode(file.read_bytes()).decode()
    made = client.post("/api/me/unpack", {"sealed": sealed, "passphrase": _passphrase(stdin=passphrase_stdin)})
    show(made, as_json=json, lines=[f"{counted(made['entries'], 'entry', 'entries')} came."])


def groups(*, data: Data = None, json: AsJson = False) -> None:
    """As the operator, show what may be known of workers' learning: numbers of groups of five or more."""
    with operate(data_folder(data)) as client:
        found = client.get("/api/groups")
    rows = [f"{name}: at least {number}" for name, number in found["occupations"].items()]
    rows += [
        f"{uri}: " + ", ".join(f"{how} {number}" for how, number in row.items())
        for uri, row in found["modules"].items()
    ]
    show(found, as_json=json, lines=[f"Counted on {found['day']}." if found["day"] else "Not counted yet.", *rows])


def _passphrase(*, stdin: bool) -> str:
    import getpass

    return sys.stdin.readline().rstrip("\n") if stdin else getpass.getpass("Passphrase: ")
