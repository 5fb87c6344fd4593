"""Random histories: our tree equals an independent one, every event can be undone, every file reads back."""

from hypothesis import given
from hypothesis import strategies as st

from federation.car import read_car
from federation.cids import cid_text, raw_cid
from federation.frames import encode_commit, parse_frame
from federation.keys import SigningKey
from federation.mst import Tree, build_tree
from federation.repository import Repository, Write
from federation.verify import KnownState, verify_commit_event, verify_record_proof, verify_repo_car
from schemas.identifiers.tid import tid_from_micros

KEY = SigningKey.generate()
KEYS = st.integers(0, 400).map(lambda number: f"com.example.{'abc'[number % 3]}/r{number}")
CHANGES = st.lists(st.tuples(KEYS, st.one_of(st.none(), st.integers(0, 5))), max_size=120)
COMMITS = st.lists(st.dictionaries(KEYS, st.one_of(st.none(), st.integers(0, 5)), max_size=40), max_size=8)


def value(number: int) -> bytes:
    return raw_cid(b"%d" % number)


@given(changes=CHANGES)
def test_the_tree_equals_the_oracle(tree_oracle, changes: list[tuple[str, int | None]]):
    oracle = tree_oracle()
    tree, held = Tree(), dict[str, bytes]()
    for key, number in changes:
        if number is None:
            assert tree.delete(key.encode()) == held.pop(key, None)
            oracle.put(key, None)
        else:
            assert tree.put(key.encode(), value(number)) == held.get(key)
            held[key] = value(number)
            oracle.put(key, held[key])
        assert tree.get(key.encode()) == held.get(key)
    assert tree.flush()[0] == oracle.root
    in_order = sorted((key.encode(), cid) for key, cid in held.items())
    assert list(tree.walk()) == in_order
    assert build_tree(in_order).flush()[0] == oracle.root


@given(COMMITS)
def test_every_commit_verifies_inverts_and_reloads(commits: list[dict[str, int | None]]):
    did = "did:web:example.com"
    repository = Repository.create(did, KEY, tid_from_micros(1, 0))
    vertices = dict(repository.vertices())
    stored = Repository.open(repository.commit_block, vertices.get)
    state = KnownState(repository.rev, repository.data_cid)
    records: dict[str, bytes] = {}
    for number, wanted in enumerate(commits, start=2):
        result = repository.apply(writes(repository, wanted), KEY, tid_from_micros(number, 0))
        verified = verify_commit_event(parse_frame(encode_commit(result, number, "now")), state, KEY.verifying_key)
        state = verified.state
        assert state == KnownState(repository.rev, repository.data_cid)
        assert {op.path: op.block for op in verified.ops if op.block} == result.records
        records |= {cid_text(raw_cid(block)): block for block in result.records.values()}
        twin = stored.apply(writes(stored, wanted), KEY, tid_from_micros(number, 0))
        assert (twin.data_cid, twin.ops, twin.proof) == (result.data_cid, result.ops, result.proof)
        vertices |= twin.vertices_added
        for gone in twin.vertices_removed:
            del vertices[gone]
        assert vertices == dict(repository.vertices())
    whole = verify_repo_car(b"".join(repository.export(records.get)), did, KEY.verifying_key)
    assert {path: cid for path, (cid, _) in whole.records.items()} == dict(repository.paths())
    assert whole.state == state
    assert Repository.load(repository.commit_block, repository.paths()).data_cid == repository.data_cid
    for number in range(0, 400, 90):
        path = f"com.example.{'abc'[number % 3]}/r{number}"
        cid = repository.find(path)
        proof = repository.record_proof(path, records[cid] if cid else None)
        assert verify_record_proof(proof, did, KEY.verifying_key, path) == (whole.records[path][1] if cid else None)


def writes(repository: Repository, wanted: dict[str, int | None]) -> list[Write]:
    found = []
    for path, number in wanted.items():
        there, (collection, rkey) = repository.find(path) is not None, path.split("/")
        if number is not None:
            found.append(Write("update" if there else "create", collection, rkey, {"n": number, "at": path}))
        elif there:
            found.append(Write("delete", collection, rkey))
    return found


@given(COMMITS, st.integers(0, 7))
def test_a_commit_taken_back_leaves_no_trace(commits: list[dict[str, int | None]], which: int):
    repository = Repository.create("did:web:example.com", KEY, tid_from_micros(1, 0))
    for number, wanted in enumerate(commits, start=2):
        before, paths = repository.head, dict(repository.paths())
        result = repository.apply(writes(repository, wanted), KEY, tid_from_micros(number, 0))
        if number % 8 == which:
            repository.undo(result)
            assert (repository.head, dict(repository.paths())) == (before, paths)
            assert repository.apply(writes(repository, wanted), KEY, tid_from_micros(number, 0)).proof == result.proof


@given(st.lists(st.integers(0, 10_000), unique=True, min_size=2, max_size=60))
def test_order_of_arrival_does_not_matter(numbers: list[int]):
    one, other = Tree(), Tree()
    for number in numbers:
        one.put(b"com.example.a/%d" % number, value(number))
        one.flush()
    for number in sorted(numbers):
        other.put(b"com.example.a/%d" % number, value(number))
    assert one.flush()[0] == other.flush()[0]


def test_car_slices_come_root_first():
    repository = Repository.create("did:web:example.com", KEY, tid_from_micros(1, 0))
    for number in range(2, 30):
        result = repository.apply(
            [Write("create", "com.example.a", f"k{number}", {"n": number})], KEY, tid_from_micros(number, 0)
        )
        blocks = list(read_car(result.car).blocks)
        assert cid_text(blocks[0]) == result.commit_cid
        assert cid_text(blocks[1]) == result.data_cid
