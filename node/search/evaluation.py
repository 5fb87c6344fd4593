"""Score an engine on documents, questions and judgements that somebody brings (`skillnet evaluate search`).

Files as in the project's contract: documents as JSON Lines, questions as `id⇥text`, judgements in TREC form
(`question⇥iteration⇥document⇥relevance`). A header row is recognised and passed over; further columns are ignored.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from node.errors import Malformed
from node.search.document import GIVEN_FACETS, SearchDocument
from node.search.engine import SearchEngine
from node.search.request import SearchRequest

DEPTH = 10
_INDEXING = 3600.0

Judgements = Mapping[str, Mapping[str, int]]
"""Question id → document id → relevance above 0."""


class EvaluationFileInvalid(Malformed):
    """A line of an evaluation file cannot be read."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        super().__init__(f"{path}:{line}: {why}")


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


def evaluate(engine: SearchEngine, documents: Path, queries: Path, qrels: Path) -> Figures:
    """Index all documents, ask all judged questions. Raises EvaluationFileInvalid."""
    judged = load_judgements(qrels)
    asked = {q: text for q, text in load_queries(queries).items() if q in judged}
    began = time.perf_counter()
    engine.upsert(load_documents(documents))
    engine.finish(_INDEXING)
    index_s = time.perf_counter() - began
    answers: dict[str, list[str]] = {}
    took: list[float] = []
    for question, text in asked.items():
        began = time.perf_counter()
        answers[question] = _ask(engine, text)
        took.append((time.perf_counter() - began) * 1000)
    return score(answers, judged, took, index_s, engine.stats().documents)


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


def load_documents(path: Path) -> Iterator[SearchDocument]:
    """One JSON object a line: id, title, summary, body, language, facets, aliases, kind; only the id is required."""
    for number, line in _lines(path):
        try:
            yield _document(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EvaluationFileInvalid(path, number, f"no document: {error!r}") from error


def load_queries(path: Path) -> dict[str, str]:
    """Question id → text."""
    found: dict[str, str] = {}
    for number, line in _lines(path):
        columns = line.split("\t")
        if len(columns) < 2:
            raise EvaluationFileInvalid(path, number, "expected id⇥text")
        found[columns[0]] = columns[1]
    return found


def load_judgements(path: Path) -> dict[str, dict[str, int]]:
    """Question id → document id → relevance; what is judged irrelevant is left out."""
    found: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        columns = line.split("\t") if "\t" in line else line.split()
        if len(columns) < 4 or not columns[3].lstrip("-").isdecimal():
            if number == 1:
                continue
            raise EvaluationFileInvalid(path, number, "expected question⇥iteration⇥document⇥relevance")
        if int(columns[3]) > 0:
            found.setdefault(columns[0], {})[columns[2]] = int(columns[3])
    return found


def _ask(engine: SearchEngine, text: str) -> list[str]:
    # A question of a test set is complete: its last word is not being typed, and `-` or `x:y` in it are text.
    plain = text.replace('"', " ").replace(":", " ").replace(" -", " ").lstrip("-")[:2000]
    found = engine.search(SearchRequest(f"{plain} ", limit=DEPTH, instant=False, snippets=False, group_forks=False))
    return [hit.id for hit in found.hits]


def _document(value: dict[str, Any]) -> SearchDocument:
    def text(name: str) -> str:
        return str(value.get(name) or "")

    return SearchDocument(
        id=str(value["id"]),
        kind=text("kind") or "module",
        title=text("title"),
        summary=text("summary"),
        body=text("body"),
        language=text("language"),
        aliases=_values(value.get("aliases") or ()),
        facets={name: _values(v) for name, v in (value.get("facets") or {}).items() if name in GIVEN_FACETS},
    )


def _values(given: Any) -> tuple[str, ...]:
    return (str(given),) if isinstance(given, str | int) else tuple(str(v) for v in given)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, line.rstrip("\r\n")


def _dcg(gains: Sequence[int]) -> float:
    return math.fsum(gain / math.log2(i + 1) for i, gain in enumerate(gains, 1))


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else 0.0


def _quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0
