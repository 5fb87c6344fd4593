"""Two ways to compare a question with many texts at once: BM25 and cosine of tf·idf, over any kind of feature."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from node.search.lookup.features import Features

Scores = NDArray[np.float64]

_K1 = 1.2
_B = 0.75
_UNKNOWN = 0.3
"""How much a feature of the question that no text has lowers its likeness to all of them."""


class Bm25:
    """Okapi BM25 (Robertson & Zaragoza 2009), k1 = 1.2, b = 0.75; each feature of a question counts once."""

    def __init__(self, texts: Iterable[str], features: Features) -> None:
        self._features = features
        counts, self._columns = _count(texts, features)
        lengths = np.asarray(counts.sum(axis=1), dtype=np.float64).ravel()
        rarity = _rarity(counts)
        found = counts.tocoo()
        damping = _K1 * (1 - _B + _B * lengths / max(lengths.mean(), 1.0))
        weights = rarity[found.col] * found.data * (_K1 + 1) / (found.data + damping[found.row])
        weights = weights.astype(np.float32)
        self._by_feature = sparse.csr_matrix((weights, (found.col, found.row)), shape=found.shape[::-1])

    def scores(self, question: str) -> Scores:
        """One number a text, 0 where nothing is shared."""
        known = [self._columns[f] for f in set(self._features(question)) if f in self._columns]
        return np.asarray(self._by_feature[known].sum(axis=0), dtype=np.float64).ravel()

    def best_of(self, groups: Iterable[Mapping[str, float]]) -> Scores:
        """As `scores`, of features in groups with weights: a text gets of each group what its best feature gives."""
        found = np.zeros(self._by_feature.shape[1])
        for group in groups:
            known = {self._columns[f]: weight for f, weight in group.items() if f in self._columns}
            if known:
                weighted = sparse.diags(list(known.values())) @ self._by_feature[list(known)]
                found += weighted.max(axis=0).toarray().ravel()
        return found


class Cosine:
    """Cosine of (1 + log tf) · idf; what is unknown in a question lengthens it."""

    def __init__(self, texts: Iterable[str], features: Features) -> None:
        self._features = features
        counts, self._columns = _count(texts, features)
        documents = np.bincount(counts.indices, minlength=counts.shape[1])
        self._rarity = np.log(1 + counts.shape[0] / np.maximum(documents, 1))
        counts.data = 1 + np.log(counts.data)
        weighted = counts @ sparse.diags(self._rarity)
        lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        self._by_feature = (sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ weighted).T.tocsr().astype(np.float32)

    def scores(self, question: str) -> Scores:
        """Between 0 and 1 for each text."""
        asked = Counter(self._features(question))
        known = [(self._columns[f], 1 + np.log(n)) for f, n in asked.items() if f in self._columns]
        if not known:
            return np.zeros(self._by_feature.shape[1])
        columns = np.array([c for c, _ in known])
        weights = np.array([w for _, w in known]) * self._rarity[columns]
        unknown = (len(asked) - len(known)) * _UNKNOWN * float(self._rarity.max()) ** 2
        length = np.sqrt(float(weights @ weights) + unknown)
        likeness: Scores = np.asarray(weights @ self._by_feature[columns] / length, dtype=np.float64).ravel()
        return likeness


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


def _rarity(counts: Any) -> Scores:
    documents = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(np.log(1 + (counts.shape[0] - documents + 0.5) / (documents + 0.5)), dtype=np.float64)
