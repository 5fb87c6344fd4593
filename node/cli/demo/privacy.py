"""The recipient × field matrix: private strings planted in one worker, looked for in everything others can get."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from node.cli.demo.stage import StagedNode
from node.cli.reaching.client import NodeClient

WORDS = ("role", "goal", "former goal", "tool", "placement", "task faced")
FIELDS = (*WORDS, "feed address")
NOT_KEPT = "task faced"  # a question is answered and forgotten: not even its asker is shown it again


@dataclass(frozen=True, slots=True)
class Planted:
    """A unique string for each private field."""

    marks: dict[str, str]

    @classmethod
    def fresh(cls, feed_address: str) -> Planted:
        """New words that occur nowhere else; the private address is a secret by itself."""
        words = {name: f"zq{secrets.token_hex(6)}" for name in WORDS}
        return cls(words | {"feed address": feed_address})

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

    def former_profile(self, base: dict[str, Any]) -> dict[str, Any]:
        """What the worker said before and has replaced since: it must be gone from the disk too."""
        return {**base, "goals": [{"text": f"once wanted {self.marks['former goal']}"}]}

    def found_in(self, body: bytes) -> list[str]:
        """Fields whose mark occurs."""
        return [name for name, mark in self.marks.items() if mark.encode() in body]


Recipient = tuple[str, Callable[[], Iterator[bytes]]]

PUBLIC_PATHS = (
    "/", "/trust", "/metrics", "/schema/openapi.json", "/health", "/ready",
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
    """What a recipient gets at these addresses; a refusal is an answer too."""
    for path in paths:
        if "{mark}" not in path:
            yield client.http.get(path).content
            continue
        for field, mark in planted.marks.items():
            answer = client.http.get(path.replace("{mark}", quote(mark)))
            # The answer repeats the asker's own question; what it found is what could come from the worker. The words
            # are in no record, so that whatever they find is a leak; pieces of a random address may be words of one.
            hits = answer.json().get("hits", []) if answer.status_code == 200 else []
            yield mark.encode() if hits and field in WORDS else json.dumps(hits).encode()


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
        for body in bodies():
            for field in planted.found_in(body):
                counts[field] += 1
        table[name] = counts
    return table
