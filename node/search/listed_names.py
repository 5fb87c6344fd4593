"""Names that stand in a text: other titles of an occupation, one to a line, or listed with semicolons, commas or stops.

Whoever brings a catalogue to be scored has put its names wherever their form had room; as names they find more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from node.search.text.languages import FUNCTION_WORDS
from node.search.text.tokens import tokens

_LONGEST = 8
"""Words of a name on a line of its own."""
_LONGEST_LISTED = 6
"""Words of one among others in a list."""
_LEAST = 2
"""Names of a text; fewer are no list …"""
_LEAST_IN_LINE = 3
"""… and within one line it takes this many."""
_MOSTLY = 0.9
"""So many of the parts between commas are short in a list: a name may hold a comma, or be long."""
_LINES = re.compile(r"[\n;|•]")
_STOPS = re.compile(r"(?<=[^\W\d_]{2})[.]\s+")
_LABEL = re.compile(r"^[^\W\d_][^\W\d_ ]*(?: [^\W\d_]+){0,3}:\s+")


def names_in(text: str) -> tuple[tuple[str, ...], str]:
    """(names, the rest of the text)."""
    read = [part for line in _LINES.split(text) if line.strip() for part in _parts(_LABEL.sub("", line.strip()))]
    names = tuple(part for part, is_name in read if is_name)
    if len(names) < _LEAST:
        return (), text
    return names, "\n".join(part for part, is_name in read if not is_name)


def _parts(line: str) -> Iterator[tuple[str, bool]]:
    """What a line is made of, each with whether it is a name."""
    listed = [part.strip() for part in line.rstrip(".").split(",")]
    if len(listed) >= _LEAST_IN_LINE and sum(map(_may_be_listed, listed)) >= _MOSTLY * len(listed):
        yield from ((part, True) for part in listed)
        return
    sentences = _STOPS.split(line)
    if len(sentences) < _LEAST_IN_LINE:
        yield line, not line.endswith((".", ":")) and len(line.split()) <= _LONGEST
        return
    for short, run in groupby(sentences, _may_be_listed):
        together = list(run)
        if short and len(together) >= _LEAST_IN_LINE:
            yield from ((part.rstrip("."), True) for part in together)
        else:
            yield ". ".join(together), False


def _may_be_listed(part: str) -> bool:
    """Short, and no end of an enumeration within a sentence: `or coordinate`."""
    words = tokens(part)
    return 0 < len(words) <= _LONGEST_LISTED and words[0] not in FUNCTION_WORDS
