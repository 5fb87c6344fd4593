"""The history of one identity, rebuilt and checked from its operations: nobody's word is taken for it.

A key that stands higher among the rotation keys may undo what a lower one signed, within 72 hours: the operations
after the fork become null. Rules as the reference directory applies them (`assureValidNextOp`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from federation.errors import DidGone, PlcRefused
from federation.plc.data import PlcData
from federation.plc.operation import Operation, did_of, parse_operation

RECOVERY_WINDOW: Final = timedelta(hours=72)
MAX_OPERATIONS: Final = 1000


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One operation, when it was first seen (with a zone), and whether a later one made it null."""

    operation: Operation
    at: datetime
    nullified: bool = False

    def to_json(self, did: str) -> dict[str, Any]:
        """The form of a directory's audit log."""
        return {
            "did": did,
            "operation": dict(self.operation.value),
            "cid": self.operation.cid,
            "nullified": self.nullified,
            "createdAt": self.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }


@dataclass(frozen=True, slots=True)
class History:
    """All operations of a DID in the order they were taken. Immutable; `extended` gives the next one."""

    did: str
    entries: tuple[AuditEntry, ...]

    @property
    def standing(self) -> tuple[AuditEntry, ...]:
        """The operations that are not null."""
        return tuple(entry for entry in self.entries if not entry.nullified)

    @property
    def head(self) -> Operation:
        """The last operation that is not null: the next one's `prev`."""
        return self.standing[-1].operation

    @property
    def data(self) -> PlcData:
        """What the identity says now. Raises DidGone after a tombstone."""
        if self.head.data is None:
            raise DidGone(self.did)
        return self.head.data

    def to_document(self) -> dict[str, Any]:
        """The DID document now. Raises DidGone."""
        return self.data.to_document(self.did)

    def audit_log(self) -> list[dict[str, Any]]:
        """What a directory answers at /{did}/log/audit."""
        return [entry.to_json(self.did) for entry in self.entries]

    def operation_log(self) -> list[dict[str, Any]]:
        """What a directory answers at /{did}/log."""
        return [dict(entry.operation.value) for entry in self.standing]

    def extended(self, operation: Operation, at: datetime) -> "History":
        """The history with one more operation that arrived at `at`. Raises PlcRefused."""
        if not self.entries:
            _check_genesis(self.did, operation)
            return replace(self, entries=(AuditEntry(operation, at),))
        if len(self.entries) >= MAX_OPERATIONS:
            raise PlcRefused(f"more than {MAX_OPERATIONS} operations")
        standing = self.standing
        index = next((i for i, entry in enumerate(standing) if entry.operation.cid == operation.prev), None)
        if index is None:
            raise PlcRefused("prev is not a standing operation of this identity")
        before = standing[index].operation.data
        if before is None:
            raise PlcRefused("nothing follows a tombstone")
        disputed = standing[index + 1 :]
        keys = before.rotation_keys
        if disputed:
            keys = _keys_above(keys, disputed[0], at)
        if operation.signer_among(keys) is None:
            raise PlcRefused("not signed by a rotation key that may do this")
        null = {entry.operation.cid for entry in disputed}
        marked = tuple(
            replace(entry, nullified=True) if entry.operation.cid in null else entry for entry in self.entries
        )
        return replace(self, entries=(*marked, AuditEntry(operation, at)))


def audit(did: str, log: Iterable[object], seen: Mapping[str, datetime] | None = None) -> History:
    """The history that an audit log proves, or PlcRefused.

    `log` is a directory's answer at /{did}/log/audit. `seen` says when we first saw operations (by CID): our own
    times stand over the directory's. Whether an operation is null is computed, and must agree with the log.
    """
    history = History(did, ())
    claims: dict[str, bool] = {}
    for item in log:
        if not isinstance(item, dict) or item.get("did") != did:
            raise PlcRefused("an entry is not about this identity")
        operation = parse_operation(item.get("operation"))
        if item.get("cid") != operation.cid or operation.cid in claims:
            raise PlcRefused("an entry's CID is not its operation's, or comes twice")
        claims[operation.cid] = item.get("nullified") is True
        at = (seen or {}).get(operation.cid) or _parse_time(item.get("createdAt"))
        history = history.extended(operation, at)
    if not history.entries:
        raise PlcRefused("the log is empty")
    if any(claims[entry.operation.cid] != entry.nullified for entry in history.entries):
        raise PlcRefused("the log is wrong about which operations are null")
    return history


def _check_genesis(did: str, operation: Operation) -> None:
    if operation.prev is not None or operation.data is None:
        raise PlcRefused("the first operation creates the identity")
    if did_of(operation.value) != did:
        raise PlcRefused("the first operation creates another identity")
    if operation.signer_among(operation.data.rotation_keys) is None:
        raise PlcRefused("the first operation is not signed by one of its rotation keys")


def _keys_above(keys: tuple[str, ...], disputed: AuditEntry, at: datetime) -> tuple[str, ...]:
    if at - disputed.at > RECOVERY_WINDOW:
        raise PlcRefused("the 72 hours to undo an operation are over")
    signer = disputed.operation.signer_among(keys)
    return keys[: keys.index(signer)] if signer is not None else ()


def _parse_time(text: object) -> datetime:
    try:
        at = datetime.fromisoformat(text)  # type: ignore[arg-type]  # a TypeError is caught
    except (TypeError, ValueError) as error:
        raise PlcRefused("createdAt is not a time") from error
    if at.tzinfo is None:
        raise PlcRefused("createdAt has no zone")
    return at
