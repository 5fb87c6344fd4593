"""Other nodes: follow, unfollow, peers, sync. The operator's, through the node's socket."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import Annotated, Any

from cyclopts import App, Parameter

from node.cli.reaching.client import NodeClient, operate
from node.cli.reaching.folders import data_folder
from node.cli.reaching.logins import normal_url
from node.cli.reaching.options import AsJson, Data, Flag
from node.cli.terminal.output import show, show_rows
from node.cli.terminal.progress import progress_bar
from node.errors import Unreachable

PATIENCE = 120.0  # seconds that `sync --once` waits
_POLL = 0.3


def register(app: App) -> None:
    """Add the commands."""
    app.command(follow)
    app.command(unfollow)
    app.command(peers)
    app.command(sync)


def follow(
    url: str,
    /,
    *,
    trust: Annotated[bool, Flag, Parameter(help="Vouch for it too: its practitioners' verdicts count here.")] = False,
    data: Data = None,
    json: AsJson = False,
) -> None:
    """Read another host's repositories from now on, everything verified."""
    with operate(data_folder(data)) as client:
        peer = client.post("/api/peers", {"url": normal_url(url), "trust": trust})
        peer = _watch(client, peer)
    lines = [
        f"Following {peer['organisation'] or peer['url']} ({peer['state']}){', trusted' if peer['trusted'] else ''}."
    ]
    if peer["state"] == "backfill":
        lines.append("The backfill goes on in the node; `skillnet peers` shows how far it is.")
    if peer["state"] == "new":
        lines.append("It has not answered yet; `skillnet peers` shows when it does.")
    lines += [f"It does not answer yet: {peer['error']}. Next try: {peer['nextTry']}."] if peer["error"] else []
    show(peer, as_json=json, lines=lines)


def _watch(client: NodeClient, peer: dict[str, Any]) -> dict[str, Any]:
    """The backfill as a bar until it is done, where somebody looks at it; Ctrl-C ends the looking only."""
    if not sys.stderr.isatty():
        return peer
    with progress_bar() as bar, contextlib.suppress(KeyboardInterrupt):
        while peer["state"] in ("new", "backfill"):
            time.sleep(_POLL)
            peer = next((row for row in client.get("/api/peers") if row["url"] == peer["url"]), {**peer, "state": ""})
            done, expected = peer["fetched"], peer["expected"]
            bar(f"{done} of {expected} repositories", done / expected if expected else 0.0)
    return peer


def unfollow(url: str, /, *, data: Data = None, json: AsJson = False) -> None:
    """Follow a host no more, and forget what came from there."""
    with operate(data_folder(data)) as client:
        gone = client.delete(f"/api/peers?{_query(normal_url(url))}")
    show(gone, as_json=json, lines=[f"No longer following {gone['url']}."])


def peers(
    *,
    suggested: Annotated[bool, Flag, Parameter(help="Show those that they follow and this node does not.")] = False,
    data: Data = None,
    json: AsJson = False,
) -> None:
    """Show the hosts that this node follows and how that goes."""
    with operate(data_folder(data)) as client:
        rows = client.get("/api/peers/suggestions" if suggested else "/api/peers")
    if suggested:
        shown = [{**row, "knownBy": ", ".join(row["knownBy"])} for row in rows]
        columns = {"organisation": "organisation", "url": "address", "knownBy": "known by"}
        show_rows(rows, columns, as_json=json, empty="Those followed here follow nobody else.", shown=shown)
        return
    columns = {
        "organisation": "organisation", "url": "address", "kind": "kind", "state": "state", "trusted": "trusted",
        "progress": "backfill", "repositories": "repositories", "cursor": "cursor", "error": "problem",
        "nextTry": "next try",
    }  # fmt: skip
    shown = [{**row, "trusted": "yes" if row["trusted"] else "", "progress": _progress(row)} for row in rows]
    empty = "This node follows nobody yet; `skillnet follow URL` begins."
    show_rows(rows, columns, as_json=json, empty=empty, shown=shown)


def sync(
    *,
    once: Annotated[bool, Flag, Parameter(help="Wait until every host that answers is followed live.")] = False,
    data: Data = None,
    json: AsJson = False,
) -> None:
    """Try every waiting host at once instead of at its next turn."""
    with operate(data_folder(data)) as client:
        client.post("/api/peers/sync")
        rows = client.get("/api/peers")
        deadline = time.monotonic() + PATIENCE
        while once and not all(map(_is_settled, rows)):
            if time.monotonic() > deadline:
                waiting = ", ".join(row["url"] for row in rows if not _is_settled(row))
                raise Unreachable(f"Not caught up with {waiting} after {PATIENCE:.0f} s.", hint="`skillnet peers`")
            time.sleep(_POLL)
            rows = client.get("/api/peers")
    show(rows, as_json=json, lines=[f"{row['url']}: {row['state']} {row['error']}".rstrip() for row in rows])


def _progress(row: dict[str, Any]) -> str:
    return f"{row['fetched']} of {row['expected']}" if row["state"] == "backfill" else ""


def _is_settled(row: dict[str, Any]) -> bool:
    return row["state"] == "live" or bool(row["error"])


def _query(url: str) -> str:
    import httpx

    return str(httpx.QueryParams({"url": url}))
