"""Three-way merge of a fork with what its original became; no local edit is lost, in text or in files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from node.authoring.difference import difference
from node.authoring.merge.merge import Conflict, Merged, merge
from node.authoring.value import origin_of, source_of
from node.authoring.write import write
from node.cli.exporting.files import body_text, cid_of_file, inside
from node.cli.forking.files import with_fields
from node.cli.publishing.collect import Source, collect
from node.cli.publishing.origins import find_version
from node.cli.reaching.client import NodeClient
from node.errors import NodeError, Unknown

MARKERS = ("<<<<<<< ", ">>>>>>> ")


class NotAFork(NodeError):
    """This file does not say which version it was made from."""

    hint = "`skillnet module fork URI` writes one that does (derivedFrom: {uri, cid})."


class Unresolved(NodeError):
    """An earlier merge is not finished: there are conflict markers in the file."""

    hint = "Choose between <<<<<<< and >>>>>>>, remove the markers, then merge again."


@dataclass(frozen=True, slots=True)
class MergedFile:
    """What became of a fork."""

    path: Path
    said: str
    merged: Merged
    difference: str
    origin: dict[str, str]
    files: tuple[str, ...] = ()

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Where both sides changed the same."""
        return self.merged.conflicts

    def to_json(self) -> dict[str, Any]:
        """As `--json` prints it."""
        conflicts = [{"line": one.line, "proposal": one.proposal} for one in self.conflicts]
        return {"path": str(self.path), "derivedFrom": self.origin, "said": self.said, "conflicts": conflicts,
                "difference": self.difference, "files": list(self.files)}  # fmt: skip


def merge_file(client: NodeClient, path: Path, *, write: bool = True) -> MergedFile:
    """Merge the original's current version into the file. Raises NotAFork, Unresolved, Unknown."""
    source = collect(path).sources[0] if path.is_file() else _only(path)
    text = _text_of(source)
    origin = origin_of(source.document)
    if origin is None:
        raise NotAFork
    base = get_version(client, origin["uri"])
    if base["version"]["cid"] != origin["cid"]:
        raise Unknown(f"The version at {origin['uri']} is not the one that this was made from.")
    theirs = get_version(client, base["item"]["uri"])
    new = {"uri": theirs["version"]["uri"], "cid": theirs["version"]["cid"]}
    if new == origin:
        return MergedFile(path, "Nothing has changed upstream.", Merged(text), "", origin)
    merged = merge(
        _as_fork(client, base, origin), text, _as_fork(client, theirs, new), ("yours", f"upstream {new['uri']}")
    )
    files: list[str] = []
    if write:
        _replace(source.path, merged.text)
        files = list(_merge_files(client, base, theirs, source.path.parent))
    number = len(merged.conflicts)
    places = "one place is" if number == 1 else f"{number} places are"
    said = f"Merged; {places} left to you." if number else "Merged without a conflict."
    return MergedFile(source.path, said, merged, difference(text, merged.text, "yours", "merged"), new, tuple(files))


def _only(path: Path) -> Source:
    sources = collect(path).sources
    forks = [source for source in sources if source.document.front.data.get("derivedFrom")]
    if len(forks) != 1:
        raise NotAFork(f"{path} holds {len(forks)} forks.", hint="Name the file.")
    return forks[0]


def _text_of(source: Source) -> str:
    text = write(source.document)
    if any(line.startswith(MARKERS) for line in text.splitlines()):
        raise Unresolved
    return text


def get_version(client: NodeClient, uri: str) -> dict[str, Any]:
    """A version, or an item with its current one. Raises Unknown."""
    found = find_version(client, uri)
    if found is None:
        raise Unknown(f"This node does not know {uri}.", hint="It was withdrawn, or its host is not followed here.")
    return found


def _as_fork(client: NodeClient, found: dict[str, Any], origin: dict[str, str]) -> str:
    """A version's text as `fork` writes it: only so do its lines stand where the fork's stand."""
    value = found["version"]["value"]
    text = source_of(value, body_text(client, found["item"]["author"], value))
    return with_fields(text, value, {"derivedFrom": origin}).source


def _replace(path: Path, text: str) -> None:
    """Write beside and rename: a full disk costs nothing that was there."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(text.encode("utf-8", "surrogateescape"))
    beside.replace(path)


def _merge_files(client: NodeClient, base: dict[str, Any], theirs: dict[str, Any], folder: Path) -> list[str]:
    """Pictures and attachments: new and untouched ones are taken over; where both changed, theirs is put beside."""
    written = []
    before = {path: cid for path, cid, _ in _files(base)}
    for path, cid, blob in _files(theirs):
        target = folder / inside(path)
        here = cid_of_file(target) if target.is_file() else ""
        if here == cid or (here and before.get(path) == cid):
            continue
        if here and here != before.get(path):
            target = target.with_name(f"{target.stem}.upstream{target.suffix}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(client.download("/api/blob", did=theirs["item"]["author"], cid=str(blob["ref"]["$link"])))
        written.append(str(target))
    return written


def _files(found: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    value = found["version"]["value"]
    entries = [*value.get("pictures", []), *value.get("attachments", [])]
    return [(str(entry["path"]), str(entry["blob"]["ref"]["$link"]), entry["blob"]) for entry in entries]
