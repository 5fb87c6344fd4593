"""The official client signs in to our node and works there; the official verifiers accept all that we say."""

from __future__ import annotations

import pytest

from tests.integration.fixtures.nodes import PASSWORD, LiveNode, practitioner
from tests.integration.official.conftest import Official, run_script

pytestmark = [pytest.mark.real, pytest.mark.needs("node")]


def test_the_official_client_publishes_updates_deletes_and_uploads(ours: LiveNode, official: Official) -> None:
    did = practitioner(ours.services, "anna")
    before = ours.services.stream.last_seq
    said = run_script("client.cjs", ours.url, did, PASSWORD)
    assert said["did"] == did
    assert said["read"] == "first"
    assert said["same"] is None, "writing what is there makes no commit"
    assert (said["swapped"], said["staleSwap"]) == ("InvalidSwap", "InvalidSwap")
    assert (said["results"], said["listed"]) == (50, 50)
    assert said["blobBytes"] == 108
    assert said["refused"] == "InvalidRequest"
    assert said["managing"] != "accepted"
    assert said["revoked"] == "InvalidToken"
    assert int(said["limits"]) > 0
    assert ours.services.stream.last_seq == before + 5  # create, put, 50 in one, delete, by app password
    verified = run_script("verify.cjs", ours.url, did, official.plc)
    assert verified["records"] == 51
    assert verified["proven"] == 1
    assert verified["tampered"] == "refused"


def test_the_official_consumer_counts_every_event_of_ours(ours: LiveNode, official: Official) -> None:
    did = practitioner(ours.services, "boris")
    run_script("client.cjs", ours.url, did, PASSWORD)
    # The consumer tells operations apart and verifies each; what does not verify it drops without a word.
    expected = {"create": 52, "update": 1, "delete": 1}
    node_own = 1  # org.skillnet.node/self
    said = run_script("verify.cjs", ours.url, did, official.plc, "1000")["stream"]
    counts = said["counts"]
    assert not said["errors"], said["errors"]
    assert counts["update"] == expected["update"]
    assert counts["delete"] == expected["delete"]
    assert counts["create"] >= expected["create"] + node_own
    assert counts["identity"] >= 2
    assert counts["account"] >= 2
    assert counts["sync"] >= 2
