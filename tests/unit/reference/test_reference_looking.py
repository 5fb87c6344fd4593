"""Plain sentences find their task; everyday words stand for formal ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.services.reference.importing.importer import Importer
from node.services.reference.looking.finder import ReferenceFinder
from node.services.reference.looking.plain_words import formal_words
from node.store.database import Database
from tests.unit.reference.shared_data import onet_folder

SENTENCES = Path(__file__).with_name("sentences.tsv")


def test_everyday_words_stand_for_formal_ones() -> None:
    assert "repair" in formal_words("I fix cars").split()
    assert "automotive" in formal_words("I fix cars").split()
    assert formal_words("zzz") == ""


def test_a_task_is_found_by_a_plain_sentence(importer: Importer, database: Database, folder: Path) -> None:
    importer.run("onet", folder, "", lambda _stage, _share: None)
    finder = ReferenceFinder(database)
    assert finder.tasks("I check the finished part with a gauge")[0].id == "onet:51-4041.00/201"
    assert finder.occupations("ward nurse")[0].id == "onet:29-1141.00"
    assert finder.tasks("  ") == []


def test_nothing_is_found_while_nothing_is_imported(database: Database) -> None:
    finder = ReferenceFinder(database)
    assert finder.tasks("anything") == []
    assert finder.occupations("anything") == []


def test_the_sentences_speak_of_forty_occupations() -> None:
    lines = [line.split("\t") for line in SENTENCES.read_text("utf-8").splitlines()]
    assert len(lines) == 200
    assert len({code.partition("/")[0] for code, _ in lines}) == 40


@pytest.mark.real
def test_the_right_task_is_among_the_first_five(importer: Importer, database: Database) -> None:
    importer.run("onet", onet_folder("db_29_3"), "", lambda _stage, _share: None)
    finder = ReferenceFinder(database)
    lines = [line.split("\t") for line in SENTENCES.read_text("utf-8").splitlines()]
    hits = [f"onet:{code}" in [found.id for found in finder.tasks(sentence, 5)] for code, sentence in lines]
    assert sum(hits) / len(hits) >= 0.72
