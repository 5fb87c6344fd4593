"""Labels of a node that runs: they hide or mark, are signed, served, and count at nodes that subscribe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

from federation.errors import StreamEnded
from federation.keys import VerifyingKey
from federation.labels import parse_labels, verify_label
from node.services.moderating import labelers
from node.services.policy import LOCAL_OPERATOR
from node.store.content import catalogue
from node.store.content.catalogue import MEMBERS
from schemas.datamodel import from_json
from tests.integration.fixtures.nodes import LiveNode, live, practitioner, publish, until


@pytest.fixture(name="node", scope="module")
def _node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveNode]:
    with live(tmp_path_factory.mktemp("moderated") / "a") as node:
        yield node


def _item(node: LiveNode, uri: str) -> Any:
    with node.services.database.read() as session:
        return catalogue.find_item(session, uri, MEMBERS)


def test_a_hiding_label_hides_and_a_warning_one_marks(node: LiveNode) -> None:
    did = practitioner(node.services, "cleo")
    made = publish(node.services, did, "saw", "Saw.")
    labelling = node.services.moderation.labelling
    labelling.give(LOCAL_OPERATOR, made.uri, "unsafe", "The guard is left off.")
    page = httpx.get(f"{node.url}/modules/{did}/saw", timeout=60, trust_env=False)
    assert page.status_code == 200
    assert "unsafe" in page.text.lower()
    assert node.services.finder.settle()
    found = httpx.get(f"{node.url}/search?q=saw", timeout=60, trust_env=False)
    assert "unsafe to work by" in found.text
    labelling.give(LOCAL_OPERATOR, made.uri, "!hide", "Until it is mended.")
    assert _item(node, made.uri) is None
    labelling.take_back(LOCAL_OPERATOR, made.uri, "!hide")
    assert _item(node, made.uri) is not None


def test_labels_are_signed_and_served_by_the_protocols_own_method(node: LiveNode) -> None:
    did = practitioner(node.services, "hana")
    node.services.moderation.labelling.give(LOCAL_OPERATOR, did, "spam", "Adverts.")
    asked = {"uriPatterns": f"{did}*"}
    answer = httpx.get(
        f"{node.url}/xrpc/com.atproto.label.queryLabels", params=asked, timeout=60, trust_env=False
    ).json()
    (label,) = answer["labels"]
    document = node.services.identity.document()
    key = VerifyingKey.parse_did_key("did:key:" + document["verificationMethod"][1]["publicKeyMultibase"])
    assert document["verificationMethod"][1]["id"].endswith("#atproto_label")
    found = verify_label(from_json(label), node.services.identity.did, key)
    assert found is not None
    assert (found.uri, found.val) == (did, "spam")
    assert verify_label(from_json({**label, "val": "fine"}), node.services.identity.did, key) is None


def test_strangers_who_keep_connections_open_shut_nobody_out_of_the_labels(
    node: LiveNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("node.web.xrpc.moderating.MOST_CONSUMERS", 2)
    labelling = node.services.moderation.labelling
    seq = labelling.give(LOCAL_OPERATOR, "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "spam", "Adverts.").seq
    address = f"{node.url.replace('http', 'ws')}/xrpc/com.atproto.label.subscribeLabels?cursor={seq - 1}"
    with ExitStack() as held:
        came: list[ClientConnection] = []
        for _ in range(3):
            came.append(held.enter_context(connect(address, proxy=None)))
            assert parse_labels(_frame(came[-1]))[0] == seq
        with pytest.raises(StreamEnded, match="ConsumerTooSlow"):
            parse_labels(_frame(came[0]))


def _frame(connection: ClientConnection) -> bytes:
    frame = connection.recv(60)
    assert isinstance(frame, bytes)
    return frame


@pytest.mark.real
def test_what_a_node_labels_counts_at_a_node_that_subscribes(
    tmp_path: Path, node: LiveNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    did = practitioner(node.services, "dora")
    made = publish(node.services, did, "lathe", "Turn.")
    with live(tmp_path / "b") as other:
        other.run(other.services.follower.follow(node.url, trust=True))
        until(lambda: _item(other, made.uri), what="the module at the other node")
        labelling = node.services.moderation.labelling
        labelling.give(LOCAL_OPERATOR, made.uri, "!hide", "No.")
        _read_so_many(monkeypatch, len(labelling.after(0, 1_000)))
        row = other.services.moderation.labelers.subscribe(LOCAL_OPERATOR, node.services.identity.did, "warn")
        assert (row.error, row.labels > 0) == ("", True)
        assert _item(other, made.uri) is not None  # a labeler that may only warn hides nothing
        _read_so_many(monkeypatch, 0)
        other.services.moderation.labelers.subscribe(LOCAL_OPERATOR, node.services.identity.did, "hide")
        assert _item(other, made.uri) is None
        labelling.take_back(LOCAL_OPERATOR, made.uri, "!hide")
        _read_so_many(monkeypatch, 1)
        other.services.moderation.labelers.read_all()
        assert _item(other, made.uri) is not None
        other.services.moderation.labelers.unsubscribe(LOCAL_OPERATOR, node.services.identity.did)


def _read_so_many(monkeypatch: pytest.MonkeyPatch, frames: int) -> None:
    """A reading ends with the last frame there is, however slow the machine; only where there is none, by silence."""
    monkeypatch.setattr(labelers, "MOST_FRAMES", max(1, frames))
    monkeypatch.setattr(labelers, "SILENCE", 60.0 if frames else 0.5)
