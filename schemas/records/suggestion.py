"""Generated from `lexicons/org/skillnet/suggestion.json` by `python -m schemas.generate`: edit that, not this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from schemas.blob import Blob
from schemas.identifiers import AtUri, Datetime
from schemas.records.strong_ref import StrongRef
from schemas.validation import validate_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A change that somebody proposes to the author of a module or task."""

    NSID: ClassVar[str] = "org.skillnet.suggestion"
    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "$type",
            "subject",
            "module",
            "note",
            "createdAt",
            "body",
            "bodyBlob",
        }
    )

    # The version that it would change.
    subject: StrongRef
    # The head that the version belongs to.
    module: AtUri
    # What should change and why.
    note: str
    # When the author says that this was made. Order among records follows the repository's revision, never this.
    created_at: Datetime
    # The whole text as proposed, front matter included, when it is at most 64 kB.
    body: str | None = None
    # The whole text as proposed, when it is longer.
    body_blob: Blob | None = None
    # Fields that the lexicon does not know, kept.
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> Self:
        """Read a record; raise `RecordInvalid` unless it fits its lexicon."""
        validate_record(value, cls.NSID)
        return cls.read(value)

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """Read what has been validated already."""
        return cls(
            subject=StrongRef.read(value["subject"]),
            module=AtUri(value["module"]),
            note=value["note"],
            created_at=Datetime(value["createdAt"]),
            body=value.get("body"),
            body_blob=Blob.read(value["bodyBlob"]) if "bodyBlob" in value else None,
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "$type": self.NSID,
            "subject": self.subject.to_value(),
            "module": str(self.module),
            "note": self.note,
            "createdAt": str(self.created_at),
        }
        if self.body is not None:
            value["body"] = self.body
        if self.body_blob is not None:
            value["bodyBlob"] = self.body_blob.to_value()
        return value | dict(self.extra)
