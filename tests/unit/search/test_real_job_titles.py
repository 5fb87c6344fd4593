"""Job titles that people wrote find their occupation: O*NET's alternate titles, and MELO's four sets."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from node.search.evaluation import score
from node.search.evaluation_files import load_judgements, load_queries
from node.search.lookup.entry import Entry
from node.search.lookup.lookup import Lookup
from node.search.lookup.matrices import Bm25
from node.search.text.tokens import tokens
from tests.unit.reference.shared_data import onet_folder, reference_folder

SEED = 5
ASKED = 600
MELO = {"fra_q_fr_c_fr": 1435, "usa_q_en_c_en": 100, "esp_q_es_c_es": 100, "deu_q_de_c_en": 100}
"""Set → how many titles are asked: all where the margin over BM25 is smallest."""


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@cache
def _titles() -> tuple[dict[str, str], dict[str, set[str]], list[str]]:
    """(title by id, its occupations by id, ids in a random order)."""
    folder = reference_folder("search") / "onet_alt_titles"
    asked = {row["query_id"]: row["query"] for row in _rows(folder / "queries.tsv")}
    relevant = defaultdict(set)
    for row in _rows(folder / "qrels.tsv"):
        relevant[row["query_id"]].add(row["onet_soc"])
    ids = sorted(asked)
    random.Random(SEED).shuffle(ids)
    return asked, relevant, ids


def _occupations(*, with_titles: bool) -> list[Entry]:
    asked, relevant, ids = _titles()
    release, aliases, tasks = onet_folder("db_29_3"), defaultdict(list), defaultdict(list)
    for query in ids[: len(ids) // 2] if with_titles else ():
        for code in relevant[query]:
            aliases[code].append(asked[query])
    for row in _rows(release / "task_statements.tsv"):
        tasks[row["O*NET-SOC Code"]].append(row["Task"])
    rows = [(row["O*NET-SOC Code"], row) for row in _rows(release / "occupation_data.tsv")]
    return [Entry(code, row["Title"], aliases[code], row["Description"], tasks[code]) for code, row in rows]


@pytest.mark.real
@pytest.mark.parametrize(("with_titles", "first", "among_ten"), [(True, 0.48, 0.80), (False, 0.24, 0.52)])
def test_titles_that_are_not_indexed_find_their_occupation(
    first: float, among_ten: float, *, with_titles: bool
) -> None:
    asked, relevant, ids = _titles()
    lookup = Lookup(_occupations(with_titles=with_titles))
    found = [(relevant[q], [f.id for f in lookup.find(asked[q])]) for q in ids[len(ids) // 2 :][:ASKED]]
    assert sum(bool(codes & set(best[:1])) for codes, best in found) / len(found) >= first
    assert sum(bool(codes & set(best)) for codes, best in found) / len(found) >= among_ten


@pytest.mark.real
@pytest.mark.parametrize("name", MELO)
def test_titles_of_other_countries_are_found_better_than_by_bm25(name: str) -> None:
    folder = reference_folder("search") / "melo" / name
    judged, queries = load_judgements(folder / "annotations.tsv"), load_queries(folder / "queries.tsv")
    asked = random.Random(SEED).sample(sorted(queries.keys() & judged.keys()), MELO[name])
    lines = (folder / "corpus_elements.tsv").read_text("utf-8").splitlines()
    names = [(line.split("\t")[0], line.split("\t")[1]) for line in lines if "\t" in line]
    language = name.rpartition("_")[2]
    lookup = Lookup(Entry(code, title, language=language) for code, title in names)
    bm25 = Bm25((title for _, title in names), tokens)
    ours = {q: [found.id for found in lookup.find(queries[q])] for q in asked}
    theirs = {q: [names[i][0] for i in np.argsort(-bm25.scores(queries[q]), kind="stable")[:10]] for q in asked}
    wanted = {q: judged[q] for q in asked}
    assert score(ours, wanted, [0]).ndcg_at_10 - score(theirs, wanted, [0]).ndcg_at_10 >= 0.05
