"""Split text into tokens: words, and single characters in scripts that write without spaces."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from node.search.text.fold import fold

LONGEST = 64
"""Longer tokens are no words; they are cut, so that a data URL does not fill the vocabulary."""

_UNSPACED = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f"
    "\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
# Combining marks of scripts whose vowels are marks (Indic, Arabic, Hebrew, …): \w leaves them out.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0711\u0730-\u074a\u0900-\u0903\u093a-\u094f"
    "\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u09d7\u0a01-\u0a03\u0a3c-\u0a51\u0a70-\u0a75\u0a81-\u0a83"
    "\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd\u0bd7\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6"
    "\u0d00-\u0d03\u0d3b-\u0d57\u0d81-\u0d83\u0dca-\u0ddf"
)
# Names of tools that punctuation is part of.
_NAMES = r"(?<!\w)c\+\+|(?<!\w)[cfj]#|(?<!\w)\.net(?!\w)"
_POSSESSIVE = re.compile(r"(?<=\w)'s(?!\w)")


@cache
def _pattern(runs: bool) -> re.Pattern[str]:
    unspaced = f"[{_UNSPACED}]{'+' if runs else ''}"
    word = f"(?:[^\\W_{_UNSPACED}]|[{_MARKS}])+"
    return re.compile(f"(?P<unspaced>{unspaced})|{_NAMES}|{word}", re.IGNORECASE)


_ASCII = re.compile("[a-z0-9]+")
# What typesetting puts between words: no part of any, and the usual reason for a text not to be ASCII.
_TYPESET = re.compile("[‘’“”„‚«»–—…·•×→←≤≥°©\u00a0\u202f]")
_ASCII_NAMES = re.compile(f"{_NAMES}|[a-z0-9]+")


def tokens(text: str) -> list[str]:
    """Tokens of a text in order."""
    folded = fold(text)
    if "'s" in folded:
        folded = _POSSESSIVE.sub("", folded)
    found = _ascii(folded) if folded.isascii() else _mixed(folded)
    return [t[:LONGEST] for t in found]


def _ascii(folded: str) -> list[str]:
    return (_ASCII_NAMES if _has_names(folded) else _ASCII).findall(folded)


def _has_names(folded: str) -> bool:
    """May one of them stand here? Headings of Markdown have a `#` as well."""
    return (
        ("#" in folded and ("c#" in folded or "f#" in folded or "j#" in folded)) or "c++" in folded or ".net" in folded
    )


def _mixed(folded: str) -> list[str]:
    return [m.group() for m in _pattern(runs=False).finditer(folded)]


def runs(text: str) -> list[tuple[str, bool]]:
    """Words and, whole, runs of a script without spaces (marked True): what a question is made of."""
    folded = _POSSESSIVE.sub("", fold(text))
    found = _pattern(runs=True).finditer(folded)
    return [(m.group()[:LONGEST], m.group("unspaced") is not None) for m in found]


def spans(text: str, beginnings: frozenset[str] = frozenset()) -> list[tuple[int, int, str]]:
    """(start, end, token) in the text as written, for highlighting.

    With `beginnings`, of one or two folded letters each, only tokens that begin so, and those whose first letters are
    not as they were folded.
    """
    if not text.isascii():
        text = _TYPESET.sub(" ", text)
    if text.isascii():
        return _ascii_spans(text, beginnings)
    found: list[tuple[int, int, str]] = []
    at, others = 0, []
    for line in text.splitlines(keepends=True):
        if not line.isascii():
            found += _mixed_spans(line, at, beginnings)
        others.append(line if line.isascii() else " " * len(line))
        at += len(line)
    return sorted(found + _ascii_spans("".join(others), beginnings))


def _ascii_spans(text: str, beginnings: frozenset[str]) -> list[tuple[int, int, str]]:
    folded = text.lower()
    if _has_names(folded):
        found = [m for m in _ASCII_NAMES.finditer(folded) if _may_begin(m[0], beginnings)]
    else:
        found = list((_beginning_with(beginnings) if beginnings else _ASCII).finditer(folded))
    return [(m.start(), m.end(), m[0]) for m in found]


@lru_cache(256)
def _beginning_with(beginnings: frozenset[str]) -> re.Pattern[str]:
    """As `_ASCII`, of these beginnings alone.

    That nothing stands before them is asked last: an expression that begins with letters is searched for them.
    """
    ascii_ones = sorted(b for b in beginnings if b.isascii() and b.isalnum())
    by_size = {size: [b for b in ascii_ones if len(b) == size] for size in (1, 2)}
    ways = [f"(?:{'|'.join(some)})(?<![a-z0-9]{'.' * size})" for size, some in by_size.items() if some]
    return re.compile(f"(?:{'|'.join(ways)})[a-z0-9]*" if ways else "(?!)", re.DOTALL)


def _mixed_spans(text: str, at: int, beginnings: frozenset[str]) -> list[tuple[int, int, str]]:
    found = _pattern(runs=False).finditer(text)
    return [(at + m.start(), at + m.end(), fold(m[0])) for m in found if _may_begin(m[0], beginnings)]


def _may_begin(word: str, beginnings: frozenset[str]) -> bool:
    """Letters beyond ASCII may fold to any."""
    first = word[:2]
    if not beginnings or not first.isascii():
        return True
    return first.lower() in beginnings or first[0].lower() in beginnings
