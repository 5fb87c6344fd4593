"""A hostile host: every kind of bad event and repository is refused with its own reason."""

from collections.abc import Callable

import pytest

from federation.car import read_car, write_car
from federation.cids import cid_for, cid_text, parse_cid, raw_cid
from federation.codec import decode, encode
from federation.commit import sign_commit
from federation.errors import Reason, Rejected
from federation.events import (
    CommitEvent,
    SyncEvent,
)
from federation.frames import (
    encode_commit,
    encode_sync,
    parse_frame,
)
from federation.mst import EMPTY_ROOT, Vertex, build_tree
from federation.mst.vertex import encode_vertex
from federation.repository import Repository, Write
from federation.verify import (
    KnownState,
    VerificationLimits,
    verify_commit_event,
    verify_record_proof,
    verify_repo_car,
    verify_sync_event,
)
from tests.unit.federation.scene import (
    A_RECORD,
    DID,
    KEY,
    NOTE,
    OTHER,
    PUBLIC,
    THIEF,
    Scene,
    lying_block,
    note,
    op,
    record_cid,
    replace,
    resigned,
    rev,
    without,
)

CID_OF_NOTHING = cid_for(b"nothing")

HOSTILE: dict[str, tuple[Reason, Callable[[CommitEvent], CommitEvent]]] = {
    "says it is too big": (Reason.EVENT_TOO_BIG, lambda e: replace(e, too_big=True)),
    "too many bytes": (Reason.BLOCKS_TOO_LARGE, lambda e: replace(e, blocks=e.blocks + bytes(2_000_000))),
    "too many operations": (Reason.OPS_TOO_MANY, lambda e: replace(e, ops=e.ops * 70)),
    "the same path twice": (Reason.OP_REPEATED, lambda e: replace(e, ops=(*e.ops, e.ops[0]))),
    "a path without a key": (Reason.OP_MALFORMED, lambda e: replace(e, ops=op(e, 0, path=NOTE))),
    "a path upwards": (Reason.OP_MALFORMED, lambda e: replace(e, ops=op(e, 0, path=f"{NOTE}/.."))),
    "a path in Arabic": (Reason.OP_MALFORMED, lambda e: replace(e, ops=op(e, 0, path=f"{NOTE}/ملاحظة"))),
    "an update without prev": (Reason.OP_PREV_MISSING, lambda e: replace(e, ops=op(e, 1, prev=None))),
    "a deletion without prev": (Reason.OP_PREV_MISSING, lambda e: replace(e, ops=op(e, 2, prev=None))),
    "a replay": (Reason.REV_NOT_NEWER, lambda e: replace(e, rev=rev(2))),
    "a revision from before": (Reason.REV_NOT_NEWER, lambda e: replace(e, rev=rev(1))),
    "a revision from next year": (Reason.REV_IN_FUTURE, lambda e: replace(e, rev=rev(10**12))),
    "a revision that is not the commit's": (Reason.REV_MISMATCH, lambda e: replace(e, rev=rev(4))),
    "no prevData": (Reason.PREV_DATA_MISSING, lambda e: replace(e, prev_data=None)),
    "a gap": (Reason.PREV_DATA_MISMATCH, lambda e: replace(e, prev_data=CID_OF_NOTHING)),
    "no CAR": (Reason.CAR_MALFORMED, lambda e: replace(e, blocks=b"")),
    "half a CAR": (Reason.CAR_MALFORMED, lambda e: replace(e, blocks=e.blocks[:-10])),
    "a CAR without roots": (
        Reason.BLOCK_MISSING,
        lambda e: replace(e, blocks=write_car([], read_car(e.blocks).blocks.items())),
    ),
    "a wrong hash": (Reason.BLOCK_HASH_MISMATCH, lying_block),
    "no commit": (Reason.BLOCK_MISSING, lambda e: replace(e, blocks=without(e, parse_cid(e.commit)))),
    "another commit than it names": (Reason.COMMIT_MISMATCH, lambda e: replace(e, commit=CID_OF_NOTHING)),
    "a root that is no commit": (
        Reason.COMMIT_MALFORMED,
        lambda e: replace(e, blocks=write_car([record_cid(e)], read_car(e.blocks).blocks.items())),
    ),
    "another's commit": (Reason.DID_MISMATCH, lambda e: resigned(e, did=OTHER)),
    "another's name": (Reason.DID_MISMATCH, lambda e: replace(e, did=OTHER)),
    "another's key": (Reason.SIGNATURE_INVALID, lambda e: resigned(e, key=THIEF)),
    "a missing vertex": (
        Reason.BLOCK_MISSING,
        lambda e: replace(
            e, blocks=without(e, decode(read_car(e.blocks).blocks[parse_cid(e.commit)])["data"].cid_bytes)
        ),
    ),
    "a missing record": (Reason.BLOCK_MISSING, lambda e: replace(e, blocks=without(e, record_cid(e)))),
    "an operation that is not there": (Reason.INVERSION_MISMATCH, lambda e: replace(e, ops=e.ops[1:])),
    "no operation at all": (Reason.INVERSION_MISMATCH, lambda e: replace(e, ops=())),
    "an operation on another record": (
        Reason.BLOCK_MISSING,
        lambda e: replace(e, ops=op(e, 0, path=f"{NOTE}/n1")),
    ),
    "a creation of another value": (Reason.INVERSION_MISMATCH, lambda e: replace(e, ops=op(e, 0, cid=CID_OF_NOTHING))),
    "an update from another value": (
        Reason.INVERSION_MISMATCH,
        lambda e: replace(e, ops=op(e, 1, prev=CID_OF_NOTHING)),
    ),
    "an update called creation": (
        Reason.INVERSION_MISMATCH,
        lambda e: replace(e, ops=op(e, 1, action="create", prev=None)),
    ),
    "a deletion of what is still there": (
        Reason.BLOCK_MISSING,
        lambda e: replace(e, ops=op(e, 2, path=f"{NOTE}/n1")),
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_event_is_refused_with_its_reason(kind: str):
    reason, tamper = HOSTILE[kind]
    scene = Scene()
    with pytest.raises(Rejected) as caught:
        verify_commit_event(tamper(scene.event), scene.known, PUBLIC, newest_rev=rev(10**9))
    assert caught.value.reason == reason, str(caught.value)
    assert reason.value in str(caught.value)


def test_the_honest_event_is_taken():
    scene = Scene()
    verified = verify_commit_event(scene.event, scene.known, PUBLIC, newest_rev=rev(10**9))
    assert verified.state == KnownState(scene.repository.rev, scene.repository.data_cid)
    assert [(found.action, found.value) for found in verified.ops] == [
        ("create", note(100)),
        ("update", note(101)),
        ("delete", None),
    ]
    assert verify_commit_event(scene.event, None, PUBLIC).state == verified.state


def test_the_first_commit_may_lack_prev_data_if_it_begins_with_nothing():
    repository = Repository.create(DID, KEY, rev(1))
    event = parse_frame(encode_commit(repository.apply([Write("create", NOTE, "a", note(1))], KEY, rev(2)), 1, "now"))
    assert verify_commit_event(replace(event, prev_data=None), None, PUBLIC).rev == rev(2)
    with pytest.raises(Rejected, match="inversion-mismatch"):
        verify_commit_event(replace(Scene().event, prev_data=None), None, PUBLIC)


def test_an_empty_commit_after_a_change_of_key():
    scene = Scene()
    event = parse_frame(encode_commit(scene.repository.apply([], THIEF, rev(4)), 2, "now"))
    known = KnownState(rev(3), scene.result.data_cid)
    assert verify_commit_event(event, known, THIEF.verifying_key).data_cid == known.data_cid
    with pytest.raises(Rejected, match="signature-invalid"):
        verify_commit_event(event, known, PUBLIC)


@pytest.mark.parametrize(
    "value", [b"\xfb" + bytes(8), b"\xa2aa\x01aa\x02", encode([1]), b"\x81" * 500 + b"\x01", b"nonsense"]
)
def test_a_signed_record_that_is_unusable_does_not_stop_the_repository(value: bytes):
    scene = Scene()
    path = f"{NOTE}/new"
    paths = {**dict(scene.repository.paths()), path: cid_for(value)}
    tree = build_tree(sorted((name.encode(), parse_cid(cid)) for name, cid in paths.items()))
    data, blocks = tree.flush()
    event = scene.signed(data, blocks | {raw_cid(value): value}, ops=op(scene.event, 0, cid=cid_for(value)))
    car = read_car(event.blocks)
    event = replace(
        event,
        blocks=write_car(car.roots, [*car.blocks.items(), (parse_cid(scene.event.ops[1].cid), encode(note(101)))]),
    )
    verified = verify_commit_event(event, scene.known, PUBLIC)
    assert verified.ops[0].value is None
    assert verified.ops[0].problem.reason == Reason.RECORD_MALFORMED
    assert verified.ops[1].value == note(101)


def test_a_large_record_is_a_problem_of_its_own():
    scene = Scene(Write("create", NOTE, "big", {"text": "x" * 5000}))
    limits = VerificationLimits(record_size=4096)
    problem = verify_commit_event(scene.event, scene.known, PUBLIC, limits).ops[0].problem
    assert problem.reason == Reason.RECORD_TOO_LARGE


def test_unwanted_collections_are_proven_but_not_read():
    scene = Scene()
    limits = VerificationLimits(collections=frozenset({"org.skillnet.module"}))
    verified = verify_commit_event(
        replace(scene.event, blocks=without(scene.event, record_cid(scene.event))), scene.known, PUBLIC, limits
    )
    assert [found.value for found in verified.ops] == [None, None, None]
    assert verified.data_cid == scene.result.data_cid


def vertex(keys: list[bytes], *links: bytes | None) -> bytes:
    return encode_vertex(Vertex(0, keys, [raw_cid(A_RECORD)] * len(keys), [*links]), [*links])


def chain(depth: int) -> tuple[bytes, dict[bytes, bytes]]:
    """Vertices without keys, one above another: as deep as a host likes."""
    block = vertex([b"com.example.note/a"], None, None)
    blocks = {raw_cid(block): block}
    for _ in range(depth):
        block = vertex([], raw_cid(block))
        blocks[raw_cid(block)] = block
    return raw_cid(block), blocks


SELF = b"\x01\x71\x12\x20" + bytes(32)


@pytest.mark.parametrize(
    "tree",
    [
        chain(1),
        chain(500),
        (raw_cid(b"\xa0"), {raw_cid(b"\xa0"): b"\xa0"}),
        (SELF, {}),
        (EMPTY_ROOT, {}),
    ],
)
def test_trees_of_a_strange_shape(tree: tuple[bytes, dict[bytes, bytes]]):
    scene = Scene()
    with pytest.raises(Rejected) as caught:
        verify_commit_event(scene.signed(*tree), scene.known, PUBLIC)
    assert caught.value.reason in (Reason.TREE_MALFORMED, Reason.BLOCK_MISSING)


def whole(scene: Scene) -> bytes:
    records = {
        cid_text(raw_cid(block)): block for block in [*scene.first.records.values(), *scene.result.records.values()]
    }
    return b"".join(scene.repository.export(records.get))


def signed_repo(items: list[tuple[bytes, bytes]], blocks: dict[bytes, bytes], data: bytes | None = None) -> bytes:
    tree = build_tree(items)
    root, vertices = tree.flush()
    commit = sign_commit(DID, rev(1), data or root, KEY)
    return write_car([commit.cid], [(commit.cid, commit.block), *vertices.items(), *blocks.items()])


def test_an_honest_repository_is_taken():
    scene = Scene()
    verified = verify_repo_car(whole(scene), DID, PUBLIC)
    assert verified.state == KnownState(scene.repository.rev, scene.repository.data_cid)
    assert verified.paths == len(verified.records) == 60
    assert verified.records[f"{NOTE}/n7"][1] == note(101)
    assert cid_for(verified.blocks[f"{NOTE}/n7"]) == verified.records[f"{NOTE}/n7"][0]
    unwanted = verify_repo_car(whole(scene), DID, PUBLIC, VerificationLimits(collections=frozenset()))
    assert (unwanted.paths, unwanted.records) == (60, {})


def wrong_layer() -> bytes:
    keys = sorted([b"asdf", b"blue"])  # of layers 0 and 1
    block = vertex(keys, None, None, None)
    commit = sign_commit(DID, rev(1), raw_cid(block), KEY)
    return write_car([commit.cid], [(commit.cid, commit.block), (raw_cid(block), block)])


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        (Reason.CAR_MALFORMED, lambda scene: b""),
        (Reason.CAR_MALFORMED, lambda scene: whole(scene)[:-1]),
        (Reason.BLOCK_MISSING, lambda scene: write_car([], [])),
        (Reason.BLOCK_MISSING, lambda scene: write_car([raw_cid(b"x")], [])),
        (Reason.BLOCK_MISSING, lambda scene: signed_repo([(b"com.example.note/a", raw_cid(b"x"))], {})),
        (Reason.COMMIT_MALFORMED, lambda scene: write_car([raw_cid(b"\xa0")], [(raw_cid(b"\xa0"), b"\xa0")])),
        (
            Reason.TREE_MALFORMED,
            lambda scene: signed_repo([(b"no path", raw_cid(A_RECORD))], {raw_cid(A_RECORD): A_RECORD}),
        ),
        (
            Reason.TREE_MALFORMED,
            lambda scene: signed_repo([(b"com.example.note/\xff", raw_cid(A_RECORD))], {raw_cid(A_RECORD): A_RECORD}),
        ),
        (Reason.TREE_MALFORMED, lambda scene: signed_repo([], {raw_cid(A_RECORD): A_RECORD}, raw_cid(A_RECORD))),
        (Reason.TREE_MALFORMED, lambda scene: wrong_layer()),
        (Reason.BLOCK_HASH_MISMATCH, lambda scene: whole(scene).replace(b"note 33", b"note 34")),
    ],
)
def test_a_hostile_repository_is_refused_with_its_reason(reason: Reason, data: Callable[[Scene], bytes]):
    with pytest.raises(Rejected) as caught:
        verify_repo_car(data(Scene()), DID, PUBLIC)
    assert caught.value.reason == reason, str(caught.value)


