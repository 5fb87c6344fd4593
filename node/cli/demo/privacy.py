"""The recipient × field matrix: private strings planted in one worker, looked for in everything others can get."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from node.cli.client import Answered, NodeClient
from node.cli.demo.stage import StagedNode

FIELDS = ("role", "goal", "tool", "placement", "task faced", "history")


@dataclass(frozen=True, slots=True)
class Planted:
    """A unique string for each private field."""

    marks: dict[str, str]

    @classmethod
    def fresh(cls) -> Planted:
        """New ones: words that occur nowhere else."""
        return cls({name: f"zq{secrets.token_hex(6)}" for name in FIELDS})

    def profile(self, base: dict[str, Any]) -> dict[str, Any]:
        """The worker's profile with the marks in it."""
        marks = self.marks
        return {
            **base,
            "role": f"{base.get('role', '')} {marks['role']}",
            "goals": [*base.get("goals", []), {"text": f"learn {marks['goal']}"}],
            "tools": [*base.get("tools", []), marks["tool"]],
            "placements": {**base.get("placements", {}), marks["placement"]: "novice"},
        }

    def found_in(self, body: bytes) -> list[str]:
        """Fields whose mark occurs."""
        return [name for name, mark in self.marks.items() if mark.encode() in body]


Recipient = tuple[str, Callable[[], Iterator[bytes]]]

PUBLIC_PATHS = (
    "/", "/search?q={mark}", "/trust", "/metrics", "/schema/openapi.json", "/health", "/ready",
    "/xrpc/com.atproto.sync.listRepos", "/xrpc/org.skillnet.catalogue.search?q={mark}", "/api/search?q={mark}",
)  # fmt: skip
PERSONAL_PATHS = (
    "/api/me/profile",
    "/api/me/feed",
    "/api/me/beliefs",
    "/api/me/export",
    "/me",
    "/me/profile",
    "/admin",
)
OPERATOR_PATHS = ("/api/accounts", "/api/peers", "/api/rejections", "/admin", "/metrics")


def pages_for(client: NodeClient, paths: tuple[str, ...], planted: Planted) -> Iterator[bytes]:
    """What a recipient gets at these addresses; a refusal is an answer too. The asked mark itself does not count."""
    for path in paths:
        for mark in planted.marks.values() if "{mark}" in path else ("",):
            response = client.http.get(path.replace("{mark}", mark))
            # A search page shows the reader's own question; that is the asker's text, not the worker's.
            yield response.content.replace(mark.encode(), b"") if mark else response.content


def repositories_of(node: StagedNode) -> Iterator[bytes]:
    """Every repository that a node serves to the network."""
    client = node.anonymous()
    for repo in client.get("/xrpc/com.atproto.sync.listRepos")["repos"]:
        yield client.http.get("/xrpc/com.atproto.sync.getRepo", params={"did": repo["did"]}).content


def files_of(folder: Path) -> Iterator[bytes]:
    """Every file of a data folder: what lies on a disk, logs included."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_socket():
            yield path.read_bytes()


def matrix(planted: Planted, recipients: list[Recipient]) -> dict[str, dict[str, int]]:
    """For each recipient and field, how many of the answers held the mark."""
    table: dict[str, dict[str, int]] = {}
    for name, bodies in recipients:
        counts = dict.fromkeys(FIELDS, 0)
        try:
            for body in bodies():
                for field in planted.found_in(body):
                    counts[field] += 1
        except Answered:
            pass
        table[name] = counts
    return table
