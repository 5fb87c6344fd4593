"""Evaluation files and figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.search.answerers import IndexAnswerer, LookupAnswerer, is_list_of_names
from node.search.document import SearchDocument
from node.search.evaluation import evaluate, score
from node.search.evaluation_files import EvaluationFileInvalid, load_documents, load_judgements, load_queries
from node.search.listed_names import names_in
from node.search.tantivy_engine.engine import TantivyEngine


def test_evaluates_files(tmp_path: Path) -> None:
    (tmp_path / "d.jsonl").write_text(
        '{"id":"a","title":"Torque wrench","facets":{"layer":"tool","colour":["red"]}}\n{"id":"b","title":"Gauge"}\n'
    )
    (tmp_path / "q.tsv").write_text('query_id\tquery\nq1\ttorque\nq2\tgauge: "x -y\nq3\tnot judged\n')
    (tmp_path / "r.tsv").write_text("query_id\titer\tdoc\trel\nq1\t0\ta\t1\nq2\t0\ta\t1\nq2\t0\tb\t0\n")
    engine = TantivyEngine.create(tmp_path / "search")
    documents = list(load_documents(tmp_path / "d.jsonl"))
    figures = evaluate(IndexAnswerer(engine, "x"), documents, tmp_path / "q.tsv", tmp_path / "r.tsv").to_json()
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


def test_names_are_scored_by_the_lookup(tmp_path: Path) -> None:
    lines = [
        '{"id":"29-1141.00","title":"Registered Nurses","body":"Ward nurse\\nStaff nurse"}',
        '{"id":"51-4121.00","title":"Welders","body":"Arc welder\\nPipe welder\\nCut metal parts."}',
    ]
    (tmp_path / "d.jsonl").write_text("\n".join(lines))
    (tmp_path / "q.tsv").write_text("q1\tward nurses\nq2\tpipe weldor\n")
    (tmp_path / "r.tsv").write_text("q1\t29-1141.00\t1\nq2\t51-4121.00\t1\n")
    documents = list(load_documents(tmp_path / "d.jsonl"))
    assert is_list_of_names(documents)
    figures = evaluate(LookupAnswerer(), documents, tmp_path / "q.tsv", tmp_path / "r.tsv")
    assert (figures.hit_at_1, figures.documents) == (1.0, 2)


NAMES = ("Charge Nurse", "RN", "Ward nurse")
TASK = "Assess patients, plan their care, or note what they say."


@pytest.mark.parametrize(
    "text",
    [
        "Charge Nurse\nRN\nWard nurse\n" + TASK,
        "Also called: Charge Nurse; RN; Ward nurse\n" + TASK,
        "Charge Nurse, RN, Ward nurse.\n" + TASK,
        f"Charge Nurse. RN. Ward nurse. {TASK}",
    ],
)
def test_names_are_read_however_they_are_listed(text: str) -> None:
    assert names_in(text) == (NAMES, TASK)
    assert names_in(TASK) == ((), TASK)


def test_other_names_are_read_out_of_a_text() -> None:
    assert names_in("Ward nurse\nRN\nAssess patients and note what they say.") == (
        ("Ward nurse", "RN"),
        "Assess patients and note what they say.",
    )
    assert names_in("Ward nurse, RN, staff nurse")[0] == ("Ward nurse", "RN", "staff nurse")
    assert names_in("One sentence, with commas, and a stop.") == ((), "One sentence, with commas, and a stop.")
    assert not is_list_of_names([SearchDocument("m:1", "module", "Torque", body="Set the wrench.")])


def test_files_of_other_collections_are_read(tmp_path: Path) -> None:
    (tmp_path / "d.jsonl").write_text('{"_id":"d1","title":"","text":"Lift over drag"}')
    (tmp_path / "q.jsonl").write_text('{"_id":"q1","text":"lift"}')
    (tmp_path / "r.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t2\n")
    assert next(load_documents(tmp_path / "d.jsonl")).body == "Lift over drag"
    assert load_queries(tmp_path / "q.jsonl") == {"q1": "lift"}
    assert load_judgements(tmp_path / "r.tsv") == {"q1": {"d1": 2}}