def test_whose_repository_and_whose_key():
    data = whole(Scene())
    with pytest.raises(Rejected, match="did-mismatch"):
        verify_repo_car(data, OTHER, PUBLIC)
    with pytest.raises(Rejected, match="signature-invalid"):
        verify_repo_car(data, DID, THIEF.verifying_key)
    with pytest.raises(Rejected, match="car-malformed"):
        verify_repo_car(data, DID, PUBLIC, VerificationLimits(repo_size=1000))
    with pytest.raises(Rejected, match="records-too-many"):
        verify_repo_car(data, DID, PUBLIC, VerificationLimits(repo_records=59))


def test_unusable_records_of_a_repository_are_named():
    bad = b"\xfb" + bytes(8)
    items = [(b"com.example.note/a", raw_cid(bad)), (b"com.example.note/b", raw_cid(A_RECORD))]
    verified = verify_repo_car(signed_repo(items, {raw_cid(bad): bad, raw_cid(A_RECORD): A_RECORD}), DID, PUBLIC)
    assert list(verified.records) == ["com.example.note/b"]
    assert verified.problems["com.example.note/a"].reason == Reason.RECORD_MALFORMED


def test_a_proof_of_one_record_and_of_its_absence():
    scene = Scene()
    path = f"{NOTE}/n7"
    proof = scene.repository.record_proof(path, scene.result.records[path])
    assert verify_record_proof(proof, DID, PUBLIC, path) == note(101)
    assert (
        verify_record_proof(scene.repository.record_proof(f"{NOTE}/absent", None), DID, PUBLIC, f"{NOTE}/absent")
        is None
    )
    with pytest.raises(Rejected, match="block-missing"):
        verify_record_proof(scene.repository.record_proof(path, None), DID, PUBLIC, path)
    with pytest.raises(Rejected, match="signature-invalid"):
        verify_record_proof(proof, DID, THIEF.verifying_key, path)


def test_sync_events():
    scene = Scene()
    event = SyncEvent(5, DID, scene.repository.rev, scene.repository.head_car, "now")
    assert parse_frame(encode_sync(event)) == event
    head = verify_sync_event(event, scene.known, PUBLIC)
    assert (head.rev, head.data_cid) == (scene.repository.rev, scene.repository.data_cid)
    for changed, reason in (
        (replace(event, did=OTHER), "did-mismatch"),
        (replace(event, rev=rev(9)), "rev-mismatch"),
        (replace(event, rev=rev(1)), "rev-not-newer"),
        (replace(event, blocks=b""), "car-malformed"),
    ):
        with pytest.raises(Rejected, match=reason):
            verify_sync_event(changed, scene.known, PUBLIC)
    with pytest.raises(Rejected, match="signature-invalid"):
        verify_sync_event(event, None, THIEF.verifying_key)


def test_what_a_resync_can_mend_is_told_apart():
    assert Rejected(Reason.PREV_DATA_MISMATCH).resync
    assert not Rejected(Reason.SIGNATURE_INVALID).resync
