"""Two ways to compare a question with many texts at once: BM25 and cosine of tf·idf, over any kind of feature."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from scipy import sparse

from node.search.lookup.features import Features
from node.search.lookup.tables import Place, Scores, Table, unkept

_K1 = 1.2
_B = 0.75
_UNKNOWN = 0.3
"""How much a feature of the question that no text has lowers its likeness to all of them."""


class Bm25:
    """Okapi BM25 (Robertson & Zaragoza 2009), k1 = 1.2, b = 0.75; each feature of a question counts once."""

    def __init__(self, texts: Iterable[str], features: Features, place: Place = unkept) -> None:
        self._features = features
        self._table = place(lambda: _bm25_table(texts, features))

    def scores(self, question: str) -> Scores:
        """One number a text, 0 where nothing is shared."""
        rows = self._table.rows
        known = [rows[f] for f in dict.fromkeys(self._features(question)) if f in rows]
        return np.asarray(self._table.weights[known].sum(axis=0), dtype=np.float64).ravel()

    def best_of(self, groups: Iterable[Mapping[str, float]]) -> Scores:
        """As `scores`, of features in groups with weights: a text gets of each group what its best feature gives."""
        rows, weights = self._table.rows, self._table.weights
        found = np.zeros(weights.shape[1])
        for group in groups:
            known = {rows[f]: weight for f, weight in group.items() if f in rows}
            if known:
                weighted = sparse.diags(list(known.values())) @ weights[list(known)]
                found += weighted.max(axis=0).toarray().ravel()
        return found


class Cosine:
    """Cosine of (1 + log tf) · idf; what is unknown in a question lengthens it."""

    def __init__(self, texts: Iterable[str], features: Features, place: Place = unkept) -> None:
        self._features = features
        self._table = place(lambda: _cosine_table(texts, features))

    def scores(self, question: str) -> Scores:
        """Between 0 and 1 for each text."""
        table, asked = self._table, Counter(self._features(question))
        known = [(table.rows[f], 1 + np.log(n)) for f, n in asked.items() if f in table.rows]
        if not known:
            return np.zeros(table.weights.shape[1])
        rows = np.array([row for row, _ in known])
        weights = np.array([weight for _, weight in known]) * table.rarity[rows]
        unknown = (len(asked) - len(known)) * _UNKNOWN * float(table.rarity.max()) ** 2
        length = np.sqrt(float(weights @ weights) + unknown)
        likeness: Scores = np.asarray(weights @ table.weights[rows] / length, dtype=np.float64).ravel()
        return likeness


def _bm25_table(texts: Iterable[str], features: Features) -> Table:
    counts, rows = _count(texts, features)
    lengths = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
    documents = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log(1 + (counts.shape[0] - documents + 0.5) / (documents + 0.5))
    found = counts.tocoo()
    damping = _K1 * (1 - _B + _B * lengths / max(lengths.mean(), 1.0))
    weights = rarity[found.col] * found.data * (_K1 + 1) / (found.data + damping[found.row])
    by_feature = sparse.csr_matrix((weights.astype(np.float32), (found.col, found.row)), shape=found.shape[::-1])
    return Table(rows, rarity, by_feature)


def _cosine_table(texts: Iterable[str], features: Features) -> Table:
    counts, rows = _count(texts, features)
    documents = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log(1 + counts.shape[0] / np.maximum(documents, 1))
    counts.data = 1 + np.log(counts.data)
    weighted = counts @ sparse.diags(rarity)
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    scaled = sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ weighted
    return Table(rows, rarity, scaled.T.tocsr().astype(np.float32))


def _count(texts: Iterable[str], features: Features) -> tuple[Any, dict[str, int]]:
    """Text × feature counts. Plain arrays, not lists: a million numbers are 8 MB, not 60."""
    columns: dict[str, int] = {}
    ends, indices, data = array("i", [0]), array("i"), array("f")
    for text in texts:
        for feature, n in Counter(features(text)).items():
            indices.append(columns.setdefault(feature, len(columns)))
            data.append(n)
        ends.append(len(indices))
    shape = (len(ends) - 1, max(1, len(columns)))
    parts = (np.array(data, np.float32), np.array(indices, np.int32), np.array(ends, np.int32))
    return sparse.csr_matrix(parts, shape=shape), columns
