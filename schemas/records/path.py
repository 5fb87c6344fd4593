"""Generated from `lexicons/org/skillnet/path.json` by `python -m schemas.generate`: edit that, not this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self

from schemas.identifiers import AtUri, Datetime, Language, RecordKey
from schemas.records.defs import Retirement
from schemas.records.strong_ref import StrongRef
from schemas.validation import validate_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A place on a path."""

    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "module",
            "version",
            "note",
            "optional",
        }
    )

    # The module's head.
    module: AtUri
    # The version that the curator read.
    version: StrongRef | None = None
    # Why it stands here.
    note: str | None = None
    # Whether it may be skipped.
    optional: bool = False
    # Fields that the lexicon does not know, kept.
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """Read what has been validated already."""
        return cls(
            module=AtUri(value["module"]),
            version=StrongRef.read(value["version"]) if "version" in value else None,
            note=value.get("note"),
            optional=value.get("optional", False),
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "module": str(self.module),
        }
        if self.version is not None:
            value["version"] = self.version.to_value()
        if self.note is not None:
            value["note"] = self.note
        if self.optional:
            value["optional"] = self.optional
        return value | dict(self.extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A curated order of modules with a purpose. The key is the path's name."""

    NSID: ClassVar[str] = "org.skillnet.path"
    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "$type",
            "name",
            "title",
            "description",
            "language",
            "modules",
            "createdAt",
            "license",
            "level",
            "occupations",
            "skills",
            "derivedFrom",
            "retired",
            "updatedAt",
        }
    )

    # Stable id: lower-case words joined by hyphens. The key of the head record.
    name: RecordKey
    # What a reader sees first.
    title: str
    # Whom it takes from where to where.
    description: str
    # Language of the text.
    language: Language
    # The modules, in order.
    modules: tuple[Stop, ...]
    # When the author says that this was made. Order among records follows the repository's revision, never this.
    created_at: Datetime
    # SPDX licence expression.
    license: str | None = None
    # Whom it is for (Dreyfus).
    level: Literal["novice", "advanced-beginner", "competent", "proficient", "expert"] | None = None
    # Occupations that it is for.
    occupations: tuple[str, ...] = ()
    # Skills that it builds or needs.
    skills: tuple[str, ...] = ()
    # The exact version that this was forked from.
    derived_from: StrongRef | None = None
    # Set when the author withdraws it from use.
    retired: Retirement | None = None
    # When the author says that this was last changed.
    updated_at: Datetime | None = None
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
            title=value["title"],
            description=value["description"],
            language=Language(value["language"]),
            modules=tuple(Stop.read(item) for item in value["modules"]),
            created_at=Datetime(value["createdAt"]),
            license=value.get("license"),
            level=value.get("level"),
            occupations=tuple(value.get("occupations", ())),
            skills=tuple(value.get("skills", ())),
            derived_from=StrongRef.read(value["derivedFrom"]) if "derivedFrom" in value else None,
            retired=Retirement.read(value["retired"]) if "retired" in value else None,
            updated_at=Datetime(value["updatedAt"]) if "updatedAt" in value else None,
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "$type": self.NSID,
            "name": str(self.name),
            "title": self.title,
            "description": self.description,
            "language": str(self.language),
            "modules": [item.to_value() for item in self.modules],
            "createdAt": str(self.created_at),
        }
        if self.license is not None:
            value["license"] = self.license
        if self.level is not None:
            value["level"] = self.level
        if self.occupations:
            value["occupations"] = list(self.occupations)
        if self.skills:
            value["skills"] = list(self.skills)
        if self.derived_from is not None:
            value["derivedFrom"] = self.derived_from.to_value()
        if self.retired is not None:
            value["retired"] = self.retired.to_value()
        if self.updated_at is not None:
            value["updatedAt"] = str(self.updated_at)
        return value | dict(self.extra)
