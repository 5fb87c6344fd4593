"""Front matter merged by key, where its lines collide."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from node.authoring.checks.fields import MODULE_FIELDS, PATH_FIELDS, TASK_FIELDS
from node.authoring.front_matter.dump import dump_front_matter
from node.authoring.front_matter.tree import Tree, YamlInvalid, read_tree
from node.authoring.lines import LineTable
from node.authoring.merge.dates import find_later, is_last_change
from node.authoring.merge.sequences import Chunk, merge_sequences, settled

_Lines = tuple[str, ...]
_MISSING: Any = object()
_OWN = frozenset({*MODULE_FIELDS, *TASK_FIELDS, *PATH_FIELDS})  # each says something of its own


def merge_front_matter(base: str, ours: str, theirs: str) -> list[Chunk] | None:
    """The YAML of the merge, a chunk for each key; None where one of the three is not YAML with keys.

    A key is taken from the side that changed it. Lists of plain entries are merged entry by entry; of two dates of
    the last change the later one stands. What comes out is a proposal, as people mostly wrote something else, where a
    side put keys into another order or changed line ends and no date collides, and where both sides changed keys that
    this format does not know: those may belong together.
    """
    try:
        trees = [read_tree(text) for text in (base, ours, theirs)]
    except YamlInvalid:
        return None
    if not all(isinstance(tree.data, dict) and not tree.repeated for tree in trees):
        return None
    written = [_sources(text, tree) for text, tree in zip((base, ours, theirs), trees, strict=True)]
    if not all(written):
        return None
    before, mine, yours = (list(tree.data) for tree in trees)
    moved = _moved(before, mine), _moved(before, yours)
    order = _order(before, yours, mine) if moved == (False, True) else _order(before, mine, yours)
    merged = [_merged(key, [tree.data for tree in trees], written) for key in order]
    shuffled = any(moved) or len({"\r\n" in text for text in (base, ours, theirs)}) > 1
    stands = _has_date(merged) or not (shuffled or _is_renamed(before, mine, yours))
    if any(chunk.merged is None for chunk in merged) or (stands and _is_settled(dict(zip(order, merged, strict=True)))):
        return merged
    return [
        Chunk(
            (base,), (ours,), (theirs,), None, proposal=tuple(line for chunk in merged for line in chunk.merged or ())
        )
    ]


def _is_settled(chunks: Mapping[str, Chunk]) -> bool:
    """Whether all changed keys are this format's, or one side changed at most the day of the last change.

    Of the rest, which both did alike, nothing is asked. Unless both changed that day the other only added keys then.
    """
    mine = {key for key, chunk in chunks.items() if _differ(chunk.ours, chunk.base, chunk.theirs)}
    yours = {key for key, chunk in chunks.items() if _differ(chunk.theirs, chunk.base, chunk.ours)}
    if mine | yours <= _OWN:
        return True
    by_date = _has_date(chunks.values())
    return any(
        all(is_last_change(key) for key in quiet)
        and (by_date or all(is_last_change(key) or not chunks[key].base for key in other))
        for quiet, other in ((mine, yours), (yours, mine))
    )


def _has_date(chunks: Iterable[Chunk]) -> bool:
    return any(chunk.by_date for chunk in chunks)


def _differ(lines: _Lines, *others: _Lines) -> bool:
    """From each of the others, and not in spaces alone."""
    words = "".join(lines).split()
    return all("".join(other).split() != words for other in others)


def _is_renamed(before: Iterable[str], mine: Iterable[str], yours: Iterable[str]) -> bool:
    """Whether both took out a key, and one of them put in one that the other has not."""
    known, both = set(before), (set(mine), set(yours))
    return bool(known - both[0] - both[1]) and bool((both[0] ^ both[1]) - known)


def _moved(before: list[str], after: list[str]) -> bool:
    return [key for key in after if key in before] != [key for key in before if key in after]


def _order(before: list[str], first: list[str], second: list[str]) -> list[str]:
    """The first side's order; the other's own keys behind what they followed, and behind what the first added there."""
    order = list(first)
    for index, key in enumerate(second):
        if key in order:
            continue
        place = order.index(second[index - 1]) + 1 if index else 0
        while place < len(order) and order[place] not in before and order[place] not in second:
            place += 1
        order.insert(place, key)
    return order


def _merged(key: str, values: Sequence[Mapping[str, Any]], written: Sequence[Mapping[str, str]]) -> Chunk:
    base, ours, theirs = (_lines(sources.get(key, "")) for sources in written)
    if "".join(ours).split() == "".join(theirs).split():
        return Chunk(base, ours, theirs, ours)  # an empty line below a key is no change of it
    done = settled(base, ours, theirs)
    found = [value.get(key, _MISSING) for value in values]
    by_date = False
    if done is None:
        done = _by_value(key, found, (ours, theirs))
        by_date = done is not None and isinstance(found[0], str) and found[1] != found[2]
    return Chunk(base, ours, theirs, done, by_date)


def _lines(text: str) -> _Lines:
    return (text if text.endswith(("\n", "\r")) else f"{text}\n",) if text else ()


def _by_value(key: str, values: Sequence[Any], written: tuple[_Lines, _Lines]) -> _Lines | None:
    """What lines that both sides changed come to; None for two values, or where one side gave the key another form."""
    before, mine, yours = values
    ours, theirs = written
    if yours == mine:
        return ours
    if before in (mine, yours):
        return None
    if all(value is _MISSING or _is_plain_list(value) for value in values):
        return _merged_list(key, [[] if value is _MISSING else value for value in values], written)
    if all(isinstance(value, str) for value in values):
        later = find_later(key, mine, yours)
        return None if later is None else ours if later == mine else theirs
    return None


def _is_plain_list(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(entry, list | dict) for entry in value)


def _merged_list(key: str, values: Sequence[list[Any]], written: tuple[_Lines, _Lines]) -> _Lines | None:
    """Entries of both; None where the same entry became two others."""
    marked = [[repr(entry) for entry in entries] for entries in values]
    named = {repr(entry): entry for entries in values for entry in entries}
    merged: list[Any] = []
    for chunk in merge_sequences(*marked):
        if chunk.merged is None and any(entry not in chunk.ours and entry not in chunk.theirs for entry in chunk.base):
            return None
        own = dict.fromkeys((*chunk.ours, *chunk.theirs)) if chunk.merged is None else chunk.merged
        merged += [entry for entry in own if chunk.merged is not None or not _was_removed(entry, chunk)]
    for entries, lines in zip(marked[1:], written, strict=True):
        if entries == merged:
            return lines
    return (_in_style({key: [named[entry] for entry in merged]}, written[0] or written[1]),)


def _was_removed(entry: str, chunk: Chunk) -> bool:
    return entry in chunk.base and (entry not in chunk.ours or entry not in chunk.theirs)


def _in_style(data: Mapping[str, list[Any]], like: _Lines) -> str:
    """On one line, or an entry a line, as the author wrote it."""
    ((key, entries),) = data.items()
    lines = "".join(like).splitlines()
    first = next((line for line in lines[1:] if line.lstrip().startswith("- ")), None)
    if first is None or not entries:
        return dump_front_matter(data)
    indent = first[: len(first) - len(first.lstrip())]
    quote = '"' if first.lstrip()[2:].startswith('"') else ""
    return f"{key}:\n" + "".join(f"{indent}- {_entry(entry, quote)}\n" for entry in entries)


def _entry(value: Any, quote: str) -> str:
    plain = dump_front_matter({"x": value})[3:-1]
    return f'"{plain}"' if quote and isinstance(value, str) and not plain.startswith('"') else plain


def _sources(text: str, tree: Tree) -> dict[str, str]:
    """The lines of each outer key, up to the next one; comments above the first key belong to it."""
    lines = LineTable(text)
    begins = sorted((place[0], str(path[0])) for path, place in tree.keys.items() if len(path) == 1)
    if len({line for line, _ in begins}) < len(begins):
        return {}
    starts = [0, *(line for line, _ in begins[1:]), len(lines)]
    return {key: lines.between(starts[index] + 1, starts[index + 1]) for index, (_, key) in enumerate(begins)}
