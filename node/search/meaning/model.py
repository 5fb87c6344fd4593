"""What turns texts into vectors, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
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


def load_model(where: str, key: str = "") -> Model:
    """A folder, or the address of an OpenAI-compatible endpoint: `https://host/v1#model`. Raises ModelUnusable."""
    if where.startswith(("http://", "https://")):
        from node.search.meaning.endpoint import EndpointModel

        return EndpointModel(where, key)
    from node.search.meaning.encoder import load_encoder

    return load_encoder(Path(where))


def normalised(vectors: NDArray[np.floating]) -> Vectors:
    """Rows of length 1; a row of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1.0), dtype=np.float32)
