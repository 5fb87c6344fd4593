"""Generated from `lexicons/org/skillnet/skill.json` by `python -m schemas.generate`: edit that, not this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from schemas.identifiers import Datetime, Language, RecordKey
from schemas.validation import validate_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """Something a person must be able to do, reliably and under pressure. The key is the skill's name."""

    NSID: ClassVar[str] = "org.skillnet.skill"
    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "$type",
            "name",
            "label",
            "language",
            "createdAt",
            "description",
            "aliases",
            "sameAs",
            "broader",
            "requires",
        }
    )

    # Stable id: lower-case words joined by hyphens. The key of the head record.
    name: RecordKey
    # The skill in a few words.
    label: str
    # Language of the text.
    language: Language
    # When the author says that this was made. Order among records follows the repository's revision, never this.
    created_at: Datetime
    # What being able to do it means.
    description: str | None = None
    # Other names.
    aliases: tuple[str, ...] = ()
    # The same skill elsewhere.
    same_as: tuple[str, ...] = ()
    # Skills that this one is a part of.
    broader: tuple[str, ...] = ()
    # Skills to have first.
    requires: tuple[str, ...] = ()
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
            name=RecordKey(value["name"]),
            label=value["label"],
            language=Language(value["language"]),
            created_at=Datetime(value["createdAt"]),
            description=value.get("description"),
            aliases=tuple(value.get("aliases", ())),
            same_as=tuple(value.get("sameAs", ())),
            broader=tuple(value.get("broader", ())),
            requires=tuple(value.get("requires", ())),
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "$type": self.NSID,
            "name": str(self.name),
            "label": self.label,
            "language": str(self.language),
            "createdAt": str(self.created_at),
        }
        if self.description is not None:
            value["description"] = self.description
        if self.aliases:
            value["aliases"] = list(self.aliases)
        if self.same_as:
            value["sameAs"] = list(self.same_as)
        if self.broader:
            value["broader"] = list(self.broader)
        if self.requires:
            value["requires"] = list(self.requires)
        return value | dict(self.extra)
