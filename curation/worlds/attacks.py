"""Seven ways to buy a place at the top, each with `k` minted accounts.

The attackers own the junk modules. Two honest practitioners are taken in and vouch for the attackers' front, the
fewest with which anything gets past a quorum of two; without them no attack reaches anybody at all.
"""

from collections.abc import Callable

import numpy as np

from curation.arrays import Floats, Integers
from curation.worlds.world import World

FAILS, WORKS = 0, 2
EDGES = 2
Attack = Callable[[np.random.Generator, World, int], World]


def flood(random: np.random.Generator, world: World, k: int) -> World:
    """One organisation, k accounts, all praise for the junk."""
    attacked, minted = world.with_people(np.full(k, _base(world)), _field(world))
    attacked = _taken_in(random, attacked, minted[:1])
    return _praise(random, _vouching(random, attacked, minted), minted)


def camouflage(random: np.random.Generator, world: World, k: int) -> World:
    """As flood, but every account also praises five modules that everybody praises."""
    attacked = flood(random, world, k)
    minted = np.arange(world.practitioners, attacked.practitioners)
    popular = np.argsort(-np.bincount(world.module, world.outcome, world.modules), kind="stable")[:30]
    by = np.repeat(minted, 5)
    return attacked.with_endorsements(by, random.choice(popular, len(by)), *_verdicts(random, len(by), WORKS))


def ring(random: np.random.Generator, world: World, k: int) -> World:
    """Ten organisations that vouch for one another in a circle, k accounts among them."""
    circles = min(10, k)
    homes = _base(world) + np.arange(k) % circles
    attacked, minted = world.with_people(homes, _field(world))
    attacked = _taken_in(random, attacked, minted[:1])
    nexts = minted[(np.arange(k) + 1) % k]
    return _praise(random, _vouching(random, attacked.with_vouches(minted, nexts), minted), minted)


def one_person_nodes(random: np.random.Generator, world: World, k: int) -> World:
    """k organisations of one account each, vouching for one another at random."""
    attacked, minted = world.with_people(_base(world) + np.arange(k), _field(world))
    attacked = _taken_in(random, attacked, minted[:1])
    return _praise(random, _vouching(random, attacked, minted), minted)


def sleepers(random: np.random.Generator, world: World, k: int) -> World:
    """k one-person nodes that endorse honestly for long, earn a vouch here and there, and then all praise the junk."""
    attacked, minted = world.with_people(_base(world) + np.arange(k), _field(world))
    attacked = _taken_in(random, attacked, minted[:3], edges=3 * EDGES)
    by = np.repeat(minted, 12)
    tried = random.integers(0, int((~world.junk).sum()), len(by))
    felt = world.quality[tried] + random.normal(0.0, 0.2, len(by))
    outcome = (felt > 0.42).astype(np.int64) + (felt > 0.60)
    attacked = attacked.with_endorsements(by, tried, outcome, random.uniform(60.0, 700.0, len(by)))
    return _praise(random, _vouching(random, attacked, minted), minted)


def slander(random: np.random.Generator, world: World, k: int) -> World:
    """One organisation, k accounts, all against the three best modules."""
    attacked, minted = world.with_people(np.full(k, _base(world)), _field(world))
    attacked = _taken_in(random, attacked, minted[:1])
    best = np.argsort(-world.quality, kind="stable")[:3]
    by, modules = np.repeat(minted, len(best)), np.tile(best, k)
    attacked = attacked.with_endorsements(by, modules, *_verdicts(random, len(by), FAILS))
    return _vouching(random, attacked, minted)


def turned(random: np.random.Generator, world: World, percent: int) -> World:
    """Every practitioner of that percentage of honest organisations (never the viewer's) now praises the junk."""
    honest = int(world.home[~world.hostile].max()) + 1
    traitors = 1 + random.choice(honest - 1, max(1, round(honest * percent / 100)), replace=False)
    return _praise(random, world, np.flatnonzero(np.isin(world.home, traitors)))


ATTACKS: dict[str, Attack] = {
    "flood": flood,
    "camouflage": camouflage,
    "ring": ring,
    "one-person nodes": one_person_nodes,
    "sleepers": sleepers,
    "slander": slander,
    "turned": turned,
}


def _field(world: World) -> int:
    """Attackers claim the occupation that most modules are for."""
    return int(np.bincount(world.field).argmax())


def _base(world: World) -> int:
    """The organisation that published the junk; others of the attackers are numbered from there."""
    return int(world.home[world.author[world.junk]].max(initial=world.organisations - 1))


def _verdicts(random: np.random.Generator, size: int, outcome: int) -> tuple[Integers, Floats]:
    """The same outcome for all, given within the last month."""
    return np.full(size, outcome), random.uniform(0.0, 30.0, size)


def _praise(random: np.random.Generator, world: World, people: Integers) -> World:
    junk = np.flatnonzero(world.junk)
    by, modules = np.repeat(people, len(junk)), np.tile(junk, len(people))
    return world.with_endorsements(by, modules, *_verdicts(random, len(by), WORKS))


def _vouching(random: np.random.Generator, world: World, people: Integers) -> World:
    by = np.repeat(people, 5)
    return world.with_vouches(by, random.choice(people, len(by)))


def _taken_in(random: np.random.Generator, world: World, fronts: Integers, edges: int = EDGES) -> World:
    """Honest practitioners outside the viewer's organisation who vouch for the attackers' fronts."""
    honest = np.flatnonzero(~world.hostile & (world.home != 0))
    return world.with_vouches(random.choice(honest, edges), fronts[np.arange(edges) % len(fronts)])
