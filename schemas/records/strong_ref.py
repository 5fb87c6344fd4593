"""Generated from `lexicons/com/atproto/repo/strongRef.json` by `python -m schemas.generate`: edit that, not this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from schemas.identifiers import AtUri, Cid


@dataclass(frozen=True, slots=True, kw_only=True)
class StrongRef:
    """A URI with a content-hash fingerprint."""

    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "uri",
            "cid",
        }
    )

    uri: AtUri
    cid: Cid
    # Fields that the lexicon does not know, kept.
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """Read what has been validated already."""
        return cls(
            uri=AtUri(value["uri"]),
            cid=Cid(value["cid"]),
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "uri": str(self.uri),
            "cid": str(self.cid),
        }
        return value | dict(self.extra)
