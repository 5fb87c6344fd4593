"""Where the front matter ends and the body begins."""

import re
from dataclasses import dataclass

_OPEN = re.compile(r"\ufeff?---[ \t]*(?:\r\n?|\n)")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\r\n?|\n|\Z)", re.MULTILINE)
_LONE_CR = re.compile(r"\r(?!\n)")


@dataclass(frozen=True, slots=True)
class Parts:
    """A source cut in four; joined they are the source again.

    `head` is the opening fence with a byte order mark if there is one, `tail` the closing fence.
    """

    head: str
    yaml: str
    tail: str
    body: str
    unclosed: bool = False


def split(text: str) -> Parts:
    """Cut a source. Without front matter everything but a byte order mark is body."""
    opening = _OPEN.match(text)
    if opening is None:
        mark = 1 if text.startswith("\ufeff") else 0
        return Parts(text[:mark], "", "", text[mark:])
    # Old line ends: the multi-line anchor knows only LF, so look in a copy of equal length.
    seen = _LONE_CR.sub("\n", text) if "\r" in text else text
    closing = _CLOSE.search(seen, opening.end())
    if closing is None:
        mark = 1 if text.startswith("\ufeff") else 0
        return Parts(text[:mark], "", "", text[mark:], unclosed=True)
    first, last = closing.span()
    return Parts(text[: opening.end()], text[opening.end() : first], text[first:last], text[last:])
