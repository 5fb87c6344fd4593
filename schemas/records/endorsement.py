"""Generated from `lexicons/org/skillnet/endorsement.json` by `python -m schemas.generate`: edit that, not this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Self

from schemas.identifiers import AtUri, Datetime
from schemas.records.strong_ref import StrongRef
from schemas.validation import validate_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement:
    """A practitioner's verdict on one version of a module, task or path, from use on a stated task. One per
    practitioner, module and task: the key is derived from both.
    """

    NSID: ClassVar[str] = "org.skillnet.endorsement"
    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "$type",
            "subject",
            "module",
            "task",
            "verdict",
            "createdAt",
            "outdated",
            "unsafe",
            "note",
        }
    )

    # The version that was used.
    subject: StrongRef
    # The head that the version belongs to.
    module: AtUri
    # What it was used for: the address of a task, or onet:…, esco:…, isco:…
    task: str
    # How it went.
    verdict: Literal["works", "works-with-changes", "fails"]
    # When the author says that this was made. Order among records follows the repository's revision, never this.
    created_at: Datetime
    # Whether it no longer matches the tools or the rules.
    outdated: bool = False
    # Whether following it can do harm.
    unsafe: bool = False
    # What others should know.
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
            subject=StrongRef.read(value["subject"]),
            module=AtUri(value["module"]),
            task=value["task"],
            verdict=value["verdict"],
            created_at=Datetime(value["createdAt"]),
            outdated=value.get("outdated", False),
            unsafe=value.get("unsafe", False),
            note=value.get("note"),
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "$type": self.NSID,
            "subject": self.subject.to_value(),
            "module": str(self.module),
            "task": self.task,
            "verdict": self.verdict,
            "createdAt": str(self.created_at),
        }
        if self.outdated:
            value["outdated"] = self.outdated
        if self.unsafe:
            value["unsafe"] = self.unsafe
        if self.note is not None:
            value["note"] = self.note
        return value | dict(self.extra)
