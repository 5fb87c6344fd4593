"""Accounts are switched off and on, get new keys, are erased; deleted records leave the stored frames."""

from __future__ import annotations

from typing import Any

import pytest

from federation.events import AccountEvent, CommitEvent, IdentityEvent
from federation.keys import VerifyingKey
from federation.verify import VerificationLimits, verify_commit_event, verify_repo_car
from federation.verify.limits import KnownState
from node.errors import Conflict, Malformed, NotAllowed
from node.services.assembly import Services
from node.services.policy import Role
from node.store.content.catalogue import MEMBERS, list_items
from node.store.repositories import accounts, events, records
from node.store.tables.stream import EventRow
from node.web.xrpc import sync
from schemas.catalog import LEXICON_SCHEMA, list_lexicons
from tests.integration.fixtures.nodes import publish
from tests.integration.fixtures.notes import frames_after, note


def stored_bytes(services: Services) -> bytes:
    with services.database.read() as session:
        rows = [session.get(EventRow, seq) for seq in range(1, events.last_seq(session) + 1)]
    return b"".join(row.frame for row in rows if row is not None)


def head(services: Services, did: str) -> Any:
    with services.database.read() as session:
        return records.find_head(session, did)


def export(services: Services, did: str) -> bytes:
    return b"".join(sync.export(services, did, ""))


def test_a_rotated_key_signs_an_empty_commit_that_verifies_under_the_new_document(
    services: Services, anna: str
) -> None:
    services.host.write(anna, [note("one")])
    before, seq = head(services, anna), services.stream.last_seq
    new = services.documents.rotate(anna)
    identity, commit = frames_after(services, seq)
    assert isinstance(identity, IdentityEvent)
    assert isinstance(commit, CommitEvent)
    assert commit.ops == ()
    assert services.documents.history(anna).data.signing_key == new
    key, known = VerifyingKey.parse_did_key(new), KnownState(before.rev, before.data_cid)
    assert verify_commit_event(commit, known, key, VerificationLimits()).rev > before.rev
    assert len(verify_repo_car(export(services, anna), anna, key).records) == 1
    services.host.write(anna, [note("two")])
    assert services.documents.rotate(anna) != new


def test_the_nodes_own_key_rotates(services: Services) -> None:
    did = services.identity.did
    new = services.documents.rotate(did)
    assert services.identity.document()["verificationMethod"][0]["publicKeyMultibase"] == new.removeprefix("did:key:")
    verify_repo_car(export(services, did), did, VerifyingKey.parse_did_key(new))


def test_a_deactivated_account_is_out_of_the_catalogue_and_comes_back_whole(services: Services, anna: str) -> None:
    publish(services, anna, "welding", "How to weld.")
    with services.database.read() as session:
        (before,) = list_items(session, MEMBERS, did=anna)
    seq = services.stream.last_seq
    services.lifecycle.deactivate(anna)
    (event,) = frames_after(services, seq)
    assert isinstance(event, AccountEvent)
    assert (event.active, event.status) == (False, "deactivated")
    assert b"How to weld." not in stored_bytes(services), "who begins at the oldest event is not served it either"
    assert not any(
        getattr(told, "did", "") == anna and isinstance(told, CommitEvent) for told in frames_after(services, 0)
    )
    with services.database.read() as session:
        assert list_items(session, MEMBERS, did=anna) == []
    with pytest.raises(NotAllowed, match="deactivated"):
        services.host.write(anna, [note("one")])
    services.lifecycle.activate(anna)
    assert [type(event).__name__ for event in frames_after(services, seq + 1)] == [
        "AccountEvent", "IdentityEvent", "SyncEvent",
    ]  # fmt: skip
    with services.database.read() as session:
        (after,) = list_items(session, MEMBERS, did=anna)
    assert (after.uri, after.first_seen) == (before.uri, before.first_seen)


def in_the_file(services: Services, words: bytes) -> bool:
    """Where the database is one."""
    file = services.settings.data / "skillnet.db"
    return services.database.is_sqlite and words in file.read_bytes()


def test_an_erased_account_leaves_a_tombstone_and_nothing_it_said(services: Services, anna: str) -> None:
    services.host.write(anna, [note("one", "unforgettable words")])
    assert b"unforgettable words" in stored_bytes(services)
    seq = services.stream.last_seq
    services.lifecycle.erase(anna)
    assert b"unforgettable words" not in stored_bytes(services)
    (event,) = frames_after(services, seq)
    assert (event.active, event.status) == (False, "deleted")
    with services.database.read() as session:
        account = accounts.get_account(session, anna)
        assert (account.status, account.sealed_key, account.handle) == ("deleted", b"", anna)
        assert records.list_paths(session, anna) == []
        assert accounts.find_identity(session, anna) is None
    assert not in_the_file(services, b"unforgettable words")


def test_a_deleted_record_leaves_the_stored_frames(services: Services, anna: str) -> None:
    services.host.write(anna, [note("kept", "words that stay")])
    services.host.write(anna, [note("gone", "words that go")])
    services.host.write(anna, [note("gone", "words that go too", "update")])
    services.host.write(anna, [note("gone", action="delete")])
    services.host.write(anna, [note("gone", "words of a new record")])
    assert services.forgetting.run() == 2
    stored = stored_bytes(services)
    assert b"words that go" not in stored
    assert b"words that stay" in stored
    assert b"words of a new record" in stored
    assert services.forgetting.run() == 0
    assert not in_the_file(services, b"words that go")


def test_only_an_operation_under_which_the_account_lives_here_is_taken(services: Services, anna: str) -> None:
    wrong = services.documents.sign(anna, {"services": {
        "atproto_pds": {"type": "AtprotoPersonalDataServer", "endpoint": "https://elsewhere.example"},
    }})  # fmt: skip
    with pytest.raises(Malformed, match="not this node"):
        services.documents.submit(anna, wrong)
    right = services.documents.sign(anna, {"alsoKnownAs": [
        *services.documents.history(anna).data.also_known_as, "at://second.example",
    ]})  # fmt: skip
    services.documents.submit(anna, right)
    assert services.documents.history(anna).data.also_known_as[1] == "at://second.example"


def test_a_handle_of_the_nodes_domain_can_be_taken_once(services: Services, anna: str) -> None:
    domain = services.documents.recommended(anna)["alsoKnownAs"][0].partition(".")[2]
    services.documents.change_handle(anna, f"annalise.{domain}")
    assert services.documents.history(anna).data.also_known_as[0] == f"at://annalise.{domain}"
    with services.database.read() as session:
        assert accounts.find_account(session, f"annalise.{domain}").did == anna


def test_nobody_takes_the_handle_that_a_colleague_would_have(services: Services, anna: str) -> None:
    """A sign-in name is the first label of its person's handle, once they have an identity."""
    services.registry.add("wim", (Role.WORKER,))
    domain = services.documents.recommended(anna)["alsoKnownAs"][0].partition(".")[2]
    with pytest.raises(Conflict, match="taken"):
        services.documents.change_handle(anna, f"wim.{domain}")
    services.documents.change_handle(anna, f"annalise.{domain}")
    services.documents.change_handle(anna, f"anna.{domain}")


def test_the_node_publishes_every_lexicon_of_ours_once(services: Services) -> None:
    did = services.identity.did
    with services.database.read() as session:
        published = {row.rkey for row in records.iterate_records(session, [LEXICON_SCHEMA], did)}
    assert published == set(list_lexicons("org.skillnet."))
    seq = services.stream.last_seq
    services.identity.publish_lexicons()
    assert services.stream.last_seq == seq
