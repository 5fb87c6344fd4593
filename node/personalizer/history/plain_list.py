"""A plain list: one thing a line, bullets and numbers aside; a year at the front or back is when it was."""

from __future__ import annotations

import re
from collections.abc import Iterator

from node.personalizer.history.pieces import POSITION, Piece, shortened

_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,3}[.)])\s+")
_YEARS = re.compile(
    r"[(\s,;]*\b((?:19|20)\d\d)(?:\s*[-–—]\s*((?:19|20)\d\d|today|now|present))?[)\s,;:]*", re.IGNORECASE
)


def read_list(text: str) -> Iterator[Piece]:
    """One piece a line."""
    for line in text.splitlines():
        told = _BULLET.sub("", line).strip()
        years = _YEARS.search(told)
        title = told
        if years and (years.start() == 0 or years.end() == len(told)):
            title = (told[: years.start()] + " " + told[years.end() :]).strip(" :;,-–—")
        if any(letter.isalpha() for letter in title):
            yield Piece(POSITION, shortened(title), (years[2] or years[1]) if years else "")
