"""How much is taken from another host, and what is known of a repository before an event.

Defaults are the limits of sync v1.1: https://atproto.com/specs/sync
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from federation.car import CarLimits
from federation.codec import decode_map, decode_maps
from federation.errors import (
    BlockHashMismatch,
    BlockMissing,
    CarInvalid,
    CidInvalid,
    CodecError,
    CommitInvalid,
    FederationError,
    FrameInvalid,
    PathInvalid,
    Reason,
    Rejected,
    SignatureInvalid,
    TreeInvalid,
    TreeTooLarge,
)


@dataclass(frozen=True, slots=True)
class VerificationLimits:
    """Sizes in bytes. `collections` names what is wanted: other records are proven but not decoded (None: all)."""

    ops: int = 200
    blocks_size: int = 2_000_000
    record_size: int = 1_048_576
    repo_size: int = 512_000_000
    repo_records: int = 2_000_000
    collections: frozenset[str] | None = None

    @property
    def event_car(self) -> CarLimits:
        """For the CAR slice of one event."""
        return _event_car(self.blocks_size)

    @property
    def repo_car(self) -> CarLimits:
        """For a whole repository."""
        return CarLimits(self.repo_size, 2 * self.repo_records + 1, self.blocks_size)

    def wants(self, path: str) -> bool:
        """Whether the record at this path is to be decoded."""
        return self.collections is None or path.partition("/")[0] in self.collections


@lru_cache(16)
def _event_car(size: int) -> CarLimits:
    return CarLimits(size, 50_000, size)


class KnownState(NamedTuple):
    """The last verified state of a repository: revision and CID (text) of the tree's root."""

    rev: str
    data_cid: str


_REASONS: tuple[tuple[type[FederationError], Reason], ...] = (
    (BlockHashMismatch, Reason.BLOCK_HASH_MISMATCH),
    (CarInvalid, Reason.CAR_MALFORMED),
    (CommitInvalid, Reason.COMMIT_MALFORMED),
    (TreeTooLarge, Reason.RECORDS_TOO_MANY),
    (TreeInvalid, Reason.TREE_MALFORMED),
    (BlockMissing, Reason.BLOCK_MISSING),
    (SignatureInvalid, Reason.SIGNATURE_INVALID),
    (PathInvalid, Reason.OP_MALFORMED),
    (CidInvalid, Reason.OP_MALFORMED),
    (FrameInvalid, Reason.FRAME_MALFORMED),
)


class _Rejecting:
    """Turns what the engine finds wrong into Rejected with its stable reason; cheaper than a generator's manager."""

    __slots__ = ()

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, FederationError):
            for kind, reason in _REASONS:
                if isinstance(error, kind):
                    raise Rejected(reason, error.detail) from error


rejecting: Final = _Rejecting()


def read_records(blocks: list[bytes], limits: VerificationLimits) -> list[dict[str, object] | Rejected]:
    """What `read_record` gives or raises for each block."""
    values: list[dict[str, object] | Rejected] = []
    for block, value in zip(blocks, decode_maps(blocks), strict=True):
        if len(block) > limits.record_size:
            values.append(Rejected(Reason.RECORD_TOO_LARGE, f"{len(block)} bytes"))
        elif isinstance(value, CodecError):
            values.append(Rejected(Reason.RECORD_MALFORMED, value.detail))
        else:
            values.append(value)
    return values


def read_record(block: bytes, limits: VerificationLimits) -> dict[str, object]:
    """The record of a block whose hash is proven. Raises Rejected: too large or malformed."""
    if len(block) > limits.record_size:
        raise Rejected(Reason.RECORD_TOO_LARGE, f"{len(block)} bytes")
    try:
        return decode_map(block)
    except CodecError as error:
        raise Rejected(Reason.RECORD_MALFORMED, error.detail) from error
