"""What a reader may not see changes no answer of any engine: no hit, no count, no spelling, no completion."""

from __future__ import annotations

from dataclasses import replace

import pytest

from node.search.document import SearchDocument
from node.search.engine import SearchEngine
from node.search.request import SearchRequest

EVERYBODY = frozenset({"public"})
MEMBERS = frozenset({"public", "organisation"})


def ids(engine: SearchEngine, text: str, audiences: frozenset[str] = EVERYBODY) -> list[str]:
    return [hit.id for hit in engine.search(SearchRequest(text, audiences)).hits]


def test_audience_is_never_crossed(filled: SearchEngine) -> None:
    for text in ("zeusproject", "secret torque procedure", "zeusprojekt", "", "layer:tool", '"secret torque"', "zeus"):
        result = filled.search(SearchRequest(text, facets=("layer", "kind"), limit=50))
        assert "m:internal" not in [h.id for h in result.hits]
        assert "zeus" not in result.did_you_mean
    assert ids(filled, "zeusproject", audiences=MEMBERS) == ["m:internal"]
    if "did you mean" not in filled.lacks:
        assert filled.search(SearchRequest("zeusprojekt ", audiences=MEMBERS)).did_you_mean == "zeusproject"
    assert filled.suggest("zeus", EVERYBODY) == ()
    assert [s.id for s in filled.suggest("zeus", MEMBERS)] == ["m:internal"]
    assert ids(filled, "torque", audiences=frozenset()) == []


@pytest.mark.parametrize("text", ["calibratoon ", "calibratoo", "metrologi ", "gauge calibratoon", "torqu"])
def test_what_is_hidden_changes_no_answer(filled: SearchEngine, text: str) -> None:
    def answer() -> object:
        found = filled.search(SearchRequest(text, facets=("kind", "layer")))
        return (
            [h.id for h in found.hits],
            found.total,
            found.facets,
            found.did_you_mean,
            filled.suggest(text, EVERYBODY),
        )

    before = answer()
    inside = SearchDocument("m:inside", "module", "Calibratoon, metrologi, torqu", audience="organisation")
    filled.upsert([inside, replace(inside, id="m:inside2", body="calibratoons torques")])
    assert answer() == before
    assert ids(filled, "calibratoon ", audiences=MEMBERS)[0] == "m:inside"


def test_audience_cannot_be_asked_for(filled: SearchEngine) -> None:
    assert ids(filled, "audience:organisation zeusproject") == []
