"""Edits that touch only what they are about: every other byte stays."""

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from node.authoring.document import ModuleDocument, TaskDocument
from node.authoring.front_matter.dump import dump_front_matter
from node.authoring.lines import LineTable
from node.authoring.parse import parse_module, parse_task
from node.authoring.problems import Problem

D = TypeVar("D", ModuleDocument, TaskDocument)

# Problems whose `nearest` may stand where `found` stands without changing what the author meant.
_MENDABLE = frozenset(
    {
        "unknown-key",
        "not-allowed",
        "bad-name",
        "bad-language",
        "unknown-slot",
        "heading-jump",
        "unknown-block",
        "not-minutes",
        "unknown-block-id",
        "not-a-list",
    }
)


def set_field(document: D, key: str, value: Any) -> D:
    """The document with one front matter key set, replaced in its place or added at the end; None removes it."""
    written = dump_front_matter({key: value}) if value is not None else ""
    parts = document.parts
    if not parts.tail:
        head = f"{parts.head}---\n{written}---\n"
        return _reparsed(document, head + parts.body if written else document.source)
    lines = LineTable(parts.yaml)
    place = document.front.tree.keys.get((key,))
    if place is None:
        gap = "" if not parts.yaml or parts.yaml.endswith(("\n", "\r")) else "\n"
        return _reparsed(document, parts.head + parts.yaml + gap + written + parts.tail + parts.body)
    end_line, end_column = document.front.tree.ends.get((key,), place)
    last = end_line + 1 if end_column > 0 or end_line == place[0] else end_line
    before, after = parts.yaml[: lines.start(place[0] + 1)], parts.yaml[lines.start(last + 1) :]
    return _reparsed(document, parts.head + before + written + after + parts.tail + parts.body)


def mend(document: D, problems: Iterable[Problem]) -> tuple[D, list[Problem]]:
    """The document with every mendable problem mended (`lint --fix`), and the problems that were."""
    source = document.source
    lines = LineTable(source)
    mended: list[Problem] = []
    for problem in sorted(problems, key=lambda p: (p.line, p.column), reverse=True):
        start = _find(source, lines, problem)
        if start is not None and problem.nearest is not None:
            source = source[:start] + problem.nearest + source[start + len(problem.found) :]
            mended.append(problem)
    if any(problem.code == "unclosed-block" for problem in document.problems) and source.strip():
        open_blocks = [problem for problem in document.problems if problem.code == "unclosed-block"]
        if len(open_blocks) == 1:
            source = source.rstrip("\n") + "\n:::\n"
            mended += open_blocks
    return _reparsed(document, source), mended[::-1]


def _find(source: str, lines: LineTable, problem: Problem) -> int | None:
    """Where the found text stands: at the place of the problem, after a quote or colons, or as a link's slot."""
    if problem.code not in _MENDABLE or not problem.found:
        return None
    start, end = lines.start(problem.line) + problem.column - 1, lines.start(problem.line + 1)
    if problem.code == "unknown-slot":
        at = source.find(f"(slot:{problem.found})", start, end)
        return at + len("(slot:") if at >= 0 else None
    at = source.find(problem.found, start, end)
    return at if at >= 0 and not source[start:at].strip(" \t\"':{.") else None


def _reparsed(document: D, source: str) -> D:
    parse = {ModuleDocument: parse_module, TaskDocument: parse_task}[type(document)]
    return cast(D, parse(source, document.path))
