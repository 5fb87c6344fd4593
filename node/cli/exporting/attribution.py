"""Whose work a module rests on: the chain of versions that it was made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from node.cli.publishing.origins import find_version

_LONGEST_CHAIN = 32


@dataclass(frozen=True, slots=True)
class Origin:
    """One link of an attribution chain: a version, whose it is, and under which licence."""

    uri: str
    title: str
    author: str
    handle: str
    licence: str

    def to_json(self) -> dict[str, str]:
        """As `--json` prints it."""
        return {"uri": self.uri, "title": self.title, "author": self.author, "handle": self.handle,
                "license": self.licence}  # fmt: skip

    def __str__(self) -> str:
        return f"“{self.title}” by {self.handle or self.author}, {self.licence}  {self.uri}"


def chain_of(client: Any, found: dict[str, Any]) -> Iterator[Origin]:
    """The version found, then what it was made from, and so on as far as this node knows."""
    seen: set[str] = set()
    while found and len(seen) < _LONGEST_CHAIN:
        item, version = found["item"], found["version"]
        if version["uri"] in seen:
            return
        seen.add(version["uri"])
        value = version["value"]
        yield Origin(version["uri"], value["title"], item["author"], item["handle"], value.get("license", ""))
        origin = value.get("derivedFrom")
        if not origin:
            return
        earlier = find_version(client, str(origin["uri"]))
        if earlier is None or earlier["version"]["cid"] != origin["cid"]:
            yield Origin(str(origin["uri"]), "a version that this node does not know", "", "", "licence unknown")
            return
        found = earlier
