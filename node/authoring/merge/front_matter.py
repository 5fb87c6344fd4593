"""Front matter merged by key, where its lines collide."""

from collections.abc import Mapping, Sequence
from typing import Any

from node.authoring.front_matter.dump import dump_front_matter
from node.authoring.front_matter.tree import Tree, YamlInvalid, read_tree
from node.authoring.lines import LineTable

_MISSING = object()


def merge_front_matter(base: str, ours: str, theirs: str) -> str | None:
    """The YAML of the merge, key by key in the order of ours; None where a key was changed in two ways, or is not YAML.

    Lists of plain entries are merged by entry: what either side added is in, what either side removed is out.
    """
    try:
        trees = [read_tree(text) for text in (base, ours, theirs)]
    except YamlInvalid:
        return None
    if not all(isinstance(tree.data, dict) and not tree.repeated for tree in trees):
        return None
    before, mine, yours = (tree.data for tree in trees)
    written = [_sources(text, tree) for text, tree in zip((base, ours, theirs), trees, strict=True)]
    merged: list[str] = []
    for key in _order(list(mine), list(yours)):
        value = _merged(*(data.get(key, _MISSING) for data in (before, mine, yours)))
        if value is _COLLISION:
            return None
        if value is not _MISSING:
            merged.append(_as_written(key, value, (mine, yours), written[1:]))
    return "".join(merged)


_COLLISION = object()


def _order(mine: list[str], yours: list[str]) -> list[str]:
    """The keys of ours in their order; each that only theirs has stands behind the key it follows there."""
    order = list(mine)
    for index, key in enumerate(yours):
        if key not in order:
            place = order.index(yours[index - 1]) + 1 if index else 0
            order.insert(place, key)
    return order


def _merged(before: Any, mine: Any, yours: Any) -> Any:
    if yours in (mine, before):
        return mine
    if mine == before:
        return yours
    if all(_is_plain_list(value) for value in (mine, yours)) and (before is _MISSING or _is_plain_list(before)):
        return _merged_list([] if before is _MISSING else before, mine, yours)
    return _COLLISION


def _is_plain_list(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(entry, list | dict) for entry in value)


def _merged_list(before: list[Any], mine: list[Any], yours: list[Any]) -> list[Any]:
    removed = [entry for entry in before if entry not in yours]
    added = [entry for entry in yours if entry not in before and entry not in mine]
    return [entry for entry in mine if entry not in removed] + added


def _as_written(key: str, value: Any, sides: Sequence[Mapping[str, Any]], written: Sequence[Mapping[str, str]]) -> str:
    """The lines of a side that has this very value, comments included; else lines of our own."""
    for data, sources in zip(sides, written, strict=True):
        if key in data and data[key] == value and key in sources:
            text = sources[key]
            return text if text.endswith("\n") else f"{text}\n"
    return dump_front_matter({key: value})


def _sources(text: str, tree: Tree) -> dict[str, str]:
    """The lines of each outer key, up to the next one; comments above the first key belong to it."""
    lines = LineTable(text)
    begins = sorted((place[0], str(path[0])) for path, place in tree.keys.items() if len(path) == 1)
    if len({line for line, _ in begins}) < len(begins):
        return {}
    starts = [0, *(line for line, _ in begins[1:]), len(lines)]
    return {key: lines.between(starts[index] + 1, starts[index + 1]) for index, (_, key) in enumerate(begins)}
