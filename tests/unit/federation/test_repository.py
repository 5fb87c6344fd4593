"""The repository engine: commits, atomicity, proofs, exports, frames of its own commits."""

import pytest

from federation.car import CarLimits, read_car, write_car
from federation.cids import cid_text, parse_cid, raw_cid
from federation.codec import decode
from federation.commit import parse_commit
from federation.errors import (
    BlockHashMismatch,
    BlockMissing,
    CarInvalid,
    CommitInvalid,
    CommitTooLarge,
    PathInvalid,
    PathRepeated,
    RecordExists,
    RecordMissing,
    RecordUnfit,
    RevisionStale,
    SignatureInvalid,
    TreeInvalid,
)
from federation.events import CommitEvent
from federation.frames import encode_commit, parse_frame
from federation.keys import SigningKey
from federation.mst import Tree
from federation.repository import Repository, Write

DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
KEY = SigningKey.generate()
NOTE = "com.example.note"


def rev(number: int) -> str:
    return f"3k{number:011d}".translate(str.maketrans("0123456789", "abcdefghij"))


def note(number: int) -> dict[str, object]:
    return {"$type": NOTE, "text": f"note {number}"}


def create(*numbers: int) -> list[Write]:
    return [Write("create", NOTE, f"n{number}", note(number)) for number in numbers]


@pytest.fixture
def repository() -> Repository:
    return Repository.create(DID, KEY, "2222222222222")


def test_a_commit_says_all_that_is_stored_and_announced(repository: Repository):
    result = repository.apply(create(1, 2), KEY, "2222222222223")
    assert [(op.action, op.path, op.prev) for op in result.ops] == [
        ("create", f"{NOTE}/n1", None),
        ("create", f"{NOTE}/n2", None),
    ]
    assert decode(result.records[f"{NOTE}/n1"]) == note(1)
    assert result.since == "2222222222222"
    assert result.commit_cid == repository.commit_cid
    commit = parse_commit(result.commit_block)
    commit.verify(KEY.verifying_key)
    assert cid_text(commit.data) == result.data_cid
    assert set(result.blocks) == {cid_text(cid) for cid in read_car(result.car).blocks}
    again = repository.apply([Write("update", NOTE, "n1", note(9)), Write("delete", NOTE, "n2")], KEY, "2222222222224")
    assert [op.prev for op in again.ops] == [op.cid for op in result.ops]
    assert again.prev_data == result.data_cid
    assert repository.find(f"{NOTE}/n2") is None


def test_the_frame_of_a_commit_reads_back(repository: Repository):
    result = repository.apply(create(1), KEY, "2222222222223")
    event = parse_frame(encode_commit(result, 7, "2026-01-01T00:00:00Z"))
    assert isinstance(event, CommitEvent)
    assert (event.seq, event.did, event.rev, event.since) == (7, DID, "2222222222223", "2222222222222")
    assert (event.commit, event.prev_data, event.ops) == (result.commit_cid, result.prev_data, result.ops)
    assert event.blocks == result.car


@pytest.mark.parametrize(
    ("writes", "error"),
    [
        ([Write("create", NOTE, "n1", note(1))], RecordExists),
        ([Write("update", NOTE, "absent", note(1))], RecordMissing),
        ([Write("delete", NOTE, "absent")], RecordMissing),
        ([Write("update", NOTE, "n1", note(1)), Write("delete", NOTE, "n1")], PathRepeated),
        ([Write("create", NOTE, "a/b", note(1))], PathInvalid),
        ([Write("create", NOTE, "..", note(1))], PathInvalid),
        ([Write("create", "note", "a", note(1))], PathInvalid),
        ([Write("create", NOTE, "", note(1))], PathInvalid),
        ([Write("create", NOTE, "f", {"x": 1.5})], RecordUnfit),
        ([Write("create", NOTE, "f", None)], RecordUnfit),
        ([Write("create", NOTE, "big", {"x": "y" * 1_000_001})], RecordUnfit),
        (create(*range(10, 211)), CommitTooLarge),
        ([Write("create", NOTE, f"big{number}", {"x": "y" * 900_000}) for number in range(3)], CommitTooLarge),
    ],
)
def test_a_refused_commit_changes_nothing(repository: Repository, writes: list[Write], error: type[Exception]):
    repository.apply(create(1), KEY, "2222222222223")
    before, paths = repository.head, list(repository.paths())
    with pytest.raises(error):
        repository.apply([*create(7), *writes], KEY, "2222222222224")
    assert repository.head == before
    assert list(repository.paths()) == paths
    reloaded = Repository.load(repository.commit_block, repository.paths())
    assert reloaded.data_cid == repository.data_cid


