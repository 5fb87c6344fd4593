"""Reads `.safetensors`: eight bytes of length, a JSON header, then the numbers themselves."""

from __future__ import annotations

import json
import mmap
from pathlib import Path
from typing import Any

import numpy as np

from node.search.meaning.model import ModelUnusable, Vectors

_TYPES: dict[str, Any] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2"), "BF16": np.dtype("<u2")}
_LONGEST_HEADER = 50_000_000


def load_tensors(path: Path) -> dict[str, Vectors]:
    """Name → numbers as 32-bit floats; integers are left out. Raises ModelUnusable."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            length = int.from_bytes(mapped[:8], "little")
            if length > _LONGEST_HEADER:
                raise ModelUnusable(f"{path} has no header that can be read.")
            header = json.loads(mapped[8 : 8 + length])
            return {
                name: _read(mapped[8 + length + at["data_offsets"][0] : 8 + length + at["data_offsets"][1]], at)
                for name, at in header.items()
                if at.get("dtype") in _TYPES
            }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelUnusable(f"{path} cannot be read: {error!r}") from error


def _read(raw: bytes, at: dict[str, Any]) -> Vectors:
    kind = str(at["dtype"])
    numbers: Any = np.frombuffer(raw, dtype=_TYPES[kind])
    if kind == "BF16":
        numbers = (numbers.astype(np.uint32) << 16).view(np.float32)
    return np.array(numbers, dtype=np.float32).reshape(at["shape"])
