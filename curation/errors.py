"""Errors of the ranking.

CurationError
├── StatementInvalid    a statement contradicts itself or an earlier one
├── ViewerUnknown       somebody's eyes were asked for who never stated anything
├── SlowLayerInvalid    a stored slow layer cannot be read
└── GraphInvalid        a line of an evaluation file cannot be read
"""


class CurationError(Exception):
    """The ranking cannot be computed."""

    hint = ""

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.__doc__} {detail}".strip())


class StatementInvalid(CurationError):
    """The statement cannot be counted."""


class ViewerUnknown(CurationError):
    """Nobody of this name has stated anything."""


class SlowLayerInvalid(CurationError):
    """The stored epoch cannot be read."""

    hint = "Compute it anew: it is derived from public records only."


class GraphInvalid(CurationError):
    """The graph cannot be read."""

    hint = "One JSON object per line; see the evaluation files in the reference."

    def __init__(self, line: int, detail: str) -> None:
        super().__init__(f"Line {line}: {detail}")
        self.line = line
