"""Verification of a whole repository, and of the proof of a single record."""

from dataclasses import dataclass
from typing import Any

from federation.car import Car, CarLimits, read_car
from federation.cids import cid_text, cid_texts
from federation.commit import SignedCommit, parse_commit
from federation.errors import PathInvalid, Reason, Rejected
from federation.keys import VerifyingKey
from federation.mst import Tree, list_tree
from federation.paths import parse_keys, parse_path
from federation.verify.limits import KnownState, VerificationLimits, read_record, read_records, rejecting


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
    with rejecting:
        car, commit = _open(data, did, key, limits.repo_car)
        keys, values = list_tree(commit.data, car.blocks.get, limits.repo_records)
        paths = _read_paths(keys)
        found = [(path, cid) for path, cid in zip(paths, values, strict=True) if limits.wants(path)]
        return _with_records(commit, len(paths), found, car.blocks, limits)


def _with_records(
    commit: SignedCommit,
    paths: int,
    found: list[tuple[str, bytes]],
    blocks: dict[bytes, bytes],
    limits: VerificationLimits,
) -> VerifiedRepo:
    """The repository with the records that are wanted: (path, raw CID) each."""
    try:
        held = [blocks[cid] for _, cid in found]
    except KeyError:
        path = next(path for path, cid in found if cid not in blocks)
        raise Rejected(Reason.BLOCK_MISSING, f"record {path}") from None
    repo = VerifiedRepo(
        commit.did, commit.rev, cid_text(commit.cid), commit.block, cid_text(commit.data), paths, {}, {}, {}
    )
    texts = cid_texts([cid for _, cid in found])
    for (path, _), cid, block, value in zip(found, texts, held, read_records(held, limits), strict=True):
        if isinstance(value, Rejected):
            repo.problems[path] = value
        else:
            repo.records[path] = (cid, value)
            repo.blocks[path] = block
    return repo


def verify_record_proof(data: bytes, did: str, key: VerifyingKey, path: str) -> dict[str, Any] | None:
    """The record proven by com.atproto.sync.getRecord, None if its absence is proven; or Rejected; pure."""
    limits = VerificationLimits()
    with rejecting:
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


def _read_paths(keys: list[bytes]) -> list[str]:
    try:
        return parse_keys(keys)
    except PathInvalid as error:
        raise Rejected(Reason.TREE_MALFORMED, f"path {error.detail}") from error
