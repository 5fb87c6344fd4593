"""Stems are what the stemmer says, remembered or not; a word of which nothing is left stands for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.search.document import SearchDocument
from node.search.request import SearchRequest
from node.search.tantivy_engine.engine import TantivyEngine
from node.search.text import stemming
from node.search.text.stemming import Stemmer


def test_stems_stand_in_order_also_when_words_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["gauges", "reading", "gauges", "readings", "calibrated", "gauges"]
    expected = ["gaug", "read", "gaug", "read", "calibr", "gaug"]
    stemmer = Stemmer("en")
    assert stemmer.stems(words) == expected
    monkeypatch.setattr(stemming, "_MOST", 2)
    assert stemmer.stems([*words, "wrenches"])[:-1] == expected
    assert stemmer.stem("readings") == "read"
    assert stemmer.stems([]) == []


def test_a_word_of_which_nothing_is_left_is_found(tmp_path: Path) -> None:
    assert Stemmer("el").stem("αγα") == "αγα"
    engine = TantivyEngine.create(tmp_path)
    engine.upsert([SearchDocument("m:el", "module", "Αγα και γέφυρα", language="el")])
    assert [hit.id for hit in engine.search(SearchRequest("αγα ")).hits] == ["m:el"]
    engine.close()
