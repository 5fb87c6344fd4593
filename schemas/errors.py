"""What can be wrong with data that claims to follow a schema.

SchemaError
├── IdentifierInvalid      a DID, handle, NSID, … is malformed
├── DatamodelInvalid       a value is outside the protocol's data model
├── LexiconUnknown         a lexicon or definition is not in this installation
└── Mismatch               a value does not fit its definition
    ├── LexiconInvalid     … and is a lexicon document
    ├── RecordInvalid      … and is a record
    ├── ParametersInvalid  … and came as the parameters of a request
    └── BodyInvalid        … and is the body of a request, an answer or a message
"""

from collections.abc import Sequence
from typing import Self


class SchemaError(Exception):
    """The data does not follow its schema."""

    hint: str | None = None

    def __init__(self, detail: str = "", *, hint: str | None = None) -> None:
        summary = (type(self).__doc__ or "").strip().splitlines()[0]
        super().__init__(f"{summary.rstrip('.')}: {detail}" if detail else summary)
        self.detail = detail
        if hint is not None:
            self.hint = hint


class IdentifierInvalid(SchemaError, ValueError):
    """The identifier is malformed."""

    def __init__(self, kind: str, text: object, *, hint: str | None = None) -> None:
        shown = repr(text) if len(repr(text)) <= 120 else repr(text)[:117] + "…"
        super().__init__(f"{shown} is not a valid {kind}", hint=hint)
        self.kind = kind


class DatamodelInvalid(SchemaError, ValueError):
    """The value is outside the data model of the protocol."""


class LexiconUnknown(SchemaError, LookupError):
    """The lexicon is not known here."""


class Mismatch(SchemaError, ValueError):
    """The value does not fit its definition."""

    def __init__(self, message: str, path: Sequence[str | int] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.segments: list[str | int] = list(path)

    def inside(self, segment: str | int) -> Self:
        """Say that the value at fault lies under `segment`; called while the error travels outwards."""
        self.segments.insert(0, segment)
        return self

    @property
    def path(self) -> str:
        """Where the fault is: `steps[2].minutes`, or `""` for the value itself."""
        text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.segments)
        return text.removeprefix(".")

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.segments else self.message


class LexiconInvalid(Mismatch):
    """The lexicon document is malformed."""


class RecordInvalid(Mismatch):
    """The record does not fit its lexicon."""


class ParametersInvalid(Mismatch):
    """The parameters do not fit the lexicon of the request."""


class BodyInvalid(Mismatch):
    """The body does not fit the lexicon of the request."""
