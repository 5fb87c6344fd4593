"""Why something of another host was not taken, and how much that says about the host."""

from __future__ import annotations

from dataclasses import dataclass

from federation.errors import Reason, Rejected

# What an honest host may send now and then: a record that a client wrote badly, an old event, a gap that we made.
_HARMLESS = frozenset({Reason.RECORD_MALFORMED, Reason.RECORD_TOO_LARGE, Reason.REV_NOT_NEWER, Reason.EVENT_TOO_BIG})
GRAVE, SLIGHT, NONE = 1.0, 0.05, 0.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A stable code, the detail, and its weight: from 0 for what befalls anybody to 1 for what no honest host does."""

    code: str
    detail: str
    weight: float = NONE

    @classmethod
    def of(cls, problem: Rejected) -> Refusal:
        """The refusal that verification gave."""
        harmless = problem.resync or problem.reason in _HARMLESS
        return cls(problem.reason.value, problem.explanation, SLIGHT if harmless else GRAVE)
