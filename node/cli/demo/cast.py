"""Who plays: the organisations of the starter catalogue, their people, what they publish and say of one another."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

STARTER = Path(str(files("node.starter")))
ORDER = ("riverside-health", "fenwick-works", "harbour-services")  # node A, B, C


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation of the demonstration: its short name, folder of Markdown and what its TOML file says."""

    key: str
    folder: Path
    facts: dict[str, Any]

    @property
    def name(self) -> str:
        """As people call it."""
        return str(self.facts["name"])

    @property
    def practitioners(self) -> list[dict[str, Any]]:
        """Who publishes and endorses."""
        return list(self.facts["practitioners"])

    @property
    def workers(self) -> list[dict[str, Any]]:
        """Who learns."""
        return list(self.facts["workers"])

    def statements(self, kind: str) -> list[dict[str, Any]]:
        """`vouches` or `endorsements`."""
        return list(self.facts.get(kind, []))


def load_cast() -> list[Organisation]:
    """The three organisations, in the order of their ports."""
    return [
        Organisation(key, STARTER / key, tomllib.loads((STARTER / key / "organisation.toml").read_text("utf-8")))
        for key in ORDER
    ]
