"""Queries of facts, jobs, peers, people, the catalogue, contributions and workers, on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from node.errors import Unknown
from node.store.administration import facts, jobs, people
from node.store.content import catalogue, contributions, tools
from node.store.content.catalogue import MEMBERS, PUBLIC
from node.store.database import Database
from node.store.private import workers
from node.store.repositories import peers
from node.store.tables.catalogue import (
    CredentialRow,
    EndorsementRow,
    ItemRow,
    OrganisationRow,
    ProfileRow,
    VersionRow,
    VouchRow,
)
from node.store.tables.hosting import HeadRow
from node.store.tables.jobs import JobRow
from node.store.tables.peers import PeerRow, RejectionRow
from node.store.tables.people import AttemptRow, PersonRow, TokenRow
from node.store.tables.worker import FeedAddressRow, WorkerEntryRow, WorkerRow

ANNA = "did:plc:anna"


def _write(database: Database, *rows: Any) -> None:
    database.writer.write(lambda session: session.add_all(rows))


def test_facts_are_replaced_whole(database: Database) -> None:
    for value in ({"a": 1}, {"b": [1, {"c": None}]}):
        database.writer.write(lambda session, value=value: facts.save_fact(session, "x", value))
    with database.read() as session:
        assert facts.find_fact(session, "x") == {"b": [1, {"c": None}]}
        assert facts.find_fact(session, "y") is None


def test_due_jobs_are_claimed_once_and_released_after_a_kill(database: Database) -> None:
    _write(database, JobRow(key="late", run_at=90), JobRow(key="b", run_at=20), JobRow(key="a", run_at=10))
    claimed = database.writer.write(lambda session: jobs.claim_due(session, 50, 9))
    assert [(row.key, row.attempts) for row in claimed] == [("a", 1), ("b", 1)]
    assert database.writer.write(lambda session: jobs.claim_due(session, 50, 9)) == []
    with database.read() as session:
        assert jobs.next_run(session) == 90
        assert [row.key for row in jobs.list_jobs(session)] == ["a", "b", "late"]
    assert database.writer.write(lambda session: jobs.release_running(session, 60)) == 2
    again = database.writer.write(lambda session: jobs.claim_due(session, 60, 1))
    assert [(row.key, row.attempts) for row in again] == [("a", 2)]


def test_peers_count_their_repositories(database: Database) -> None:
    _write(database, PeerRow(url="https://b", added_at=2), PeerRow(url="https://a", added_at=1))
    _write(database, HeadRow(did="did:1", peer="https://a"), HeadRow(did="did:2", peer="https://a"), HeadRow(did="h"))
    with database.read() as session:
        assert [row.url for row in peers.list_peers(session)] == ["https://a", "https://b"]
        assert peers.count_repositories(session) == {"https://a": 2}
        assert sorted(peers.dids_of_peer(session, "https://a")) == ["did:1", "did:2"]
        with pytest.raises(Unknown, match="does not follow"):
            peers.get_peer(session, "https://c")


def test_of_a_hosts_quarantines_one_is_forgiven_at_a_time_outside_them(database: Database) -> None:
    states = {
        "https://a": ("live", 3),
        "https://b": ("quarantined", 3),
        "https://c": ("waiting", 1),
        "https://d": ("live", 0),
    }
    _write(database, *(PeerRow(url=url, state=state, strikes=count) for url, (state, count) in states.items()))
    for _ in range(2):
        database.writer.write(peers.fade_strikes)
    with database.read() as session:
        assert {row.url: row.strikes for row in peers.list_peers(session)} == {
            "https://a": 1, "https://b": 3, "https://c": 0, "https://d": 0,
        }  # fmt: skip


def test_a_hostile_host_cannot_fill_the_table_of_refusals(database: Database, monkeypatch: Any) -> None:
    monkeypatch.setattr(peers, "KEPT_REJECTIONS", 5)
    for peer in ("https://good", *["https://bad"] * 12):
        row = RejectionRow(id=0, peer=peer, code="c", at=1)
        database.writer.write(lambda session, row=row: peers.add_rejection(session, row))
    with database.read() as session:
        assert [row.id for row in peers.list_rejections(session, peer="https://bad")] == [13, 12, 11, 10, 9]
        assert len(peers.list_rejections(session, peer="https://good")) == 1
        assert len(peers.list_rejections(session, limit=3)) == 3


def test_people_and_their_tokens(database: Database) -> None:
    _write(database, PersonRow(name="boris", roles=["worker"], did=ANNA), PersonRow(name="anna"))
    tokens = [TokenRow(digest=f"t{n}", person="anna", kind="session", created_at=n, expires_at=n * 10) for n in (1, 2)]
    _write(database, *tokens, TokenRow(digest="api", person="anna", kind="api", expires_at=99))
    with database.read() as session:
        assert [row.name for row in people.list_people(session)] == ["anna", "boris"]
        assert people.find_person_of_did(session, ANNA).name == "boris"
        assert people.find_token(session, "t1", 9).digest == "t1"
        assert people.find_token(session, "t1", 10) is None
        assert [row.digest for row in people.list_tokens(session, "anna", "session")] == ["t2", "t1"]
        with pytest.raises(Unknown, match="Nobody here is called carla"):
            people.get_person(session, "carla")
    database.writer.write(lambda session: people.sweep_tokens(session, 15))
    with database.read() as session:
        assert people.find_token(session, "t1", 0) is None
        assert people.find_token(session, "t2", 0) is not None
    database.writer.write(lambda session: people.delete_tokens(session, "anna"))
    with database.read() as session:
        assert people.list_tokens(session, "anna", "api") == []


def test_expired_attempts_are_swept(database: Database) -> None:
    _write(database, AttemptRow(subject="old", failures=9, until=5), AttemptRow(subject="new", failures=9, until=50))
    database.writer.write(lambda session: people.sweep_tokens(session, 10))
    with database.read() as session:
        assert people.find_attempts(session, "old") is None
        assert people.find_attempts(session, "new").failures == 9


def test_the_catalogue_answers_each_audience_its_own(database: Database) -> None:
    _write(
        database,
        ItemRow(uri="at://1", kind="module", did=ANNA, tools=[{"name": "x"}]),
        ItemRow(uri="at://2", kind="task", did=ANNA),
        ItemRow(uri="at://3", kind="module", did="other", audience="organisation"),
        VersionRow(uri="at://v1", item_uri="at://1", did=ANNA, major=2),
        VersionRow(uri="at://v2", item_uri="at://1", did=ANNA, audience="organisation"),
    )
    with database.read() as session:
        assert catalogue.find_item(session, "at://3", PUBLIC) is None
        assert catalogue.find_item(session, "at://3", MEMBERS).did == "other"
        assert [row.uri for row in catalogue.list_items(session, PUBLIC)] == ["at://1", "at://2"]
        assert [row.uri for row in catalogue.list_items(session, MEMBERS, kind="module")] == ["at://1", "at://3"]
        assert [row.uri for row in catalogue.list_items(session, MEMBERS, did="other")] == ["at://3"]
        assert set(catalogue.find_items(session, ["at://1", "at://3"], PUBLIC)) == {"at://1"}
        assert catalogue.find_version(session, "at://v2", PUBLIC) is None
        assert [row.uri for row in catalogue.list_versions(session, "at://1", PUBLIC)] == ["at://v1"]
        assert catalogue.majors_of(session, ["at://v1"]) == {"at://v1": 2}
        assert catalogue.count_items(session, PUBLIC) == {"module": 1, "task": 1}
        assert catalogue.count_items(session, MEMBERS) == {"module": 2, "task": 1}
    database.writer.write(lambda session: catalogue.delete_item(session, "at://1"))
    database.writer.write(lambda session: catalogue.delete_version(session, "at://v1"))
    with database.read() as session:
        assert catalogue.find_item(session, "at://1", MEMBERS) is None


def test_contributions_by_item_person_and_audience(database: Database) -> None:
    def endorsement(uri: str, item: str, did: str, **more: Any) -> EndorsementRow:
        return EndorsementRow(uri=uri, item_uri=item, did=did, version_uri=f"{item}/v", verdict="works", **more)

    _write(
        database,
        endorsement("e1", "i1", "a"), endorsement("e3", "i2", "a"),
        endorsement("e2", "i1", "b", audience="organisation"),
        VouchRow(uri="v1", did="a", subject="b"), VouchRow(uri="v2", did="b", subject="a"),
        CredentialRow(uri="c1", did="node", subject="a", occupation="nurse"), ProfileRow(did="a", name="Anna"),
        OrganisationRow(did="node", name="Clinic", url="https://clinic"),
        ItemRow(uri="i1", kind="module", tools=[{"name": "ward planner"}]), ItemRow(uri="i2", kind="module"),
    )  # fmt: skip
    with database.read() as session:
        assert [row.uri for row in contributions.list_endorsements(session, PUBLIC, item_uri="i1")] == ["e1"]
        assert [row.uri for row in contributions.list_endorsements(session, MEMBERS, did="b")] == ["e2"]
        assert {k: len(v) for k, v in contributions.endorsements_by_item(session, ["i1", "i2"], MEMBERS).items()} == {
            "i1": 2, "i2": 1,
        }  # fmt: skip
        assert contributions.uris_of_versions(session, ["i1/v"]) == ["e1", "e2"]
        assert tools.list_named(session, PUBLIC) == {"i1": [{"name": "ward planner"}]}
        assert [row.uri for row in contributions.list_vouches(session, subject="a")] == ["v2"]
        assert [row.uri for row in contributions.list_credentials(session, subject="a", issuer="node")] == ["c1"]
        assert contributions.list_credentials(session, subject="a", issuer="other") == []
        assert contributions.find_profile(session, "a").name == "Anna"
        assert [row.name for row in contributions.list_organisations(session)] == ["Clinic"]
    gone = database.writer.write(lambda session: contributions.delete_contribution(session, VouchRow, "v1"))
    assert gone is not None
    assert database.writer.write(lambda session: contributions.delete_contribution(session, VouchRow, "v1")) is None


def test_a_forgotten_worker_leaves_no_row(database: Database) -> None:
    for person in ("anna", "boris"):
        _write(
            database,
            WorkerRow(person=person, wrapped_key=b"k"),
            WorkerEntryRow(id=1 if person == "anna" else 2, person=person, kind="outcome", slot="s", sealed=b"x"),
            FeedAddressRow(digest=person, person=person),
        )
    with database.read() as session:
        assert workers.list_workers(session) == ["anna", "boris"]
        assert workers.find_entry(session, "anna", "outcome", "s").sealed == b"x"
    database.writer.write(lambda session: workers.delete_worker(session, "anna"))
    with database.read() as session:
        assert workers.find_worker(session, "anna") is None
        assert workers.list_all_entries(session, "anna") == []
        assert workers.find_feed_address(session, "anna") is None
        assert len(workers.list_entries(session, "boris", "outcome")) == 1


def test_of_too_many_entries_the_newest_are_listed_oldest_first(database: Database) -> None:
    _write(database, *(WorkerEntryRow(id=n, person="anna", kind="k", slot=str(n)) for n in range(1, 6)))
    with database.read() as session:
        assert [row.id for row in workers.list_entries(session, "anna", "k", limit=2)] == [4, 5]


def test_a_new_feed_address_ends_the_old_one(database: Database) -> None:
    for digest in ("first", "second"):
        row = FeedAddressRow(digest=digest, person="anna")
        database.writer.write(lambda session, row=row: workers.replace_feed_address(session, row))
    with database.read() as session:
        assert workers.find_feed_address(session, "first") is None
        assert workers.find_feed_address(session, "second").person == "anna"
