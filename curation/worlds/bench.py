"""The figures of the ranking, measured: `skillnet bench ranking`.

Rows have the fields that every bench prints: name, unit, ours, rival, rival_name, ratio, goal, ok.
"""

import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from curation.arrays import Floats
from curation.ranking import Ranking
from curation.stated.contributions import Contributions, Endorsement
from curation.worlds.attacks import ATTACKS, Attack
from curation.worlds.honest import Shape, honest_world
from curation.worlds.measures import junk_share, places_gained, places_lost, quality_of
from curation.worlds.rivals import RIVALS, Rival
from curation.worlds.world import END, VERDICTS, World, module, organisation, practitioner

SMALL = 10
POLARISED = 2.5
MINTING = ("flood", "camouflage", "ring", "one-person nodes", "sleepers")
GAIN_GOALS = {"flood": 3.0, "camouflage": 3.0, "ring": 12.0, "one-person nodes": 12.0, "sleepers": 15.0}
TURNED_GOALS = {10: 0.02, 20: 0.30}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure; `rival` is None where nobody else was measured."""

    name: str
    unit: str
    ours: float
    rival: float | None
    rival_name: str | None
    ratio: float | None
    goal: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to measure: worlds per figure, and minted accounts in the largest attacks (sleepers: a tenth)."""

    worlds: int = 3
    minted: int = 10_000


