"""Generated from `lexicons/org/skillnet/path.json` by `python -m schemas.generate`: edit that, not this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from schemas.identifiers import Datetime, RecordKey
from schemas.records.defs import Answer, Retirement
from schemas.records.strong_ref import StrongRef
from schemas.validation import validate_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """The head of a path: points to the version that readers should get. The key is the path's name."""

    NSID: ClassVar[str] = "org.skillnet.path"
    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "$type",
            "name",
            "title",
            "current",
            "createdAt",
            "retired",
            "declines",
            "updatedAt",
        }
    )

    # Stable id: lower-case words joined by hyphens. The key of the head record.
    name: RecordKey
    # What a reader sees first.
    title: str
    # The pathVersion that readers should get.
    current: StrongRef
    # When the author says that this was made. Order among records follows the repository's revision, never this.
    created_at: Datetime
    # Set when the author withdraws it from use.
    retired: Retirement | None = None
    # Suggestions that the author answered without taking them up.
    declines: tuple[Answer, ...] = ()
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
            current=StrongRef.read(value["current"]),
            created_at=Datetime(value["createdAt"]),
            retired=Retirement.read(value["retired"]) if "retired" in value else None,
            declines=tuple(Answer.read(item) for item in value.get("declines", ())),
            updated_at=Datetime(value["updatedAt"]) if "updatedAt" in value else None,
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "$type": self.NSID,
            "name": str(self.name),
            "title": self.title,
            "current": self.current.to_value(),
            "createdAt": str(self.created_at),
        }
        if self.retired is not None:
            value["retired"] = self.retired.to_value()
        if self.declines:
            value["declines"] = [item.to_value() for item in self.declines]
        if self.updated_at is not None:
            value["updatedAt"] = str(self.updated_at)
        return value | dict(self.extra)
