"""Keeping the catalogue fresh: feeds of tools' releases, verdicts given again, one's own work by what goes stale."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from cyclopts import App, Parameter

from node.cli.reaching.client import operate
from node.cli.reaching.folders import data_folder
from node.cli.reaching.options import As, AsJson, Data, Flag, Where, as_practitioner, signed_in
from node.cli.terminal.output import show, show_json, show_lines, show_rows

HERE = Where()


def register(app: App) -> None:
    """Add the commands."""
    tools = App(name="tool", help="Tools that modules name, and the feeds in which their releases are announced.")
    tools.command(watch)
    tools.command(unwatch)
    tools.command(feeds)
    tools.command(read)
    app.command(tools)
    app.command(reverify)


def watch(
    url: str,
    /,
    *,
    product: Annotated[str, Parameter(help="The tool, as modules name it.")],
    vendor: Annotated[str, Parameter(help="Who makes it, where modules name them.")] = "",
    login: As = "",
    json: AsJson = False,
) -> None:
    """Watch a feed (Atom, RSS or JSON Feed): a release marks what names an older version until somebody confirms it."""
    client, _ = signed_in(login)
    made = client.post("/api/tools/feeds", {"url": url, "product": product, "vendor": vendor})
    newest = made["releases"][0]["version"] if made["releases"] else "none yet"
    show(made, as_json=json, lines=[f"Releases of {product} are watched at {url}. Newest: {newest}."])


def unwatch(url: str, /, *, login: As = "", json: AsJson = False) -> None:
    """Watch a feed no more, and forget what was seen there."""
    client, _ = signed_in(login)
    done = client.delete("/api/tools/feeds?" + urlencode({"url": url}))
    show(done, as_json=json, lines=[f"{url} is watched no more."])


def feeds(*, where: Where = HERE, json: AsJson = False) -> None:
    """List the feeds that are watched, with the newest release seen in each."""
    with where.reading() as client:
        rows = client.get("/api/tools/feeds")
    shown = [{**row, "newest": row["releases"][0]["version"] if row["releases"] else ""} for row in rows]
    columns = {"vendor": "vendor", "product": "product", "newest": "newest", "checkedAt": "read", "url": "feed"}
    empty = "No feed is watched; `skillnet tool watch URL --product X` names one."
    show_rows(rows, columns, as_json=json, empty=empty, shown=shown)


def read(*, data: Data = None, json: AsJson = False) -> None:
    """Read every feed now, as the operator; a node does it by itself several times a day."""
    with operate(data_folder(data)) as client:
        done = client.post("/api/tools/read")
    show(done, as_json=json, lines=[f"{done['releases']} new releases."])


def reverify(
    key: Annotated[str, Parameter(help="The verdict's key, as the list gives it; without one, show the list.")] = "",
    /,
    *,
    outdated: Annotated[bool, Flag, Parameter(help="Say that it is outdated instead.")] = False,
    login: As = "",
    json: AsJson = False,
) -> None:
    """Show what you said works and may no longer, and what of yours goes stale next; with KEY, say so again."""
    client, _ = as_practitioner(login)
    if key:
        done = client.post(f"/api/renewals/{key}", {"outdated": outdated})
        said = "is outdated" if outdated else "still works"
        show(done, as_json=json, lines=[f"Signed: {done['item']} {said}."])
        return
    found = client.get("/api/renewals")
    if json:
        show_json(found)
        return
    show_lines(_renewal_lines(found["renewals"]))
    show_lines(_own_lines(found["own"]))


def _renewal_lines(renewals: list[dict[str, Any]]) -> list[str]:
    if not renewals:
        return ["Nothing that you endorsed needs another look."]
    lines = ["Does it still work? `skillnet reverify KEY` says so, `--outdated` the contrary."]
    for one in renewals:
        changed = "  (changed since: read it first)" if one["changed"] else ""
        lines += [f"{one['rkey']}  {one['title']}{changed}", *(f"    {reason}" for reason in one["reasons"])]
    return lines


def _own_lines(own: list[dict[str, Any]]) -> list[str]:
    lines = ["", "Yours, and what goes stale next:"] if own else []
    for one in own:
        coming = f"  next on {one['next']['day']}: {one['next']['why']}" if one["next"] else ""
        lines += [f"{one['freshness']:.0%}  {one['title']}{coming}", *(f"    {reason}" for reason in one["reasons"])]
    return lines
