"""Where a model comes from."""

from __future__ import annotations

from pathlib import Path

from node.search.meaning.encoder import load_encoder
from node.search.meaning.endpoint import EndpointModel
from node.search.meaning.model import Model


def load_model(where: str, key: str = "") -> Model:
    """A folder, or the address of an OpenAI-compatible endpoint: `https://host/v1#model`. Raises ModelUnusable."""
    if where.startswith(("http://", "https://")):
        return EndpointModel(where, key)
    return load_encoder(Path(where))
