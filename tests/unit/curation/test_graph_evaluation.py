"""Evaluation files: what can be read, what is refused, and what comes out."""

import json

import pytest

from curation.errors import GraphInvalid, ViewerUnknown
from curation.evaluation import evaluate, parse_graph

LINES = [
    {"type": "module", "id": "m1", "author": "b0", "occupation": "x", "major": 1},
    {"type": "module", "id": "m2", "author": "b1", "occupation": ["x", "y"]},
    {"type": "endorsement", "by": "b2", "module": "m1", "task": "t", "verdict": "works", "at": "2026-01-01T00:00:00Z"},
    {"type": "endorsement", "by": "b2", "module": "m2", "verdict": "fails", "at": "2026-01-02", "major": 1},
    {"type": "endorsement", "by": "a0", "module": "m2", "verdict": "fails", "at": "2026-01-02T10:00:00+02:00"},
    {"type": "organisation", "id": "A"},
    {"type": "organisation", "id": "B", "extra": 1},
    {"type": "practitioner", "id": "a0", "organisation": "A", "occupation": "x"},
    *({"type": "practitioner", "id": f"b{i}", "organisation": "B", "occupation": "x"} for i in range(3)),
    {"type": "vouch", "by": "a0", "for": "b0"},
    {"type": "something new"},
]


def lines(*changed: object) -> list[str]:
    return [json.dumps(line) for line in (*LINES, *changed)]


def test_a_graph_is_scored_best_first_whatever_the_order_of_lines() -> None:
    result = evaluate(parse_graph(lines()), "A", at=1_770_000_000.0, clock=iter([1.0, 3.0]).__next__)
    assert [row["module"] for row in result["scores"]] == ["m1", "m2"]
    assert set(result["scores"][0]) == {"module", "score", "mean", "evidence"}
    assert result["build_ms"] == 2000.0
    assert result["ranked"]
    again = evaluate(parse_graph(lines()[::-1]), "A", at=1_770_000_000.0)
    assert again["scores"] == result["scores"]


def test_who_trusts_nobody_gets_scores_and_the_reason_why_they_are_no_ranking() -> None:
    result = evaluate(parse_graph(lines()), "B", task="t")
    assert result["ranked"] is False
    assert "trust" in result["reason"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"type":"vouch","by":"a"}', "vouch without 'for'"),
        ('{"type":"organisation","id":3}', "'id' is not a text"),
        ('{"type":"module","id":"m","author":"a","major":1.5}', "'major'"),
        ('{"type":"module","id":"m","author":"a","occupation":7}', "'occupation'"),
        ('{"type":"endorsement","by":"a","module":"m","verdict":"great","at":"2026-01-01"}', "'verdict' is 'great'"),
        ('{"type":"endorsement","by":"a","module":"m","verdict":"works","at":"yesterday"}', "isoformat"),
        ("[" * 100_000, "nested too deeply"),
        ('{"type":"module","id":"m\\ud800","author":"a"}', "'id' is not a text"),
        ('{"type":"practitioner","id":"a","occupation":["\\udfff"]}', "'occupation' is not a text"),
    ],
)
def test_a_bad_line_is_named(line: str, message: str) -> None:
    with pytest.raises(GraphInvalid, match=message) as caught:
        parse_graph(["", '{"type":"organisation","id":"A"}', line])
    assert caught.value.line == 3
    assert "Line 3" in str(caught.value)


def test_an_unknown_viewer_is_refused() -> None:
    with pytest.raises(ViewerUnknown):
        evaluate(parse_graph(lines()), "nobody")