def bench(random: np.random.Generator, effort: Effort | None = None) -> list[dict[str, object]]:
    """Measure quality and resistance beside the rivals, in the same worlds."""
    effort = effort or Effort()
    honest = [honest_world(random) for _ in range(effort.worlds)]
    polarised = [honest_world(random, Shape(polarisation=POLARISED)) for _ in range(effort.worlds)]
    rows = [*_quality_rows(honest), *_polarised_rows(polarised)]
    for attack in MINTING:
        rows += _minting_rows(random, honest, attack, effort.minted // (10 if attack == "sleepers" else 1))
    rows += _slander_rows(random, honest, effort.minted // 10)
    rows += _turned_rows(random, honest)
    return [asdict(row) for row in rows]


def our_scores(world: World) -> Floats:
    """Scores of all modules as organisation 0 sees them."""
    ranking = Ranking.build(world.contributions(), organisation(0), END)
    return np.array([score.value for score in ranking.scores([module(number) for number in range(world.modules)])])


def _mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 4)


def _row(name: str, unit: str, ours: float, rival: tuple[str | None, float | None], goal: tuple[str, bool]) -> Row:
    rival_name, theirs = rival
    ratio = round(ours / theirs, 3) if theirs else None
    return Row(name, unit, ours, theirs, rival_name, ratio, *goal)


def _best(measured: dict[str, float], *, highest: bool) -> tuple[str, float]:
    pick = max if highest else min
    name = pick(measured, key=lambda rival: (measured[rival], rival))
    return name, measured[name]


def _quality_rows(worlds: Sequence[World]) -> list[Row]:
    def measure(rank: Rival) -> tuple[float, float]:
        found = [quality_of(rank(world), world.quality, world.junk) for world in worlds]
        return _mean([quality.ndcg for quality in found]), _mean([quality.tau for quality in found])

    ndcg, tau = measure(our_scores)
    rows = []
    for name, (rival_ndcg, rival_tau) in ((name, measure(rival)) for name, rival in RIVALS.items()):
        rows.append(_row("no attack: NDCG@10", "", ndcg, (name, rival_ndcg), ("≥ 0.92", ndcg >= 0.92)))
        rows.append(_row("no attack: Kendall τ", "", tau, (name, rival_tau), ("≥ 0.73", tau >= 0.73)))
    return rows


def _polarised_rows(worlds: Sequence[World]) -> list[Row]:
    def measure(rank: Rival) -> float:
        return _mean([quality_of(rank(world), world.quality, world.junk).ndcg for world in worlds])

    ours, measured = measure(our_scores), {name: measure(rival) for name, rival in RIVALS.items()}
    ok = ours >= measured["Community Notes"] + 0.02
    goal = ("≥ Community Notes + 0.02", ok)
    return [_row("polarised ×2.5: NDCG@10", "", ours, (name, theirs), goal) for name, theirs in measured.items()]


def _minting_rows(random: np.random.Generator, worlds: Sequence[World], attack: str, minted: int) -> list[Row]:
    pairs = [(world, *_small_and_large(random, world, ATTACKS[attack], minted)) for world in worlds]

    def measure(rank: Rival) -> tuple[float, float, float]:
        found = [_gains(rank, *pair) for pair in pairs]
        share, few, many = (_mean([one[i] for one in found]) for i in range(3))
        return share, many, round(many - few, 4)

    share, gain, growth = measure(our_scores)
    rivals = {name: measure(rival) for name, rival in RIVALS.items()}
    best = [_best({name: found[i] for name, found in rivals.items()}, highest=False) for i in range(3)]
    title, limit = f"{attack}, {minted:,} accounts", GAIN_GOALS[attack]
    return [
        _row(f"{title}: junk in the top 10", "share", share, best[0], ("0", share == 0.0)),
        _row(f"{title}: median places gained", "places", gain, best[1], (f"≤ {limit:g}", gain <= limit)),
        _row(f"{title}: more than with {SMALL}", "places", growth, best[2], ("≤ 4", growth <= 4.0)),
    ]


def _small_and_large(random: np.random.Generator, world: World, attack: Attack, minted: int) -> tuple[World, World]:
    """The same attack with few and with many accounts: the same people are taken in."""
    seed = int(random.integers(2**32))
    few, many = (attack(np.random.default_rng(seed), world, size) for size in (SMALL, minted))
    return few, many


def _gains(rank: Rival, world: World, few: World, many: World) -> tuple[float, float, float]:
    before, after = rank(world), rank(many)
    gained = [places_gained(before, scores, world.junk) for scores in (rank(few), after)]
    return junk_share(after, many.junk), gained[0], gained[1]


def _slander_rows(random: np.random.Generator, worlds: Sequence[World], minted: int) -> list[Row]:
    pairs = [(world, ATTACKS["slander"](random, world, minted)) for world in worlds]

    def measure(rank: Rival) -> float:
        tops = [np.argsort(-world.quality, kind="stable")[:3] for world, _ in pairs]
        found = zip(pairs, tops, strict=True)
        return _mean([places_lost(rank(world), rank(attacked), top) for (world, attacked), top in found])

    ours = measure(our_scores)
    best = _best({name: measure(rival) for name, rival in RIVALS.items()}, highest=False)
    name = f"slander, {minted:,} accounts: places lost by the true top 3"
    return [_row(name, "places", ours, best, ("≤ 1.5", ours <= 1.5))]


def _turned_rows(random: np.random.Generator, worlds: Sequence[World]) -> list[Row]:
    rows = []
    for percent, limit in TURNED_GOALS.items():
        turned = [ATTACKS["turned"](random, world, percent) for world in worlds]
        measured = {name: _mean([junk_share(rank(w), w.junk) for w in turned]) for name, rank in RIVALS.items()}
        ours = _mean([junk_share(our_scores(world), world.junk) for world in turned])
        name, goal = f"{percent}% of organisations turn: junk in the top 10", (f"≤ {limit:g}", ours <= limit)
        rows.append(_row(name, "share", ours, _best(measured, highest=False), goal))
    return rows


def speed_rows(world: World, clock: Callable[[], float], random: np.random.Generator) -> list[dict[str, object]]:
    """Full build, and single endorsements followed by the score they change; `clock` in seconds."""
    contributions = world.contributions()
    started = clock()
    ranking = Ranking.build(contributions, organisation(0), END)
    built = clock() - started
    times, fresh = [], _fresh(world, random)
    for endorsement in fresh:
        started = clock()
        ranking.apply(endorsement)
        ranking.score(endorsement.subject)
        times.append(1000.0 * (clock() - started))
    p99 = round(float(np.quantile(times, 0.99)), 4)
    again = Ranking.build(contributions, organisation(0), END, slow=ranking.slow)
    names = [module(number) for number in range(world.modules)]
    equal = again.scores(names) == ranking.scores(names)
    size = f"{len(world.by):,} endorsements"
    nobody = (None, None)
    rows = [
        _row(f"full build, {size}", "s", round(built, 3), nobody, ("≤ 10", built <= 10.0)),
        _row(f"one endorsement at {size}: p99", "ms", p99, nobody, ("< 1", p99 < 1.0)),
        _row("incremental equals full, bit for bit", "", float(equal), nobody, ("1", equal)),
        *_viewpoint_rows(contributions, size, clock),
    ]
    return [asdict(row) for row in rows]


def _viewpoint_rows(contributions: Contributions, size: str, clock: Callable[[], float]) -> list[Row]:
    """What one more viewpoint on the same node costs: a hundred of them are a hundred times that."""
    tracemalloc.start()
    started = clock()
    seen = Ranking.build(contributions, organisation(1), END)
    elapsed, kept = clock() - started, tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    nobody = (None, None)
    return [
        _row(
            f"one more viewpoint of {size}", "s", round(elapsed, 3), nobody, ("≤ 10", elapsed <= 10.0 and seen.ranked)
        ),
        _row(f"one more viewpoint of {size}: memory", "MB", round(kept, 2), nobody, ("≤ 20", kept <= 20.0)),
    ]


def _fresh(world: World, random: np.random.Generator, size: int = 2000) -> list[Endorsement]:
    """New endorsements of modules in proportion to how often they are endorsed."""
    people, modules = random.integers(0, world.practitioners, size).tolist(), random.choice(world.module, size).tolist()
    pairs = enumerate(zip(people, modules, strict=True))
    return [Endorsement(practitioner(p), module(m), None, VERDICTS[i % 3], END, 1, f"new/{i}") for i, (p, m) in pairs]
