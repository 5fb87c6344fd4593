"""Whether a new version is another thing than what was endorsed (design: curation, step 4).

Computed by each reader from the two records; the author's own word can only raise it. So endorsements cannot be
harvested with one text and kept with another.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from node.authoring.document import Document, TaskDocument
from node.authoring.paths import is_major
from node.authoring.value import document_of, source_of
from schemas.authority import PATH_VERSION

TEXT_SHARE = 0.10
_DECISIVE = ("practice", "quiz")


@dataclass(frozen=True, slots=True)
class Majorness:
    """`reasons` are codes: author, practice, quiz, links, pictures, attachments, steps, text, modules.

    `changed` is 0 to 1.
    """

    major: bool
    reasons: tuple[str, ...]
    changed: float


def majorness(
    old: Mapping[str, Any], new: Mapping[str, Any], old_body: str | None = None, new_body: str | None = None
) -> Majorness:
    """Compare two version values; the bodies are those of `bodyBlob`, for records that have one."""
    if new.get("$type") == PATH_VERSION:
        share = changed_share(source_of(old).split(), source_of(new).split())
        others = is_major(old, new)
        return Majorness(others, ("modules",) if others else (), round(share, 4))
    before, after = document_of(old, old_body), document_of(new, new_body)
    changed = changed_share(_words(before), _words(after))
    reasons = tuple(_reasons(old, new, before, after))
    if changed > TEXT_SHARE:
        reasons = (*reasons, "text")
    return Majorness(bool(reasons), reasons, round(changed, 4))


def changed_share(old: list[str], new: list[str]) -> float:
    """Words taken out and put in, as a share of the words of both: replacing a tenth of a text gives 0.1."""
    from rapidfuzz.distance import Indel

    return float(Indel.normalized_distance(old, new)) if old or new else 0.0


def _reasons(old: Mapping[str, Any], new: Mapping[str, Any], before: Document, after: Document) -> Iterator[str]:
    if new.get("major") is True:
        yield "author"
    for kind in _DECISIVE:
        if _blocks(before, kind) != _blocks(after, kind):
            yield kind
    if _targets(before) != _targets(after):
        yield "links"
    for name in ("pictures", "attachments"):
        if _files(old, name) != _files(new, name):
            yield name
    if isinstance(before, TaskDocument) and isinstance(after, TaskDocument) and _doers(before) != _doers(after):
        yield "steps"


def _blocks(document: Document, kind: str) -> list[str]:
    """The texts of the blocks of a kind, white space aside."""
    lines = document.source.splitlines()
    return [
        " ".join(" ".join(lines[block.line : block.end_line - 1]).split())
        for block in document.blocks
        if block.kind == kind
    ]


def _targets(document: Document) -> set[tuple[str, str]]:
    return {(link.kind, link.target) for link in document.links if link.kind == "link"}


def _files(value: Mapping[str, Any], name: str) -> dict[str, str]:
    """Content identifier by path."""
    return {str(entry.get("path")): str((entry.get("blob") or {}).get("ref")) for entry in value.get(name) or ()}


def _doers(document: TaskDocument) -> list[tuple[str, str]]:
    """Who does what, and how one knows that it is right: the parts of a step that work rests on."""
    return [(step.by, step.check) for step in document.steps]


def _words(document: Document) -> list[str]:
    front = " ".join(document.front.text(key) for key in ("title", "description", "statement", "stakes"))
    return f"{front} {document.body}".split()
