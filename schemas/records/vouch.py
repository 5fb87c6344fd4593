"""Generated from `lexicons/org/skillnet/vouch.json` by `python -m schemas.generate`: edit that, not this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from schemas.identifiers import Datetime, Did
from schemas.validation import validate_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouch:
    """A statement that another practitioner's, or another node's, judgement can be relied on. The key is the DID
    vouched for.
    """

    NSID: ClassVar[str] = "org.skillnet.vouch"
    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "$type",
            "subject",
            "createdAt",
            "note",
        }
    )

    # Who is vouched for.
    subject: Did
    # When the author says that this was made. Order among records follows the repository's revision, never this.
    created_at: Datetime
    # From what one knows them.
    note: str | None = None
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
            subject=Did(value["subject"]),
            created_at=Datetime(value["createdAt"]),
            note=value.get("note"),
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "$type": self.NSID,
            "subject": str(self.subject),
            "createdAt": str(self.created_at),
        }
        if self.note is not None:
            value["note"] = self.note
        return value | dict(self.extra)
