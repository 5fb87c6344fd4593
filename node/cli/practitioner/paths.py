"""`path`: modules in an order, with a purpose – written in Markdown, checked, published, taken over and changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from node.authoring.beginnings import path_text
from node.cli.practitioner.templates import checked_name
from node.cli.reaching.options import As, AsJson, DryRun, Flag, Where, as_practitioner
from node.cli.terminal.output import show, show_lines
from node.errors import Conflict, Malformed

HERE = Where()
_STOPS = """
1. [A module of yours](its-name) Why it stands first.
2. [Somebody else's](at://did:plc:…/org.skillnet.module/name) (optional) What it adds.
"""


def register(app: App) -> None:
    """Add the commands."""
    paths = App(name="path", help="Paths: modules in an order, with a purpose.")
    for command in (new, lint, publish, export):
        paths.command(command)
    paths.command(merge_upstream, name="merge-upstream")
    app.command(paths)


def new(
    name: str, /, *, to: Annotated[Path, Parameter(help="Folder to write into.")] = Path(), json: AsJson = False
) -> None:
    """Write a path to begin with: NAME.md."""
    file = to / f"{checked_name(name)}.md"
    if file.exists():
        raise Conflict(f"{file} exists already.")
    to.mkdir(parents=True, exist_ok=True)
    file.write_text(path_text(name, name.replace("-", " ").capitalize()) + _STOPS, "utf-8")
    show({"file": str(file)}, as_json=json, lines=[f"Written: {file}"])


def lint(file: Path, /, *, json: AsJson = False) -> int:
    """Say what is wrong with a path, and where."""
    from node.authoring.lint import lint as check
    from node.authoring.parse import parse_path
    from node.cli.practitioner.linting import report

    return report({file: check(parse_path(file.read_text("utf-8"), str(file)))}, as_json=json)


def publish(
    file: Path, /, *, change: Annotated[str, Parameter(help="What changed, for a new version.")] = "",
    login: As = "", json: AsJson = False,
) -> int:  # fmt: skip
    """Sign and publish a path: a new version and its head in one commit."""
    from node.authoring.lint import lint as check
    from node.authoring.parse import parse_path
    from node.authoring.paths import path_value
    from node.authoring.problems import errors_of

    client, known = as_practitioner(login)
    document = parse_path(file.read_text("utf-8"), str(file))
    errors = errors_of(check(document))
    if errors:
        show_lines([str(problem) for problem in errors])
        return 1
    value = path_value(document, known.did)
    published = client.post("/api/paths", {"value": value, "change": change})
    lines = [f"Published: {value['title']}", published["uri"], published["url"]]
    show(published, as_json=json, lines=lines)
    return 0


def export(
    uri: str, /, *, to: Annotated[Path, Parameter(help="Folder to write into.")] = Path(),
    fork: Annotated[bool, Flag, Parameter(help="To make your own of it: it says what it was made from.")] = False,
    where: Where = HERE, json: AsJson = False,
) -> None:  # fmt: skip
    """Write a published path as Markdown."""
    from node.authoring.paths import path_source
    from node.cli.publishing.records import at_uri

    with where.reading() as client:
        found: dict[str, Any] = client.get("/api/item", uri=at_uri(uri))
    if found["item"]["kind"] != "path":
        raise Malformed("That is no path.", hint="`skillnet module export` writes modules.")
    value = dict(found["version"]["value"])
    if fork:
        value["derivedFrom"] = {"uri": found["version"]["uri"], "cid": found["version"]["cid"]}
    file = to / f"{value['name']}.md"
    if file.exists():
        raise Conflict(f"{file} exists already.")
    to.mkdir(parents=True, exist_ok=True)
    file.write_text(path_source(value), "utf-8")
    show({"file": str(file)}, as_json=json, lines=[f"Written: {file}"])


def merge_upstream(file: Path, /, *, dry_run: DryRun = False, where: Where = HERE, json: AsJson = False) -> int:
    """Take over what changed in the path that this one was made from; exit code 1 where both changed the same."""
    from node.cli.practitioner.paths_merge import merge_path

    with where.reading() as client:
        merged, changes = merge_path(client, file, write=not dry_run)
    lines = [f"{file}:{one.line}: both sides changed this; choose between the markers" for one in merged.conflicts]
    said = "Merged." if changes else "Nothing has changed upstream."
    conflicts = [{"line": one.line, "proposal": one.proposal} for one in merged.conflicts]
    facts = {"path": str(file), "difference": changes, "conflicts": conflicts}
    show(facts, as_json=json, lines=[*(changes.splitlines() if dry_run else ()), *(lines or [said])])
    return 1 if merged.conflicts else 0
