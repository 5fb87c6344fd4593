"""Verification of a whole repository, and of the proof of a single record."""

from dataclasses import dataclass
from typing import Any

from federation.car import Car, CarLimits, read_car
from federation.cids import cid_text
from federation.commit import SignedCommit, parse_commit
from federation.errors import PathInvalid, Reason, Rejected
from federation.keys import VerifyingKey
from federation.mst import Tree
from federation.paths import parse_path
from federation.verify.limits import KnownState, VerificationLimits, read_record, rejecting


@dataclass(frozen=True, slots=True)
class VerifiedRepo:
    """A proven repository. `records` maps a wanted path to (CID, value), `blocks` the path to the record's bytes;
    `problems` says why a signed record could not be used. `paths` counts all records, wanted or not."""

    did: str
    rev: str
    commit_cid: str
    commit_block: bytes
    data_cid: str
    paths: int
    records: dict[str, tuple[str, dict[str, Any]]]
    blocks: dict[str, bytes]
    problems: dict[str, Rejected]

    @property
    def state(self) -> KnownState:
        """What to remember for the next event."""
        return KnownState(self.rev, self.data_cid)


def verify_repo_car(data: bytes, did: str, key: VerifyingKey, limits: VerificationLimits | None = None) -> VerifiedRepo:
    """The proven content of a whole repository, as com.atproto.sync.getRepo gave it, or Rejected; pure."""
    limits = limits or VerificationLimits()
    with rejecting():
        car, commit = _open(data, did, key, limits.repo_car)
        records: dict[str, tuple[str, dict[str, Any]]] = {}
        blocks: dict[str, bytes] = {}
        problems: dict[str, Rejected] = {}
        paths = 0
        previous = b""
        for name, cid in Tree.load(commit.data, car.blocks.get).walk():
            paths += 1
            if paths > limits.repo_records:
                raise Rejected(Reason.RECORDS_TOO_MANY, f"more than {limits.repo_records}")
            if name <= previous:
                raise Rejected(Reason.TREE_MALFORMED, "keys out of order")
            previous = name
            path = _read_path(name)
            if not limits.wants(path):
                continue
            block = car.blocks.get(cid)
            if block is None:
                raise Rejected(Reason.BLOCK_MISSING, f"record {path}")
            try:
                records[path] = (cid_text(cid), read_record(block, limits))
                blocks[path] = block
            except Rejected as problem:
                problems[path] = problem
    return VerifiedRepo(
        did,
        commit.rev,
        cid_text(commit.cid),
        commit.block,
        cid_text(commit.data),
        paths,
        records,
        blocks,
        problems,
    )


def verify_record_proof(data: bytes, did: str, key: VerifyingKey, path: str) -> dict[str, Any] | None:
    """The record proven by com.atproto.sync.getRecord, None if its absence is proven; or Rejected; pure."""
    limits = VerificationLimits()
    with rejecting():
        car, commit = _open(data, did, key, limits.event_car)
        cid = Tree.load(commit.data, car.blocks.get).get(parse_path(path).encode())
        if cid is None:
            return None
        block = car.blocks.get(cid)
        if block is None:
            raise Rejected(Reason.BLOCK_MISSING, f"record {path}")
        return read_record(block, limits)


def _open(data: bytes, did: str, key: VerifyingKey, limits: CarLimits) -> tuple[Car, SignedCommit]:
    car = read_car(data, limits)
    block = car.blocks.get(car.roots[0]) if car.roots else None
    if block is None:
        raise Rejected(Reason.BLOCK_MISSING, "the commit")
    commit = parse_commit(block)
    if commit.did != did:
        raise Rejected(Reason.DID_MISMATCH, f"a commit of {commit.did[:200]} where {did[:200]} was asked for")
    commit.verify(key)
    return car, commit


def _read_path(name: bytes) -> str:
    try:
        return parse_path(name.decode("ascii"))
    except (UnicodeDecodeError, PathInvalid) as error:
        raise Rejected(Reason.TREE_MALFORMED, f"path {name[:100]!r}") from error
