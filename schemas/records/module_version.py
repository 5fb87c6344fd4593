"""Generated from `lexicons/org/skillnet/moduleVersion.json` by `python -m schemas.generate`: edit that, not this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self

from schemas.blob import Blob
from schemas.identifiers import AtUri, Datetime, Did, Language, RecordKey
from schemas.records.defs import Attachment, Picture, Tool
from schemas.records.strong_ref import StrongRef
from schemas.validation import validate_record


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleVersion:
    """One immutable published state of a module."""

    NSID: ClassVar[str] = "org.skillnet.moduleVersion"
    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "$type",
            "name",
            "title",
            "description",
            "language",
            "license",
            "layer",
            "createdAt",
            "level",
            "minutes",
            "tasks",
            "occupations",
            "skills",
            "requires",
            "tools",
            "reviewBy",
            "slots",
            "blocks",
            "metadata",
            "attachments",
            "pictures",
            "translationOf",
            "derivedFrom",
            "previous",
            "changeNote",
            "major",
            "contributors",
            "accepts",
            "body",
            "bodyBlob",
        }
    )

    # Stable id: lower-case words joined by hyphens. The key of the head record.
    name: RecordKey
    # What a reader sees first.
    title: str
    # What the reader will be able to do, in a sentence or two.
    description: str
    # Language of the text.
    language: Language
    # SPDX licence expression.
    license: str
    # What it builds: familiarity with a product, understanding, or the capability to build, judge and recover.
    layer: Literal["tool", "concept", "capability"]
    # When the author says that this was made. Order among records follows the repository's revision, never this.
    created_at: Datetime
    # Whom it is for (Dreyfus).
    level: Literal["novice", "advanced-beginner", "competent", "proficient", "expert"] | None = None
    # Time it takes, in minutes.
    minutes: int | None = None
    # Tasks that it helps with.
    tasks: tuple[str, ...] = ()
    # Occupations that it is for.
    occupations: tuple[str, ...] = ()
    # Skills that it builds or needs.
    skills: tuple[str, ...] = ()
    # What to know first.
    requires: tuple[str, ...] = ()
    # Products that it depends on.
    tools: tuple[Tool, ...] = ()
    # Day after which it should be looked at again, YYYY-MM-DD.
    review_by: str | None = None
    # Places that a reader may fill, by name: {label, values, default}.
    slots: Mapping[str, Any] = field(default_factory=dict)
    # What is known of the text's blocks, by block id: {skill, rewritable, …}.
    blocks: Mapping[str, Any] = field(default_factory=dict)
    # Front matter that this lexicon does not know, kept as it was written.
    metadata: Mapping[str, Any] = field(default_factory=dict)
    # Files that travel with it: hashed, never run.
    attachments: tuple[Attachment, ...] = ()
    # Pictures that the text shows.
    pictures: tuple[Picture, ...] = ()
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
    # The text in Markdown, when it is at most 64 kB.
    body: str | None = None
    # The text in Markdown, when it is longer.
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
            name=RecordKey(value["name"]),
            title=value["title"],
            description=value["description"],
            language=Language(value["language"]),
            license=value["license"],
            layer=value["layer"],
            created_at=Datetime(value["createdAt"]),
            level=value.get("level"),
            minutes=value.get("minutes"),
            tasks=tuple(value.get("tasks", ())),
            occupations=tuple(value.get("occupations", ())),
            skills=tuple(value.get("skills", ())),
            requires=tuple(value.get("requires", ())),
            tools=tuple(Tool.read(item) for item in value.get("tools", ())),
            review_by=value.get("reviewBy"),
            slots=value.get("slots", {}),
            blocks=value.get("blocks", {}),
            metadata=value.get("metadata", {}),
            attachments=tuple(Attachment.read(item) for item in value.get("attachments", ())),
            pictures=tuple(Picture.read(item) for item in value.get("pictures", ())),
            translation_of=AtUri(value["translationOf"]) if "translationOf" in value else None,
            derived_from=StrongRef.read(value["derivedFrom"]) if "derivedFrom" in value else None,
            previous=StrongRef.read(value["previous"]) if "previous" in value else None,
            change_note=value.get("changeNote"),
            major=value.get("major", False),
            contributors=tuple(Did(item) for item in value.get("contributors", ())),
            accepts=tuple(StrongRef.read(item) for item in value.get("accepts", ())),
            body=value.get("body"),
            body_blob=Blob.read(value["bodyBlob"]) if "bodyBlob" in value else None,
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
            "license": self.license,
            "layer": self.layer,
            "createdAt": str(self.created_at),
        }
        if self.level is not None:
            value["level"] = self.level
        if self.minutes is not None:
            value["minutes"] = self.minutes
        if self.tasks:
            value["tasks"] = list(self.tasks)
        if self.occupations:
            value["occupations"] = list(self.occupations)
        if self.skills:
            value["skills"] = list(self.skills)
        if self.requires:
            value["requires"] = list(self.requires)
        if self.tools:
            value["tools"] = [item.to_value() for item in self.tools]
        if self.review_by is not None:
            value["reviewBy"] = self.review_by
        if self.slots:
            value["slots"] = dict(self.slots)
        if self.blocks:
            value["blocks"] = dict(self.blocks)
        if self.metadata:
            value["metadata"] = dict(self.metadata)
        if self.attachments:
            value["attachments"] = [item.to_value() for item in self.attachments]
        if self.pictures:
            value["pictures"] = [item.to_value() for item in self.pictures]
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
        if self.body_blob is not None:
            value["bodyBlob"] = self.body_blob.to_value()
        return value | dict(self.extra)
