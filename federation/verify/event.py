"""Verification of one event: hashes, signature, DID, revision, chain of states, and the operations undone.

Undoing an event's operations on the tree it carries must give the root that stood before: then the event lists
every change and no other. Source: https://atproto.com/specs/sync#firehose-validation
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from federation.car import Car, read_car
from federation.cids import cid_text, parse_cid
from federation.commit import SignedCommit, parse_commit
from federation.errors import Reason, Rejected
from federation.events import Action, CommitEvent, RepoOp, SyncEvent
from federation.keys import VerifyingKey
from federation.mst import EMPTY_ROOT, Tree, proves_change
from federation.paths import parse_path
from federation.verify.limits import KnownState, VerificationLimits, read_record, rejecting


class VerifiedOp(NamedTuple):
    """A proven change. `value` is None for deletions, unwanted collections and records with a `problem`."""

    action: Action
    path: str
    cid: str | None
    prev: str | None
    block: bytes | None
    value: dict[str, Any] | None
    problem: Rejected | None = None


class VerifiedCommit(NamedTuple):
    """A proven new state of a repository and the changes that led to it.

    A record that is signed but unusable is an operation with a `problem`: the repository moves on without it.
    """

    did: str
    rev: str
    since: str | None
    commit_cid: str
    commit_block: bytes
    data_cid: str
    ops: tuple[VerifiedOp, ...]

    @property
    def state(self) -> KnownState:
        """What to remember for the next event."""
        return KnownState(self.rev, self.data_cid)


class VerifiedHead(NamedTuple):
    """A proven state of a repository whose records are not at hand."""

    did: str
    rev: str
    commit_cid: str
    commit_block: bytes
    data_cid: str


def verify_commit_event(
    event: CommitEvent,
    state: KnownState | None,
    key: VerifyingKey,
    limits: VerificationLimits | None = None,
    newest_rev: str | None = None,
) -> VerifiedCommit:
    """The proven content of an event, or Rejected with its reason; pure.

    `state` is what was verified last (None: nothing known yet), `key` the signing key of the DID document as it
    is now, `newest_rev` the revision that a clock a little ahead of ours would give.
    """
    limits = limits or VerificationLimits()
    with rejecting:
        _check_claims(event, state, limits, newest_rev)
        car = read_car(event.blocks, limits.event_car)
        commit = _read_commit(car, event.did, event.rev)
        if commit.cid != parse_cid(event.commit):
            raise Rejected(Reason.COMMIT_MISMATCH, f"the event names {event.commit}")
        commit.verify(key)
        _check_inversion(event, commit, car, is_known=state is not None)
        ops = tuple([_verified(op, car, limits) for op in event.ops])
    return VerifiedCommit(event.did, event.rev, event.since, event.commit, commit.block, cid_text(commit.data), ops)


def verify_sync_event(
    event: SyncEvent,
    state: KnownState | None,
    key: VerifyingKey,
    limits: VerificationLimits | None = None,
    newest_rev: str | None = None,
) -> VerifiedHead:
    """The proven head of a #sync event, or Rejected. Equal to the known state means that nothing was missed."""
    limits = limits or VerificationLimits()
    _check_rev(event.rev, newest_rev)
    if state is not None and event.rev < state.rev:
        raise Rejected(Reason.REV_NOT_NEWER, f"{event.rev} after {state.rev}")
    with rejecting:
        commit = _read_commit(read_car(event.blocks, limits.event_car), event.did, event.rev)
        commit.verify(key)
    return VerifiedHead(event.did, commit.rev, cid_text(commit.cid), commit.block, cid_text(commit.data))


def _check_claims(
    event: CommitEvent, state: KnownState | None, limits: VerificationLimits, newest_rev: str | None
) -> None:
    """What can be refused before any block is hashed."""
    if event.too_big:
        raise Rejected(Reason.EVENT_TOO_BIG, "the host says so")
    if len(event.blocks) > limits.blocks_size:
        raise Rejected(Reason.BLOCKS_TOO_LARGE, f"{len(event.blocks)} bytes")
    if len(event.ops) > limits.ops:
        raise Rejected(Reason.OPS_TOO_MANY, f"{len(event.ops)}")
    _check_rev(event.rev, newest_rev)
    _check_ops(event.ops)
    if state is not None:
        _check_chain(event, state)


