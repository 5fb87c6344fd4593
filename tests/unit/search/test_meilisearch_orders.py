"""What is sent to a search server and what becomes of it, without a server."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from node.search.document import SearchDocument
from node.search.errors import SearchServerUnreachable
from node.search.filters import merge_filters
from node.search.meilisearch_engine.asking import filter_expression, query_text
from node.search.meilisearch_engine.engine import MeilisearchEngine
from node.search.meilisearch_engine.outbox import Outbox
from node.search.meilisearch_engine.rows import SETTINGS, key_for, row_of
from node.search.query.parse import parse_question
from node.search.request import SearchRequest


@dataclass
class Server:
    """Answers questions about orders as told."""

    states: dict[int, str]
    asked: list[int] = field(default_factory=list)

    def get_task(self, number: int) -> Any:
        self.asked.append(number)
        return SimpleNamespace(status=self.states[number], type="documentAddition", error={"message": "no room"})


def test_outbox_keeps_the_order_and_the_reasons() -> None:
    server = Server({1: "succeeded", 2: "failed", 3: "processing", 4: "enqueued"})
    outbox = Outbox(server)
    for number in server.states:
        outbox.add(SimpleNamespace(task_uid=number))
    assert outbox.poll() == 2
    assert [(f.number, f.reason) for f in outbox.failures] == [(2, "no room")]
    assert server.asked == [1, 2, 3]
    with pytest.raises(SearchServerUnreachable):
        outbox.drain(0.0)


def test_filters_cannot_be_broken_out_of() -> None:
    request = SearchRequest(filters={"level": ['a"] OR audience IN ["organisation']})
    expression = filter_expression(merge_filters(parse_question("-by:@ana"), request))
    assert expression.startswith('audience IN ["public"] AND level IN ["a\\"] or audience in [\\"organisation"]')
    assert 'NOT by IN ["ana"]' in expression


def test_words_phrases_exclusions() -> None:
    assert query_text(parse_question('gauge "torque wrench" -excel')) == '-"excel" "torque wrench" gauge'


def test_rows_have_a_key_the_server_takes() -> None:
    row = row_of(SearchDocument("at://did:plc:x/org.skillnet.module/a", "module", "T", by=["ana.example"]))
    assert row["key"] == key_for("at://did:plc:x/org.skillnet.module/a")
    assert row["key"].isalnum()
    assert row["by"] == ["ana", "ana.example"]
    assert {"key", "audience", "bucket"} <= set(SETTINGS["filterableAttributes"])


def test_an_unreachable_server_is_named() -> None:
    with pytest.raises(SearchServerUnreachable):
        MeilisearchEngine("http://127.0.0.1:9", timeout=1)
