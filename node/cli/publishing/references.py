"""Where the files that a document names are, or will be, published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from node.authoring.problems import Problem
from node.cli.publishing.collect import Collected, Source, read_source
from schemas.authority import MODULE, TASK

HEADS = {"module": MODULE, "task": TASK}
_FIELDS = {"module": ("tasks", "requires", "translationOf"), "task": ("parent", "translationOf")}


@dataclass(frozen=True, slots=True)
class Reference:
    """A file that `source` names in its front matter; `address` is where it is published, `by` whom."""

    source: Source
    written: str
    by: str
    target: Source

    @property
    def address(self) -> str:
        """At-uri of the head."""
        return f"at://{self.by}/{HEADS[self.target.kind]}/{self.target.name}"


def references_of(
    source: Source, collected: Collected, did: str, authors: Mapping[Path, str]
) -> tuple[list[Reference], list[Problem]]:
    """References of one document. `authors` says who publishes a file (resolved path), where it is not `did`."""
    found, problems = [], []
    for place, written in _paths_in(source):
        path = collected.find_file(source, written)
        if path is None:
            message = "there is no such file in the folder that is published"
            problems.append(Problem(str(source.path), *place, "unresolved-reference", "error", message, written))
            continue
        target = collected.find_source(path) or read_source(path, collected.root)
        found.append(Reference(source, written, authors.get(path, did), target))
    return found, problems


def _paths_in(source: Source) -> Iterator[tuple[tuple[int, int], str]]:
    front = source.document.front
    for key in _FIELDS[source.kind]:
        value = front.data.get(key)
        if isinstance(value, list):
            for number, entry in enumerate(value):
                if _is_path(entry):
                    yield front.value_place(key, number), entry
        elif _is_path(value):
            yield front.value_place(key), str(value)


def _is_path(entry: object) -> bool:
    return isinstance(entry, str) and (entry.startswith(("./", "../")) or entry.endswith(".md")) and ":" not in entry
