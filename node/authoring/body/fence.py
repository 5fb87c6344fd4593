"""A line of colons that opens or closes a block, in the dialects that are around.

Pandoc `::: name`, `::: {#id .class key=value}` (Pandoc User's Guide, fenced_divs) · directives `:::name[Title]{…}` ·
MyST `:::{name} Title` · Microsoft Learn `:::row:::` … `:::row-end:::`. As in Pandoc a closing line closes the
innermost open block, however many colons it has.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from node.authoring.vocabulary import BLOCK_KINDS, FOREIGN_KINDS, OTHER

_NAME = re.compile(r"[A-Za-z][\w-]{0,63}")
_MYST = re.compile(r"\{([A-Za-z][\w:-]*)\}[ \t]*(.*)\Z", re.DOTALL)
_HEAD = re.compile(r"([A-Za-z][\w-]{0,63})?(?:\[([^\]]*)\])?[ \t]*(?:\{([^{}]*)\})?\Z")
_ATTRIBUTE = re.compile(r"""#([^\s#.=]+)|\.([^\s#.=]+)|(?<![\w-])([\w-]++)=("[^"]*"|'[^']*'|[^\s"']+)""")
_LEAVES = frozenset({"image", "code", "video", "no-loc"})

Role = Literal["open", "close"]


@dataclass(frozen=True, slots=True)
class Fence:
    """What one line of colons says."""

    role: Role
    colons: int
    name: str = ""
    id: str = ""
    classes: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    @property
    def kind(self) -> str:
        """First of name and classes that is a kind of ours, else what another dialect's name stands for, else other."""
        words = [word for word in (self.name, *self.classes) if word]
        for word in words:
            if word in BLOCK_KINDS:
                return word
        return next((FOREIGN_KINDS[word] for word in words if word in FOREIGN_KINDS), OTHER)


@lru_cache(maxsize=512)  # the parser asks of each line whether it opens a block, and whether it ends what is above it
def find_fence(line: str) -> Fence | None:
    """Read a line without its indentation; None when it is text that merely begins with colons."""
    after = line.lstrip(":")
    colons = len(line) - len(after)
    if colons < 3:
        return None
    written = after.strip(" \t")
    rest = written.rstrip(":")
    has_tail = len(written) - len(rest) >= 3
    rest = rest.rstrip(" \t") if has_tail else written
    if not rest:
        return Fence("close", colons)
    if has_tail and after[0] not in " \t":
        return _triple(colons, rest)
    myst = _MYST.match(rest)
    if myst:
        return Fence("open", colons, name=myst[1], title=myst[2].strip())
    return _named(colons, rest)


def _triple(colons: int, rest: str) -> Fence | None:
    """Microsoft Learn: colons on both sides of the line."""
    name = _NAME.match(rest)
    if name is None or name[0] in _LEAVES:
        return None
    if name[0].endswith("-end"):
        return Fence("close", colons)
    _, _, attributes = _attributes(rest[name.end() :])
    return Fence("open", colons, name=name[0], attributes=attributes)


def _named(colons: int, rest: str) -> Fence | None:
    head = _HEAD.match(rest)
    if head is None:
        name, _, title = rest.partition(" ")
        known = name in BLOCK_KINDS or name in FOREIGN_KINDS
        return Fence("open", colons, name=name, title=title.strip()) if known else None
    given, classes, attributes = _attributes(head[3] or "")
    name = head[1] or (classes[0] if classes else "")
    if not name and not given and not attributes:
        return None
    return Fence("open", colons, name, given, classes, attributes, (head[2] or attributes.get("title", "")).strip())


def _attributes(text: str) -> tuple[str, tuple[str, ...], dict[str, str]]:
    given, classes, attributes = "", [], {}
    for match in _ATTRIBUTE.finditer(text):
        if match[1]:
            given = match[1]
        elif match[2]:
            classes.append(match[2])
        else:
            attributes[match[3]] = match[4].strip("\"'")
    return given, tuple(classes), attributes
