"""What a lookup computes from texts – tables of features –, in a form that can be kept in a file.

Making the tables of O*NET takes seconds, reading them a fraction of one. What is read is checked, and holds no objects.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from node.search.errors import TablesDamaged

T = TypeVar("T")
Arrays = Mapping[str, NDArray[Any]]
Scores = NDArray[np.float64]
_BETWEEN = "\n"  # no feature has one


@dataclass(frozen=True, slots=True)
class Table:
    """Weights by feature (row, see `rows`) and text (column), and how rare each feature is."""

    rows: Mapping[str, int]
    rarity: Scores
    weights: Any  # scipy.sparse.csr_matrix of float32

    def to_arrays(self) -> Arrays:
        """Flat."""
        return {
            "rows": _written(_BETWEEN.join(self.rows)),
            "rarity": self.rarity,
            "texts": np.array(self.weights.shape[1]),
            "data": self.weights.data,
            "indices": self.weights.indices,
            "indptr": self.weights.indptr,
        }

    @classmethod
    def of(cls, arrays: Arrays) -> Table:
        """As `to_arrays` wrote it. Raises KeyError, ValueError for anything else."""
        shape = len(arrays["rarity"]), int(arrays["texts"])
        weights = sparse.csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=shape)
        weights.check_format(full_check=True)
        rows = {name: row for row, name in enumerate(_read(arrays["rows"]).split(_BETWEEN))}
        if len(rows) > shape[0]:
            raise ValueError("more features than rows")
        return cls(rows, arrays["rarity"], weights)


Place = Callable[[Callable[[], Table]], Table]
"""Where a table comes from: what was kept, else what the function given makes."""


def unkept(make: Callable[[], Table]) -> Table:
    """The place of a table that nobody keeps."""
    return make()


class Tables:
    """Tables and plain values by name; each made when it is first asked for, unless it was read."""

    def __init__(self, tables: dict[str, Table] | None = None, values: dict[str, Any] | None = None) -> None:
        self._tables = tables or {}
        self._values = values or {}

    def at(self, name: str) -> Place:
        """The place of one table."""
        return partial(_kept, self._tables, name)

    def value(self, name: str, make: Callable[[], T]) -> T:
        """What JSON can say."""
        found: T = _kept(self._values, name, make)
        return found

    def to_bytes(self) -> bytes:
        """A zip archive of arrays, each with its checksum."""
        parts: dict[str, Any] = {
            f"{name}/{part}": array for name, table in self._tables.items() for part, array in table.to_arrays().items()
        }
        file = io.BytesIO()
        np.savez(file, values=_written(json.dumps(self._values)), **parts)
        return file.getvalue()


def parse_tables(content: bytes) -> Tables:
    """Read `Tables.to_bytes`. Raises TablesDamaged."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            values = json.loads(_read(stored["values"]))
            parts: dict[str, dict[str, NDArray[Any]]] = {}
            for path in stored.files:
                name, _, part = path.rpartition("/")
                if name:
                    parts.setdefault(name, {})[part] = stored[path]
        return Tables({name: Table.of(arrays) for name, arrays in parts.items()}, dict(values))
    except (ValueError, TypeError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise TablesDamaged(f"{type(error).__name__}: {error}") from error


def _kept(known: dict[str, T], name: str, make: Callable[[], T]) -> T:
    if name not in known:
        known[name] = make()
    return known[name]


def _written(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def _read(array: NDArray[Any]) -> str:
    return array.tobytes().decode()
