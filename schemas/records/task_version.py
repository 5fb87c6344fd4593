"""Generated from `lexicons/org/skillnet/taskVersion.json` by `python -m schemas.generate`: edit that, not this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self

from schemas.blob import Blob
from schemas.identifiers import AtUri, Datetime, Did, Language, RecordKey
from schemas.records.defs import Attachment, Picture, Tool
from schemas.records.strong_ref import StrongRef
from schemas.validation import validate_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An ordered part of a task."""

    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "title",
            "text",
            "by",
            "check",
            "pitfalls",
            "minutes",
            "byHand",
        }
    )

    # The step in a few words.
    title: str
    # What is done.
    text: str | None = None
    # Who or what does it.
    by: Literal["person", "assistant", "both"] | None = None
    # How one knows that it is right.
    check: str | None = None
    # What goes wrong.
    pitfalls: str | None = None
    # Time it takes, in minutes.
    minutes: int | None = None
    # What to keep doing by hand here, and when.
    by_hand: str | None = None
    # Fields that the lexicon does not know, kept.
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """Read what has been validated already."""
        return cls(
            title=value["title"],
            text=value.get("text"),
            by=value.get("by"),
            check=value.get("check"),
            pitfalls=value.get("pitfalls"),
            minutes=value.get("minutes"),
            by_hand=value.get("byHand"),
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "title": self.title,
        }
        if self.text is not None:
            value["text"] = self.text
        if self.by is not None:
            value["by"] = self.by
        if self.check is not None:
            value["check"] = self.check
        if self.pitfalls is not None:
            value["pitfalls"] = self.pitfalls
        if self.minutes is not None:
            value["minutes"] = self.minutes
        if self.by_hand is not None:
            value["byHand"] = self.by_hand
        return value | dict(self.extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskVersion:
    """One immutable published state of a task, decomposed into steps."""

    NSID: ClassVar[str] = "org.skillnet.taskVersion"
    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "$type",
            "name",
            "title",
            "statement",
            "language",
            "license",
            "createdAt",
            "occupations",
            "steps",
            "skills",
            "tools",
            "inputs",
            "outputs",
            "stakes",
            "frequency",
            "noviceByHand",
            "parent",
            "source",
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
    # The task in one sentence.
    statement: str
    # Language of the text.
    language: Language
    # SPDX licence expression.
    license: str
    # When the author says that this was made. Order among records follows the repository's revision, never this.
    created_at: Datetime
    # Occupations that it is for.
    occupations: tuple[str, ...] = ()
    # What is done, in order.
    steps: tuple[Step, ...] = ()
    # Skills that it builds or needs.
    skills: tuple[str, ...] = ()
    # Products that it depends on.
    tools: tuple[Tool, ...] = ()
    # What it starts from.
    inputs: tuple[str, ...] = ()
    # What it ends in.
    outputs: tuple[str, ...] = ()
    # What an error costs.
    stakes: str | None = None
    # How often it comes up.
    frequency: str | None = None
    # What a novice still must do by hand so that the skill survives.
    novice_by_hand: str | None = None
    # The task that this one is a part of: an address or onet:…/…
    parent: str | None = None
    # The catalogue entry that it decomposes: onet:…/…, esco:…
    source: str | None = None
    # Front matter that this lexicon does not know, kept as it was written.
    metadata: Mapping[str, Any] = field(default_factory=dict)
    # Files that travel with it: hashed, never run.
    attachments: tuple[Attachment, ...] = ()
    # Pictures that the text shows.
    pictures: tuple[Picture, ...] = ()
    # The task that this one translates.
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
            statement=value["statement"],
            language=Language(value["language"]),
            license=value["license"],
            created_at=Datetime(value["createdAt"]),
            occupations=tuple(value.get("occupations", ())),
            steps=tuple(Step.read(item) for item in value.get("steps", ())),
            skills=tuple(value.get("skills", ())),
            tools=tuple(Tool.read(item) for item in value.get("tools", ())),
            inputs=tuple(value.get("inputs", ())),
            outputs=tuple(value.get("outputs", ())),
            stakes=value.get("stakes"),
            frequency=value.get("frequency"),
            novice_by_hand=value.get("noviceByHand"),
            parent=value.get("parent"),
            source=value.get("source"),
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
            "statement": self.statement,
            "language": str(self.language),
            "license": self.license,
            "createdAt": str(self.created_at),
        }
        if self.occupations:
            value["occupations"] = list(self.occupations)
        if self.steps:
            value["steps"] = [item.to_value() for item in self.steps]
        if self.skills:
            value["skills"] = list(self.skills)
        if self.tools:
            value["tools"] = [item.to_value() for item in self.tools]
        if self.inputs:
            value["inputs"] = list(self.inputs)
        if self.outputs:
            value["outputs"] = list(self.outputs)
        if self.stakes is not None:
            value["stakes"] = self.stakes
        if self.frequency is not None:
            value["frequency"] = self.frequency
        if self.novice_by_hand is not None:
            value["noviceByHand"] = self.novice_by_hand
        if self.parent is not None:
            value["parent"] = self.parent
        if self.source is not None:
            value["source"] = self.source
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
