"""A small BERT encoder in plain numpy: mean of the last layer's vectors, scaled to length 1.

Source: Devlin et al. 2019; pooling as in Reimers & Gurevych 2019 (Sentence-BERT). About 300 short names a second on a
core with a model of six layers of 384.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import erf

from node.batches import batches
from node.search.meaning.model import ModelUnusable, Vectors, normalised
from node.search.meaning.tensors import load_tensors
from node.search.meaning.wordpiece import WordPiece, load_wordpiece

LONGEST = 128
_BATCH = 128


@dataclass(frozen=True, slots=True)
class Shape:
    """What config.json says."""

    layers: int
    heads: int
    epsilon: float


class Encoder:
    """See `load_encoder`."""

    def __init__(self, name: str, shape: Shape, tensors: dict[str, Vectors], pieces: WordPiece) -> None:
        self.name = name
        self._shape = shape
        self._tensors = tensors
        self._pieces = pieces

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Texts of the same number of pieces go together, so that nothing is padded."""
        numbers = [self._pieces.numbers(text) for text in texts]
        by_length: defaultdict[int, list[int]] = defaultdict(list)
        for i, found in enumerate(numbers):
            by_length[len(found)].append(i)
        vectors = np.zeros((len(texts), self._tensors["embeddings.word_embeddings.weight"].shape[1]), np.float32)
        for rows in by_length.values():
            for part in batches(rows, _BATCH):
                vectors[part] = self._hidden(np.array([numbers[i] for i in part])).mean(axis=1)
        return normalised(vectors)

    def _hidden(self, numbers: Any) -> Vectors:
        t = self._tensors
        x: Vectors = t["embeddings.word_embeddings.weight"][numbers]
        x = x + t["embeddings.position_embeddings.weight"][: numbers.shape[1]]
        x = self._norm(x + t["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for i in range(self._shape.layers):
            x = self._layer(x, f"encoder.layer.{i}")
        return x

    def _layer(self, x: Vectors, at: str) -> Vectors:
        x = self._norm(x + self._attention(x, at), f"{at}.attention.output.LayerNorm")
        inner = self._linear(x, f"{at}.intermediate.dense")
        bent: Vectors = inner * np.float32(0.5) * (1 + erf(inner / np.float32(np.sqrt(2.0)))).astype(np.float32)
        return self._norm(x + self._linear(bent, f"{at}.output.dense"), f"{at}.output.LayerNorm")

    def _attention(self, x: Vectors, at: str) -> Vectors:
        count, length, width = x.shape
        heads = self._shape.heads

        def split(name: str) -> Vectors:
            projected = self._linear(x, f"{at}.attention.self.{name}")
            return projected.reshape(count, length, heads, width // heads).transpose(0, 2, 1, 3)

        scores = split("query") @ split("key").transpose(0, 1, 3, 2) / np.float32(np.sqrt(width // heads))
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = weights / weights.sum(axis=-1, keepdims=True) @ split("value")
        return self._linear(mixed.transpose(0, 2, 1, 3).reshape(count, length, width), f"{at}.attention.output.dense")

    def _linear(self, x: Vectors, at: str) -> Vectors:
        flat = x.reshape(-1, x.shape[-1]) @ self._tensors[f"{at}.weight"].T + self._tensors[f"{at}.bias"]
        return flat.reshape(*x.shape[:-1], -1)

    def _norm(self, x: Vectors, at: str) -> Vectors:
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(self._shape.epsilon))
        return np.asarray(centred / spread * self._tensors[f"{at}.weight"] + self._tensors[f"{at}.bias"], np.float32)


def load_encoder(folder: Path) -> Encoder:
    """From `config.json`, `tokenizer.json` and `model.safetensors`. Raises ModelUnusable."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        if config.get("model_type", "bert") != "bert":
            raise ModelUnusable(f"{folder} holds a model of the kind {config['model_type']}; BERT is read.")
        shape = Shape(config["num_hidden_layers"], config["num_attention_heads"], config.get("layer_norm_eps", 1e-12))
        longest = min(LONGEST, config["max_position_embeddings"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnusable(f"{folder / 'config.json'} cannot be read: {error!r}") from error
    file = folder / "model.safetensors"
    tensors = {name.removeprefix("bert."): numbers for name, numbers in load_tensors(file).items()}
    if "embeddings.word_embeddings.weight" not in tensors:
        raise ModelUnusable(f"{file} holds no BERT encoder.")
    digest = hashlib.sha256(tensors["embeddings.word_embeddings.weight"][:64].tobytes()).hexdigest()[:12]
    return Encoder(f"{folder.name}-{digest}", shape, tensors, load_wordpiece(folder / "tokenizer.json", longest))
