"""The quick ways of reading and undoing give what the simple ways give, on honest and on spoilt input."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.cids import cid_text, cid_texts, parse_cid, raw_cid
from federation.codec import decode_map, decode_maps, encode
from federation.commit import _parse_unusual, parse_commit, sign_commit
from federation.errors import BlockMissing, CodecError, CommitInvalid, PathInvalid, TreeInvalid
from federation.keys import SigningKey
from federation.mst import EMPTY_ROOT, Tree, build_tree, layer_of, list_tree, proves_change
from federation.mst.block import read_entries, read_entries_slowly
from federation.mst.vertex import Vertex, encode_vertex, settle_vertex
from federation.paths import parse_keys, parse_path
from schemas.cbor import CID

KEY = SigningKey.generate()
LEAVES = st.integers(0, 9).map(lambda number: raw_cid(b"%d" % number))
PATHS = st.integers(0, 600).map(lambda number: b"com.example.%s/r%d" % (b"abc"[number % 3 :][:1], number))
ODD_KEYS = st.one_of(
    PATHS, st.binary(min_size=1, max_size=40), st.text("ab/.", min_size=1, max_size=300).map(str.encode)
)
SPOILT = st.tuples(st.integers(0, 2_000), st.integers(0, 255))


def spoil(data: bytes, change: tuple[int, int]) -> bytes:
    changed = bytearray(data)
    changed[change[0] % len(changed)] ^= change[1]
    return bytes(changed)


def judged(read, block):
    try:
        return read(block)
    except TreeInvalid:
        return None


@given(
    st.dictionaries(ODD_KEYS, st.tuples(LEAVES, st.one_of(st.none(), LEAVES)), max_size=40), st.none() | LEAVES, SPOILT
)
def test_a_vertex_is_read_alike(entries: dict[bytes, tuple[bytes, bytes | None]], left: bytes | None, change):
    keys = sorted(entries)
    links = [left, *(entries[key][1] for key in keys)]
    block = encode_vertex(Vertex(1, keys, [entries[key][0] for key in keys], list(links)), links)
    found = read_entries(block)
    assert found == read_entries_slowly(block)
    assert (found[0], found[2]) == (keys, links)
    for wrong in (spoil(block, change), block[: change[0] % len(block)], block + bytes(change[1] % 3)):
        assert judged(read_entries, wrong) == judged(read_entries_slowly, wrong)


@given(st.dictionaries(PATHS, LEAVES, max_size=80), SPOILT)
@settings(max_examples=20)
def test_a_tree_is_listed_alike(items: dict[bytes, bytes], change):
    tree = build_tree(sorted(items.items()))
    root, blocks = tree.flush()
    assert list(zip(*list_tree(root, blocks.get, 100), strict=True)) == sorted(items.items())
    victim = list(blocks)[change[0] % len(blocks)]
    for wrong in ({**blocks, victim: spoil(blocks[victim], change)}, {c: b for c, b in blocks.items() if c != victim}):
        results = []
        for walk in (
            lambda w=wrong: dict(Tree.load(root, w.get).walk()),
            lambda w=wrong: dict(zip(*list_tree(root, w.get, 100), strict=True)),
        ):
            try:
                results.append(walk())
            except (TreeInvalid, BlockMissing) as error:
                results.append(type(error))
        assert results[0] == results[1] or all(isinstance(result, type) for result in results)


@given(st.dictionaries(PATHS, LEAVES, min_size=1, max_size=80), st.data())
def test_what_is_proven_without_a_tree_is_what_the_tree_says(items: dict[bytes, bytes], data):
    key = data.draw(st.sampled_from(sorted(items)) | PATHS)
    previous, value = data.draw(st.none() | LEAVES), data.draw(LEAVES)
    before = {name: leaf for name, leaf in items.items() if name != key} | ({key: previous} if previous else {})
    root, _ = build_tree(sorted(before.items())).flush()
    claimed = data.draw(st.just({**before, key: value}) | st.just(items))
    after, blocks = build_tree(sorted(claimed.items())).flush()
    if proves_change(root, after, blocks.get, key, value, previous):
        assert claimed == {**before, key: value}
        assert undone_by_tree(after, blocks, key, previous) == (value, root)


def undone_by_tree(root, blocks, key, before):
    tree = Tree.load(root, blocks.get, check_layers=False)
    found = tree.delete(key) if before is None else tree.put(key, before)
    return found, tree.flush()[0]


@given(st.dictionaries(PATHS, LEAVES, min_size=2, max_size=80), st.data(), SPOILT)
def test_nothing_spoilt_is_proven(items: dict[bytes, bytes], data, change):
    """A host that signs whatever it likes: its vertices bear their true hashes and say something else."""
    key = data.draw(st.sampled_from(sorted(items)))
    root, _ = build_tree(sorted((name, leaf) for name, leaf in items.items() if name != key)).flush()
    after, blocks = build_tree(sorted(items.items())).flush()
    victim = list(blocks)[change[0] % len(blocks)]
    spoilt = spoil(blocks[victim], change)
    renamed = {victim: raw_cid(spoilt)}
    held = {raw_cid(spoilt): spoilt}
    for cid, block in sorted(blocks.items(), key=lambda item: item[0] != victim):
        held.setdefault(cid, block)
    above = {cid: block for cid, block in blocks.items() if victim in block}
    while above:  # their links follow, up to the root
        cid, block = above.popitem()
        for old, new in renamed.items():
            block = block.replace(old, new)
        renamed[cid] = raw_cid(block)
        held[raw_cid(block)] = block
        above |= {other: content for other, content in blocks.items() if cid in content}
    changed = renamed.get(after, after)
    if changed == after:
        return
    try:
        proven = proves_change(root, changed, held.get, key, items[key], None)
    except TreeInvalid:
        return
    assert not proven


def test_common_changes_are_proven_without_a_tree():
    proven = tried = 0
    held = {b"com.example.a/%05d" % number: raw_cid(b"%d" % number) for number in range(200)}
    root, _ = build_tree(sorted(held.items())).flush()
    for number in range(200, 400):
        key = b"com.example.a/%05d" % number
        held[key] = raw_cid(key)
        after, blocks = build_tree(sorted(held.items())).flush()
        proven += proves_change(root, after, blocks.get, key, held[key], None)
        tried, root = tried + 1, after
    assert proven > 0.95 * tried


def test_a_root_whose_first_key_stands_on_the_wrong_layer_is_refused():
    """By its first key the reader tells on which layer a root stands."""
    names = [b"com.example.a/%05d" % number for number in range(2000)]
    high = next(name for name in reversed(names) if layer_of(name) == 2)
    low = next(name for name in names if layer_of(name) == 0)
    value = raw_cid(b"1")
    root, _ = build_tree([(high, value)]).flush()
    blocks: dict[bytes, bytes] = {}
    after = settle_vertex(Vertex(2, [low, high], [value, value], [None, None, None]), blocks)
    assert not proves_change(root, after, blocks.get, low, value, None)
    with pytest.raises(TreeInvalid, match="wrong layer"):
        Tree.load(after, blocks.get, check_layers=False)


def test_the_only_record_is_left_to_the_tree():
    root, blocks = build_tree([(b"com.example.a/2", raw_cid(b"1"))]).flush()
    assert not proves_change(EMPTY_ROOT, root, blocks.get, b"com.example.a/2", raw_cid(b"1"), None)


VALUES = st.recursive(
    st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.text(), st.binary(), LEAVES.map(CID)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
)
DEEP = st.integers(60, 70).map(lambda depth: b"\xa1aa" + b"\x81" * depth + b"\xf6")
FORBIDDEN = (b"\xa1aa\xfb\x3f\xf0\0\0\0\0\0\0", b"\xa1aa\x1b\xff\0\0\0\0\0\0\0", b"\xa1aa\xd8\x2a\x41\0")
RECORDS = st.dictionaries(st.text(), VALUES, max_size=5)
BLOCKS = st.one_of(RECORDS.map(encode), VALUES.map(encode), DEEP, st.binary(max_size=30), st.sampled_from(FORBIDDEN))


@given(st.lists(BLOCKS, max_size=8))
def test_many_records_are_decoded_as_each_is(blocks: list[bytes]):
    for block, value in zip(blocks, decode_maps(blocks), strict=True):
        try:
            assert decode_map(block) == value
        except CodecError:
            assert isinstance(value, CodecError), block


@given(
    st.lists(
        st.one_of(PATHS, st.binary(max_size=30), st.just(b"com.example.a/.."), st.just(b"com.example.a/x\ny")),
        max_size=8,
    )
)
def test_many_paths_are_judged_as_each_is(keys: list[bytes]):
    try:
        expected = [parse_path(key.decode("ascii")) for key in keys]
    except (PathInvalid, UnicodeDecodeError):
        expected = None
    found = None
    with contextlib.suppress(PathInvalid):
        found = parse_keys(keys)
    assert found == expected


@given(st.integers(0, 1_100))
@settings(max_examples=8)
def test_many_cids_are_spelt_as_each_is(count: int):
    raws = [raw_cid(b"%d" % number) for number in range(count)]
    assert cid_texts(raws) == [cid_text(raw) for raw in raws]
    assert [parse_cid(text) for text in cid_texts(raws)] == raws


@given(
    st.sampled_from(["did:web:example.com", "did:plc:" + "a" * 24, "did:web:" + "é" * 9, "did:web:" + "x" * 300]),
    SPOILT,
)
def test_a_commit_is_read_alike(did: str, change):
    signed = sign_commit(did, "3jzfcijpj2z2a", raw_cid(b""), KEY)
    assert parse_commit(signed.block) == _parse_unusual(signed.block) == signed
    wrong, results = spoil(signed.block, change), []
    for read in (parse_commit, _parse_unusual):
        try:
            results.append(read(wrong))
        except CommitInvalid:
            results.append(None)
    assert results[0] == results[1]
