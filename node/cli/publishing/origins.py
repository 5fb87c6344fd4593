"""What a fork was made from: the exact version, and whether its licence lets this one be."""

from __future__ import annotations

from typing import Any

from node.authoring.compatibility import UNSTATED, find_obstacle
from node.authoring.problems import Problem
from node.authoring.value import origin_of
from node.cli.publishing.collect import Source
from node.cli.reaching.client import Answered, NodeClient


def find_version(client: NodeClient, uri: str) -> dict[str, Any] | None:
    """A version by its own address, or the current one of a head, as `/api/item` gives it; None where it is unknown."""
    try:
        found: dict[str, Any] = client.get("/api/item", uri=uri)
    except Answered:
        return None
    return found


def check_origin(source: Source, client: NodeClient) -> tuple[dict[str, str] | None, list[Problem]]:
    """The strong reference to what this was made from, and what keeps it from being published."""
    front, path = source.document.front, str(source.path)
    stated = front.data.get("derivedFrom")
    if not stated:
        return None, []
    exact = origin_of(source.document)
    found = find_version(client, exact["uri"] if exact else str(stated))
    place = front.value_place("derivedFrom")
    if found is None:
        if exact:
            return exact, []
        message = "this node does not know that version; name it exactly, {uri: at://…, cid: …}, as `module fork` does"
        return None, [Problem(path, *place, "unresolved-reference", "error", message, str(stated))]
    version = found["version"]
    if exact and exact["cid"] != version["cid"]:
        message = f"the version at that address is {version['cid']}, not this one"
        return None, [Problem(path, *place, "unresolved-reference", "error", message, exact["cid"])]
    original = str(version["value"].get("license", UNSTATED))
    obstacle = find_obstacle(original, front.text("license") or UNSTATED)
    if obstacle:
        place = front.value_place("license") if "license" in front.data else place
        return None, [Problem(path, *place, "license-incompatible", "error", obstacle, front.text("license"))]
    return {"uri": version["uri"], "cid": version["cid"]}, []
