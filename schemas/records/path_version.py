"""Generated from `lexicons/org/skillnet/pathVersion.json` by `python -m schemas.generate`: edit that, not this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self

from schemas.identifiers import AtUri, Datetime, Did, Language, RecordKey
from schemas.records.strong_ref import StrongRef
from schemas.validation import validate_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A place on a path."""

    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "module",
            "version",
            "title",
            "note",
            "optional",
        }
    )

    # The module's head.
    module: AtUri
    # The version that the curator read.
    version: StrongRef | None = None
    # What the curator calls it; the module's own title counts where it is known.
    title: str | None = None
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
            title=value.get("title"),
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
        if self.title is not None:
            value["title"] = self.title
        if self.note is not None:
            value["note"] = self.note
        if self.optional:
            value["optional"] = self.optional
        return value | dict(self.extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class PathVersion:
    """One immutable published state of a path: modules in an order, with a purpose."""

    NSID: ClassVar[str] = "org.skillnet.pathVersion"
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
            "minutes",
            "occupations",
            "tasks",
            "skills",
            "reviewBy",
            "metadata",
            "translationOf",
            "derivedFrom",
            "previous",
            "changeNote",
            "major",
            "contributors",
            "accepts",
            "body",
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
    # Time it takes, in minutes.
    minutes: int | None = None
    # Occupations that it is for.
    occupations: tuple[str, ...] = ()
    # Tasks that it helps with.
    tasks: tuple[str, ...] = ()
    # Skills that it builds or needs.
    skills: tuple[str, ...] = ()
    # Day after which it should be looked at again, YYYY-MM-DD.
    review_by: str | None = None
    # Front matter that this lexicon does not know, kept as it was written.
    metadata: Mapping[str, Any] = field(default_factory=dict)
    # The module that this one translates.
    translation_of: AtUri | None = None
    # The exact version that this was forked from.
    derived_from: StrongRef | None = None
    # The version that this one follows.
    previous: StrongRef | None = None
    # What changed, for readers and followers.
    change_note: str | None = None
    # The author's word that endorsements of earlier versions should count less. Readers compare the texts
    # themselves; this can only raise their finding.
    major: bool = False
    # Whom the author thanks besides themself.
    contributors: tuple[Did, ...] = ()
    # Suggestions taken up in this version, with credit.
    accepts: tuple[StrongRef, ...] = ()
    # Why this order, in Markdown.
    body: str | None = None
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
            minutes=value.get("minutes"),
            occupations=tuple(value.get("occupations", ())),
            tasks=tuple(value.get("tasks", ())),
            skills=tuple(value.get("skills", ())),
            review_by=value.get("reviewBy"),
            metadata=value.get("metadata", {}),
            translation_of=AtUri(value["translationOf"]) if "translationOf" in value else None,
            derived_from=StrongRef.read(value["derivedFrom"]) if "derivedFrom" in value else None,
            previous=StrongRef.read(value["previous"]) if "previous" in value else None,
            change_note=value.get("changeNote"),
            major=value.get("major", False),
            contributors=tuple(Did(item) for item in value.get("contributors", ())),
            accepts=tuple(StrongRef.read(item) for item in value.get("accepts", ())),
            body=value.get("body"),
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
        if self.minutes is not None:
            value["minutes"] = self.minutes
        if self.occupations:
            value["occupations"] = list(self.occupations)
        if self.tasks:
            value["tasks"] = list(self.tasks)
        if self.skills:
            value["skills"] = list(self.skills)
        if self.review_by is not None:
            value["reviewBy"] = self.review_by
        if self.metadata:
            value["metadata"] = dict(self.metadata)
        if self.translation_of is not None:
            value["translationOf"] = str(self.translation_of)
        if self.derived_from is not None:
            value["derivedFrom"] = self.derived_from.to_value()
        if self.previous is not None:
            value["previous"] = self.previous.to_value()
        if self.change_note is not None:
            value["changeNote"] = self.change_note
        if self.major:
            value["major"] = self.major
        if self.contributors:
            value["contributors"] = [str(item) for item in self.contributors]
        if self.accepts:
            value["accepts"] = [item.to_value() for item in self.accepts]
        if self.body is not None:
            value["body"] = self.body
        return value | dict(self.extra)
