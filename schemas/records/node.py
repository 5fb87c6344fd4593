"""Generated from `lexicons/org/skillnet/node.json` by `python -m schemas.generate`: edit that, not this."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from schemas.identifiers import Datetime, Did, Language, Uri
from schemas.validation import validate_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another node."""

    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "did",
            "url",
        }
    )

    # The node's identity.
    did: Did
    # Where it is.
    url: Uri
    # Fields that the lexicon does not know, kept.
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """Read what has been validated already."""
        return cls(
            did=Did(value["did"]),
            url=Uri(value["url"]),
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "did": str(self.did),
            "url": str(self.url),
        }
        return value | dict(self.extra)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An organisation's node and the nodes it knows."""

    NSID: ClassVar[str] = "org.skillnet.node"
    _FIELDS: ClassVar[frozenset[str]] = frozenset(
        {
            "$type",
            "name",
            "url",
            "createdAt",
            "description",
            "languages",
            "occupations",
            "peers",
            "directory",
        }
    )

    # Name of the organisation.
    name: str
    # Where the node is.
    url: Uri
    # When the author says that this was made. Order among records follows the repository's revision, never this.
    created_at: Datetime
    # What the organisation does and publishes.
    description: str | None = None
    # Languages of what it publishes.
    languages: tuple[Language, ...] = ()
    # Occupations of what it publishes.
    occupations: tuple[str, ...] = ()
    # Nodes that this one follows and recommends.
    peers: tuple[Peer, ...] = ()
    # Address of the DID directory that the node serves.
    directory: Uri | None = None
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
            name=value["name"],
            url=Uri(value["url"]),
            created_at=Datetime(value["createdAt"]),
            description=value.get("description"),
            languages=tuple(Language(item) for item in value.get("languages", ())),
            occupations=tuple(value.get("occupations", ())),
            peers=tuple(Peer.read(item) for item in value.get("peers", ())),
            directory=Uri(value["directory"]) if "directory" in value else None,
            extra={name: item for name, item in value.items() if name not in cls._FIELDS},
        )

    def to_value(self) -> dict[str, Any]:
        """The plain value, as it is signed; empty optional fields are left out."""
        value: dict[str, Any] = {
            "$type": self.NSID,
            "name": self.name,
            "url": str(self.url),
            "createdAt": str(self.created_at),
        }
        if self.description is not None:
            value["description"] = self.description
        if self.languages:
            value["languages"] = [str(item) for item in self.languages]
        if self.occupations:
            value["occupations"] = list(self.occupations)
        if self.peers:
            value["peers"] = [item.to_value() for item in self.peers]
        if self.directory is not None:
            value["directory"] = str(self.directory)
        return value | dict(self.extra)
