"""The node at work: ready, its search, its peers and what it refused of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from node.cli.client import Answered, NodeClient, operate
from node.cli.examining.address import examine_address, examine_clock
from node.cli.examining.finding import Finding, judged
from node.errors import NodeError


def examine_node(path: Path) -> Iterator[Finding]:
    """Through its socket, or in its folder when it is stopped."""
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
        yield from examine_address(str(about["url"]), str(about["did"]))


def _readiness(client: NodeClient) -> Iterator[Finding]:
    try:
        ready = client.get("/ready")
    except Answered as error:
        yield Finding("node", ok=False, detail=error.message, mend="It is starting; look again in a minute.")
        return
    yield Finding("node", ok=True, detail="answers, its database too, and its ranking is built")
    mend = "Is the server of search.meilisearch_url running, and its key right? The node tries again by itself."
    yield judged("search", "does not answer" not in ready["search"], ready["search"], mend)


def _peers(client: NodeClient) -> Iterator[Finding]:
    followed = client.get("/api/peers")
    for peer in followed:
        detail = peer["error"] or peer["state"]
        mend = f"Next try {peer['nextTry']}; `skillnet sync` tries now."
        yield judged(f"peer {peer['url']}", not peer["error"], detail, mend)
    if followed:
        yield examine_clock([peer["url"] for peer in followed if not peer["error"]])
    refused = client.get("/api/rejections", limit=100)
    if refused:
        reasons = ", ".join(sorted({one["code"] for one in refused}))
        yield Finding("refused from peers", ok=True, detail=f"{len(refused)} lately: {reasons}")
