"""Merge what was changed upstream into a fork; no local edit is ever lost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from node.authoring.front_matter.split import split
from node.authoring.merge.front_matter import merge_front_matter
from node.authoring.merge.sequences import Chunk, merge_sequences
from node.authoring.merge.words import propose, settle

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+\Z")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Lines on which both sides worked. `line` is that of the opening marker in the merged text, from 1.

    `proposal` is what could stand there; it may be empty, where both sides deleted.
    """

    line: int
    base: str
    ours: str
    theirs: str
    proposal: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged text; where `conflicts` remain it holds both sides between markers, as git writes them."""

    text: str
    conflicts: tuple[Conflict, ...] = ()

    @property
    def clean(self) -> bool:
        """Nothing is left for a person to decide."""
        return not self.conflicts

    def with_proposals(self) -> str:
        """The text with every proposal taken."""
        lines = _LINE.findall(self.text)
        for conflict in reversed(self.conflicts):
            both = conflict.ours, conflict.theirs
            length = 3 + sum(len(_LINE.findall(_ended(text))) for text in both)
            lines[conflict.line - 1 : conflict.line - 1 + length] = [conflict.proposal]
        return "".join(lines)


def merge(base: str, ours: str, theirs: str, names: tuple[str, str] = ("ours", "theirs")) -> Merged:
    """Merge three sources.

    What git merges is merged as git does. Where lines collide, front matter is merged by key, and lines in which one
    side made every change of the other are settled; the rest is a conflict with a proposal.
    """
    chunks = _by_lines(base, ours, theirs)
    if _collide(chunks):
        chunks = _with_front_matter(base, ours, theirs) or chunks
        # One unusual step a file: where dates were settled and words would have to be as well, a person looks at it.
        if not any(chunk.by_date for chunk in chunks):
            chunks = settle(chunks) or chunks
    return _written(chunks, names)


def _collide(chunks: Sequence[Chunk]) -> bool:
    return any(chunk.merged is None for chunk in chunks)


def _with_front_matter(base: str, ours: str, theirs: str) -> list[Chunk] | None:
    parts = [split(text) for text in (base, ours, theirs)]
    if not all(part.tail for part in parts):
        return None
    front = _by_lines(*(part.yaml for part in parts))
    if _collide(front):
        front = merge_front_matter(parts[0].yaml, parts[1].yaml, parts[2].yaml) or front
    head, tail = (parts[1].head,), (parts[1].tail,)
    body = _by_lines(*(part.body for part in parts))
    return [Chunk(head, head, head, head), *front, Chunk(tail, tail, tail, tail), *body]


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
        line += len(_LINE.findall(text))
    return Merged("".join(pieces), tuple(conflicts))


def _ended(text: str) -> str:
    return text if not text or text.endswith(("\n", "\r")) else f"{text}\n"
