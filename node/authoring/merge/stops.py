"""Merge of paths: their modules are numbered lines, and a module put in between must not touch those below."""

from dataclasses import replace
from itertools import repeat

from node.authoring.merge.merge import Merged, merge
from node.authoring.stops.read import numbered


def merge_paths(base: str, ours: str, theirs: str, names: tuple[str, str] = ("ours", "theirs")) -> Merged:
    """As `merge`, with the numbers given anew."""
    alike = [numbered(text, repeat(1)) for text in (base, ours, theirs)]
    merged = merge(alike[0], alike[1], alike[2], names)
    return replace(merged, text=numbered(merged.text))
