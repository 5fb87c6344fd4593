"""Merge of paths: their modules are numbered lines, and a module put in between must not touch those below."""

import re
from dataclasses import replace
from itertools import count

from node.authoring.merge.merge import Merged, merge

_NUMBER = re.compile(r"^( {0,3})\d{1,9}(?=[.)][ \t]+\[)", re.MULTILINE)


def merge_paths(base: str, ours: str, theirs: str, names: tuple[str, str] = ("ours", "theirs")) -> Merged:
    """As `merge`, with the numbers given anew."""
    alike = [_NUMBER.sub(r"\g<1>1", text) for text in (base, ours, theirs)]
    merged = merge(alike[0], alike[1], alike[2], names)
    number = count(1)
    return replace(merged, text=_NUMBER.sub(lambda match: f"{match[1]}{next(number)}", merged.text))
