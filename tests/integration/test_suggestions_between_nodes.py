"""A change suggested on one node reaches its author on another, and the answer comes back; what is inside stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.services.writing.publishing import publish_inside
from node.services.writing.suggesting import Suggested, states_of
from node.store.content import catalogue, suggestions
from node.store.content.catalogue import MEMBERS, PUBLIC
from tests.integration.fixtures.contributions import version_value
from tests.integration.fixtures.nodes import LiveNode, live, practitioner, publish, until

pytestmark = pytest.mark.real


def _seen(node: LiveNode, item: str) -> list[Suggested]:
    with node.services.database.read() as session:
        return states_of(session, suggestions.list_suggestions(session, PUBLIC, item_uri=item), PUBLIC)


def test_a_suggestion_travels_and_so_does_the_answer(tmp_path: Path) -> None:
    with live(tmp_path / "author") as author, live(tmp_path / "reader") as reader:
        ana, ben = practitioner(author.services, "ana"), practitioner(reader.services, "ben")
        made = publish(author.services, ana, "read-the-gauge", "The gauge is wrong.")
        inside = publish_inside(
            author.services.database, author.services.internal, ana, version_value("house-way", "Only here.")
        )
        for node, other in ((author, reader), (reader, author)):
            node.run(node.services.follower.follow(other.url, trust=False))
        until(lambda: _item(reader, made.uri), 60, "the module on the reader's node")

        with reader.services.database.read() as session:
            version = catalogue.find_version(session, made.version["uri"], PUBLIC)
        assert version is not None
        text = reader.services.suggesting.source_of(version).replace("is wrong", "is often wrong")
        uri = reader.services.suggesting.suggest(ben, version, text, "Not always")
        until(lambda: [one.row.uri for one in _seen(author, made.uri)] == [uri], 60, "the suggestion at its author's")
        assert [one.state for one in _seen(author, made.uri)] == ["open"]
        brought = author.services.suggesting.bring(ana, uri, PUBLIC)
        assert "is often wrong" in brought.merged.text
        assert brought.merged.clean

        author.services.suggesting.decline(ana, uri, "It was meant so.", PUBLIC)
        until(lambda: [one.state for one in _seen(reader, made.uri)] == ["declined"], 60, "the answer")
        assert [one.reason for one in _seen(reader, made.uri)] == ["It was meant so."]
        with reader.services.database.read() as session:
            assert catalogue.find_item(session, inside.uri, MEMBERS) is None


def _item(node: LiveNode, uri: str) -> bool:
    with node.services.database.read() as session:
        return catalogue.find_item(session, uri, PUBLIC) is not None
