"""Ids of the skills that authors name in their own words, as the node's reference data has them."""

from __future__ import annotations

from node.batches import batches
from node.cli.publishing.collect import Collected
from node.cli.reaching.client import NodeClient

AT_ONCE = 100


def skill_ids(client: NodeClient, collected: Collected) -> dict[str, str]:
    """Name as written → id; a name that the reference data does not have stays as it is."""
    listed = (source.document.front.data.get("skills") for source in collected.sources)
    names = [name for skills in listed if isinstance(skills, list) for name in skills if _is_name(name)]
    found: dict[str, str] = {}
    for part in batches(dict.fromkeys(names), AT_ONCE):
        found |= client.get("/api/reference/skills", name=part)["ids"]
    return found


def _is_name(skill: object) -> bool:
    return isinstance(skill, str) and bool(skill) and ":" not in skill
