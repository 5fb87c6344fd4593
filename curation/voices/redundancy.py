"""How much two organisations say the same: what crowds together counts less than what agrees from afar."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from curation.arrays import Floats, Integers
from curation.parameters import Parameters

DENSE = 1024
"""Up to this many trusted organisations a square table is kept (8 MB at most); beyond, a sorted list of pairs."""


@dataclass(frozen=True, slots=True)
class Redundancy:
    """ρ of pairs of trusted organisations, 0..1, and 1 of each with itself. `keys` = a·size + b ascending, a ≠ b."""

    size: int
    keys: Integers
    values: Floats
    table: Floats | None

    @classmethod
    def of(cls, size: int, keys: Integers, values: Floats) -> "Redundancy":
        """From the pairs a ≠ b that overlap."""
        if size > DENSE:
            return cls(size, keys, values, None)
        table = np.zeros(size * size)
        table[keys] = values
        table[np.arange(size) * (size + 1)] = 1.0
        return cls(size, keys, values, table)

    @classmethod
    def none(cls, size: int) -> "Redundancy":
        """Nobody repeats anybody."""
        return cls.of(size, np.zeros(0, np.int64), np.zeros(0))

    def between(self, left: Integers, right: Integers) -> Floats:
        """ρ of each pair in two arrays of the same length."""
        wanted = left * self.size + right
        if self.table is not None:
            return np.asarray(self.table[wanted])
        found = np.zeros(len(wanted))
        if len(self.keys):
            place = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
            found = np.where(self.keys[place] == wanted, self.values[place], 0.0)
        found[left == right] = 1.0
        return found


def redundancy(
    size: int, organisation: Integers, subject: Integers, residual: Floats, parameters: Parameters
) -> Redundancy:
    """max(0, cosine of residual opinions) · ov/(ov + half), over the subjects both spoke on; arrays are by cell."""
    shape = (size, int(subject.max(initial=0)) + 1)
    opinions = sparse.csr_array((residual, (organisation, subject)), shape=shape)
    present = sparse.csr_array((np.ones(len(residual)), (organisation, subject)), shape=shape)
    squares = sparse.csr_array((residual * residual, (organisation, subject)), shape=shape)
    overlap = sparse.coo_array(present @ present.T)
    left, right = (np.asarray(index, np.int64) for index in overlap.coords)
    keys = left * size + right
    order = np.argsort(keys)
    order = order[(left != right)[order]]
    left, right, keys, shared = left[order], right[order], keys[order], overlap.data[order]
    product = _at(opinions @ opinions.T, keys, size)
    lengths = np.sqrt(_at(squares @ present.T, keys, size) * _at(squares @ present.T, right * size + left, size))
    cosine = np.clip(product / np.maximum(lengths, 1e-9), 0.0, 1.0)
    return Redundancy.of(size, keys, cosine * shared / (shared + parameters.overlap_half))


def _at(matrix: sparse.csr_array, keys: Integers, size: int) -> Floats:
    """Entries of a sparse square matrix at a·size + b, 0 where it stores none."""
    stored = sparse.coo_array(matrix)
    rows, columns = (np.asarray(index, np.int64) for index in stored.coords)
    entry = rows * size + columns
    order = np.argsort(entry)
    found = np.zeros(len(keys))
    if len(entry):
        place = np.minimum(np.searchsorted(entry[order], keys), len(entry) - 1)
        found = np.where(entry[order][place] == keys, stored.data[order][place], 0.0)
    return found
