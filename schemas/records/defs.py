"""Generated from `lexicons/org/skillnet/defs.json` by `python -m schemas.generate`: edit that, not this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from schemas.blob import Blob
from schemas.identifiers import AtUri, Datetime
from schemas.records.strong_ref import StrongRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that readers may download; no node runs it."""

    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "path",
            "blob",
        }
    )

    # Where the text refers to it, relative to the text.
    path: str
    # The file.
    blob: Blob
    # Fields that the lexicon does not know, kept.
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """Read what has been validated already."""
        return cls(
            path=value["path"],
            blob=Blob.read(value["blob"]),
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "path": self.path,
            "blob": self.blob.to_value(),
        }
        return value | dict(self.extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture and where it belongs."""

    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "path",
            "blob",
            "alt",
        }
    )

    # Where the text refers to it, relative to the text.
    path: str
    # The picture.
    blob: Blob
    # What it shows, for those who cannot see it.
    alt: str | None = None
    # Fields that the lexicon does not know, kept.
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """Read what has been validated already."""
        return cls(
            path=value["path"],
            blob=Blob.read(value["blob"]),
            alt=value.get("alt"),
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "path": self.path,
            "blob": self.blob.to_value(),
        }
        if self.alt is not None:
            value["alt"] = self.alt
        return value | dict(self.extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """The end of a module's, task's or path's use."""

    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "reason",
            "at",
            "supersededBy",
        }
    )

    # Why.
    reason: str
    # Since when.
    at: Datetime
    # What to use instead.
    superseded_by: AtUri | None = None
    # Fields that the lexicon does not know, kept.
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """Read what has been validated already."""
        return cls(
            reason=value["reason"],
            at=Datetime(value["at"]),
            superseded_by=AtUri(value["supersededBy"]) if "supersededBy" in value else None,
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "reason": self.reason,
            "at": str(self.at),
        }
        if self.superseded_by is not None:
            value["supersededBy"] = str(self.superseded_by)
        return value | dict(self.extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A product, as it was when the text was written."""

    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "name",
            "vendor",
            "version",
        }
    )

    # Name of the product.
    name: str
    # Who makes it.
    vendor: str | None = None
    # The release that the text was written for.
    version: str | None = None
    # Fields that the lexicon does not know, kept.
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """Read what has been validated already."""
        return cls(
            name=value["name"],
            vendor=value.get("vendor"),
            version=value.get("version"),
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "name": self.name,
        }
        if self.vendor is not None:
            value["vendor"] = self.vendor
        if self.version is not None:
            value["version"] = self.version
        return value | dict(self.extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An author's answer to a suggestion."""

    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "suggestion",
            "reason",
        }
    )

    # The suggestion.
    suggestion: StrongRef
    # Why not.
    reason: str | None = None
    # Fields that the lexicon does not know, kept.
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """Read what has been validated already."""
        return cls(
            suggestion=StrongRef.read(value["suggestion"]),
            reason=value.get("reason"),
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "suggestion": self.suggestion.to_value(),
        }
        if self.reason is not None:
            value["reason"] = self.reason
        return value | dict(self.extra)
