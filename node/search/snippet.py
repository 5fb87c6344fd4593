"""Highlight what matched. The answer is safe HTML: everything is escaped, `<mark>` is the only element."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Protocol

from node.search.text.tokens import spans

LONGEST_READ = 20_000
"""So much of a body is looked through for the best place."""
LONGEST_CUT = 24
"""Characters left out at either end, so that no word is cut."""
STEP = 1_000
"""So many characters are looked through at once: most texts say early what was asked."""


class Matches(Protocol):
    """Says of a token whether it is among what was asked; every such token begins with one of `beginnings`."""

    beginnings: frozenset[str]
    asked: int
    """How many words were asked: a place with so many needs no better."""

    def __call__(self, token: str) -> bool:
        """Whether to mark it."""
        ...


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    token: str


def highlight(text: str, matches: Matches) -> str:
    """The whole text with matching tokens marked; neighbours in scripts without spaces are marked as one."""
    return _marked(text, _marks(text, matches))


def snippet(texts: Sequence[str], matches: Matches, width: int = 220) -> str:
    """About `width` characters around the place where most of what was asked stands together."""
    text = "\n".join(t for t in texts if t)[:LONGEST_READ]
    marks, seen, looked_at = list[_Mark](), 0, 0
    start, end, together = 0, _word_end(text, width), 0
    while looked_at < len(text) and (together < matches.asked or looked_at < end):
        until = _piece_end(text, looked_at)
        marks += _marks(text[looked_at:until], matches, looked_at)
        if together < matches.asked:
            first, most = _best(marks, seen, width)
            if most > together:
                start, end, together = *_window(text, marks[first].start, width), most
            seen = next((i for i in range(seen, len(marks)) if marks[i].start >= until - width), len(marks))
        looked_at = until
    inside = [_Mark(m.start - start, m.end - start, m.token) for m in marks if start <= m.start and m.end <= end]
    before = "… " if start else ""
    after = " …" if end < len(text) else ""
    return f"{before}{_marked(text[start:end], inside)}{after}"


def _marks(text: str, matches: Matches, at: int = 0) -> list[_Mark]:
    if not matches.beginnings:
        return []
    found = spans(text, matches.beginnings)
    return [_Mark(at + start, at + end, token) for start, end, token in found if matches(token)]


def _piece_end(text: str, at: int) -> int:
    """The end of the piece to be looked through next, between two words where there is such a place."""
    if at + STEP >= len(text):
        return len(text)
    return 1 + max(text.rfind(" ", at, at + STEP), text.rfind("\n", at, at + STEP), at + STEP // 2)


def _best(marks: Sequence[_Mark], begin: int, width: int) -> tuple[int, int]:
    """(place, how much of what was asked stands there) of the best mark from `begin` on, the first of equals."""
    reach = width - width // 4 - LONGEST_CUT  # of a place that begins with a mark, what surely is shown
    best, most = begin, 0
    for i in range(begin, len(marks)):
        together = len({m.token for m in marks[i : i + 40] if m.end <= marks[i].start + reach})
        if together > most:
            best, most = i, together
    return best, most


def _window(text: str, at: int, width: int) -> tuple[int, int]:
    start = _word_start(text, max(0, at - width // 4))
    return start, _word_end(text, start + width)


def _word_start(text: str, at: int) -> int:
    space = text.find(" ", at, at + LONGEST_CUT) if at else -1
    return space + 1 if space >= 0 else at


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", max(0, at - LONGEST_CUT), at)
    return space if space > 0 else at


def _marked(text: str, marks: Sequence[_Mark]) -> str:
    out: list[str] = []
    at = 0
    for mark in marks:
        between = escape(text[at : mark.start])
        word = escape(text[mark.start : mark.end])
        if out and not between:
            out[-1] = f"{out[-1].removesuffix('</mark>')}{word}</mark>"
        else:
            out += [between, f"<mark>{word}</mark>"]
        at = mark.end
    return "".join(out) + escape(text[at:])
