"""Workers: their profile, feed, lessons and outcomes, each with the worker's own sign-in; and the assistant's door."""

from __future__ import annotations

from json import loads as parse_json
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from node.cli.anybody.signing_in import PasswordStdin
from node.cli.reaching.client import operate
from node.cli.reaching.folders import data_folder
from node.cli.reaching.options import As, AsJson, Data, Flag, Misused, confirm_by_name, signed_in
from node.cli.terminal.output import counted, show, show_json, show_lines
from node.cli.terminal.passwords import read_password
from node.cli.worker import working_further

# What the files of people who write TOML call things, and what the node calls them.
_OTHER_NAMES = {"occupation": "occupations", "skills": "placements", "minutes": "minutesPerDay"}
_NOT_PROFILE = ("name", "displayName")


def register(app: App) -> None:
    """Add the commands."""
    workers = App(name="worker", help="A worker's own: profile, feed, lessons, outcomes. Private to that worker.")
    for command in (create, profile, feed, lesson, record, forget, export):
        workers.command(command)
    workers.command(help_for_task, name="help")
    working_further.register(workers)
    app.command(workers)
    app.command(mcp)


def create(
    name: str,
    /,
    *,
    display_name: Annotated[str, Parameter(help="Name that others see.")] = "",
    data: Data = None,
    password_stdin: PasswordStdin = False,
    json: AsJson = False,
) -> None:
    """Add a worker to this node, as its operator; without a password they get a one-time link."""
    body = {"name": name, "displayName": display_name, "roles": ["worker"]}
    with operate(data_folder(data)) as client:
        made = client.post("/api/people", {**body, "password": read_password(stdin=password_stdin, optional=True)})
    lines = [f"{name} can sign in as a worker."]
    lines += [f"Give {name} this link to choose a password: {made['link']}"] if made["link"] else []
    show(made, as_json=json, lines=lines)


def profile(
    name: str,
    /,
    *,
    file: Annotated[Path | None, Parameter(help="TOML: role, occupations, tasks, goals, placements, …")] = None,
    json: AsJson = False,
) -> None:
    """Show your profile, or replace the fields that a TOML file names."""
    client, _ = signed_in(name)
    found = client.put("/api/me/profile", load_profile(file)) if file else client.get("/api/me/profile")
    lines = [f"{key}: {_said(value)}" for key, value in found.items() if value]
    show(found, as_json=json, lines=lines or ["Nothing yet; --file P.toml tells the node who you are."])


def load_profile(path: Path) -> dict[str, Any]:
    """A profile as the node takes it. Raises Misused for what is not TOML."""
    import tomllib

    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise Misused(f"{path}: {error}") from error
    return {_OTHER_NAMES.get(key, key): value for key, value in told.items() if key not in _NOT_PROFILE}


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(str(entry.get("text", entry)) if isinstance(entry, dict) else str(entry) for entry in value)
    return "; ".join(f"{key} {entry}" for key, entry in value.items()) if isinstance(value, dict) else str(value)


def feed(name: str, /, *, json: AsJson = False) -> None:
    """Show today's list: what to do next, and why."""
    client, known = signed_in(name)
    _show_list(client.get("/api/me/feed"), known.url, as_json=json)


def help_for_task(name: str, task: str, /, *, json: AsJson = False) -> None:
    """Show what helps with the work in front of you, told in your own words."""
    client, known = signed_in(name)
    _show_list(client.post("/api/me/help", {"task": task}), known.url, as_json=json)


def _show_list(found: dict[str, Any], node: str, *, as_json: bool) -> None:
    if as_json:
        show_json(found)
        return
    if found.get("task"):
        show_lines([f"Taken for the task: {found['task']['title']}"])
    show_lines(found["notes"])
    for item in found["items"]:
        minutes = f", {item['minutes']} min" if item["minutes"] else ""
        opens = f"receipt {item['id']}" if item["kind"] != "connection" else f"{node}{item['href']}"
        show_lines([f"{item['title']}  [{item['kind']}{minutes}]", f"  {opens}"])
        show_lines([f"  {reason['words']}" for reason in item["reasons"]])
        if item["chance"]:
            show_lines([f"  How it would go: {item['chance']} ({item['evidence']})."])
        if item["runner_up"]:
            show_lines([f"  Almost here: {item['runner_up']['title']}, but {item['runner_up']['why']}."])
    if found["items"]:
        show_lines(["", "`skillnet worker lesson NAME RECEIPT` opens one; `record` says how the work went."])


def lesson(name: str, receipt: str, /, *, json: AsJson = False) -> None:
    """Open a lesson of your list, adapted for you, with what was changed and why."""
    client, _ = signed_in(name)
    found = client.post("/api/me/lessons", {"receipt": receipt})
    changes = [_changed(one) for one in found["changes"]]
    show(found, as_json=json, lines=[found["title"], *changes, "", *found["text"].splitlines()])


def _changed(change: dict[str, Any]) -> str:
    """“Line 66, left out: written for other readers”."""
    how, _, steps = str(change.get("what", "")).partition(":")
    words = {
        "hidden": "left out",
        "moved": "comes first",
        "faded": f"shows {steps} of its steps",
        "shown": "as written",
    }
    return f"Line {change.get('line')}, {words.get(how, how)}: {change.get('why', '')}"


def record(name: str, receipt: str, outcome: str, /, *, json: AsJson = False) -> None:
    """Record how the work behind a receipt went: alone, with-a-hint, with-help, not or skipped."""
    client, _ = signed_in(name)
    made = client.post("/api/me/outcomes", {"receipt": receipt, "outcome": outcome})
    show(made, as_json=json, lines=[f"Recorded: {made['outcome']}."])


def forget(
    name: str,
    /,
    *,
    yes: Annotated[bool, Flag, Parameter(help="Do not ask.")] = False,
    json: AsJson = False,
) -> None:
    """Erase everything the node keeps about you as a worker. Nobody can undo it."""
    client, login = signed_in(name)
    confirm_by_name(login.name, f"Type {login.name} to erase everything: ", yes=yes)
    erased = client.post("/api/me/forget", {"confirm": login.name})
    lines = [f"Everything about {login.name} as a worker is erased."]
    lines += [
        f"Read afterwards: {counted(erased['files'], 'file')}; none holds any of it."
        if not erased["left"]
        else f"These files still hold some of it: {', '.join(erased['left'])}. Tell the operator."
    ]
    show({"forgotten": login.name, **erased}, as_json=json, lines=lines)


def export(
    name: str, /, *, to: Annotated[Path | None, Parameter(name="--to", help="File to write; else printed.")] = None,
    json: AsJson = False,
) -> None:  # fmt: skip
    """Write everything the node keeps about you, as JSON Lines."""
    client, _ = signed_in(name)
    lines = client.download("/api/me/export").decode("utf-8")
    if to is None and json:
        show_json([parse_json(line) for line in lines.splitlines()])
        return
    if to is None:
        print(lines, end="")
        return
    from node.cli.reaching.logins import save_private

    save_private(to, lines)
    show({"file": str(to)}, as_json=json, lines=[f"Wrote {to}; only you can read it."])


def mcp(*, login: As = "") -> None:
    """Serve your feed, help and outcomes to an assistant over standard input and output (MCP)."""
    from node.cli.worker.mcp_stdio import run_stdio

    _, known = signed_in(login)
    run_stdio(known.url, known.token)
