"""What is taken down is in no file of the node any more: tables, log, index, blobs are read byte by byte."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from federation.repository import Write
from node.services.hosting.blobs.files import blob_json
from node.services.moderating.lists import Rule
from node.services.policy import LOCAL_OPERATOR
from node.store.repositories import records
from schemas.datamodel import from_json
from tests.integration.fixtures.nodes import LiveNode, live, practitioner, publish, until

pytestmark = pytest.mark.real
WORD = b"blowonthehotcutter"  # one that the index keeps as it is

NOTE = "com.example.sheet"


async def pieces(body: bytes) -> AsyncIterator[bytes]:
    yield body


def _holding(data: Path) -> set[str]:
    """The files of a folder that the word is in."""
    return {path.name for path in data.rglob("*") if path.is_file() and WORD in path.read_bytes().lower()}


def _deny(node: LiveNode, subject: str, *, erase: bool = False) -> None:
    rule = Rule("deny", subject, "It tells people to burn themselves.")
    node.run(node.services.moderation.decisions.decide(LOCAL_OPERATOR, rule, erase=erase))
    node.services.forgetting.run()
    assert node.services.finder.settle()


@pytest.mark.parametrize("what", ["record", "account"])
def test_what_is_hosted_here(tmp_path: Path, what: str) -> None:
    data = tmp_path / "node"
    with live(data) as node:
        did = practitioner(node.services, "ann")
        made = publish(node.services, did, "cut", f"First {WORD.decode()}.")
        assert node.services.finder.settle()
        assert _holding(data)
        _deny(node, made.uri if what == "record" else did, erase=what == "account")
        assert _holding(data) == set()
    assert _holding(data) == set()


def test_a_file_of_a_record(tmp_path: Path) -> None:
    data = tmp_path / "node"
    with live(data) as node:
        did = practitioner(node.services, "ann")
        stored = node.run(node.services.accounts.store_blob(did, pieces(b"%PDF-1.7 " + WORD), "application/pdf"))
        write = Write("create", NOTE, "sheet", {"$type": NOTE, "sheet": from_json(blob_json(stored))})
        node.write(did, write)
        assert stored.cid in " ".join(_holding(data))
        _deny(node, f"at://{did}/{NOTE}/sheet")
        node.services.forgetting.run()  # frames first, files at the next turn
        assert _holding(data) == set()


def test_a_host_that_was_followed(tmp_path: Path) -> None:
    data = tmp_path / "node"
    with live(data) as node, live(tmp_path / "other") as other:
        publish(other.services, practitioner(other.services, "bob"), "cut", f"First {WORD.decode()}.")
        node.run(node.services.follower.follow(other.url, trust=False))
        until(lambda: any(name.endswith(".store") for name in _holding(data)), 60, "its text in the index")
        _deny(node, other.url)
        assert _holding(data) == set()


def test_what_its_author_deleted_elsewhere(tmp_path: Path) -> None:
    data = tmp_path / "node"
    with live(data) as node, live(tmp_path / "other") as other:
        did = practitioner(other.services, "bob")
        before = _paths(other, did)
        publish(other.services, did, "cut", f"First {WORD.decode()}.")
        node.run(node.services.follower.follow(other.url, trust=False))
        until(lambda: any(name.endswith(".store") for name in _holding(data)), 60, "its text in the index")
        other.write(did, *(Write("delete", *path.split("/")) for path in _paths(other, did) - before))
        until(lambda: _paths(node, did) == before, 60, "its end")
        assert node.services.finder.settle()
        node.services.forgetting.run()
        node.services.finder.forget_removed()  # as the same chore does
        until(lambda: not _holding(data), 60, "the end of its words")


def _paths(node: LiveNode, did: str) -> set[str]:
    with node.services.database.read() as session:
        return {path for path, _ in records.list_paths(session, did)}
