"""A git author log, as one example of work traces: `git log --author=ME --date=short --format='%ad %s' --name-only`.

Also read: plain `git log --stat` and `--name-only`. What is kept is which kinds of files were worked on, how often and
until when. Paths, messages, names and addresses are not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from node.personalizer.history.pieces import TRACE, Piece

LEAST_TIMES = 3
_DATE = re.compile(r"\b((?:19|20)\d\d-\d\d-\d\d)\b")
_FILE = re.compile(r"^\s*(?:\d+\s+\d+\s+)?(\S+\.([A-Za-z0-9]{1,8}))(?:\s+\|\s+.*)?\s*$")
_KINDS = {
    "py": "Python", "ipynb": "Jupyter", "js": "JavaScript", "ts": "TypeScript", "tsx": "TypeScript", "rs": "Rust",
    "go": "Go", "java": "Java", "kt": "Kotlin", "c": "C", "h": "C", "cpp": "C++", "cc": "C++", "cs": "C#",
    "rb": "Ruby", "php": "PHP", "swift": "Swift", "sql": "SQL", "r": "R", "sh": "Shell scripts", "tf": "Terraform",
    "yml": "YAML", "yaml": "YAML", "html": "HTML", "css": "CSS", "md": "Markdown", "tex": "LaTeX", "gcode": "G-code",
    "nc": "G-code", "scad": "OpenSCAD", "st": "Structured text", "csv": "Tables (CSV)", "xlsx": "Spreadsheets",
}  # fmt: skip


@dataclass(slots=True)
class _Tally:
    times: int = 0
    last: str = ""


def read_commits(text: str) -> Iterator[Piece]:
    """One piece for each kind of file that was worked on at least three times, the most frequent first."""
    found: dict[str, _Tally] = {}
    date = ""
    for line in text.splitlines():
        dated = _DATE.search(line)
        file = _FILE.match(line)
        if dated and not file:
            date = dated[1]
        kind = _KINDS.get(file[2].casefold()) if file else None
        if kind:
            tally = found.setdefault(kind, _Tally())
            tally.times += 1
            tally.last = max(tally.last, date)
    for kind, tally in sorted(found.items(), key=lambda pair: (-pair[1].times, pair[0])):
        if tally.times >= LEAST_TIMES:
            yield Piece(TRACE, f"Works with {kind}", tally.last, times=tally.times, tools=(kind,))
