"""The behaviour that every search engine must show to who asks it."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

from node.search.document import SearchDocument
from node.search.engine import SearchEngine
from node.search.errors import FacetUnknown, QueryTooLong
from node.search.request import SearchRequest, Sort
from tests.unit.search.asking import ids

EVERYBODY = frozenset({"public"})


def test_finds_by_every_text_field(filled: SearchEngine) -> None:
    assert ids(filled, "gauge")[0] == "m:calibration"
    assert ids(filled, "metrology") == ["m:calibration"]
    assert ids(filled, "loosen bolts")[0] == "m:torque"
    assert ids(filled, "patient health problems")[0] == "o:nurse"


def test_title_counts_more_than_body(filled: SearchEngine) -> None:
    assert ids(filled, "calibration")[:2] == ["m:calibration", "m:torque"]


def test_last_word_is_a_beginning(filled: SearchEngine) -> None:
    assert "m:calibration" in ids(filled, "gauge cal")
    assert ids(filled, "gau") == ["m:calibration"]


@pytest.mark.parametrize("typed", ["gauge calibraton", "guage calibration", "gauge calibrattion", "gauge kalibration"])
def test_tolerates_one_typo(filled: SearchEngine, typed: str) -> None:
    assert ids(filled, typed)[0] == "m:calibration"


def test_tolerates_two_typos_in_long_words(filled: SearchEngine) -> None:
    assert ids(filled, "calibratoin gaugge")[0] == "m:calibration"
    assert ids(filled, "calibartoin ")[0] == "m:calibration"


def test_no_typos_in_codes(filled: SearchEngine) -> None:
    filled.upsert([SearchDocument("m:iso", "module", "Audit by ISO9001", language="en")])
    assert ids(filled, "iso9001") == ["m:iso"]
    assert ids(filled, "iso9002 ") == []


def skip_if_lacking(engine: SearchEngine, what: str) -> None:
    if what in engine.lacks:
        pytest.skip(f"this engine says that it lacks: {what}")


def test_typos_can_be_switched_off(filled: SearchEngine) -> None:
    skip_if_lacking(filled, "typos switched off")
    assert ids(filled, "calibraton ", typos=False) == []


def test_did_you_mean(filled: SearchEngine) -> None:
    skip_if_lacking(filled, "did you mean")
    assert filled.search(SearchRequest("gauge calibraton ")).did_you_mean == "gauge calibration"
    assert filled.search(SearchRequest("gauge calibration ")).did_you_mean == ""


def test_phrase(filled: SearchEngine) -> None:
    assert ids(filled, '"click torque wrench on"') == ["m:torque-fork"]
    assert ids(filled, '"wrench torque"') == []


def test_exclusion(filled: SearchEngine) -> None:
    assert "m:torque" not in ids(filled, "torque -loosen", group_forks=False)
    assert "m:torque-fork" in ids(filled, "torque -loosen", group_forks=False)
    assert ids(filled, 'torque -"torque wrench"') == []


def test_fields_in_the_text(filled: SearchEngine) -> None:
    assert ids(filled, "layer:concept lang:en") == ["m:calibration"]
    assert set(ids(filled, "by:@ana", group_forks=False)) == {"m:torque", "m:calibration"}
    assert set(ids(filled, "by:ANA.works.example", group_forks=False)) == {"m:torque", "m:calibration"}
    assert "m:torque" not in ids(filled, "wrench -by:ana", group_forks=False)
    assert ids(filled, 'occupation:"29-1141.00"') == ["o:nurse"]


def test_filters(filled: SearchEngine) -> None:
    found = ids(filled, "", filters={"layer": ["concept", "capability"], "language": ["de", "ar"]})
    assert set(found) == {"m:pflege", "m:ar"}
    with pytest.raises(FacetUnknown):
        filled.search(SearchRequest("x", filters={"colour": ["red"]}))


def test_facets_count_the_answer(filled: SearchEngine) -> None:
    result = filled.search(SearchRequest("torque", facets=("layer", "level")))
    assert {(c.value, c.count) for c in result.facets["layer"]} == {("tool", 2)}
    everything = filled.search(SearchRequest("", facets=("kind", "language")))
    assert {(c.value, c.count) for c in everything.facets["kind"]} == {("module", 6), ("occupation", 1)}
    assert everything.total == 7


def test_a_narrowed_facet_still_shows_its_other_values(filled: SearchEngine) -> None:
    result = filled.search(SearchRequest("", filters={"layer": ["tool"]}, facets=("layer",)))
    assert result.total == 2
    assert {c.value for c in result.facets["layer"]} == {"tool", "concept", "capability"}


def test_diacritics_and_case_are_folded(filled: SearchEngine) -> None:
    for text in ("häusliche pflege", "HAUSLICHE PFLEGE", "ha\u0308usliche"):
        assert ids(filled, text)[0] == "m:pflege"


@pytest.mark.parametrize("text", ["機械学習", "患者安全", "看護師", "学習"])
def test_scripts_without_spaces(filled: SearchEngine, text: str) -> None:
    assert ids(filled, text)[0] == "m:ja"


@pytest.mark.parametrize("text", ["المريض", "المَرِيض", "الادوية"])
def test_right_to_left(filled: SearchEngine, text: str) -> None:
    assert ids(filled, text)[0] == "m:ar"


def test_some_of_the_words_fill_the_page(filled: SearchEngine) -> None:
    found = ids(filled, "how do I check the calibration of a torque wrench that is too old to trust")
    assert "m:torque" in found
    assert "m:calibration" in found


def test_snippets_are_safe_html(filled: SearchEngine) -> None:
    filled.upsert(
        [SearchDocument("m:x", "module", "<b>Xss</b> title", body='<img src=x onerror="alert(1)"> dangerous')]
    )
    hit = filled.search(SearchRequest("dangerous xss")).hits[0]
    assert "<img" not in hit.snippet_html
    assert "<mark>dangerous</mark>" in hit.snippet_html
    assert hit.title_html == "&lt;b&gt;<mark>Xss</mark>&lt;/b&gt; title"
    assert hit.title == "<b>Xss</b> title"


def test_highlights_what_a_typo_found(filled: SearchEngine) -> None:
    skip_if_lacking(filled, "respelt highlights")
    assert "<mark>calibration</mark>" in filled.search(SearchRequest("calibraton ")).hits[0].title_html


def test_sorts(filled: SearchEngine) -> None:
    assert ids(filled, "torque", sort=Sort.NEWEST, group_forks=False) == ["m:torque-fork", "m:torque"]
    assert ids(filled, "torque", sort=Sort.OLDEST, group_forks=False) == ["m:torque", "m:torque-fork"]
    assert ids(filled, "torque", sort=Sort.SHORTEST, group_forks=False) == ["m:torque-fork", "m:torque"]
    assert ids(filled, "", sort=Sort.OLDEST, filters={"kind": ["module"]})[0] == "m:torque"


class Known:
    """Scores from two tables."""

    def __init__(self, curation: dict[str, float], fresh: dict[str, float]) -> None:
        self.tables = (curation, fresh)

    def curation(self, ids: Sequence[str]) -> list[float]:
        return [self.tables[0].get(i, 0.0) for i in ids]

    def freshness(self, ids: Sequence[str]) -> list[float]:
        return [self.tables[1].get(i, 1.0) for i in ids]


def test_forks_are_grouped_best_first(filled: SearchEngine) -> None:
    plain = filled.search(SearchRequest("torque wrench basics")).hits
    assert (plain[0].id, plain[0].versions) == ("m:torque", 2)
    scores = Known({"m:torque-fork": 1.0}, {"m:torque": 0.3})
    curated = filled.search(SearchRequest("torque wrench basics", scores=scores)).hits
    assert (curated[0].id, curated[0].versions) == ("m:torque-fork", 2)


def test_order_is_explained(filled: SearchEngine) -> None:
    scores = Known({"m:calibration": 0.5}, {"m:calibration": 0.8})
    parts = filled.search(SearchRequest("gauge", scores=scores)).hits[0].parts
    assert (parts.text, parts.curation, parts.freshness, parts.weight) == (1.0, 0.5, 0.8, 0.5)
    assert parts.score == pytest.approx(1.0 * 1.25 * 0.8)
    assert "curation 0.50" in parts.sentence()


class Unasked:
    """Scores that nobody may ask for."""

    def curation(self, _ids: Sequence[str]) -> list[float]:
        raise AssertionError

    freshness = curation


@pytest.mark.parametrize("text", ["", "torque", "torque wrench calibration", "calibratoin ", "layer:tool", "機械"])
def test_counting_alone_orders_nothing_and_counts_the_same(filled: SearchEngine, text: str) -> None:
    shown = filled.search(SearchRequest(text, facets=("layer",), limit=10))
    counted = filled.search(SearchRequest(text, facets=("layer",), limit=0, scores=Unasked()))
    assert (counted.total, counted.facets, counted.hits) == (shown.total, shown.facets, ())


def test_pages_follow_one_another(engine: SearchEngine) -> None:
    engine.upsert([SearchDocument(f"m:{i:03}", "module", f"Welding seam {i}") for i in range(60)])
    pages = [ids(engine, "welding seam ", offset=at, limit=20) for at in (0, 20, 40)]
    assert [len(p) for p in pages] == [20, 20, 20]
    assert len({i for p in pages for i in p}) == 60


def test_synonyms(filled: SearchEngine) -> None:
    assert ids(filled, "spanner ") == []
    filled.set_synonyms({"spanner": ["wrench"], "care assistant": ["nurse"]})
    assert ids(filled, "spanner ")[0] == "m:torque"
    assert ids(filled, "care assistant ")[0] == "o:nurse"


def test_suggest(filled: SearchEngine) -> None:
    assert filled.suggest("torq", EVERYBODY)[0].title == "Torque wrench basics"
    assert [s.id for s in filled.suggest("ward n", EVERYBODY)] == ["o:nurse"]
    assert filled.suggest("torq", EVERYBODY, kinds=("task", "person")) == ()
    assert [s.id for s in filled.suggest("w", EVERYBODY, limit=1, kinds=("occupation",))] == ["o:nurse"]
    assert filled.suggest("", EVERYBODY) == ()
    assert filled.suggest("\x00:!", EVERYBODY) == ()


RUBBISH = [
    *('"', '""', "-", "--", '-"', "layer:", ":", "a:b:c", "by:@", "*", "?", "(", ")(", "AND OR NOT", "title:(", "\\"),
    *("[a TO z]", "~2", "^9", "\x00\x01\x1b[31m", "\ud800", "\u202eabc", "😀", "' OR 1=1 --", "audience:organisation"),
    *("{{7*7}}", "%00", "(a+)+$", "c++ c# .net", "1/2 & 3 < 4", "x" * 5000, "a " * 1000, '"a ' * 300, "-x " * 400),
    *("layer:x " * 500, "機" * 3000, "\u0301" * 100),
]


@pytest.mark.parametrize("text", RUBBISH, ids=range(len(RUBBISH)))
def test_rubbish_gets_an_answer(filled: SearchEngine, text: str) -> None:
    result = filled.search(SearchRequest(text, facets=("layer",)))
    assert "m:internal" not in [h.id for h in result.hits]
    filled.suggest(text, EVERYBODY)


def test_too_long_a_text_is_refused(filled: SearchEngine) -> None:
    with pytest.raises(QueryTooLong):
        filled.search(SearchRequest("word " * 3000))


def test_a_real_meilisearch_was_asked() -> None:
    if not os.environ.get("SKILLNET_TEST_MEILISEARCH_URL"):
        pytest.skip("SKILLNET_TEST_MEILISEARCH_URL is not set: the behaviour suite did NOT run against Meilisearch")
