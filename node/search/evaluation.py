"""Score an engine on documents, questions and judgements that somebody brings (`skillnet evaluate search`).

Lists of names – job titles, tasks, skills – are scored by the lookup that finds occupations and tasks, texts by the
index; see `choose`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from node.search.document import SearchDocument
from node.search.evaluation_files import load_judgements, load_queries

DEPTH = 10

Judgements = Mapping[str, Mapping[str, int]]
"""Question id → document id → relevance above 0."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over all judged questions; times in milliseconds a question, `index_s` in seconds."""

    queries: int
    documents: int
    hit_at_1: float
    hit_at_10: float
    mrr_at_10: float
    ndcg_at_10: float
    p50_ms: float
    p95_ms: float
    index_s: float

    def to_json(self) -> dict[str, float]:
        """With the names of the contract."""
        names = {"hit_at_1": "hit@1", "hit_at_10": "hit@10", "mrr_at_10": "MRR@10", "ndcg_at_10": "nDCG@10"}
        return {names.get(name, name): round(value, 4) for name, value in asdict(self).items()}


class Answerer(Protocol):
    """What is scored."""

    name: str

    def index(self, documents: Sequence[SearchDocument]) -> None:
        """All of them, before the first question."""
        ...

    def ask(self, text: str) -> list[str]:
        """Ids of the DEPTH best, best first."""
        ...


def evaluate(answerer: Answerer, documents: Sequence[SearchDocument], queries: Path, qrels: Path) -> Figures:
    """Index all documents, ask all judged questions. Raises EvaluationFileInvalid."""
    judged = load_judgements(qrels)
    asked = {q: text for q, text in load_queries(queries).items() if q in judged}
    began = time.perf_counter()
    answerer.index(documents)
    index_s = time.perf_counter() - began
    answers: dict[str, list[str]] = {}
    took: list[float] = []
    for question, text in asked.items():
        began = time.perf_counter()
        answers[question] = answerer.ask(text)
        took.append((time.perf_counter() - began) * 1000)
    return score(answers, judged, took, index_s, len(documents))


def score(
    answers: Mapping[str, Sequence[str]],
    judged: Judgements,
    took: Sequence[float],
    index_s: float = 0,
    documents: int = 0,
) -> Figures:
    """Figures for question id → document ids, best first; times as they were measured."""
    gains = [[judged[q].get(document, 0) for document in found[:DEPTH]] for q, found in answers.items()]
    ideals = [sorted(judged[q].values(), reverse=True)[:DEPTH] for q in answers]
    return Figures(
        queries=len(gains),
        documents=documents,
        hit_at_1=_mean([float(g[:1] > [0]) for g in gains]),
        hit_at_10=_mean([float(any(g)) for g in gains]),
        mrr_at_10=_mean([next((1 / i for i, gain in enumerate(g, 1) if gain), 0.0) for g in gains]),
        ndcg_at_10=_mean([_dcg(g) / (_dcg(ideal) or 1.0) for g, ideal in zip(gains, ideals, strict=True)]),
        p50_ms=_quantile(took, 0.5),
        p95_ms=_quantile(took, 0.95),
        index_s=index_s,
    )


def _dcg(gains: Sequence[int]) -> float:
    return math.fsum(gain / math.log2(i + 1) for i, gain in enumerate(gains, 1))


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else 0.0


def _quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0
