"""What changed in the catalogue, told to ranking and search once it is durable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from federation.codec import decode
from node.store.repositories.records import Change
from schemas.errors import RecordInvalid
from schemas.validation import is_known, validate_record


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record put (`value`) or removed (`value` None)."""

    collection: str
    rkey: str
    cid: str
    value: dict[str, Any] | None

    @classmethod
    def of(cls, change: Change) -> RecordChange:
        """The same change with its block decoded."""
        return cls(change.collection, change.rkey, change.cid, None if change.block is None else decode(change.block))

    def sound(self) -> RecordChange:
        """As the catalogue takes it: a record that its lexicon refuses, stored unvalidated, counts as none."""
        try:
            if self.value is not None and is_known(self.collection):
                validate_record(self.value, self.collection, self.rkey)
        except RecordInvalid:
            return replace(self, value=None)
        return self


@dataclass(slots=True)
class CatalogueChange:
    """at-uris (DIDs for people and organisations) whose rows were put or removed."""

    items: set[str] = field(default_factory=set)
    versions: set[str] = field(default_factory=set)
    endorsements: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)  # profiles, credentials, vouches and organisations

    def add(self, other: CatalogueChange) -> None:
        """Count what changed there too."""
        self.items |= other.items
        self.versions |= other.versions
        self.endorsements |= other.endorsements
        self.people |= other.people

    def __bool__(self) -> bool:
        return bool(self.items or self.versions or self.endorsements or self.people)


Listener = Callable[[CatalogueChange], None]
