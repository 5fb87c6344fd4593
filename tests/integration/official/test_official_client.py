"""The official client signs in to our node and works there; the official verifiers accept all that we say."""

from __future__ import annotations

import pytest

from node.store.repositories import records
from tests.integration.fixtures.nodes import PASSWORD, LiveNode, practitioner
from tests.integration.fixtures.notes import note
from tests.integration.official.conftest import GENERATIONS, Official, run_script

pytestmark = [pytest.mark.real, pytest.mark.needs("node")]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_official_client_publishes_updates_deletes_and_uploads(ours: LiveNode, generation: str) -> None:
    did = practitioner(ours.services, "anna")
    before = ours.services.stream.last_seq
    said = run_script("client.cjs", ours.url, did, PASSWORD, generation=generation)
    assert said["did"] == did
    assert said["read"] == "first"
    assert said["same"] is None, "writing what is there makes no commit"
    assert (said["swapped"], said["staleSwap"]) == ("InvalidSwap", "InvalidSwap")
    assert (said["results"], said["listed"]) == (50, 50)
    assert said["blobKept"]
    assert said["refused"] == "InvalidRequest"
    assert said["managing"] != "accepted"
    assert said["revoked"] == "InvalidToken"
    assert int(said["limits"]) > 0
    assert ours.services.stream.last_seq == before + 5  # create, put, 50 in one, delete, by app password


@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_official_verifiers_and_consumer_accept_all_that_we_say(
    ours: LiveNode, official: Official, generation: str
) -> None:
    did = practitioner(ours.services, "boris")
    ours.write(did, *(note(f"n{number}", f"note {number}") for number in range(60)))
    ours.write(did, note("n1", "another", "update"), note("n2", action="delete"))
    ours.write(did, note("n3", "one at a time", "update"))
    ours.services.documents.rotate(did)
    ours.write(did, note("last", "under the new key"))
    seq = str(ours.services.stream.last_seq)
    verified = run_script("verify.cjs", ours.url, did, official.plc, seq, generation=generation)
    assert verified["records"] == 60
    assert verified["proven"] == 1
    assert verified["tampered"] == "refused"
    # The consumer tells operations apart and verifies each; what does not verify it drops without a word. What was
    # signed before the key was changed no longer verifies: it looks the key up now.
    counts = verified["stream"]["counts"]
    with ours.services.database.read() as session:
        node_own = len(records.list_paths(session, ours.services.identity.did))
    assert counts["create"] == node_own + 1
    assert counts["identity"] >= 3
    assert counts["account"] >= 2
    assert counts["sync"] >= 2


@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_official_consumer_counts_every_operation(ours: LiveNode, official: Official, generation: str) -> None:
    did = practitioner(ours.services, "clara")
    ours.write(did, *(note(f"n{number}", f"note {number}") for number in range(60)))
    ours.write(did, note("n1", "another", "update"), note("n2", action="delete"))
    ours.write(did, note("last", "the last"))
    seq = str(ours.services.stream.last_seq)
    said = run_script("verify.cjs", ours.url, did, official.plc, seq, generation=generation)["stream"]
    with ours.services.database.read() as session:
        node_own = len(records.list_paths(session, ours.services.identity.did))
    assert not said["errors"], said["errors"]
    assert said["counts"] == {
        "create": node_own + 61, "update": 1, "delete": 1, "identity": 2, "account": 2, "sync": 2,
    }  # fmt: skip
