"""Queries of accounts, identities, records, blobs, the directory and the stream, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from node.errors import Unknown
from node.store.database import Database
from node.store.repositories import accounts, blobs, directory, events, records
from node.store.repositories.records import Change
from node.store.tables.hosting import AccountRow, BlobRow, HeadRow, IdentityRow, OperationRow
from node.store.tables.stream import EventRow

ANNA, BORIS = "did:plc:anna", "did:plc:boris"


def _write(database: Database, *rows: Any) -> None:
    database.writer.write(lambda session: session.add_all(rows))


def _put(database: Database, did: str, paths: dict[str, str], rev: str = "1", at: int = 1) -> None:
    changes = [Change(*path.split("/"), cid, cid.encode()) for path, cid in paths.items()]
    database.writer.write(lambda session: records.apply_changes(session, did, rev, changes, at))


def test_accounts_are_found_by_did_and_by_handle(database: Database) -> None:
    _write(
        database,
        AccountRow(did=BORIS, handle="boris.test", kind="practitioner", created_at=2),
        AccountRow(did=ANNA, handle="anna.test", kind="practitioner", created_at=1),
    )
    with database.read() as session:
        assert accounts.get_account(session, ANNA).handle == "anna.test"
        assert accounts.get_account(session, "boris.test").did == BORIS
        assert accounts.find_account(session, "carla.test") is None
        assert [row.did for row in accounts.list_accounts(session)] == [ANNA, BORIS]
        with pytest.raises(Unknown, match=r"carla\.test"):
            accounts.get_account(session, "carla.test")


def test_two_accounts_cannot_share_a_handle(database: Database) -> None:
    _write(database, AccountRow(did=ANNA, handle="anna.test"))
    with pytest.raises(Exception, match=r"(?i)unique"):
        _write(database, AccountRow(did=BORIS, handle="anna.test"))


def test_identities_are_replaced(database: Database) -> None:
    for key in ("old", "new"):
        row = IdentityRow(did=ANNA, signing_key=key, document={"id": ANNA})
        database.writer.write(lambda session, row=row: accounts.save_identity(session, row))
    with database.read() as session:
        assert accounts.find_identity(session, ANNA).signing_key == "new"
        assert set(accounts.list_identities(session, [ANNA, BORIS])) == {ANNA}


def test_records_keep_when_they_were_first_seen_and_take_the_rest_anew(database: Database) -> None:
    _put(database, ANNA, {"a.b.c/one": "cid1"}, rev="1", at=10)
    _put(database, ANNA, {"a.b.c/one": "cid2"}, rev="2", at=20)
    with database.read() as session:
        row = records.find_record(session, ANNA, "a.b.c", "one")
        assert (row.cid, row.rev, row.block, row.first_seen) == ("cid2", "2", b"cid2", 10)
        assert row.uri == f"at://{ANNA}/a.b.c/one"
        assert records.find_record_by_uri(session, row.uri).cid == "cid2"
        assert records.find_record_by_uri(session, "at://nonsense") is None
        assert records.find_blocks(session, ANNA, ["cid1", "cid2"]) == {"cid2": b"cid2"}


def test_paths_come_in_the_order_of_the_tree(database: Database) -> None:
    paths = {"a.b.c/é": "1", "a.b.c/Z": "2", "a.b.c/a": "3", "a.b.c-d/a": "4", "a.b/z": "5"}
    _put(database, ANNA, paths)
    with database.read() as session:
        assert [path for path, _ in records.list_paths(session, ANNA)] == sorted(paths, key=str.encode)


def test_records_page_in_both_directions(database: Database) -> None:
    _put(database, ANNA, {f"a.b.c/{n}": str(n) for n in range(5)} | {"a.b.d/9": "9"})
    with database.read() as session:
        newest = records.list_records(session, ANNA, "a.b.c", limit=2)
        older = records.list_records(session, ANNA, "a.b.c", limit=9, cursor="3")
        oldest = records.list_records(session, ANNA, "a.b.c", limit=2, reverse=True)
        later = records.list_records(session, ANNA, "a.b.c", limit=9, cursor="1", reverse=True)
    assert [[row.rkey for row in rows] for rows in (newest, older, oldest, later)] == [
        ["4", "3"], ["2", "1", "0"], ["0", "1"], ["2", "3", "4"],
    ]  # fmt: skip


def test_only_hosted_repositories_are_listed_by_collection(database: Database) -> None:
    for did, hosted in ((ANNA, True), (BORIS, False), ("did:plc:carla", True)):
        _put(database, did, {"a.b.c/1": "1", "a.b.c/2": "2"})
        _write(database, HeadRow(did=did, hosted=hosted, peer="" if hosted else "https://peer"))
    with database.read() as session:
        assert records.list_dids_with(session, "a.b.c", after="", limit=9) == [ANNA, "did:plc:carla"]
        assert records.list_dids_with(session, "a.b.c", after=ANNA, limit=9) == ["did:plc:carla"]
        assert [head.did for head in records.list_heads(session, hosted=False)] == [BORIS]
        assert records.list_collections(session, ANNA) == ["a.b.c"]
        assert records.usage_of_peer(session, "https://peer") == (2, 2)
        assert records.usage_of_peer(session, "https://other") == (0, 0)
        rows = list(records.iterate_records(session, ["a.b.c"], BORIS))
        assert [row.rkey for row in rows] == ["1", "2"]


def test_a_dropped_repository_leaves_nothing(database: Database) -> None:
    _put(database, ANNA, {"a.b.c/1": "1"})
    _put(database, BORIS, {"a.b.c/1": "1"})
    _write(database, HeadRow(did=ANNA), HeadRow(did=BORIS))
    database.writer.write(lambda session: records.delete_repository(session, ANNA))
    with database.read() as session:
        assert records.find_head(session, ANNA) is None
        assert [row.did for row in records.iterate_records(session)] == [BORIS]


def test_blob_use_is_counted_and_never_below_zero(database: Database) -> None:
    _write(database, BlobRow(did=ANNA, cid="b1", size=1, stored_at=5), BlobRow(did=BORIS, cid="b1", size=1))
    database.writer.write(lambda session: blobs.count_use(session, ANNA, "b1", 2))
    with database.read() as session:
        assert blobs.list_blobs(session, ANNA) == ["b1"]
        assert blobs.list_blobs(session, BORIS) == []
        assert [row.did for row in blobs.list_unused(session, 6)] == [BORIS]
    database.writer.write(lambda session: blobs.count_use(session, ANNA, "b1", -5))
    with database.read() as session:
        assert blobs.find_blob(session, ANNA, "b1").used == 0
        assert [row.did for row in blobs.list_unused(session, 5)] == [ANNA, BORIS]  # let go: no grace
        assert not blobs.count_use(session, ANNA, "unknown", 1)


def test_forgetting_an_accounts_blobs_names_those_that_nobody_else_holds(database: Database) -> None:
    _write(database, *(BlobRow(did=did, cid=cid) for did, cid in ((ANNA, "own"), (ANNA, "shared"), (BORIS, "shared"))))
    assert database.writer.write(lambda session: blobs.delete_blobs(session, ANNA)) == ["own"]
    with database.read() as session:
        assert blobs.is_held(session, "shared")
        assert not blobs.is_held(session, "own")


def test_directory_operations_keep_their_order_and_can_be_overruled(database: Database) -> None:
    _write(database, *(OperationRow(cid=f"op{n}", did=ANNA, position=n, operation={"n": n}) for n in (2, 0, 1)))
    database.writer.write(lambda session: directory.nullify_operations(session, ["op1"]))
    with database.read() as session:
        rows = directory.list_operations(session, ANNA)
    assert [(row.operation["n"], row.nullified) for row in rows] == [(0, False), (1, True), (2, False)]


def test_frames_page_and_emptied_ones_are_left_out(database: Database) -> None:
    kinds = {1: "identity", 2: "commit", 3: "sync", 4: "commit"}
    _write(database, *(EventRow(seq=n, did=ANNA, kind=k, frame=b"x", at=n * 10) for n, k in kinds.items()))
    _write(database, EventRow(seq=5, did=BORIS, kind="commit", frame=b"y", at=50))
    assert database.writer.write(lambda session: events.empty_frames(session, ANNA)) == 4
    with database.read() as session:
        assert events.list_frames(session, 0, 10) == [(5, b"y")]
        assert events.list_frames(session, 1, 10) == [(5, b"y")]
        assert (events.first_seq(session), events.last_seq(session)) == (1, 5)


def test_pruning_keeps_the_newest_event_for_the_sequence(database: Database) -> None:
    _write(database, *(EventRow(seq=n, did=ANNA, kind="commit", frame=b"x", at=n) for n in range(1, 6)))
    assert database.writer.write(lambda session: events.prune_events(session, 4)) == 3
    assert database.writer.write(lambda session: events.prune_events(session, 1_000)) == 1
    with database.read() as session:
        assert (events.first_seq(session), events.last_seq(session)) == (5, 5)
