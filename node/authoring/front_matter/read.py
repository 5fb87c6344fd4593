"""Front matter as the document holds it: data, places in the file, and what is wrong with the YAML itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from node.authoring.front_matter.split import Parts
from node.authoring.front_matter.tree import Path, Place, Tree, YamlInvalid, read_tree
from node.authoring.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Keys and values, each with its line and column in the file (from 1)."""

    data: Mapping[str, Any] = field(default_factory=dict)
    tree: Tree = field(default_factory=Tree)
    present: bool = False

    def key_place(self, *path: str | int) -> Place:
        """Where the key at `path` stands in the file; the file's beginning for one that is not there."""
        return _in_file(self.tree.keys.get(path) or self.tree.values.get(path) or (-1, 0))

    def value_place(self, *path: str | int) -> Place:
        """As `key_place`, of the value."""
        return _in_file(self.tree.values.get(path) or self.tree.keys.get(path) or (-1, 0))

    def text(self, key: str) -> str:
        """A value as text; empty when it is missing or not a plain value."""
        value = self.data.get(key)
        return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def read_front_matter(parts: Parts, path: str) -> tuple[FrontMatter, list[Problem]]:
    """Read the YAML part of a source; never raises."""
    if parts.unclosed:
        return FrontMatter(), [
            _problem(path, (0, 0), "front-matter-unclosed", "the front matter has no closing “---” line")
        ]
    if not parts.tail:
        return FrontMatter(), []
    try:
        tree = read_tree(_visible(parts.yaml))
    except YamlInvalid as error:
        message = f"The front matter {error.message}" if error.code != "yaml-syntax" else error.message
        return FrontMatter(present=True), [_problem(path, _in_file(error.place), error.code, message)]
    if tree.data is None:
        return FrontMatter(present=True), []
    if not isinstance(tree.data, dict):
        message = "the front matter must be a list of “key: value” lines"
        return FrontMatter(present=True), [_problem(path, (2, 1), "front-matter-shape", message)]
    return FrontMatter(tree.data, tree, present=True), [_repeated(path, key, place) for key, place in tree.repeated]


def _visible(text: str) -> str:
    """Undecodable bytes came in as lone surrogates, which the YAML reader cannot take."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


def _repeated(path: str, key: Path, place: Place) -> Problem:
    name = str(key[-1])
    return _problem(path, _in_file(place), "duplicate-key", f"“{name}” is given twice; the last one counts", found=name)


def _in_file(place: Place) -> Place:
    return (place[0] + 2, place[1] + 1)


def _problem(path: str, place: Place, code: str, message: str, found: str = "") -> Problem:
    severity: Severity = "error"
    return Problem(path, max(place[0], 1), max(place[1], 1), code, severity, message, found)
