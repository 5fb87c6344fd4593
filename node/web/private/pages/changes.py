"""What was changed in a lesson, and why: all that the rules changed, those included that the worker took back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from node.services.assembly import Services
from node.services.policy import Viewer
from node.services.wording import in_words
from node.web.contexts.worker.lesson import Change
from node.web.private.pages.words import sentence

if TYPE_CHECKING:
    from node.personalizer.adaptation.blocks import Block
    from node.personalizer.adaptation.blocks import Change as Ruled
    from node.services.learning.lessons.opened_lesson import OpenedLesson

AS_WRITTEN, ADAPTED = "as-written", "adapted"
_KINDS = {
    "novice": "The part for beginners",
    "competent": "The part for those who have done it before",
    "expert": "The part for those who do it every day",
    "practice": "The practice",
    "hint": "A hint",
    "example": "A worked example",
    "quiz": "A quiz",
    "connect": "The conversation",
    "reflect": "The look back",
    "complexity": "The larger picture",
    "caution": "A caution",
    "text": "A passage",
}


def changes_of(services: Services, viewer: Viewer, lesson: OpenedLesson) -> tuple[Change, ...]:
    """In the order of the text, the worker's words for slots last."""
    if not lesson.proof:
        return ()
    outline, ruled = services.learning.rules_for(viewer, lesson)
    blocks = {block.id: block for block in outline.blocks}
    taken_back = {change.block for change in ruled}
    chosen = [name for name in lesson.overrides if name in blocks and name not in taken_back]
    listed = [
        *(_change(lesson, blocks[change.block], change) for change in ruled),
        *(_own(lesson, blocks[name]) for name in chosen),
    ]
    return (*sorted(listed, key=lambda change: change.line or 0), *_slots(lesson))


def _change(lesson: OpenedLesson, block: Block, change: Ruled) -> Change:
    shown = block.id in lesson.overrides
    return Change(
        what=f"{_name(block)}, as written" if shown else _what(block, change.what),
        why="You asked for it." if shown else sentence(in_words(change.why, [block.skill] if block.skill else ())),
        line=change.line,
        anchor=_anchor(lesson, block),
        toggle=_toggle(lesson, block, ADAPTED if shown else AS_WRITTEN),
        shown=shown,
    )


def _own(lesson: OpenedLesson, block: Block) -> Change:
    return Change(
        what=f"{_name(block)}, as you set it",
        why="You chose it.",
        line=block.line,
        anchor=_anchor(lesson, block),
        toggle=_toggle(lesson, block, ADAPTED),
        shown=True,
    )


def _what(block: Block, what: str) -> str:
    name, (kind, _, number) = _name(block), what.partition(":")
    if kind == "faded":
        steps = f"shows {number} of {block.steps} steps" if number != "0" else f"leaves all {block.steps} steps to you"
        return f"{name} {steps}"
    return f"{name} comes first" if kind == "moved" else f"{name} is left out"


def _name(block: Block) -> str:
    return _KINDS.get(block.kind, f"“{block.kind}”")


def _anchor(lesson: OpenedLesson, block: Block) -> str | None:
    return block.id if f' id="{block.id}"' in lesson.html else None


def _toggle(lesson: OpenedLesson, block: Block, how: str) -> str:
    return f"/me/lessons/{lesson.receipt}/blocks/{quote(block.id, safe='')}/{how}"


def _slots(lesson: OpenedLesson) -> Iterator[Change]:
    for slot in lesson.slots:
        written = slot["values"][0] if slot["values"] else ""
        if slot["chosen"] != written:
            what = f"“{written}” reads “{slot['chosen']}”"
            yield Change(what=what, why="You chose it.", line=None, anchor=None, toggle=None, shown=False)
