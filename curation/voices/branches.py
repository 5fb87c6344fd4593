"""The tree of trust below the viewer, and the cap on what a branch of it may say."""

from dataclasses import dataclass

import numpy as np

from curation.arrays import Floats, Integers, sum_by


@dataclass(frozen=True, slots=True)
class TrustTree:
    """`trust` and `parent` by trusted organisation (parent -1: the viewer's own child, or the viewer).

    `lines`, of shape (organisations, longest line): everyone from an organisation up to the viewer's child, then -1.
    """

    trust: Floats
    parent: Integers
    depth: Integers
    lines: Integers

    @classmethod
    def of(cls, trust: Floats, parent: Integers, viewer: int) -> "TrustTree":
        """Hang the organisations under one another; the viewer itself belongs to no branch."""
        above = np.where(parent == viewer, -1, parent)
        columns = [np.where(np.arange(len(trust)) == viewer, -1, np.arange(len(trust)))]
        while np.any(columns[-1] >= 0):
            columns.append(np.where(columns[-1] >= 0, above[columns[-1]], -1))
        lines = np.stack(columns[:-1] or columns, axis=1)
        return cls(trust, above, np.asarray((lines >= 0).sum(axis=1), np.int64), lines)


def branch_factors(segment: Integers, organisation: Integers, voice: Floats, tree: TrustTree, limit: float) -> Floats:
    """What to multiply each voice by, so that those under u, capped bottom-up, sum to at most limit · trust of u."""
    size = len(tree.trust)
    lines = tree.lines[organisation]
    held = lines >= 0
    keys = _distinct((segment[:, None] * size + lines)[held], size)
    branch = keys % size
    above = tree.parent[branch]
    position_above = np.where(above >= 0, np.searchsorted(keys, keys - branch + above), -1)
    own = np.searchsorted(keys, segment * size + organisation)
    outside = ~held[:, 0]
    total = sum_by(own[~outside], voice[~outside], len(keys))
    factor = _cap(total, limit * tree.trust[branch], position_above, tree.depth[branch])
    factors = np.ones(len(voice))
    factors[~outside] = factor[own[~outside]]
    return factors


def _distinct(keys: Integers, size: int) -> Integers:
    """The different keys, ascending; those of one subject only are below `size`."""
    if len(keys) < size and keys.max(initial=0) < size:
        return np.bincount(keys).nonzero()[0]
    return np.unique(keys)


def _cap(total: Floats, ceiling: Floats, above: Integers, depth: Integers) -> Floats:
    """Factor of every branch with those above it, given the uncapped own voice of each (`total` is used up)."""
    factor = np.ones(len(total))
    levels = [np.flatnonzero(depth == level) for level in range(1, int(depth.max(initial=0)) + 1)]
    for level in reversed(levels):
        over = level[total[level] > ceiling[level]]
        factor[over] = ceiling[over] / total[over]
        rising = level[above[level] >= 0]
        total += sum_by(above[rising], total[rising] * factor[rising], len(total))
    for level in levels[1:]:
        factor[level] *= factor[above[level]]
    return factor
