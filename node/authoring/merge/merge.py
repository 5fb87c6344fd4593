"""Merge what was changed upstream into a fork; no local edit is ever lost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from node.authoring.front_matter.split import split
from node.authoring.merge.front_matter import merge_front_matter
from node.authoring.merge.sequences import Chunk, merge_sequences
from node.authoring.merge.words import propose

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+\Z")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Lines on which both sides worked. `line` is that of the opening marker in the merged text, from 1."""

    line: int
    base: str
    ours: str
    theirs: str
    proposal: str | None


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text; where `conflicts` remain it holds both sides between markers, as git writes them."""

    text: str
    conflicts: tuple[Conflict, ...] = ()

    @property
    def clean(self) -> bool:
        return not self.conflicts


def merge(base: str, ours: str, theirs: str, names: tuple[str, str] = ("ours", "theirs")) -> Merged:
    """Merge three sources by lines; front matter whose lines collide by key; proposals for what then collides."""
    chunks = _by_lines(base, ours, theirs)
    if any(chunk.merged is None for chunk in chunks):
        parts = [split(text) for text in (base, ours, theirs)]
        if all(part.tail for part in parts):
            front = merge_front_matter(parts[0].yaml, parts[1].yaml, parts[2].yaml)
            if front is not None:
                done = (parts[1].head + front + parts[1].tail,)
                chunks = [Chunk(done, done, done, done), *_by_lines(parts[0].body, parts[1].body, parts[2].body)]
    return _written(chunks, names)


def _by_lines(base: str, ours: str, theirs: str) -> list[Chunk]:
    return merge_sequences(_LINE.findall(base), _LINE.findall(ours), _LINE.findall(theirs))


def _written(chunks: Sequence[Chunk], names: tuple[str, str]) -> Merged:
    pieces: list[str] = []
    conflicts: list[Conflict] = []
    line = 1
    for chunk in chunks:
        if chunk.merged is not None:
            text = "".join(chunk.merged)
        else:
            base, ours, theirs = ("".join(part) for part in (chunk.base, chunk.ours, chunk.theirs))
            conflicts.append(Conflict(line, base, ours, theirs, propose(chunk)))
            text = f"<<<<<<< {names[0]}\n{_ended(ours)}=======\n{_ended(theirs)}>>>>>>> {names[1]}\n"
        pieces.append(text)
        line += text.count("\n")
    return Merged("".join(pieces), tuple(conflicts))


def _ended(text: str) -> str:
    return text if not text or text.endswith(("\n", "\r")) else f"{text}\n"
