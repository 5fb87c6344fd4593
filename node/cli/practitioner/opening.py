"""`module make-public`: what was kept inside becomes public, exactly as shown."""

from __future__ import annotations

import sys
from typing import Annotated, Any

from cyclopts import App, Parameter

from node.cli.publishing.records import at_uri
from node.cli.reaching.options import As, AsJson, DryRun, Flag, as_practitioner
from node.cli.terminal.output import show, show_lines
from node.errors import Malformed


def register(group: App) -> None:
    """Add the command."""
    group.command(make_public, name="make-public")


def make_public(
    uri: str, /, *, yes: Annotated[bool, Flag, Parameter(help="Do not ask.")] = False, dry_run: DryRun = False,
    login: As = "", json: AsJson = False,
) -> None:  # fmt: skip
    """Show exactly what would become public of something you keep inside; then publish that, and nothing else."""
    client, _ = as_practitioner(login)
    shown = client.get("/api/internal/promotion", uri=at_uri(uri))
    if not json:
        show_lines(_lines(shown))
    if dry_run:
        show(shown, as_json=json, lines=["Nothing was published."])
        return
    if shown["obstacles"]:
        raise Malformed(
            f"It names what is kept inside: {', '.join(shown['obstacles'])}.",
            hint="Make that public first, or take the address out of the text.",
        )
    if not (yes or _agrees()):
        raise Malformed("Nothing was published.", hint="--yes publishes without asking.")
    done = client.post("/api/internal/promotion", {"uri": shown["uri"], "digest": shown["digest"]})
    show({**done, "shown": shown}, as_json=json, lines=[f"Public now: {done['uri']}"])


def _lines(shown: dict[str, Any]) -> list[str]:
    from node.authoring.value import source_of

    lines = ["This becomes public, signed by you:", "", *source_of(shown["value"]).splitlines(), ""]
    lines += [f"File {one['path']}, {one['size']} bytes, {one['cid']}" for one in shown["files"]]
    stays = [f"{number} {name}" for name, number in shown["stays"].items() if number]
    return [*lines, f"This stays inside: {', '.join(stays) or 'nothing'}."]


def _agrees() -> bool:
    if not sys.stdin.isatty():
        return False
    return input("Publish exactly this? It cannot be called back. [y/N] ").strip().lower() in ("y", "yes")
