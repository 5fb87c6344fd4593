"""An OpenAI-compatible embeddings endpoint that the operator names. It reads what is looked for: a note in the docs."""

from __future__ import annotations

from collections.abc import Sequence

import httpx
import numpy as np

from node.batches import batches
from node.search.errors import SearchServerUnreachable
from node.search.meaning.model import Vectors, normalised

_BATCH = 256
_SECONDS = 30.0


class EndpointModel:
    """`address` is the base, like `http://localhost:11434/v1#name-of-the-model`."""

    def __init__(self, address: str, key: str = "") -> None:
        self._base, _, self._model = address.partition("#")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(timeout=_SECONDS, headers=headers)
        self.name = address

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Raises SearchServerUnreachable."""
        parts = [self._ask(part) for part in batches(texts, _BATCH)]
        return normalised(np.concatenate(parts)) if parts else np.zeros((0, 1), np.float32)

    def _ask(self, texts: Sequence[str]) -> Vectors:
        asked = {"model": self._model, "input": list(texts)}
        try:
            answer = self._client.post(f"{self._base.rstrip('/')}/embeddings", json=asked).raise_for_status().json()
            rows = sorted(answer["data"], key=lambda row: row["index"])
            return np.array([row["embedding"] for row in rows], dtype=np.float32)
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise SearchServerUnreachable(f"The embeddings endpoint does not answer: {error!r}") from error
