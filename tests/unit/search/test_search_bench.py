"""The bench measures what it says, on a small catalogue."""

from __future__ import annotations

from pathlib import Path

from node.search.bench.corpus import Corpus
from node.search.bench.run import bench_embedded


def test_the_corpus_is_the_same_every_time() -> None:
    assert list(Corpus(30, words=200).documents()) == list(Corpus(30, words=200).documents())


def test_rows_of_the_contract(tmp_path: Path) -> None:
    rows = {row.name: row.to_json() for row in bench_embedded(tmp_path, size=200, questions=20)}
    assert set(rows["exact p95"]) == {"name", "unit", "ours", "rival", "rival_name", "ratio", "goal", "ok"}
    assert rows["exact p95"]["rival"] is not None
    assert rows["clean top 3 unchanged by tolerance"]["ours"] == 1.0
