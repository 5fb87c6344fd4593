"""Blocks and slots: names, ids, what a quiz and an example need."""

from collections.abc import Iterator

from node.authoring.document import Block, Document, ModuleDocument
from node.authoring.problems import Problem, Severity
from node.authoring.quiz import read_quiz
from node.authoring.vocabulary import BLOCK_KINDS, FOREIGN_KINDS, OTHER, TEXT, nearest


def check_blocks(document: Document) -> Iterator[Problem]:
    """Names that are not ours, empty blocks, quizzes without answers."""
    lines = None
    for block in document.blocks:
        if block.kind == TEXT:
            continue
        if block.kind == OTHER or block.name in FOREIGN_KINDS:
            yield from _name(document.path, block)
        if lines is None:
            lines = document.source.splitlines()
        inside = "\n".join(lines[block.line : max(block.end_line - 1, block.line)])
        if not inside.strip():
            yield _problem(document.path, block, "empty-block", f"this {block.name} block is empty", "warning")
        elif block.kind == "quiz":
            yield from _quiz(document.path, block, inside)


def _name(path: str, block: Block) -> Iterator[Problem]:
    likely = FOREIGN_KINDS.get(block.name) or nearest(block.name, BLOCK_KINDS, 70)
    severity: Severity = "error" if likely and block.name not in FOREIGN_KINDS else "warning"
    message = f"“{block.name}” is not a kind of block we know"
    if block.name in FOREIGN_KINDS:
        message = f"“{block.name}” is read as “{likely}”"
    yield Problem(path, block.line, 1, "unknown-block", severity, message, block.name, BLOCK_KINDS, likely)


def _quiz(path: str, block: Block, inside: str) -> Iterator[Problem]:
    quiz = read_quiz(inside)
    if not quiz.choices:
        message = "a quiz needs choices: “- [ ] wrong” and “- [x] right”"
        yield _problem(path, block, "quiz-without-choices", message, "error")
    elif not any(right for right, _ in quiz.choices):
        yield _problem(path, block, "quiz-without-answer", "no choice of this quiz is marked right with [x]", "error")
    elif len(quiz.choices) > 1 and all(right for right, _ in quiz.choices):
        yield _problem(path, block, "quiz-without-wrong", "every choice of this quiz is marked right", "warning")


def check_slots(document: ModuleDocument) -> Iterator[Problem]:
    """Slots used without being declared, declared without being used, and declarations that cannot work."""
    declared = document.slots
    used = {link.target for link in document.links if link.kind == "slot"}
    for link in document.links:
        if link.kind == "slot" and link.target not in declared:
            message = f"the slot “{link.target}” is not declared in the front matter"
            yield Problem(
                document.path, link.line, link.column, "unknown-slot", "error", message,
                link.target, tuple(declared), nearest(link.target, declared),
            )  # fmt: skip
    for name, slot in declared.items():
        values, default = slot.get("values"), slot.get("default")
        if not isinstance(values, list) or not values:
            yield _front(document, ("slots", name), "slot-without-values", f"the slot “{name}” needs a list of values")
        if default is None:
            yield _front(document, ("slots", name), "slot-without-default", f"the slot “{name}” needs a default")
        if name not in used:
            message = f"the slot “{name}” is declared but not used in the text"
            yield _front(document, ("slots", name), "unused-slot", message, "warning")


def check_block_settings(document: ModuleDocument) -> Iterator[Problem]:
    """Settings for blocks that the body does not have."""
    explicit = {block.id for block in document.blocks if block.explicit_id}
    known = {block.id for block in document.blocks if block.kind != TEXT}
    for name in document.block_settings:
        if name not in known:
            message = f"no block of the body has the id “{name}”"
            place = document.front.key_place("blocks", name)
            yield Problem(
                document.path, *place, "unknown-block-id", "error", message,
                name, tuple(sorted(explicit)), nearest(name, explicit or known),
            )  # fmt: skip


def _front(
    document: ModuleDocument, at: tuple[str, ...], code: str, message: str, severity: Severity = "error"
) -> Problem:
    return Problem(document.path, *document.front.key_place(*at), code, severity, message, at[-1])


def _problem(path: str, block: Block, code: str, message: str, severity: Severity) -> Problem:
    return Problem(path, block.line, 1, code, severity, message, block.name)
