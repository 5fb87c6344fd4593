"""YAML events into plain values, with the place of each, within bounds and without recursion.

libyaml through PyYAML is used for speed: a usual front matter takes it 0.3 ms, a parser in Python 5 ms.
Aliases of collections, the stuff of "billion laughs", are refused; tags are ignored, so that no object is ever built.
"""

from dataclasses import dataclass, field
from typing import Any

import yaml

from node.authoring import limits
from node.authoring.front_matter.scalars import Scalar, resolve

Path = tuple[str | int, ...]
Place = tuple[int, int]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MISSING: Any = object()


class YamlInvalid(Exception):
    """The front matter is not valid YAML."""

    def __init__(self, message: str, place: Place, code: str = "yaml-syntax") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.code = code


@dataclass(slots=True)
class Tree:
    """Plain data and where it stands: line and column counted from 0 within the YAML text."""

    data: Any = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    ends: dict[Path, Place] = field(default_factory=dict)
    repeated: list[tuple[Path, Place]] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    holder: dict[str, Any] | list[Any]
    path: Path
    key: str | None = None


class _Builder:
    def __init__(self) -> None:
        self.tree = Tree()
        self.stack: list[_Open] = []
        self.anchors: dict[str, Scalar] = {}
        self.count = 0

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            closed = self.stack.pop()
            self.tree.ends[closed.path] = _place(event.end_mark)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)

    def _scalar(self, event: Any) -> None:
        plain = bool(event.implicit[0]) and not event.style
        value = resolve(event.value, plain=plain)
        if event.anchor:
            self.anchors[event.anchor] = value
        self._put(value, event.value, event)

    def _alias(self, event: Any) -> None:
        value = self.anchors.get(event.anchor, _MISSING)
        if value is _MISSING:
            raise YamlInvalid(
                "repeats a list or a mapping by alias; write it out", _place(event.start_mark), "yaml-alias"
            )
        self._put(value, str(value), event)

    def _begin(self, event: Any) -> None:
        holder: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        if self.stack and isinstance(self.stack[-1].holder, dict) and self.stack[-1].key is None:
            raise YamlInvalid("a key must be a word, not a list or a mapping", _place(event.start_mark), "yaml-key")
        path = self._put(holder, "", event)
        if len(self.stack) >= limits.FRONT_MATTER_DEPTH:
            message = f"is nested deeper than {limits.FRONT_MATTER_DEPTH} levels"
            raise YamlInvalid(message, _place(event.start_mark), "yaml-depth")
        self.stack.append(_Open(holder, path))

    def _put(self, value: Any, text: str, event: Any) -> Path:
        """Store a value, or remember a key; the path of what was stored."""
        self.count += 1
        place = _place(event.start_mark)
        if self.count > limits.FRONT_MATTER_VALUES:
            raise YamlInvalid(f"holds more than {limits.FRONT_MATTER_VALUES} values", place, "yaml-size")
        if not self.stack:
            self.tree.data = value
            return ()
        top = self.stack[-1]
        if isinstance(top.holder, dict) and top.key is None:
            self._key(top, text, place)
            return top.path
        path = (*top.path, len(top.holder) if isinstance(top.holder, list) else str(top.key))
        if isinstance(top.holder, list):
            top.holder.append(value)
        else:
            top.holder[str(top.key)] = value
            top.key = None
        self.tree.values[path] = place
        self.tree.ends[path] = _place(event.end_mark)
        return path

    def _key(self, top: _Open, text: str, place: Place) -> None:
        top.key = text
        path = (*top.path, text)
        if path in self.tree.keys:
            self.tree.repeated.append((path, place))
        self.tree.keys[path] = place


def read_tree(text: str) -> Tree:
    """Read one YAML document. Raises YamlInvalid with the place (from 0) of what is wrong."""
    if len(text) > limits.FRONT_MATTER_CHARACTERS:
        raise YamlInvalid(f"is longer than {limits.FRONT_MATTER_CHARACTERS} characters", (0, 0), "yaml-size")
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_Loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlInvalid(_explain(error), _place(mark) if mark else (0, 0)) from None
    except yaml.reader.ReaderError as error:
        raise YamlInvalid(f"holds a character that YAML does not allow ({error.reason})", _find(text, error)) from None
    return builder.tree


def _place(mark: Any) -> Place:
    return (mark.line, mark.column)


def _find(text: str, error: Any) -> Place:
    """Place of a forbidden character; the reader says only which one it is."""
    character = error.character if isinstance(error.character, str) else chr(error.character)
    before = text[: max(text.find(character), 0)]
    return (before.count("\n"), len(before) - before.rfind("\n") - 1)


_EXPLAINED = {
    "mapping values are not allowed": "a value that contains “: ” needs quotes, or the line is indented too far",
    "found character '\\t' that cannot start any token": "YAML is indented with spaces, not with tabs",
    "found character that cannot start any token": "a value that begins with this character needs quotes",
    "did not find expected ',' or ']'": "a list is not closed, or a comma is missing in it",
    "did not find expected ',' or '}'": "a mapping is not closed, or a comma is missing in it",
    "found unexpected end of stream": "a quote is not closed",
    "could not find expected ':'": "a key needs a colon and a space behind it",
    "did not find expected key": "a key was expected here: check indentation and quotes",
    "did not find expected '-' indicator": "a list item was expected here: check indentation",
    "found undefined alias": "an alias names an anchor that does not exist; a value that begins with “*” needs quotes",
    "found undefined tag handle": "a value that begins with “!” needs quotes",
}


def _explain(error: Any) -> str:
    problem = str(error.problem or error.context or "not YAML")
    for start, text in _EXPLAINED.items():
        if problem.startswith(start):
            return f"{text} ({problem})"
    return problem
