"""Hosted repositories: writes become rows, blobs' counts and frames together, or not at all."""

from __future__ import annotations

import itertools
import threading
from typing import Any

import pytest

from federation.cids import parse_cid
from federation.codec import decode
from federation.keys import VerifyingKey
from federation.repository import Repository, Write
from federation.verify import VerificationLimits, verify_commit_event
from federation.verify.event import KnownState
from node.errors import Conflict, Malformed, NotAllowed
from node.services.assembly import Services
from node.store.repositories import accounts, blobs, records
from node.store.tables.hosting import BlobRow
from schemas.cbor import CID
from tests.integration.fixtures.contributions import version_write
from tests.integration.fixtures.nodes import practitioner
from tests.integration.fixtures.notes import NOTE, frames_after, note


def check_repository(services: Services, did: str) -> None:
    """The rows give the tree that the account's key has signed."""
    with services.database.read() as session:
        head = records.find_head(session, did)
        paths = records.list_paths(session, did)
        key = accounts.find_identity(session, did).signing_key
    repository = Repository.load(head.commit_block, paths)
    assert (repository.rev, repository.commit_cid, head.records) == (head.rev, head.commit_cid, len(paths))
    assert VerifyingKey.parse_did_key(key) is not None


def test_a_commit_becomes_record_head_and_a_frame_that_verifies(services: Services, anna: str) -> None:
    with services.database.read() as session:
        before = records.find_head(session, anna)
        key = VerifyingKey.parse_did_key(accounts.find_identity(session, anna).signing_key)
    seq = services.stream.last_seq
    result = services.host.write(anna, [note("one"), note("two")])
    with services.database.read() as session:
        row = records.find_record(session, anna, NOTE, "one")
        head = records.find_head(session, anna)
    assert decode(row.block)["text"] == "hello"
    assert (head.rev, head.records) == (result.rev, 2)
    (event,) = frames_after(services, seq)
    assert event.seq == seq + 1
    state = KnownState(before.rev, before.data_cid)
    verified = verify_commit_event(event, state, key, VerificationLimits(), "zzzzzzzzzzzzz")
    assert [op.path for op in verified.ops] == [f"{NOTE}/one", f"{NOTE}/two"]
    check_repository(services, anna)


def test_updates_and_deletions_carry_what_was_before(services: Services, anna: str) -> None:
    first = services.host.write(anna, [note("one")])
    seq = services.stream.last_seq
    services.host.write(anna, [note("one", "changed", "update")])
    services.host.write(anna, [note("one", action="delete")])
    changed, gone = frames_after(services, seq)
    assert changed.ops[0].prev == first.ops[0].cid
    assert (gone.ops[0].cid, gone.ops[0].prev) == (None, changed.ops[0].cid)
    with services.database.read() as session:
        assert records.find_record(session, anna, NOTE, "one") is None
        assert records.find_head(session, anna).records == 0


@pytest.mark.parametrize(
    ("writes", "error"),
    [
        ([], Malformed),
        ([note(f"n{n}") for n in range(201)], Malformed),
        ([Write("create", "org.skillnet.module", "x", {"$type": "org.skillnet.module"})], Malformed),
        ([note("fresh"), note("known")], Exception),
        ([note("fresh"), note("absent", action="update")], Exception),
        ([note("fresh"), note("absent", action="delete")], Exception),
    ],
    ids=["nothing", "too many", "against its lexicon", "exists", "update of nothing", "deletion of nothing"],
)
def test_what_cannot_be_written_leaves_nothing(
    services: Services, anna: str, writes: list[Write], error: type[Exception]
) -> None:
    services.host.write(anna, [note("known")])
    seq = services.stream.last_seq
    with pytest.raises(error):
        services.host.write(anna, writes)
    assert frames_after(services, seq) == []
    check_repository(services, anna)
    services.host.write(anna, [note("afterwards")])
    assert services.stream.last_seq == seq + 1
    check_repository(services, anna)


def test_a_swap_that_is_not_the_head_is_refused(services: Services, anna: str) -> None:
    first = services.host.write(anna, [note("one")])
    services.host.write(anna, [note("two")], swap=first.commit_cid)
    with pytest.raises(Conflict) as caught:
        services.host.write(anna, [note("three")], swap=first.commit_cid)
    assert caught.value.code == "InvalidSwap"


def test_an_account_that_is_not_active_cannot_write(services: Services, anna: str) -> None:
    def deactivate(session: Any) -> None:
        accounts.get_account(session, anna).status = "deactivated"

    services.database.writer.write(deactivate)
    with pytest.raises(NotAllowed, match="deactivated"):
        services.host.write(anna, [note("one")])


