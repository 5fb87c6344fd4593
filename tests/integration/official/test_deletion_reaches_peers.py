"""What is deleted on one of our nodes is gone on the other within a minute: record, blob, account."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from federation.cids import parse_cid
from federation.codec import CID
from federation.repository import Write
from node.search.request import SearchRequest
from node.services.assembly import Services
from node.services.following.honouring import deletion_lag
from node.services.people.confirmations import Confirmations
from node.store.content.catalogue import MEMBERS, list_items
from node.store.repositories import accounts, blobs, records
from schemas.authority import MODULE, MODULE_VERSION
from tests.integration.fixtures.nodes import PASSWORD, live, practitioner, publish, until
from tests.integration.official.conftest import make_picture

pytestmark = pytest.mark.real
RARE = "zqxwvkjqz"  # a word of its own, so that it would be found in the index's dictionary of terms too
SECRET = f"words that somebody regrets {RARE}"


async def pieces(body: bytes) -> AsyncIterator[bytes]:
    yield body


def kept(services: Services, did: str) -> list[str]:
    with services.database.read() as session:
        return [path for path, _ in records.list_paths(session, did)]


def holds_blob(services: Services, did: str, cid: str) -> bool:
    with services.database.read() as session:
        return blobs.find_blob(session, did, cid) is not None


def on_disk(services: Services, words: str) -> list[str]:
    """Files of a node that still hold the words: database, write-ahead log, search index, blobs, ranking."""
    services.database.scrub()
    data = services.settings.data
    files = (path for path in data.rglob("*") if path.is_file())
    return [str(path.relative_to(data)) for path in files if path.exists() and words.encode() in path.read_bytes()]


def kinds(paths: list[str]) -> set[str]:
    """Where the words were found: in the database's file, in the search index."""
    return {"db" if path.startswith("skillnet.db") else path.partition("/")[0] for path in paths}


def lag(services: Services, url: str) -> timedelta | None:
    with services.database.read() as session:
        return deletion_lag(session, url)


def found(services: Services, words: str) -> int:
    return int(services.finder.search(SearchRequest(text=words, audiences=MEMBERS, limit=5)).total)


def test_a_record_and_then_the_account_are_gone_on_both_sides(tmp_path: Path) -> None:
    with live(tmp_path / "a") as a, live(tmp_path / "b") as b:
        did = practitioner(a.services, "anna")
        stored = asyncio.run(a.services.accounts.store_blob(did, pieces(make_picture(9)), "image/png"))
        blob: dict[str, Any] = {
            "$type": "blob", "ref": CID(parse_cid(stored.cid)), "mimeType": stored.mime, "size": stored.size,
        }  # fmt: skip
        b.run(b.services.follower.follow(a.url, trust=True))
        a.run(a.services.follower.follow(b.url, trust=False))
        pictures = [{"path": "p.png", "blob": blob, "alt": "nothing"}]
        published = publish(a.services, did, "regret", SECRET, pictures=pictures)
        until(lambda: len(kept(b.services, did)) == 2, 60, "both records")
        until(lambda: holds_blob(b.services, did, stored.cid), 60, "the blob")
        until(lambda: found(b.services, SECRET), 60, "the words in the other node's index")

        for node in (a, b):
            until(lambda s=node.services: {"db", "search"} <= kinds(on_disk(s, RARE)), 60, "the words in every file")
        rkey = published.version["uri"].rpartition("/")[2]
        a.write(did, Write("delete", MODULE, "regret"), Write("delete", MODULE_VERSION, rkey))
        for node in (a, b):
            services = node.services
            until(lambda s=services: not kept(s, did), 60, "the deletion")
            until(lambda s=services: s.blobs.find(stored.cid) is None, 60, "the blob's end")
            until(lambda s=services: not on_disk(s, RARE), 60, "the words' end")
            until(lambda s=services: not found(s, SECRET), 60, "their end in the search index")
            with services.database.read() as session:
                assert list_items(session, MEMBERS, did=did) == []

        until(lambda: lag(a.services, b.url) is not None, 60, "the peer is seen to honour it")
        assert lag(a.services, b.url) < timedelta(minutes=1)

        publish(a.services, did, "again", "other words")
        until(lambda: len(kept(b.services, did)) == 2, 60, "the new records")
        token = Confirmations(a.services.database).give("anna", "delete-account")
        body = {"did": did, "password": PASSWORD, "token": token}
        url = f"{a.url}/xrpc/com.atproto.server.deleteAccount"
        assert httpx.post(url, json=body, timeout=60, trust_env=False).status_code == 200
        until(lambda: not kept(b.services, did), 60, "the account's end")
        with b.services.database.read() as session:
            assert records.find_head(session, did) is None
        with a.services.database.read() as session:
            assert accounts.get_account(session, did).status == "deleted"
        until(lambda: not on_disk(a.services, "other words"), 60, "the other words' end")
        status = httpx.get(
            f"{a.url}/xrpc/com.atproto.sync.getRepoStatus", params={"did": did}, timeout=60, trust_env=False
        ).json()
        assert status == {"did": did, "active": False, "status": "deleted"}
