"""What practitioners write: the groups `module` and `task`."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter
from cyclopts.validators import Number

from node.cli.forking import command as forking
from node.cli.importing import command as importing
from node.cli.practitioner import opening, retiring, tasks_reference
from node.cli.publishing.collect import Kind, collect
from node.cli.publishing.records import at_uri
from node.cli.reaching.options import As, AsJson, DryRun, Flag, Where, as_practitioner
from node.cli.suggesting import command as suggesting
from node.cli.terminal.output import counted, show, show_json, show_lines

HERE = Where()
THIS_FOLDER = Path()
Note = Annotated[str, Parameter(help="What changed, for readers and followers.")]
Into = Annotated[Path, Parameter(name="--to", help="Folder to write to.")]


def register(app: App) -> None:
    """Add the commands."""
    modules = App(name="module", help="Modules: write, check, publish, take along.")
    tasks = App(name="task", help="Tasks: work, decomposed into steps.")
    for group in (modules, tasks):
        group.command(lint)
        group.command(show_item, name="show")
        group.command(export)
        group.command(history)
        forking.register(group)
        retiring.register(group)
        opening.register(group)
        suggesting.register(group)
        group.command(preview)
        app.command(group)
    tasks_reference.register(tasks)
    modules.command(new_module, name="new")
    modules.command(publish_modules, name="publish")
    importing.register(modules)
    tasks.command(new_task, name="new")
    tasks.command(publish_tasks, name="publish")


def lint(
    path: Path, /, *, fix: Annotated[bool, Flag, Parameter(help="Mend what has one right spelling.")] = False,
    json: AsJson = False,
) -> int:  # fmt: skip
    """Check a file, a folder or a whole repository; exit code 1 when something is wrong."""
    from node.cli.practitioner.linting import mend_files, report

    collected = collect(path)
    if fix and mend_files(collected.sources):
        collected = collect(path)
    return report({source.path: source.problems for source in collected.sources}, as_json=json)


def preview(
    path: Path,
    /,
    *,
    port: Annotated[int, Parameter(help="0 takes a free one.", validator=Number(gte=0, lte=65535))] = 0,
) -> None:
    """Show a file or folder in the browser as a novice, a competent and an expert worker see it, while you edit."""
    from node.cli.practitioner.previewing import PreviewServer

    with PreviewServer(path, port) as server:
        show_lines([f"Look at {server.url} – it follows your edits. Ctrl-C stops it."])
        server.serve_forever()


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Draft:
    """What a new module begins with."""

    title: Annotated[str, Parameter(help="What a reader sees first.")] = ""
    description: Annotated[str, Parameter(help="What the reader will be able to do.")] = ""
    layer: Annotated[str, Parameter(help="tool, concept or capability.")] = ""
    level: Annotated[str, Parameter(help="novice, advanced-beginner, competent, proficient or expert.")] = ""
    task: Annotated[
        str, Parameter(help="The task it is for: an address, an id such as onet:13-2051.00/1847, or a sentence.")
    ] = ""


BLANK = Draft()


def new_module(
    name: str, /, *, draft: Draft = BLANK, to: Into = THIS_FOLDER, where: Where = HERE, json: AsJson = False
) -> None:
    """Write the beginning of a module; asks for what is not given. A task brings its occupations, skills and level."""
    from node.cli.practitioner.proposing import find_proposal
    from node.cli.practitioner.templates import write_module

    found = find_proposal(where, draft.task) if draft.task else None
    path = write_module(name, to, asdict(draft), found.proposal if found else {})
    facts = {"path": str(path), **({"proposal": found.proposal} if found else {})}
    lines = [*(found.lines() if found else ()), *_begun(path, "module")]
    show(facts, as_json=json, lines=lines)


def _begun(path: Path, kind: Kind) -> list[str]:
    return [f"Wrote {path}. Put your own words into it.", f"Check it with: skillnet {kind} lint {path}"]


def new_task(
    name: str, /, *, title: Annotated[str, Parameter(help="What a reader sees first.")] = "",
    statement: Annotated[str, Parameter(help="What is done, and to what end.")] = "", to: Into = THIS_FOLDER,
    json: AsJson = False,
) -> None:  # fmt: skip
    """Write the beginning of a task; asks for what is not given."""
    from node.cli.practitioner.templates import write_task

    path = write_task(name, to, {"title": title, "statement": statement})
    show({"path": str(path)}, as_json=json, lines=_begun(path, "task"))


def publish_modules(
    path: Path, /, *, login: As = "", note: Note = "", dry_run: DryRun = False, json: AsJson = False
) -> None:
    """Publish a file, or all modules and tasks of a folder, signed. What has not changed is left alone."""
    _publish(path, None, login, note, dry_run=dry_run, as_json=json)


def publish_tasks(
    path: Path, /, *, login: As = "", note: Note = "", dry_run: DryRun = False, json: AsJson = False
) -> None:
    """Publish a task, or all tasks and modules of a folder, signed. What has not changed is left alone."""
    _publish(path, "task", login, note, dry_run=dry_run, as_json=json)


def _publish(path: Path, kind: Kind | None, login: str, note: str, *, dry_run: bool, as_json: bool) -> None:
    from node.cli.publishing.inside import Inside
    from node.cli.publishing.plan import NotPublishable, make_plan
    from node.cli.publishing.repository import Repository
    from node.cli.publishing.skills import skill_ids
    from node.cli.publishing.write import carry_out
    from node.cli.terminal.progress import progress_bar

    collected = collect(path, kind)
    client, known = as_practitioner(login)
    repository = Repository(client, known.did)
    inside = Inside(client, known.did) if not known.refresh else None  # other hosts keep nothing inside
    try:
        plan = make_plan(collected, repository, inside=inside, skills=skill_ids(client, collected) if inside else {})
    except NotPublishable as refusal:
        # All that is to be mended at once, before the one line that says that nothing was done.
        print("\n".join(map(str, refusal.problems)), file=sys.stderr)
        raise
    if dry_run:
        entries = [_planned(entry) for entry in plan.entries]
        shown = [line for entry in entries for line in (_line(entry), *entry["difference"].splitlines())]
        show({"did": plan.did, "plan": entries}, as_json=as_json, lines=[*shown, "Nothing was published."])
        return
    with progress_bar() as progress:
        done = carry_out(plan, repository, note, inside=inside, progress=progress)
    published = [entry.to_json() for entry in done]
    warned = sum(len(source.problems) for source in collected.sources)
    lines = [_line(entry) for entry in published]
    lines += [f"{counted(warned, 'warning')}; `skillnet module lint {path}` shows them."] if warned else []
    show({"did": plan.did, "published": published}, as_json=as_json, lines=lines)


def _planned(entry: Any) -> dict[str, Any]:
    return {
        "path": str(entry.source.path), "kind": entry.source.kind, "name": entry.source.name, "action": entry.action,
        "uri": entry.uri, "difference": entry.difference if entry.action in ("create", "update") else "",
        "inside": entry.inside,
    }  # fmt: skip


_DONE = {
    "create": "new",
    "update": "new version",
    "unchanged": "unchanged",
    "internal": "kept inside (visibility: organisation), not sent",
}
_INSIDE = {"create": "new, kept inside", "update": "new version, kept inside", "unchanged": "unchanged, kept inside"}


def _line(entry: dict[str, Any]) -> str:
    done = {**_DONE, **(_INSIDE if entry.get("inside") else {})}[entry["action"]]
    return f"{entry['kind']} {entry['name']}: {done}  {entry['uri']}"


def show_item(uri: str, /, *, where: Where = HERE, json: AsJson = False) -> None:
    """Show a module or task as its author keeps it, and what was said of it."""
    from node.authoring.value import source_of

    with where.reading() as client:
        found = client.get("/api/item", uri=at_uri(uri))
    if json:
        show_json(found)
        return
    show_lines([source_of(found["version"]["value"]).rstrip(), ""])
    show_lines([f"{one['verdict']} for {one['task']}: {one['note']}" for one in found["endorsements"]])


def export(
    uri: str, /, *, to: Annotated[Path, Parameter(name="--to", help="Folder, or a .zip, to write to.")],
    skill: Annotated[bool, Flag, Parameter(help="As an Agent Skills folder.")] = False, where: Where = HERE,
    json: AsJson = False,
) -> None:  # fmt: skip
    """Write a module or task with its pictures and attachments to a folder or a zip, as its author would keep it."""
    from node.cli.exporting.files import export_item

    with where.reading() as client:
        paths = [str(path) for path in export_item(client, at_uri(uri), to, as_skill=skill)]
    show({"files": paths}, as_json=json, lines=[f"Wrote {path}" for path in paths])


def history(uri: str, /, *, where: Where = HERE, json: AsJson = False) -> None:
    """Show every version of a module or task, what changed, and what readers take for a major change."""
    from node.cli.practitioner.histories import compared, history_lines

    with where.reading() as client:
        found = client.get("/api/history", uri=at_uri(uri))
    found["versions"] = compared(found["versions"])
    show(found, as_json=json, lines=list(history_lines(found["versions"])))