def _check_rev(rev: str, newest_rev: str | None) -> None:
    if newest_rev is not None and rev > newest_rev:
        raise Rejected(Reason.REV_IN_FUTURE, rev[:40])


def _check_chain(event: CommitEvent, state: KnownState) -> None:
    if event.rev <= state.rev:
        raise Rejected(Reason.REV_NOT_NEWER, f"{event.rev} after {state.rev}")
    if event.prev_data is None:
        raise Rejected(Reason.PREV_DATA_MISSING)
    if event.prev_data != state.data_cid:
        raise Rejected(Reason.PREV_DATA_MISMATCH, f"{event.prev_data} after {state.data_cid}")


def _check_ops(ops: Sequence[RepoOp]) -> None:
    seen: set[str] = set()
    for op in ops:
        if op.path in seen:
            raise Rejected(Reason.OP_REPEATED, op.path[:200])
        seen.add(op.path)
        if op.action != "create" and op.prev is None:
            raise Rejected(Reason.OP_PREV_MISSING, op.path[:200])
        parse_path(op.path)


def _read_commit(car: Car, did: str, rev: str) -> SignedCommit:
    block = car.blocks.get(car.roots[0]) if car.roots else None
    if block is None:
        raise Rejected(Reason.BLOCK_MISSING, "the commit")
    commit = parse_commit(block, car.roots[0])
    if commit.did != did:
        raise Rejected(Reason.DID_MISMATCH, f"a commit of {commit.did[:200]} in an event of {did[:200]}")
    if commit.rev != rev:
        raise Rejected(Reason.REV_MISMATCH, f"commit {commit.rev}, event {rev[:40]}")
    return commit


def _check_inversion(event: CommitEvent, commit: SignedCommit, car: Car, *, is_known: bool) -> None:
    before = EMPTY_ROOT if event.prev_data is None else parse_cid(event.prev_data)
    if not event.ops and before == commit.data:
        return
    if is_known and len(event.ops) == 1 and _is_proven(event.ops[0], before, commit.data, car):
        return
    tree = Tree.load(commit.data, car.blocks.get, check_layers=False)
    for op in reversed(event.ops):
        _undo(tree, op)
    root, _ = tree.flush()
    if root != before:
        raise Rejected(Reason.INVERSION_MISMATCH, f"undone, the tree is {cid_text(root)}")


def _is_proven(op: RepoOp, before: bytes, after: bytes, car: Car) -> bool:
    """Whether the only operation of an event leads from the known tree to the new one; False: that takes a tree."""
    if op.cid is None:
        return False
    previous = None if op.prev is None else parse_cid(op.prev)
    return proves_change(before, after, car.blocks.get, op.path.encode(), parse_cid(op.cid), previous)


def _undo(tree: Tree, op: RepoOp) -> None:
    key = op.path.encode()
    found = tree.delete(key) if op.prev is None else tree.put(key, parse_cid(op.prev))
    expected = None if op.cid is None else parse_cid(op.cid)
    if found != expected:
        raise Rejected(Reason.INVERSION_MISMATCH, f"{op.action} {op.path}: the tree holds something else")


def _verified(op: RepoOp, car: Car, limits: VerificationLimits) -> VerifiedOp:
    if op.cid is None or not limits.wants(op.path):
        return VerifiedOp(op.action, op.path, op.cid, op.prev, None, None)
    block = car.blocks.get(parse_cid(op.cid))
    if block is None:
        raise Rejected(Reason.BLOCK_MISSING, f"record {op.path}")
    try:
        return VerifiedOp(op.action, op.path, op.cid, op.prev, block, read_record(block, limits))
    except Rejected as problem:
        return VerifiedOp(op.action, op.path, op.cid, op.prev, block, None, problem)
