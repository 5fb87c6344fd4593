"""Three-way merge of a path with what the one it was made from became."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from node.authoring.difference import difference
from node.authoring.merge.merge import Merged
from node.authoring.merge.stops import merge_paths
from node.authoring.parse import parse_path
from node.authoring.paths import path_source
from node.cli.forking.merge import MARKERS, NotAFork, Unresolved, get_version
from node.cli.reaching.client import NodeClient


class NotAForkedPath(NotAFork):
    """This path does not say which version it was made from."""

    hint = "`skillnet path export URI --fork` writes one that does."


def merge_path(client: NodeClient, file: Path, *, write: bool = True) -> tuple[Merged, str]:
    """The merged text, written too, and its difference to the file. Raises NotAForkedPath, Unresolved, Unknown."""
    text = file.read_text("utf-8")
    origin = parse_path(text, str(file)).front.data.get("derivedFrom")
    if not isinstance(origin, dict) or not origin.get("uri"):
        raise NotAForkedPath
    if any(line.startswith(MARKERS) for line in text.splitlines()):
        raise Unresolved
    base = get_version(client, str(origin["uri"]))
    theirs = get_version(client, base["item"]["uri"])
    merged = merge_paths(_as_fork(base), text, _as_fork(theirs), ("yours", f"upstream {theirs['version']['uri']}"))
    if write and merged.text != text:
        file.write_text(merged.text, "utf-8")
    return merged, difference(text, merged.text, "yours", "merged")


def _as_fork(found: dict[str, Any]) -> str:
    """A version's text as `export --fork` writes it."""
    version = found["version"]
    return path_source({**version["value"], "derivedFrom": {"uri": version["uri"], "cid": version["cid"]}})
