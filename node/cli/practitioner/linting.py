"""`module lint`: what is wrong with Markdown files, for people and as the contract's JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from node.authoring.document import Document, TaskDocument
from node.authoring.problems import Problem, errors_of
from node.cli.publishing.collect import Source
from node.cli.terminal.output import counted, show_json, show_lines


def report(found: Mapping[Path, Sequence[Problem]], *, as_json: bool) -> int:
    """Print what was found in each file; 1 when something is an error, else 0."""
    problems = [problem for several in found.values() for problem in several]
    errors = errors_of(problems)
    if as_json:
        show_json({"files": [_facts(path, several) for path, several in found.items()]})
    else:
        warnings = counted(len(problems) - len(errors), "warning")
        sums = f"{counted(len(found), 'file')}, {counted(len(errors), 'error')}, {warnings}."
        show_lines([*map(str, problems), sums])
    return 1 if errors else 0


def _facts(path: Path, problems: Sequence[Problem]) -> dict[str, Any]:
    return {
        "path": str(path),
        "errors": [problem.to_json() for problem in problems if problem.severity == "error"],
        "warnings": [problem.to_json() for problem in problems if problem.severity == "warning"],
    }


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
