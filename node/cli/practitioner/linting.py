"""`module lint`: what is wrong with Markdown files, for people and as the contract's JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from node.authoring.document import Document, TaskDocument
from node.authoring.problems import Problem
from node.cli.output import show_json, show_lines
from node.cli.publishing.collect import Source


def report(sources: Sequence[Source], *, as_json: bool) -> int:
    """Print what was found; 1 when something is an error, else 0."""
    if as_json:
        show_json({"files": [_facts(source) for source in sources]})
    else:
        show_lines([str(problem) for source in sources for problem in source.problems])
        show_lines([_sum(sources)])
    return 1 if any(source.errors for source in sources) else 0


def _facts(source: Source) -> dict[str, Any]:
    return {
        "path": str(source.path),
        "errors": [problem.to_json() for problem in source.problems if problem.severity == "error"],
        "warnings": [problem.to_json() for problem in source.problems if problem.severity == "warning"],
    }


def _sum(sources: Sequence[Source]) -> str:
    problems: list[Problem] = [problem for source in sources for problem in source.problems]
    errors = sum(problem.severity == "error" for problem in problems)
    return (
        f"{_counted(len(sources), 'file')}, {_counted(errors, 'error')}, {_counted(len(problems) - errors, 'warning')}."
    )


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def mend_files(sources: Sequence[Source]) -> int:
    """Mend what has one right spelling, in the files themselves; says how many files changed."""
    from node.authoring.edit import mend
    from node.authoring.write import write_bytes

    changed = 0
    for source in sources:
        document = source.document
        # Two calls, because `mend` gives back the kind of document that it was given.
        mended: Document
        if isinstance(document, TaskDocument):
            mended, done = mend(document, source.problems)
        else:
            mended, done = mend(document, source.problems)
        if done:
            source.path.write_bytes(write_bytes(mended))
            changed += 1
    return changed
