"""Evaluation files and figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.search.evaluation import EvaluationFileInvalid, evaluate, load_judgements, score
from node.search.tantivy_engine.engine import TantivyEngine


def test_evaluates_files(tmp_path: Path) -> None:
    (tmp_path / "d.jsonl").write_text(
        '{"id":"a","title":"Torque wrench","facets":{"layer":"tool","colour":["red"]}}\n{"id":"b","title":"Gauge"}\n'
    )
    (tmp_path / "q.tsv").write_text('query_id\tquery\nq1\ttorque\nq2\tgauge: "x -y\nq3\tnot judged\n')
    (tmp_path / "r.tsv").write_text("query_id\titer\tdoc\trel\nq1\t0\ta\t1\nq2\t0\ta\t1\nq2\t0\tb\t0\n")
    engine = TantivyEngine.create(tmp_path / "search")
    figures = evaluate(engine, tmp_path / "d.jsonl", tmp_path / "q.tsv", tmp_path / "r.tsv").to_json()
    engine.close()
    assert (figures["queries"], figures["documents"], figures["hit@1"], figures["hit@10"]) == (2, 2, 0.5, 0.5)
    assert set(figures) >= {"MRR@10", "nDCG@10", "p50_ms", "p95_ms", "index_s"}


def test_figures_by_hand() -> None:
    judged = {"q": {"a": 1, "b": 1}, "r": {"c": 2}}
    figures = score({"q": ["x", "a", "b"], "r": ["c"]}, judged, [1.0, 3.0])
    assert (figures.hit_at_1, figures.hit_at_10, figures.mrr_at_10) == (0.5, 1.0, 0.75)
    assert figures.ndcg_at_10 == pytest.approx((0.6934 + 1) / 2, abs=1e-4)


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "r.tsv").write_text("q1 0 a 1\nq1 a\n")
    with pytest.raises(EvaluationFileInvalid, match=r"r\.tsv:2"):
        load_judgements(tmp_path / "r.tsv")
