"""The node at work: ready, its search, its peers and what it refused of them."""

from __future__ import annotations

import resource
import socket
import struct
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from node.cli.examining.address import examine_address, examine_clock
from node.cli.examining.finding import Finding, judged
from node.cli.reaching.client import Answered, NodeClient, is_answered, operate
from node.errors import NodeError

ENOUGH_FILES = 4096  # readers of the stream, hosts followed, browsers that hold connections


def examine_node(path: Path) -> Iterator[Finding]:
    """Through its socket, or in its folder when it is stopped."""
    from node.app.data_folder import SOCKET_NAME

    is_running = is_answered(path / SOCKET_NAME)
    if not is_running:
        yield Finding("running", ok=True, detail="stopped; `skillnet serve` starts it")
    try:
        with operate(path) as client:
            if is_running:
                yield from examine_readiness(client)
                yield examine_open_files(path / SOCKET_NAME)
            yield examine_drift(client)
            yield from examine_peers(client)
            about = client.get("/api/node")
            yield examine_release(about)
    except NodeError as error:
        yield Finding("node", ok=False, detail=error.message, mend=error.hint)
        return
    if is_running:
        yield from examine_address(str(about["url"]), str(about["did"]))


def examine_release(about: Mapping[str, Any]) -> Finding:
    """A process goes on as what it was begun as, whatever was installed since; older ones do not say what they are."""
    running, installed = about.get("release", "of an older release"), metadata.version("skillnet-node")
    seen = f"skillnet-node {running} runs" + (f", {installed} is installed" if running != installed else "")
    mend = "Begin it anew: systemctl restart skillnet, or stop `skillnet serve` and start it."
    return judged("release", running == installed, seen, mend)


def examine_readiness(client: NodeClient) -> Iterator[Finding]:
    """Does it serve, and does its search server answer?"""
    try:
        ready = client.get("/ready")
    except Answered as error:
        yield Finding("node", ok=False, detail=error.message, mend="It is starting; look again in a minute.")
        return
    yield Finding("node", ok=True, detail="answers, its database too, and its ranking is built")
    mend = "Is the server of search.meilisearch_url running, and its key right? The node tries again by itself."
    yield judged("search", "does not answer" not in ready["search"], ready["search"], mend)


def examine_drift(client: NodeClient) -> Finding:
    """Compared now, not when the night did."""
    found = client.get("/api/search/comparison")
    if not found["done"]:
        return Finding("search drift", ok=True, detail=found["progress"])
    differing = found["stale"] + found["surplus"]
    seen = f"{differing} documents differed from the catalogue" if differing else "the index is that of the catalogue"
    return judged("search drift", not differing, seen, "They are mended now; if this returns, the log says why.")


def examine_open_files(socket_path: Path) -> Finding:
    """How many files and connections the process behind a socket may have open."""
    with socket.socket(socket.AF_UNIX) as door:
        door.connect(str(socket_path))
        pid, _, _ = struct.unpack("3i", door.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    most, _ = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    mend = "LimitNOFILE=65536 in its systemd unit, or `ulimit -n 65536` before `skillnet serve`."
    return judged("open files", most >= ENOUGH_FILES, f"at most {most} at once", mend)


def examine_peers(client: NodeClient) -> Iterator[Finding]:
    """Those followed, the clock against theirs, and what was refused of them."""
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
