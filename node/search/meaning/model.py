"""What turns texts into vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from node.errors import Malformed

Vectors = NDArray[np.float32]


class ModelUnusable(Malformed):
    """The model for meanings cannot be used."""

    hint = "search.model names a folder with config.json, tokenizer.json and model.safetensors, or an http address."


class Model(Protocol):
    """The same text gives the same vector. `name` changes whenever the vectors would."""

    name: str

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 a text."""
        ...


def normalised(vectors: NDArray[np.floating]) -> Vectors:
    """Rows of length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1.0), dtype=np.float32)