def test_writers_at_once_each_get_their_commit_in_one_line_of_revisions(services: Services, anna: str) -> None:
    boris = practitioner(services, "boris")
    seq = services.stream.last_seq
    failures: list[BaseException] = []

    def work(did: str, start: int) -> None:
        try:
            for n in range(start, start + 10):
                services.host.write(did, [note(f"n{n}")])
        except Exception as error:  # noqa: BLE001 - told to the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=(did, n * 100)) for n in range(3) for did in (anna, boris)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    found = frames_after(services, seq)
    assert [event.seq for event in found] == list(range(seq + 1, seq + 61))
    for did in (anna, boris):
        mine = [event for event in found if event.did == did]
        assert len(mine) == 30
        assert all(later.since == earlier.rev for earlier, later in itertools.pairwise(mine))
        check_repository(services, did)


def test_a_repository_is_rebuilt_from_its_rows_after_a_restart(services: Services, anna: str) -> None:
    services.host.write(anna, [note(f"n{n}") for n in range(50)])
    services.host.drop(anna)
    services.host.write(anna, [note("n51")])
    check_repository(services, anna)


def _picture(services: Services, did: str, body: bytes) -> dict[str, Any]:
    stored = services.blobs.put(body)
    row = BlobRow(did=did, cid=stored.cid, mime=stored.mime, size=stored.size, stored_at=1)
    services.database.writer.write(lambda session: blobs.save_blob(session, row))
    return {"$type": "blob", "ref": CID(parse_cid(stored.cid)), "mimeType": stored.mime, "size": stored.size}


def _shown(blob: dict[str, Any], rkey: str, action: str = "create", text: str = "same") -> Write:
    return Write(action, NOTE, rkey, {"$type": NOTE, "text": text, "picture": blob})


def _used(services: Services, did: str, blob: dict[str, Any]) -> int:
    with services.database.read() as session:
        return blobs.find_blob(session, did, blob["ref"].encode()).used


def test_a_blob_counts_the_records_that_name_it(services: Services, anna: str) -> None:
    blob = _picture(services, anna, b"\x89PNG\r\n\x1a\n1")
    services.host.write(anna, [_shown(blob, "one")])
    services.host.write(anna, [_shown(blob, "two", text="other")])
    assert _used(services, anna, blob) == 2
    services.host.write(anna, [_shown(blob, "two", "update", text="changed")])
    assert _used(services, anna, blob) == 2
    services.host.write(anna, [note("one", "without", "update")])
    assert _used(services, anna, blob) == 1
    services.host.write(anna, [note("two", action="delete")])
    assert _used(services, anna, blob) == 0


def test_equal_records_of_one_commit_count_each(services: Services, anna: str) -> None:
    blob = _picture(services, anna, b"\x89PNG\r\n\x1a\n2")
    services.host.write(anna, [_shown(blob, "one"), _shown(blob, "two")])
    assert _used(services, anna, blob) == 2
    services.host.write(anna, [note("one", action="delete")])
    assert _used(services, anna, blob) == 1
    services.host.write(anna, [note("two", action="delete")])
    assert _used(services, anna, blob) == 0


def test_a_record_may_not_name_a_blob_that_is_not_here(services: Services, anna: str) -> None:
    blob = _picture(services, practitioner(services, "boris"), b"\x89PNG\r\n\x1a\n3")
    with pytest.raises(Malformed) as caught:
        services.host.write(anna, [_shown(blob, "one")])
    assert caught.value.code == "BlobNotFound"
    check_repository(services, anna)


def test_blobs_that_nobody_names_are_collected_after_their_grace(services: Services, anna: str) -> None:
    kept, gone = (_picture(services, anna, b"\x89PNG\r\n\x1a\n" + name) for name in (b"kept", b"gone"))
    services.host.write(anna, [_shown(kept, "one")])
    assert services.accounts.collect_blobs() == 1
    assert services.blobs.find(gone["ref"].encode()) is None
    assert services.blobs.find(kept["ref"].encode()) is not None
    assert services.accounts.collect_blobs() == 0


def test_an_invalid_record_taken_unvalidated_is_stored_but_not_catalogued(services: Services, anna: str) -> None:
    from schemas.authority import ENDORSEMENT, MODULE_VERSION

    for collection in (ENDORSEMENT, MODULE_VERSION):
        write = Write("create", collection, "3jzfcijpj2z2a", {"$type": collection, "unfinished": True})
        services.host.write(anna, [write], validate=False)
        with services.database.read() as session:
            assert records.find_record(session, anna, collection, "3jzfcijpj2z2a") is not None
    services.host.write(anna, [version_write("sound", "Text.")])
