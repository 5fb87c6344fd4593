"""The rankings of others, as plain as they are published: by counting, by trust, by factorisation.

Each takes a world and returns a score by module.
"""

from collections.abc import Callable

import numpy as np
from scipy import sparse

from curation.arrays import Floats, Integers, sum_by
from curation.worlds.world import World

Rival = Callable[[World], Floats]
WORKS = 2
ROUNDS = 25


def raw_count(world: World) -> Floats:
    """Positive verdicts less negative ones."""
    return sum_by(world.module, world.outcome - 1, world.modules)


def wilson(world: World) -> Floats:
    """Lower bound of the share of positive verdicts, z = 1.96 (Wilson 1927; Miller 2009)."""
    n, positive = _totals(world)
    tried, square = np.maximum(n, 1.0), 1.96**2
    share = positive / tried
    spread = 1.96 * np.sqrt((share * (1.0 - share) + square / (4.0 * tried)) / tried)
    return np.where(n > 0, (share + square / (2.0 * tried) - spread) / (1.0 + square / tried), 0.0)


def bayesian_mean(world: World) -> Floats:
    """Mean verdict, with five verdicts of the overall mean added to each."""
    n, positive = _totals(world)
    overall = positive.sum() / max(n.sum(), 1.0)
    return np.asarray((positive + 5.0 * overall) / (n + 5.0))


def eigentrust(world: World) -> Floats:
    """Verdicts weighted by global trust: power iteration back to the viewer's people (Kamvar et al. 2003)."""
    return _weighted(world, _walk(world, _practitioner_graph(world), restart=0.15, steps=60))


def personalised_pagerank(world: World) -> Floats:
    """Share of a random walk with restarts at the viewer's people that arrives at each module."""
    positive = world.outcome == WORKS
    size = world.practitioners
    sources = np.concatenate([world.voucher, world.by[positive], size + np.arange(world.modules)])
    targets = np.concatenate([world.vouched, size + world.module[positive], world.author])
    graph = _stochastic(sources, targets, size + world.modules)
    return _walk(world, graph, restart=0.15, steps=60)[size:]


def factorisation(world: World) -> Floats:
    """Community Notes: a module's intercept beside people's leniency and one factor (Wojcik et al. 2022)."""
    return _intercepts(world.by, world.module, world.outcome / 2.0, world.practitioners, world.modules)


RIVALS: dict[str, Rival] = {
    "raw count": raw_count,
    "Wilson": wilson,
    "Bayesian mean": bayesian_mean,
    "EigenTrust": eigentrust,
    "personalised PageRank": personalised_pagerank,
    "Community Notes": factorisation,
}


def _totals(world: World) -> tuple[Floats, Floats]:
    ones = np.ones(len(world.module))
    return sum_by(world.module, ones, world.modules), sum_by(world.module, world.outcome / 2.0, world.modules)


def _practitioner_graph(world: World) -> sparse.csr_array:
    positive = world.outcome == WORKS
    sources = np.concatenate([world.voucher, world.by[positive]])
    return _stochastic(
        sources, np.concatenate([world.vouched, world.author[world.module[positive]]]), world.practitioners
    )


def _stochastic(sources: Integers, targets: Integers, size: int) -> sparse.csr_array:
    """Transposed transition matrix: column sums are 1, or 0 where nothing goes out."""
    degree = np.bincount(sources, minlength=size)
    return sparse.csr_array((1.0 / degree[sources], (targets, sources)), shape=(size, size))


def _walk(world: World, graph: sparse.csr_array, restart: float, steps: int) -> Floats:
    start = np.zeros(graph.shape[0])
    start[np.flatnonzero(world.home == 0)] = 1.0
    start /= start.sum()
    share = start
    for _ in range(steps):
        moved = (1.0 - restart) * (graph @ share)
        share = moved + (1.0 - moved.sum()) * start
    return np.asarray(share)


def _weighted(world: World, trust: Floats) -> Floats:
    """Verdicts summed by the trust in who gave them, with a little of the overall mean added."""
    weight = trust[world.by]
    total = sum_by(world.module, weight, world.modules)
    positive = sum_by(world.module, weight * world.outcome / 2.0, world.modules)
    pull = float(total.mean())
    overall = positive.sum() / max(total.sum(), 1e-12)
    return np.asarray((positive + pull * overall) / (total + pull))


def _intercepts(by: Integers, module: Integers, outcome: Floats, people: int, modules: int) -> Floats:
    """Alternating ridge regressions with the published penalties, intercepts five times as stiff as factors."""
    mean = float(outcome.mean())
    leniency, start = np.zeros(people), 0.6 * ((np.arange(people) * 0.6180339887498949) % 1.0 - 0.5)
    tilt: Floats = np.asarray(start, np.float64)
    intercept = np.zeros(modules)
    by_module, by_person = (np.array([0.15, 0.03]) * len(by) / size for size in (modules, people))
    for _ in range(ROUNDS):
        intercept, slope = _ridge(module, outcome - mean - leniency[by], tilt[by], modules, by_module)
        leniency, tilt = _ridge(by, outcome - mean - intercept[module], slope[module], people, by_person)
    return intercept


def _ridge(group: Integers, rest: Floats, slope: Floats, size: int, penalty: Floats) -> tuple[Floats, Floats]:
    """Intercept and slope by group; `penalty` on the one and the other."""
    ones = sum_by(group, np.ones(len(group)), size) + penalty[0]
    cross, square = sum_by(group, slope, size), sum_by(group, slope * slope, size) + penalty[1]
    level, tilt = sum_by(group, rest, size), sum_by(group, rest * slope, size)
    determinant = ones * square - cross * cross
    return (square * level - cross * tilt) / determinant, (ones * tilt - cross * level) / determinant
