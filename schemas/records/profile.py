"""Generated from `lexicons/org/skillnet/profile.json` by `python -m schemas.generate`: edit that, not this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from schemas.blob import Blob
from schemas.identifiers import AtUri, Datetime, Language
from schemas.validation import validate_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How a practitioner appears to others."""

    NSID: ClassVar[str] = "org.skillnet.profile"
    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "$type",
            "displayName",
            "createdAt",
            "description",
            "picture",
            "credentials",
            "occupations",
            "takesQuestionsOn",
            "languages",
        }
    )

    # Name to show.
    display_name: str
    # When the author says that this was made. Order among records follows the repository's revision, never this.
    created_at: Datetime
    # About the person's work.
    description: str | None = None
    # Portrait.
    picture: Blob | None = None
    # Credentials that the practitioner accepts. The first names the organisation whose voice this is.
    credentials: tuple[AtUri, ...] = ()
    # Occupations by the person's own word.
    occupations: tuple[str, ...] = ()
    # What others may ask about. Being listed here is the consent to be shown as a connection.
    takes_questions_on: tuple[str, ...] = ()
    # Languages that the person answers in.
    languages: tuple[Language, ...] = ()
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
            display_name=value["displayName"],
            created_at=Datetime(value["createdAt"]),
            description=value.get("description"),
            picture=Blob.read(value["picture"]) if "picture" in value else None,
            credentials=tuple(AtUri(item) for item in value.get("credentials", ())),
            occupations=tuple(value.get("occupations", ())),
            takes_questions_on=tuple(value.get("takesQuestionsOn", ())),
            languages=tuple(Language(item) for item in value.get("languages", ())),
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "$type": self.NSID,
            "displayName": self.display_name,
            "createdAt": str(self.created_at),
        }
        if self.description is not None:
            value["description"] = self.description
        if self.picture is not None:
            value["picture"] = self.picture.to_value()
        if self.credentials:
            value["credentials"] = [str(item) for item in self.credentials]
        if self.occupations:
            value["occupations"] = list(self.occupations)
        if self.takes_questions_on:
            value["takesQuestionsOn"] = list(self.takes_questions_on)
        if self.languages:
            value["languages"] = [str(item) for item in self.languages]
        return value | dict(self.extra)
