"""A fork keeps what it was made from, its licence, every local edit, and takes over what changed upstream."""

from pathlib import Path
from typing import Any

import pytest

from federation.codec import blob_cid
from node.authoring.parse import parse_module
from node.authoring.value import document_of, origin_of, to_value
from node.cli.exporting.attribution import chain_of
from node.cli.exporting.files import inside
from node.cli.forking.files import MayNotBeForked, write_fork
from node.cli.forking.merge import NotAFork, Unresolved, merge_file
from node.cli.publishing.collect import collect
from node.cli.publishing.origins import check_origin
from node.cli.reaching.client import Answered, NodeClient
from node.errors import Conflict

AUTHOR = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
HEAD = f"at://{AUTHOR}/org.skillnet.module/check-it"
TEXT = """---
name: check-it
title: Check it
description: Check what was drafted.
language: en
license: CC-BY-SA-4.0
layer: capability
level: novice
minutes: 5
skills: [checking]
---
First paragraph.

Second paragraph.

Third paragraph.

![A table](img/a.png)
"""
NO_WISHES = {"name": "", "license": ""}


def cid_of(content: bytes) -> str:
    from hashlib import sha256

    return blob_cid(sha256(content).digest())


class Upstream(NodeClient):
    """A node that knows one module in as many versions as were published."""

    def __init__(self) -> None:
        self.versions: list[dict[str, Any]] = []
        self.blobs: dict[str, bytes] = {}

    def publish(self, text: str, picture: bytes = b"one") -> None:
        self.blobs[cid_of(picture)] = picture
        blob = {"$type": "blob", "ref": {"$link": cid_of(picture)}, "mimeType": "image/png", "size": len(picture)}
        value = to_value(parse_module(text), pictures={"img/a.png": blob})
        number = len(self.versions)
        uri = f"at://{AUTHOR}/org.skillnet.moduleVersion/3k{number}"
        self.versions.append({"uri": uri, "cid": f"bafy{number}", "value": value})

    def get(self, path: str, **query: Any) -> Any:
        assert path == "/api/item"
        found = next((one for one in self.versions if one["uri"] == query["uri"]), None)
        if query["uri"] != HEAD and found is None:
            raise Answered("unknown")
        item = {"uri": HEAD, "name": "check-it", "author": AUTHOR, "handle": "ana.example"}
        return {"item": item, "version": found or self.versions[-1]}

    def download(self, path: str, **query: Any) -> bytes:
        return self.blobs[query["cid"]]


@pytest.fixture
def upstream() -> Upstream:
    made = Upstream()
    made.publish(TEXT)
    return made


@pytest.fixture
def fork(upstream: Upstream, tmp_path: Path) -> Path:
    return next(iter(list(write_fork(upstream, upstream.get("/api/item", uri=HEAD), tmp_path, NO_WISHES))))


def edit(path: Path, old: str, new: str) -> None:
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_a_fork_names_the_exact_version_and_brings_its_files(fork: Path) -> None:
    assert origin_of(parse_module(fork.read_text())) == {
        "uri": f"at://{AUTHOR}/org.skillnet.moduleVersion/3k0", "cid": "bafy0",
    }  # fmt: skip
    assert (fork.parent / "img" / "a.png").read_bytes() == b"one"
    assert not collect(fork).sources[0].errors


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("../../.ssh/authorized_keys", "ssh/authorized_keys"),
        ("/etc/passwd", "etc/passwd"),
        (".git/hooks/post-checkout", "git/hooks/post-checkout"),
        ("img\\..\\..\\a.png", "img/a.png"),
        ("a/./.../ . /b", "a/b"),
        ("a\x00b", "ab"),
        ("..", "unnamed"),
    ],
)
def test_a_strangers_path_stays_in_the_folder_and_hides_nothing(path: str, kept: str) -> None:
    assert inside(path).as_posix() == kept


def test_a_fork_takes_no_other_files_place(upstream: Upstream, tmp_path: Path) -> None:
    """Its author says where the files lie: nothing that is there already is theirs to write."""
    (tmp_path / "img").mkdir()
    mine = tmp_path / "img" / "a.png"
    mine.write_bytes(b"mine")
    found = upstream.get("/api/item", uri=HEAD)
    with pytest.raises(Conflict):
        list(write_fork(upstream, found, tmp_path, NO_WISHES))
    assert (mine.read_bytes(), len(list(tmp_path.rglob("*")))) == (b"mine", 2)
    mine.write_bytes(b"one")
    assert list(write_fork(upstream, found, tmp_path, NO_WISHES))[1] == mine


