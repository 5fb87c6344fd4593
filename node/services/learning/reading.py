"""A module's document as the personalizer's outline, and an adapted outline as HTML and as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from node.authoring.document import Block as Part
from node.authoring.document import ModuleDocument
from node.authoring.parse import parse_module
from node.authoring.render import render
from node.authoring.rendering.view import View
from node.authoring.value import document_of
from node.personalizer.adaptation.adapting import Adapted, Outline
from node.personalizer.adaptation.blocks import EXAMPLE, QUIZ, TEXT, VARIANTS, Block, Slot
from node.store.tables.catalogue import VersionRow

_RIGHT = re.compile(r"^([^\S\n]*+[-*+] \[)[xX](?=\])", re.MULTILINE)
_WHY = re.compile(r"<details>\s*<summary>[^<]*</summary>(.*?)</details>", re.DOTALL)
_FENCE = re.compile(r"^ {0,3}:{3,}.*$")
_SLOT = re.compile(r"\[([^\]]{0,1000})\]\(slot:([a-z0-9-]+)\)", re.IGNORECASE)


def document_of_version(version: VersionRow, body: str | None) -> ModuleDocument:
    """The module's document. Raises TypeError for a version of a task."""
    document = document_of(version.value, body)
    if not isinstance(document, ModuleDocument):
        raise TypeError(f"{version.uri} is no module")
    return document


def outline_of(document: ModuleDocument, version: str) -> Outline:
    """What adaptation needs to know of the module."""
    settings = document.block_settings
    blocks = tuple(_block(part, settings.get(part.id, {})) for part in document.blocks)
    return Outline(version, blocks, {name: _slot(slot) for name, slot in document.slots.items()})


def _block(part: Part, settings: Mapping[str, Any]) -> Block:
    skill = settings.get("skill")
    return Block(
        id=part.id,
        kind=part.kind,
        line=part.line,
        variant=part.kind if part.kind in VARIANTS else None,
        steps=len(part.items) if part.kind == EXAMPLE else 0,
        skill=str(skill) if skill else None,
    )


def _slot(slot: Mapping[str, Any]) -> Slot:
    values = slot.get("values")
    allowed = tuple(str(value) for value in values) if isinstance(values, list) else ()
    default = str(slot.get("default") or next(iter(allowed), ""))
    return Slot(str(slot.get("label", "")), allowed, default)


def passage_of(document: ModuleDocument, block: str) -> str | None:
    """The words of a block, without its fences; None where there is no such block."""
    part = next((part for part in document.blocks if part.id == block), None)
    if part is None:
        return None
    first, last = _inner(part)
    return "\n".join(document.source.splitlines()[first:last])


def reworded(document: ModuleDocument, texts: Mapping[str, str]) -> ModuleDocument:
    """The document with other words in these blocks; from the last block to the first, so that lines stay true."""
    lines = document.source.splitlines()
    parts = {part.id: part for part in document.blocks if part.id in texts}
    for name, part in sorted(parts.items(), key=lambda pair: -pair[1].line):
        first, last = _inner(part)
        lines[first:last] = texts[name].splitlines()
    changed = parse_module("\n".join(lines) + "\n", document.path) if parts else document
    # Words that turn out to be structure would shift what receipts and overrides name.
    same = [part.id for part in changed.blocks] == [part.id for part in document.blocks]
    return changed if same else document


def _inner(part: Part) -> tuple[int, int]:
    """Where the words of a block begin and end among the lines, fences left out."""
    return (part.line - 1, part.end_line) if part.kind == TEXT else (part.line, part.end_line - 1)


class Written(NamedTuple):
    """A lesson in one form: safe HTML, Markdown for a terminal, its language's tag, the direction of its writing."""

    html: str
    text: str
    language: str
    direction: str


def write_lesson(document: ModuleDocument, adapted: Adapted, version: VersionRow, *, pictures: bool = True) -> Written:
    """The lesson; in HTML, what is left out can be opened. Without `pictures`, their descriptions stand alone."""
    view = View(picture=pictures_of(version).get if pictures else dict[str, str]().get)
    shown = render(document, adapted_view(view, adapted))
    return Written(shown.html, plain_text(document, adapted), shown.language, shown.direction)


def adapted_view(view: View, adapted: Adapted) -> View:
    """`view` of a lesson as it was adapted."""
    return replace(
        view,
        mode="adapted",
        visibility={block.id: "shown" if block.visible else "hidden" for block in adapted.blocks},
        steps={block.id: block.steps for block in adapted.blocks if block.steps is not None},
        slots=adapted.slots,
        order=tuple(block.id for block in adapted.blocks),
    )


def pictures_of(version: VersionRow) -> dict[str, str]:
    """Path in the module → address of the picture on this node."""
    found: Any = version.value.get("pictures") or []
    return {
        str(picture.get("path")): f"/pictures/{version.did}/{picture['blob']['ref']['$link']}"
        for picture in found
        if isinstance(picture, dict) and (picture.get("blob") or {}).get("ref")
    }


def plain_text(document: ModuleDocument, adapted: Adapted | None = None) -> str:
    """The lesson for a terminal: Markdown without fences, answers last. Without `adapted`, the module as signed."""
    lines = document.source.splitlines()
    outer = {part.id: part for part in document.blocks if part.parent is None}
    if adapted is None:
        return _tidy(_SLOT.sub(r"\1", "\n".join(_unfenced(lines, outer.values(), frozenset()))))
    hidden = {block.id for block in adapted.blocks if not block.visible}
    left_out = frozenset(
        line for part in document.blocks if part.id in hidden for line in range(part.line, part.end_line + 1)
    )
    faded = frozenset(_faded(document, adapted))
    order = [outer[block.id] for block in adapted.blocks if block.id in outer]
    quizzes = {part.line for part in document.blocks if part.kind == QUIZ}
    shown, answers = [], []
    for part in order:
        text = "\n".join(_unfenced(lines, [part], left_out | faded))
        if quizzes.intersection(range(part.line, part.end_line + 1)):
            answers += _answers(text)
            text = _WHY.sub("", _RIGHT.sub(r"\1 ", text))
        shown.append(text)
    text = "\n".join([*shown, *(["", "## Answers", "", *answers] if answers else [])])
    return _tidy(_SLOT.sub(lambda found: adapted.slots.get(found[2], found[1]), text))


def _answers(text: str) -> list[str]:
    """The right choices of a quiz and why: whoever reads on in a terminal should try first."""
    right = [f"- {line[found.end() + 1 :].strip()}" for line in text.splitlines() if (found := _RIGHT.match(line))]
    return [*right, *(f"\n{why.strip()}\n" for why in _WHY.findall(text))]


def _unfenced(lines: list[str], parts: Iterable[Part], without: frozenset[int]) -> Iterable[str]:
    for part in parts:
        span = range(part.line, min(part.end_line, len(lines)) + 1)
        yield from (lines[line - 1] for line in span if line not in without and not _FENCE.match(lines[line - 1]))
        yield ""


def _faded(document: ModuleDocument, adapted: Adapted) -> Iterable[int]:
    steps = {block.id: block.steps for block in adapted.blocks if block.steps is not None}
    for part in document.blocks:
        for first, last in part.items[steps[part.id] :] if part.id in steps else ():
            yield from range(first, last + 1)


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
