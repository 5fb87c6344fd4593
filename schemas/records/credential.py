"""Generated from `lexicons/org/skillnet/credential.json` by `python -m schemas.generate`: edit that, not this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from schemas.identifiers import Datetime, Did
from schemas.validation import validate_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A node's statement that a practitioner practises an occupation there. Counts only when the practitioner's
    profile accepts it.
    """

    NSID: ClassVar[str] = "org.skillnet.credential"
    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "$type",
            "subject",
            "occupation",
            "from",
            "createdAt",
            "title",
            "until",
            "revokedAt",
        }
    )

    # The practitioner.
    subject: Did
    # onet:…, esco:…, isco:… or a plain name.
    occupation: str
    # Since when.
    from_: Datetime
    # When the author says that this was made. Order among records follows the repository's revision, never this.
    created_at: Datetime
    # The job's title there.
    title: str | None = None
    # Until when; open when absent.
    until: Datetime | None = None
    # Since when it no longer holds; endorsements made before keep their weight.
    revoked_at: Datetime | None = None
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
            occupation=value["occupation"],
            from_=Datetime(value["from"]),
            created_at=Datetime(value["createdAt"]),
            title=value.get("title"),
            until=Datetime(value["until"]) if "until" in value else None,
            revoked_at=Datetime(value["revokedAt"]) if "revokedAt" in value else None,
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "$type": self.NSID,
            "subject": str(self.subject),
            "occupation": self.occupation,
            "from": str(self.from_),
            "createdAt": str(self.created_at),
        }
        if self.title is not None:
            value["title"] = self.title
        if self.until is not None:
            value["until"] = str(self.until)
        if self.revoked_at is not None:
            value["revokedAt"] = str(self.revoked_at)
        return value | dict(self.extra)
