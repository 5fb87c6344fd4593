"""What is called exactly as one asks comes before what has the words among others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from node.search.document import SearchDocument
from node.search.request import SearchRequest
from node.search.tantivy_engine.engine import TantivyEngine

MANY = ("Charge Nurse", "Staff Nurse", "Dialysis Nurse", "School Nurse", "Ward Nurse", "Triage Nurse", "Nurse")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TantivyEngine]:
    opened = TantivyEngine.create(tmp_path / "index")
    others = [
        SearchDocument(f"onet:{n}", "occupation", title, language="en", aliases=(f"Certified {title}",))
        for n, title in enumerate(("Nurse Midwives", "Nurse Practitioners", "Nurse Anesthetists", "Nurse Specialists"))
    ]
    rest = [SearchDocument(f"onet:r{n}", "occupation", f"Trade {n}", language="en") for n in range(40)]
    named = SearchDocument(
        "onet:rn", "occupation", "Registered Nurses", "Assess patients.", language="en", aliases=MANY
    )
    plain = SearchDocument("m:ja", "module", "看護師 の 仕事", language="ja")
    opened.upsert([*others, *rest, named, plain])
    yield opened
    opened.close()


@pytest.mark.parametrize("asked", ["nurse", "Nurse", "nurses", "registered nurse", "charge nurses"])
def test_what_is_called_exactly_so_comes_first(engine: TantivyEngine, asked: str) -> None:
    assert engine.search(SearchRequest(text=asked)).hits[0].id == "onet:rn"


def test_a_name_finds_nothing_that_its_words_do_not(engine: TantivyEngine) -> None:
    assert engine.search(SearchRequest(text="nurse -charge")).total == 4
    assert engine.search(SearchRequest(text="trade")).total == 40
    assert [hit.id for hit in engine.search(SearchRequest(text="看護師")).hits] == ["m:ja"]
