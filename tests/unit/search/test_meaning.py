"""A model folder is read and used; a likeness of meaning counts beside the words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from node.search.lookup.entry import Entry
from node.search.lookup.lookup import Lookup
from node.search.lookup.meanings import Meanings
from node.search.meaning.loading import load_model
from node.search.meaning.model import ModelUnusable, Vectors, normalised

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "nurse", "ward", "weld", "##er", "##ing", ",", "care"]
WIDTH, INNER, LAYERS = 8, 16, 2


def write_model(folder: Path) -> Path:
    """A tiny encoder of chance numbers."""
    chance = np.random.default_rng(1)
    shapes = {
        "embeddings.word_embeddings.weight": (len(WORDS), WIDTH),
        "embeddings.position_embeddings.weight": (16, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.LayerNorm.weight": (WIDTH,),
        "embeddings.LayerNorm.bias": (WIDTH,),
    }
    for i in range(LAYERS):
        at = f"encoder.layer.{i}"
        for name in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            shapes |= {f"{at}.{name}.weight": (WIDTH, WIDTH), f"{at}.{name}.bias": (WIDTH,)}
        shapes |= {f"{at}.intermediate.dense.weight": (INNER, WIDTH), f"{at}.intermediate.dense.bias": (INNER,)}
        shapes |= {f"{at}.output.dense.weight": (WIDTH, INNER), f"{at}.output.dense.bias": (WIDTH,)}
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes |= {f"{at}.{name}.weight": (WIDTH,), f"{at}.{name}.bias": (WIDTH,)}
    header, body = {}, b""
    for name, shape in shapes.items():
        numbers = chance.normal(size=shape).astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(body), len(body) + len(numbers)]}
        body += numbers
    head = json.dumps(header).encode()
    folder.mkdir(exist_ok=True)
    (folder / "model.safetensors").write_bytes(len(head).to_bytes(8, "little") + head + body)
    tokenizer = {
        "normalizer": {"lowercase": True},
        "model": {"type": "WordPiece", "vocab": {w: i for i, w in enumerate(WORDS)}},
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    config = {"num_hidden_layers": LAYERS, "num_attention_heads": 2, "max_position_embeddings": 16}
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def test_a_model_folder_gives_vectors_of_length_one(tmp_path: Path) -> None:
    model = load_model(str(write_model(tmp_path / "tiny")))
    vectors = model.encode(["Ward NURSE", "ward nurse", "welding", "nurse", ""])
    assert vectors.shape == (5, WIDTH)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert vectors[0] == pytest.approx(vectors[1])
    assert model.encode(["nurse"])[0] == pytest.approx(vectors[3], abs=1e-5), "a text does not depend on its company"
    assert np.abs(vectors[2] - vectors[3]).max() > 0.001


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("config.json", "{"),
        ("config.json", '{"model_type": "gpt2"}'),
        ("tokenizer.json", '{"model": {"type": "BPE", "vocab": {}}}'),
        ("model.safetensors", "\xff" * 20),
        ("model.safetensors", ""),
    ],
)
def test_what_is_no_model_is_named(tmp_path: Path, file: str, content: str) -> None:
    folder = write_model(tmp_path / "tiny")
    (folder / file).write_text(content)
    with pytest.raises(ModelUnusable):
        load_model(str(folder))
    with pytest.raises(ModelUnusable):
        load_model(str(tmp_path / "nothing"))


class Synonyms:
    """Knows that two words mean the same."""

    name = "synonyms"

    def encode(self, texts: Sequence[str]) -> Vectors:
        axes = ("physician", "welder")
        rows = [[float(axis in text.lower().replace("doctor", "physician")) for axis in axes] for text in texts]
        return normalised(np.array(rows, dtype=np.float32))


def test_meaning_finds_what_no_letter_says() -> None:
    entries = [Entry("w", "Welders", ["Pipe welder"]), Entry("p", "Physicians", ["Family physician"])]
    lookup = Lookup(entries)
    assert lookup.find("doctor") == ()
    lookup.attach(Meanings.of(entries, Synonyms()))
    assert lookup.find("doctor")[0].id == "p"
    assert lookup.find("pipe welder")[0].id == "w"
