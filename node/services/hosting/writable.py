"""What may be written, whether it becomes public or stays inside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from federation.cids import cid_text
from federation.repository import Write
from node.errors import Malformed, NotAllowed
from node.store.repositories import accounts
from node.store.sessions import Session
from schemas.cbor import CID
from schemas.errors import RecordInvalid
from schemas.validation import is_known, validate_record

MAX_WRITES = 200  # operations in one commit, as strict consumers check


def require_writable(session: Session, did: str, writes: Sequence[Write]) -> None:
    """Raise Malformed for no or too many `writes`, NotAllowed where the account is not active."""
    if not 0 < len(writes) <= MAX_WRITES:
        raise Malformed(f"A commit has 1 to {MAX_WRITES} operations; this has {len(writes)}.")
    handle, status = accounts.get_status(session, did)
    if status != "active":
        raise NotAllowed(f"The account {handle} is {status}.")


def require_not_taken_down(session: Session, did: str) -> None:
    """Raise NotAllowed where the operator took the account down: it keeps no file either."""
    handle, status = accounts.get_status(session, did)
    if status == "takendown":
        raise NotAllowed(f"The account {handle} is {status}.")


def check_record(write: Write, validate: bool | None) -> None:
    """Hold a new record against its lexicon. `validate` None: only lexicons that this node knows. Raises Malformed."""
    if write.value is None or validate is False:
        return
    if not is_known(write.collection):
        if validate:
            raise Malformed(f"This node knows no lexicon {write.collection}.")
        return
    try:
        validate_record(write.value, write.collection, write.rkey)
    except RecordInvalid as error:
        raise Malformed(f"{write.collection}: {error}") from error


def blobs_in(value: object) -> Iterable[str]:
    """CIDs of the blobs that a record names."""
    if isinstance(value, dict):
        if value.get("$type") == "blob" and isinstance(value.get("ref"), CID):
            yield cid_text(value["ref"].cid_bytes)
        for item in value.values():
            yield from blobs_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from blobs_in(item)