def test_the_revision_must_grow(repository: Repository):
    with pytest.raises(RevisionStale):
        repository.apply(create(1), KEY, repository.rev)


def test_the_last_commit_can_be_taken_back(repository: Repository):
    first = repository.apply(create(1, 2, 3), KEY, "2222222222223")
    second = repository.apply([Write("delete", NOTE, "n2"), *create(4)], KEY, "2222222222224")
    with pytest.raises(RevisionStale):
        repository.undo(first)
    repository.undo(second)
    assert repository.commit_cid == first.commit_cid
    assert Repository.load(repository.commit_block, repository.paths()).data_cid == first.data_cid


def test_an_empty_commit_follows_a_change_of_key(repository: Repository):
    other = SigningKey.generate()
    result = repository.apply([], other, "2222222222223")
    parse_commit(result.commit_block).verify(other.verifying_key)
    with pytest.raises(SignatureInvalid):
        parse_commit(result.commit_block).verify(KEY.verifying_key)
    assert result.data_cid == result.prev_data
    assert len(result.proof) == 1


def test_export_load_and_proof(repository: Repository):
    contents: dict[str, bytes] = {}
    for start in range(0, 300, 100):
        result = repository.apply(create(*range(start, start + 100)), KEY, rev(start + 1))
        contents |= {cid_text(raw_cid(block)): block for block in result.records.values()}
    whole = b"".join(repository.export(contents.get))
    car = read_car(whole)
    assert cid_text(car.roots[0]) == repository.commit_cid
    assert len(car.blocks) == 1 + len(list(repository.vertices())) + 300
    assert next(iter(car.blocks)) == car.roots[0]
    with pytest.raises(BlockMissing):
        b"".join(repository.export({}.get))
    assert len(read_car(b"".join(repository.export({}.get, partial=True))).blocks) == len(car.blocks) - 300
    stored = Repository.open(repository.commit_block, car.blocks.get)
    assert list(stored.paths()) == list(repository.paths())
    path = f"{NOTE}/n42"
    cid = repository.find(path)
    proof = read_car(repository.record_proof(path, contents[cid]))
    fragment = Tree.load(parse_commit(proof.blocks[proof.roots[0]]).data, proof.blocks.get)
    assert fragment.get(path.encode()) == parse_cid(cid)
    absence = read_car(repository.record_proof(f"{NOTE}/absent", None))
    assert Tree.load(parse_commit(absence.blocks[absence.roots[0]]).data, absence.blocks.get).get(b"absent") is None
    with pytest.raises(TreeInvalid):
        Repository.load(repository.commit_block, [*repository.paths()][1:])


def test_commits_are_strict(repository: Repository):
    block = repository.commit_block
    assert parse_commit(block).signature
    for bad in (
        b"",
        b"\xa0",
        block + b"\0",
        block.replace(b"gversion\x03", b"gversion\x02"),
        block.replace(b"cdid", b"cdie"),
    ):
        with pytest.raises(CommitInvalid):
            parse_commit(bad)


def test_car_files_are_checked():
    block = b"\xa0"
    cid = raw_cid(block)
    good = write_car([cid], [(cid, block)])
    assert read_car(good).blocks == {cid: block}
    with pytest.raises(BlockHashMismatch):
        read_car(write_car([cid], [(cid, b"\xa1aa\x01")]))
    dag_pb = b"\x01\x70" + cid[2:]
    for bad in (
        b"",
        b"\x00",
        good[:-1],
        good[:10],
        good + b"\x80",
        good + b"\x05abcde",
        good + b"\xff" * 12,
        good + b"\x80\x80\x00",
        write_car([cid], [(dag_pb, block)]),
        b"\x01\xa0",
        good.replace(b"gversion\x01", b"gversion\x02"),
    ):
        with pytest.raises(CarInvalid):
            read_car(bad)
    for limits in (CarLimits(size=10), CarLimits(blocks=0), CarLimits(block_size=0)):
        with pytest.raises(CarInvalid):
            read_car(good, limits)
