"""Ids from words, unique within one document."""

import re

# Bounded: strangers write it, and what looks for its end from each beginning takes minutes for a long line of them.
_MARKUP = re.compile(r"!?\[([^\]]{0,200})\]\([^)]{0,1000}\)|<[^>]{0,200}>|[`*~$\\]")
_NOT_WORD = re.compile(r"[^\w]+")


def plain(text: str) -> str:
    """Inline Markdown without its markup, roughly: for titles and ids, not for display of whole texts."""
    return _MARKUP.sub(lambda match: match[1] or "", text).strip()


def slug(text: str) -> str:
    """Lower-case words joined by hyphens, in any script, at most 48 characters."""
    return _NOT_WORD.sub("-", plain(text).lower()).strip("-_")[:48].rstrip("-")


class Ids:
    """Gives every wish an id that nobody else has: the wish itself, else with -2, -3 …"""

    __slots__ = ("_count", "_taken")

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._count: dict[str, int] = {}

    def take(self, wish: str) -> bool:
        """Claim exactly this id; False when it is taken."""
        if wish in self._taken:
            return False
        self._taken.add(wish)
        return True

    def give(self, wish: str) -> str:
        """`wish`, numbered where it was given before; "part" where nothing is wished for."""
        wish = wish or "part"
        number = self._count.get(wish, 1)
        candidate = wish if number == 1 else f"{wish}-{number}"
        while candidate in self._taken:
            number += 1
            candidate = f"{wish}-{number}"
        self._count[wish] = number + 1
        self._taken.add(candidate)
        return candidate
