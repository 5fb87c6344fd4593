"""`module fork`, `merge-upstream`, `attribution`: making one's own of somebody's module, and keeping up with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from node.cli.exporting.attribution import chain_of
from node.cli.publishing.records import at_uri
from node.cli.reaching.options import AsJson, DryRun, Where
from node.cli.terminal.output import show, show_lines

HERE = Where()
HERE_FOLDER = Path()


def register(modules: App) -> None:
    """Add the commands."""
    modules.command(fork)
    modules.command(merge_upstream, name="merge-upstream")
    modules.command(attribution)


def fork(
    uri: str, /, *, to: Annotated[Path, Parameter(name="--to", help="Folder to write to.")] = HERE_FOLDER,
    name: Annotated[str, Parameter(help="A name of your own for it.")] = "",
    license: Annotated[str, Parameter(help="The fork's licence; the original's is kept otherwise.")] = "",  # noqa: A002 - the front matter's word
    where: Where = HERE, json: AsJson = False,
) -> None:  # fmt: skip
    """Take a module to make it your own. The exact version is recorded, and its licence is kept to."""
    from node.cli.forking.files import write_fork

    with where.reading() as client:
        found = client.get("/api/item", uri=at_uri(uri))
        chain = list(chain_of(client, found))
        paths = [str(path) for path in write_fork(client, found, to, {"name": name, "license": license})]
    lines = [f"Wrote {path}" for path in paths]
    lines += ["Made from:", *(f"  {origin}" for origin in chain)]
    lines += [f"`skillnet module merge-upstream {paths[0]}` takes over what changes there."]
    show({"files": paths, "attribution": [one.to_json() for one in chain]}, as_json=json, lines=lines)


def merge_upstream(path: Path, /, *, dry_run: DryRun = False, where: Where = HERE, json: AsJson = False) -> int:
    """Take over what changed in the original of a fork. Your edits stay; exit code 1 where both changed the same."""
    from node.cli.forking.merge import merge_file

    with where.reading() as client:
        done = merge_file(client, path, write=not dry_run)
    lines = [done.said, *done.difference.splitlines()] if dry_run else [done.said]
    for conflict in done.conflicts:
        lines.append(f"{path}:{conflict.line}: both sides changed this; choose between the markers")
        lines += [f"  proposal: {line}" for line in conflict.proposal.splitlines()]
    lines += [f"Wrote {file}" for file in done.files]
    show(done.to_json(), as_json=json, lines=lines)
    return 1 if done.conflicts else 0


def attribution(uri: str, /, *, where: Where = HERE, json: AsJson = False) -> None:
    """Show whose work a module rests on: each version that it was made from, with author and licence."""
    with where.reading() as client:
        chain = list(chain_of(client, client.get("/api/item", uri=at_uri(uri))))
    if json:
        show({"attribution": [one.to_json() for one in chain]}, as_json=True, lines=[])
    else:
        show_lines([("  made from " * bool(number)) + str(origin) for number, origin in enumerate(chain)])
