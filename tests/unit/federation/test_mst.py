"""The tree: interop vectors, laws, covering proofs."""

import json
import os
from pathlib import Path

import pytest

from federation.cids import cid_text, parse_cid, raw_cid
from federation.errors import BlockMissing, TreeInvalid
from federation.mst import EMPTY_ROOT, Tree, Vertex, build_tree, layer_of, list_tree, parse_vertex
from federation.mst.block import shared_prefix
from federation.mst.vertex import encode_vertex

_DATA = Path(os.environ.get("SKILLNET_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
INTEROP = _DATA / "atproto-interop"
needs_interop = pytest.mark.skipif(not INTEROP.is_dir(), reason="interop fixtures are not on this machine")

LEAF = raw_cid(b"\xa0")


def fixture(name: str) -> list[dict]:
    return json.loads((INTEROP / name).read_text())


def tree_of(*keys: str) -> Tree:
    return build_tree((key.encode(), LEAF) for key in sorted(keys))


def root(tree: Tree) -> str:
    return cid_text(tree.flush()[0])


@needs_interop
def test_layers_of_the_interop_fixtures():
    for case in fixture("mst/key_heights.json"):
        assert layer_of(case["key"].encode()) == case["height"], case


@needs_interop
def test_shared_prefixes_of_the_interop_fixtures():
    for case in fixture("mst/common_prefix.json"):
        assert shared_prefix(case["left"].encode(), case["right"].encode()) == case["len"], case


@needs_interop
def test_commit_proofs_of_the_interop_fixtures():
    for case in fixture("firehose/commit-proof-fixtures.json"):
        value = parse_cid(case["leafValue"])
        tree = build_tree((key.encode(), value) for key in sorted(case["keys"]))
        assert root(tree) == case["rootBeforeCommit"], case["comment"]
        for key in case["adds"]:
            tree.put(key.encode(), value)
        for key in case["dels"]:
            assert tree.delete(key.encode()) == value
        assert root(tree) == case["rootAfterCommit"], case["comment"]
        blocks: dict[bytes, bytes] = {}
        for key in case["adds"] + case["dels"]:
            tree.cover(key.encode(), blocks)
        assert {cid_text(cid) for cid in blocks} == set(case["blocksInProof"]), case["comment"]
        fragment = Tree.load(parse_cid(case["rootAfterCommit"]), blocks.get)
        for key in case["adds"]:
            fragment.delete(key.encode())
        for key in case["dels"]:
            fragment.put(key.encode(), value)
        assert root(fragment) == case["rootBeforeCommit"], case["comment"]


@needs_interop
def test_example_keys_build_and_walk():
    keys = sorted((INTEROP / "mst/example_keys.txt").read_text().split())
    assert [key.decode() for key, _ in tree_of(*keys).walk()] == keys


def test_known_roots():
    assert root(Tree()) == "bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm"
    assert cid_text(EMPTY_ROOT) == root(Tree())


def test_put_and_delete_bring_the_same_root_back():
    tree = tree_of("com.example.a/1", "com.example.a/2", "com.example.b/1")
    before = root(tree)
    assert tree.put(b"com.example.b/0", LEAF) is None
    assert root(tree) != before
    assert tree.put(b"com.example.b/0", EMPTY_ROOT) == LEAF
    assert tree.delete(b"com.example.b/0") == EMPTY_ROOT
    assert tree.delete(b"com.example.b/0") is None
    assert root(tree) == before


def test_deleting_everything_leaves_the_empty_root():
    keys = [f"com.example.record/{number}" for number in range(300)]
    tree = tree_of(*keys)
    for key in keys:
        tree.flush()
        tree.delete(key.encode())
    assert tree.flush()[0] == EMPTY_ROOT


def test_a_fragment_names_what_it_lacks():
    tree = tree_of(*(f"com.example.record/{number}" for number in range(300)))
    cid, blocks = tree.flush()
    only_root = Tree.load(cid, {cid: blocks[cid]}.get)
    with pytest.raises(BlockMissing):
        list(only_root.walk())
    with pytest.raises(BlockMissing):
        Tree.load(LEAF, {}.get)


def test_a_stored_tree_tells_which_vertices_to_delete():
    tree = tree_of(*(f"com.example.record/{number}" for number in range(300)))
    cid, store = tree.flush()
    tree = Tree.load(cid, store.get)
    for number in range(0, 300, 7):
        tree.delete(f"com.example.record/{number}".encode())
        tree.put(f"com.example.other/{number}".encode(), LEAF)
        cid, fresh = tree.flush()
        store |= fresh
        for gone in tree.take_dropped(fresh):
            del store[gone]
    assert {block for block, content in tree.preorder() if content} == store.keys()


def vertex(*keys: str, links: list[bytes | None] | None = None) -> bytes:
    encoded = [key.encode() for key in keys]
    children = links or [None] * (len(keys) + 1)
    return encode_vertex(Vertex(0, encoded, [LEAF] * len(keys), [*children]), children)


LAYER_0, LAYER_1 = "asdf", "blue"


@pytest.mark.parametrize(
    ("block", "layer"),
    [
        (b"", None),
        (b"\xa0", None),
        (b"\x80", None),
        (vertex(LAYER_0) + b"\x00", None),
        (vertex(LAYER_0, LAYER_1), None),  # keys of two layers
        (vertex(LAYER_0), 1),  # key on the wrong layer
        (vertex(LAYER_0, links=[LEAF, None]), None),  # children below the lowest layer
        (vertex(links=[LEAF]), None),  # a root without a key
        (vertex(), 1),  # an empty vertex inside
        (vertex(LAYER_0).replace(b"av\xd8", b"aw\xd8"), None),
        (vertex("asdf", "asdf"), None),
        (vertex("b", "a"), None),
        (bytes.fromhex("a2616580616c01"), None),
        (bytes.fromhex("a26165a0616cf6"), None),
        (bytes.fromhex("a2616505616cf6"), None),
        (bytes.fromhex("a261659800616cf6"), None),
        (b"\xa2ae\x81\xa4akDasdfap\x20at\xf6avD" + b"0123" + b"al\xf6", None),
    ],
)
def test_malformed_vertices_are_refused(block: bytes, layer: int | None):
    with pytest.raises(TreeInvalid):
        parse_vertex(block, layer)


def test_prefixes_must_be_maximal():
    good = vertex("asdf", "asdg") if layer_of(b"asdg") == 0 else None
    if good is not None:
        assert parse_vertex(good).keys == [b"asdf", b"asdg"]
    short = vertex("a0", "a1").replace(b"\xa4akA1ap\x01", b"\xa4akBa1ap\x00")
    with pytest.raises(TreeInvalid):
        parse_vertex(short)


def test_a_child_outside_its_bounds_is_refused():
    child = vertex("zz") if layer_of(b"zz") == 0 else vertex("zzz")
    parent = vertex(LAYER_1, links=[raw_cid(child), None])
    blocks = {raw_cid(child): child, raw_cid(parent): parent}
    with pytest.raises(TreeInvalid):
        Tree.load(raw_cid(parent), blocks.get).get(b"a")


def test_a_child_outside_the_bounds_of_its_parents_parent_is_refused():
    assert [layer_of(key) for key in (b"3", b"8", b"49")] == [0, 1, 2]
    child = vertex("3")  # below 49, among what is above it; 8 bounds it from above alone
    middle = vertex("8", links=[raw_cid(child), None])
    top = vertex("49", links=[None, raw_cid(middle)])
    blocks = {raw_cid(block): block for block in (child, middle, top)}
    with pytest.raises(TreeInvalid, match="bounds"):
        list(Tree.load(raw_cid(top), blocks.get).walk())
    with pytest.raises(TreeInvalid, match="bounds"):
        list_tree(raw_cid(top), blocks.get, 10)


def test_unsorted_keys_are_refused():
    with pytest.raises(TreeInvalid):
        build_tree([(b"b", LEAF), (b"a", LEAF)])


def test_a_vertex_may_hold_any_number_of_keys():
    """Whoever wants to can choose 70,000 keys of one layer."""
    names = (b"com.example.record/%d" % number for number in range(100_000))
    keys = sorted(name for name in names if layer_of(name) == 0)
    for count in (23, 24, 255, 256, 65_535, 65_536, 70_000):
        tree = build_tree((key, LEAF) for key in keys[:count])
        cid, blocks = tree.flush()
        assert len(blocks) == 1
        assert [key for key, _ in Tree.load(cid, blocks.get).walk()] == keys[:count]
