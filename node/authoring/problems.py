"""What is wrong with a document, where, and what would be right."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `line` and `column` count from 1; `found` is as written, `nearest` the likeliest right spelling."""

    path: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    found: str = ""
    allowed: tuple[str, ...] = ()
    nearest: str | None = None

    def to_json(self) -> dict[str, object]:
        """As `skillnet module lint --json` prints it."""
        return {
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "message": self.message,
            "found": self.found,
            "allowed": list(self.allowed),
            "nearest": self.nearest,
        }

    def __str__(self) -> str:
        text = f"{self.path}:{self.line}:{self.column}: {self.severity} {self.code}: {self.message}"
        if not self.found and self.allowed:
            return f"{text}. One of {', '.join(self.allowed)}."
        return f"{text}. Did you mean “{self.meant}”?" if self.meant else text

    @property
    def meant(self) -> str:
        """What is likely meant by what stands there; '' for what is missing."""
        return self.nearest or "" if self.found else ""


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    """Those that keep a text from being published."""
    return [problem for problem in problems if problem.severity == "error"]


def in_order(problems: Iterable[Problem], limit: int) -> list[Problem]:
    """By place, without repetitions, at most `limit` of them: errors are kept before warnings."""
    unique = sorted(set(problems), key=lambda p: (p.severity == "warning", p.line, p.column, p.code, p.message))
    return sorted(unique[:limit], key=lambda p: (p.line, p.column, p.code, p.message))