def test_the_origin_survives_record_and_back(fork: Path) -> None:
    value = to_value(parse_module(fork.read_text()))
    assert value["derivedFrom"]["cid"] == "bafy0"
    assert "metadata" not in value
    assert origin_of(document_of(value)) == value["derivedFrom"]


def test_both_sides_edits_are_merged_and_the_new_version_is_named(upstream: Upstream, fork: Path) -> None:
    edit(fork, "First paragraph.", "First paragraph, as we say it.")
    edit(fork, "skills: [checking]", "skills: [checking, our-own]")
    upstream.publish(TEXT.replace("Third", "The third").replace("[checking]", "[checking, reading]"))
    done = merge_file(upstream, fork)
    text = fork.read_text()
    assert not done.conflicts
    assert "as we say it" in text
    assert "The third paragraph." in text
    assert parse_module(text).front.data["skills"] == ["checking", "our-own", "reading"]
    assert origin_of(parse_module(text)) == done.origin == {**done.origin, "cid": "bafy1"}
    assert merge_file(upstream, fork).said == "Nothing has changed upstream."


def test_a_collision_is_marked_and_must_be_resolved_before_the_next_merge(upstream: Upstream, fork: Path) -> None:
    edit(fork, "Second paragraph.", "Our second paragraph.")
    upstream.publish(TEXT.replace("Second paragraph.", "Second paragraph, rewritten."))
    done = merge_file(upstream, fork)
    assert len(done.conflicts) == 1
    assert done.conflicts[0].proposal is not None
    text = fork.read_text()
    assert "Our second paragraph." in text
    assert "Second paragraph, rewritten." in text
    assert "conflict-marker" in {problem.code for problem in collect(fork).sources[0].errors}
    with pytest.raises(Unresolved):
        merge_file(upstream, fork)


def test_a_picture_that_both_changed_is_put_beside(upstream: Upstream, fork: Path) -> None:
    picture = fork.parent / "img" / "a.png"
    picture.write_bytes(b"ours")
    upstream.publish(TEXT, b"two")
    merge_file(upstream, fork)
    assert picture.read_bytes() == b"ours"
    assert (fork.parent / "img" / "a.upstream.png").read_bytes() == b"two"


def test_a_dry_run_changes_nothing(upstream: Upstream, fork: Path) -> None:
    before = fork.read_bytes()
    upstream.publish(TEXT.replace("Third", "The third"), b"two")
    assert "+The third paragraph." in merge_file(upstream, fork, write=False).difference
    assert fork.read_bytes() == before
    assert (fork.parent / "img" / "a.png").read_bytes() == b"one"


def test_licences_are_kept_to(upstream: Upstream, fork: Path, tmp_path: Path) -> None:
    found = upstream.get("/api/item", uri=HEAD)
    with pytest.raises(MayNotBeForked, match="keep it"):
        list(write_fork(upstream, found, tmp_path / "other", {"name": "", "license": "MIT"}))
    edit(fork, "license: CC-BY-SA-4.0", "license: MIT")
    _, problems = check_origin(collect(fork).sources[0], upstream)
    assert [problem.code for problem in problems] == ["license-incompatible"]


def test_the_chain_of_attribution_ends_where_the_node_knows_no_more(upstream: Upstream) -> None:
    lost = "derivedFrom: {uri: 'at://did:plc:gone/org.skillnet.moduleVersion/3k', cid: bafygone}\n---\nFirst"
    upstream.publish(TEXT.replace("---\nFirst", lost))
    chain = list(chain_of(upstream, upstream.get("/api/item", uri=HEAD)))
    assert [one.licence for one in chain] == ["CC-BY-SA-4.0", "licence unknown"]


def test_what_is_no_fork_is_refused(upstream: Upstream, tmp_path: Path) -> None:
    path = tmp_path / "check-it.md"
    path.write_text(TEXT)
    with pytest.raises(NotAFork):
        merge_file(upstream, path)
