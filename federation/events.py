"""What the event stream of a host says, as values. CIDs are text here.

Named tuples, as everything that is made for each event: a frozen dataclass costs five times as much to make.
Source: https://atproto.com/specs/sync, lexicon com.atproto.sync.subscribeRepos
"""

from typing import Literal, NamedTuple

Action = Literal["create", "update", "delete"]


class RepoOp(NamedTuple):
    """One change of one record: `cid` is None for a deletion, `prev` the value before (None for a creation)."""

    action: Action
    path: str
    cid: str | None
    prev: str | None

    @property
    def collection(self) -> str:
        """The part of the path before the slash."""
        return self.path.partition("/")[0]

    @property
    def rkey(self) -> str:
        """The part of the path after the slash."""
        return self.path.partition("/")[2]


class CommitEvent(NamedTuple):
    """A repository changed: `blocks` is a CAR slice, `prev_data` the tree's root before."""

    seq: int
    did: str
    rev: str
    since: str | None
    commit: str
    blocks: bytes
    ops: tuple[RepoOp, ...]
    prev_data: str | None
    time: str
    too_big: bool = False


class SyncEvent(NamedTuple):
    """A repository is now in this state, whatever it was: `blocks` is a CAR with the commit only."""

    seq: int
    did: str
    rev: str
    blocks: bytes
    time: str


class IdentityEvent(NamedTuple):
    """A DID document or handle may have changed: resolve it anew."""

    seq: int
    did: str
    handle: str | None
    time: str


class AccountEvent(NamedTuple):
    """An account's state at this host; `status` is takendown, suspended, deleted, deactivated, … or None."""

    seq: int
    did: str
    active: bool
    status: str | None
    time: str


class InfoEvent(NamedTuple):
    """A remark about the stream itself, such as OutdatedCursor."""

    name: str
    message: str | None


class ErrorEvent(NamedTuple):
    """The host ends the stream: FutureCursor, ConsumerTooSlow, …"""

    error: str
    message: str | None


class UnknownEvent(NamedTuple):
    """A kind of message that did not exist when this was written: skipped, its sequence number kept."""

    kind: str
    seq: int | None


Event = CommitEvent | SyncEvent | IdentityEvent | AccountEvent | InfoEvent | ErrorEvent | UnknownEvent
