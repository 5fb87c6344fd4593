"""Blobs as records name them: pictures, long texts and files that live beside the repository."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from schemas.cbor import CID


@dataclass(frozen=True, slots=True)
class Blob:
    """A reference to bytes by their hash, with their media type and their number."""

    ref: CID
    mime_type: str
    size: int

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """Take a blob out of a record that has been validated."""
        return cls(value["ref"], value["mimeType"], value["size"])

    def to_value(self) -> dict[str, Any]:
        """The blob as it stands in a record."""
        return {"$type": "blob", "ref": self.ref, "mimeType": self.mime_type, "size": self.size}
