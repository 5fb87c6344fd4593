"""Plain sentences find their task; everyday words stand for formal ones.

`sentences_more` was written, with more plain words, after `sentences`; `sentences_held_out` after all was done.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from node.search.lookup.features import Stems
from node.search.text.tokens import tokens
from node.services.reference.importing.importer import Importer
from node.services.reference.looking.finder import ReferenceFinder
from node.services.reference.looking.kept import KeptFile
from node.services.reference.looking.plain_words import PlainWords
from node.services.reference.looking.spelling import Spelling
from node.store.database import Database
from tests.integration.fixtures.databases import store_url
from tests.unit.reference.conftest import HereAndNow
from tests.unit.reference.shared_data import onet_folder

SENTENCES = Path(__file__).with_name("sentences.tsv")


@pytest.fixture
def kept(tmp_path: Path) -> KeptFile:
    return KeptFile(tmp_path / "kept", "lookups")


def formal_words(sentence: str) -> set[str]:
    read = PlainWords(Stems("en")).read(tokens(sentence))
    return {word for meaning in read for word in meaning.formal}


def test_everyday_words_and_phrases_stand_for_formal_ones() -> None:
    assert {"repair", "automot"} <= formal_words("I fix cars")
    assert {"maintain", "ledger"} <= formal_words("I look after the books")
    assert "write" in formal_words("she wrote it")
    assert formal_words("zzz") == set()


def test_a_phrase_counts_once_and_chatter_not_at_all() -> None:
    read = PlainWords(Stems("en")).read(tokens("We write down what the gauges say, we write down everything"))
    assert [meaning.own for meaning in read] == [("write",), ("gaug",), ("say",)]
    assert PlainWords(Stems("en")).read(["do"]) != ()


def test_words_of_a_phrase_are_not_what_it_means(
    importer: Importer, database: Database, folder: Path, kept: KeptFile
) -> None:
    plain = PlainWords(Stems("en"))
    assert all(meaning.phrase for meaning in plain.read(tokens("look after the books")))
    assert plain.formally(["the", "books"]).startswith("the books accounts")
    importer.run("onet", folder, "", lambda _stage, _share: None)
    finder = ReferenceFinder(database, kept, HereAndNow())  # type: ignore[arg-type]  # a stand-in with the same method
    assert finder.occupations("I look at the measure of the parts")[0].id == "onet:51-4041.00"


def test_misspelt_words_are_read_as_the_nearest_known_one() -> None:
    spelling = Spelling({"receive": 3, "invoices": 9, "invoiced": 1, "parts": 5})
    assert [spelling.read(word) for word in ("recieve", "invoicse", "prats", "xyz", "ab12c")] == [
        "receive", "invoices", "parts", "xyz", "ab12c",
    ]  # fmt: skip


def test_a_task_is_found_by_a_plain_sentence(
    importer: Importer, database: Database, folder: Path, kept: KeptFile
) -> None:
    importer.run("onet", folder, "", lambda _stage, _share: None)
    finder = ReferenceFinder(database, kept, HereAndNow())  # type: ignore[arg-type]  # a stand-in with the same method
    assert finder.tasks("I check the finished part with a gauge")[0].id == "onet:51-4041.00/201"
    assert finder.occupations("ward nurse")[0].id == "onet:29-1141.00"
    assert finder.tasks("  ") == []


class Counting(HereAndNow):
    """Counts what was made."""

    made = 0

    def run(self, work: Callable[..., Any], *arguments: Any) -> Any:
        self.made += 1
        return super().run(work, *arguments)


def test_a_restart_reads_what_was_made(
    importer: Importer, database: Database, folder: Path, tmp_path: Path, kept: KeptFile
) -> None:
    importer.run("onet", folder, "", lambda _stage, _share: None)
    work = Counting()

    def answers() -> tuple[object, ...]:
        finder = ReferenceFinder(database, kept, work)  # type: ignore[arg-type]  # a stand-in with the same method
        return finder.occupations("ward nurse"), finder.tasks("I check the finished part with a gauge")

    first = answers()
    assert (answers(), work.made) == (first, 1)
    (file,) = (tmp_path / "kept").iterdir()
    whole = file.read_bytes()
    damaged = (whole[: len(whole) // 2], b"", whole.replace(b"gauge", b"gauze"), b"not an archive at all")
    for made, content in enumerate(damaged, 2):
        file.write_bytes(content)
        assert (answers(), work.made) == (first, made)
        assert file.read_bytes() == whole
    onet = (folder / "alternate_titles.tsv").read_text("utf-8")
    (folder / "alternate_titles.tsv").write_text(onet + "51-4041.00\tWard Nurse\n", "utf-8")
    importer.run("onet", folder, "", lambda _stage, _share: None)
    answers()
    assert work.made == len(damaged) + 2
    assert [path.name == file.name for path in (tmp_path / "kept").iterdir()] == [False]


def test_nothing_is_found_while_nothing_is_imported(database: Database, kept: KeptFile) -> None:
    finder = ReferenceFinder(database, kept, HereAndNow())  # type: ignore[arg-type]  # a stand-in with the same method
    assert finder.tasks("anything") == []
    assert finder.occupations("anything") == []


def test_the_sentences_speak_of_forty_occupations() -> None:
    lines = [line.split("\t") for line in SENTENCES.read_text("utf-8").splitlines()]
    assert len(lines) == 200
    assert len({code.partition("/")[0] for code, _ in lines}) == 40


@pytest.mark.real
def test_the_right_task_is_among_the_first_five(importer: Importer, database: Database, kept: KeptFile) -> None:
    importer.run("onet", onet_folder("db_29_3"), "", lambda _stage, _share: None)
    finder = ReferenceFinder(database, kept, HereAndNow())  # type: ignore[arg-type]  # a stand-in with the same method
    for name, least in (("sentences", 0.72), ("sentences_more", 0.75), ("sentences_held_out", 0.72)):
        lines = [line.split("\t") for line in SENTENCES.with_name(f"{name}.tsv").read_text("utf-8").splitlines()]
        hits = [f"onet:{code}" in [found.id for found in finder.tasks(sentence, 5)] for code, sentence in lines]
        assert sum(hits) / len(hits) >= least, name
    assert finder.tasks("I look after the books")[0].occupation == "onet:13-2011.00"
    assert "onet:13-2011.00" in [found.id for found in finder.occupations("I look after the books", 2)]


@pytest.mark.parametrize("serving", [True, False])
def test_a_serving_node_builds_the_lookups_when_an_import_is_done(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, serving: bool
) -> None:
    from node.services.reference.importing.importer import Importer
    from node.services.reference.reference import Reference

    database = Database(store_url(tmp_path)).open()
    reference, built = Reference(database, HereAndNow(), tmp_path), list[int]()
    monkeypatch.setattr(reference, "_aside", lambda *more: built.append(len(more)))
    monkeypatch.setattr(Importer, "run", lambda *_, **__: reference.forget() or [])
    if serving:
        reference.start()
    reference.imports._run(reference.imports.status, "onet", tmp_path, "", older=False)
    assert reference.imports.status.state == "done"
    assert built == ([1, 0, 1] if serving else [])
    database.close()
