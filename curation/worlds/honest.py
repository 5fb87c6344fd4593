"""Honest worlds: people who try things at work and say what they found, each in their own way."""

from dataclasses import dataclass, replace

import numpy as np

from curation.arrays import Floats, Integers
from curation.worlds.world import World

YEARS = 1.5
JUNK_TRIALS = 8


@dataclass(frozen=True, slots=True)
class Shape:
    """Size and temper of a world; the defaults are the one the targets are stated for.

    `polarisation` scales how far the two camps of organisations disagree about modules beyond their quality.
    """

    organisations: int = 40
    practitioners: int = 1800
    modules: int = 480
    junk: int = 10
    endorsements: int = 17_500
    occupations: int = 8
    polarisation: float = 1.0
    renown: float = 2.0
    """How strongly good modules are tried more often."""
    spread: float = 1.3
    """Both parameters of the beta distribution of quality: 1 is uniform, larger is narrower."""
    noise: float = 0.20
    """Spread of one person's experience around a module's quality."""
    context: float = 0.12
    """Spread of one organisation's circumstances around a module's quality: colleagues see the same."""
    leniency: float = 0.12
    """Spread of organisations' leniency."""
    near: float = 0.20
    """Share of trials that are of a colleague's module."""
    home_bias: float = 0.40
    """How much better one's own organisation's modules look."""
    camp_effect: float = 0.22
    """Spread of what a camp adds to or takes from a module, at polarisation 1."""
    majority: float = 0.75
    """Share of organisations in the larger camp."""
    vouches: int = 4
    """Vouches per practitioner."""
    across: float = 0.40
    """Share of vouches that leave the organisation."""


@dataclass(frozen=True, slots=True)
class _Camps:
    """Side of every organisation (−1..1), and by how much each module appeals to that side."""

    side: Floats
    appeal: Floats


def honest_world(random: np.random.Generator, shape: Shape | None = None) -> World:
    """An honest world; its junk is there too, by an outsider, and the few who tried it say what they found."""
    shape = shape or Shape()
    home, occupation = _people(random, shape)
    quality = random.beta(shape.spread, shape.spread, shape.modules)
    author = random.integers(0, shape.practitioners, shape.modules)
    camps = _camps(random, shape)
    by, module = _who_tried_what(random, shape, (home, occupation, author, quality), camps)
    outcome = _outcomes(random, shape, (home, occupation, author, quality), camps, (by, module))
    voucher, vouched = _vouches(random, shape, home, occupation, camps)
    world = World(
        organisations=shape.organisations,
        home=home,
        occupation=occupation,
        hostile=np.zeros(shape.practitioners, np.bool_),
        author=author,
        field=occupation[author],
        quality=quality,
        junk=np.zeros(shape.modules, np.bool_),
        by=by,
        module=module,
        outcome=outcome,
        age=random.uniform(0.0, YEARS * 365.0, len(by)),
        voucher=voucher,
        vouched=vouched,
    )
    return _with_junk(random, world, shape.junk)


def _people(random: np.random.Generator, shape: Shape) -> tuple[Integers, Integers]:
    """Organisations differ in size (log-normal; the viewer is average) and in what they do."""
    size = random.lognormal(0.0, 0.6, shape.organisations)
    size[0] = size.mean()
    everywhere = np.arange(shape.organisations)
    drawn_homes = random.choice(everywhere, shape.practitioners - shape.organisations, p=size / size.sum())
    home = np.sort(np.concatenate([everywhere, drawn_homes]))
    mix = random.dirichlet(np.full(shape.occupations, 0.5), shape.organisations)
    drawn = random.random(shape.practitioners)[:, None]
    occupation = np.minimum((np.cumsum(mix, axis=1)[home] < drawn).sum(axis=1), shape.occupations - 1)
    return home, np.asarray(occupation, np.int64)


def _camps(random: np.random.Generator, shape: Shape) -> _Camps:
    side = np.where(random.random(shape.organisations) < shape.majority, 1.0, -1.0) * random.uniform(
        0.6, 1.0, shape.organisations
    )
    appeal = random.normal(0.0, shape.camp_effect * shape.polarisation, shape.modules)
    return _Camps(side, appeal)


def _who_tried_what(
    random: np.random.Generator, shape: Shape, people: tuple[Integers, Integers, Integers, Floats], camps: _Camps
) -> tuple[Integers, Integers]:
    """Popularity is heavy-tailed; people try mostly what is of their occupation and appeals to their camp."""
    home, occupation, author, quality = people
    drawn = int(shape.endorsements * 3)
    popularity = random.lognormal(0.0, 0.8, shape.modules) * np.exp(shape.renown * quality)
    activity = random.lognormal(0.0, 0.9, shape.practitioners)
    module = random.choice(shape.modules, drawn, p=popularity / popularity.sum())
    by = np.empty(drawn, np.int64)
    place = random.random(drawn)
    for field in range(shape.occupations):
        wanted = occupation[author[module]] == field
        chance = activity * np.where(occupation == field, 1.0, 0.05)
        total = np.cumsum(chance / chance.sum())
        by[wanted] = np.minimum(np.searchsorted(total, place[wanted]), shape.practitioners - 1)
    near = (random.random(drawn) < shape.near) & (home[by] != home[author[module]])
    by[near] = _colleague(random, home, author[module[near]])
    likes = np.clip(0.6 + camps.side[home[by]] * camps.appeal[module], 0.05, 1.0)
    tried = (random.random(drawn) < likes) & (by != author[module])
    pairs = random.permutation(np.unique(module[tried] << 32 | by[tried]))[: shape.endorsements]
    return pairs & 0xFFFFFFFF, pairs >> 32


def _colleague(random: np.random.Generator, home: Integers, of: Integers) -> Integers:
    """Somebody of the same organisation (`home` is sorted)."""
    first, last = np.searchsorted(home, home[of]), np.searchsorted(home, home[of], side="right")
    return np.asarray(first + (random.random(len(of)) * (last - first)).astype(np.int64), np.int64)


def _outcomes(
    random: np.random.Generator,
    shape: Shape,
    people: tuple[Integers, Integers, Integers, Floats],
    camps: _Camps,
    tried: tuple[Integers, Integers],
) -> Integers:
    """Verdict in halves from quality, leniency, home bias, camp and chance.

    Chance has more say outside one's occupation, and where a module is neither good nor bad.
    """
    home, occupation, author, quality = people
    by, module = tried
    leniency = random.normal(0.0, shape.leniency, shape.organisations)
    personal = random.normal(0.0, shape.leniency / 2.0, shape.practitioners)
    inside = home[by] == home[author[module]]
    spread = shape.noise * np.where(occupation[by] == occupation[author[module]], 1.0, 1.6)
    spread *= 0.5 + 2.0 * quality[module] * (1.0 - quality[module])
    felt = quality[module] + leniency[home[by]] + personal[by] + shape.home_bias * inside
    seen = np.unique(home[by] * shape.modules + module, return_inverse=True)[1]
    felt += random.normal(0.0, shape.context, len(by))[seen]
    felt += camps.side[home[by]] * camps.appeal[module] + random.normal(0.0, 1.0, len(by)) * spread
    return np.asarray((felt > 0.42).astype(np.int64) + (felt > 0.60), np.int64)


def _vouches(
    random: np.random.Generator, shape: Shape, home: Integers, occupation: Integers, camps: _Camps
) -> tuple[Integers, Integers]:
    """People vouch for colleagues, and across organisations for those of their occupation and, mostly, their camp."""
    voucher = np.repeat(np.arange(shape.practitioners), shape.vouches)
    vouched = _colleague(random, home, voucher)
    away = random.random(len(voucher)) < shape.across
    for field in range(shape.occupations):
        peers = np.flatnonzero(occupation == field)
        asking = away & (occupation[voucher] == field)
        vouched[asking] = random.choice(peers, int(asking.sum())) if len(peers) else vouched[asking]
    opposed = camps.side[home[voucher]] * camps.side[home[vouched]] < 0.0
    keep = (voucher != vouched) & ~(opposed & (random.random(len(voucher)) < 0.5))
    return voucher[keep], vouched[keep]


def _with_junk(random: np.random.Generator, world: World, junk: int) -> World:
    """Worthless modules, published by one account of an organisation that nobody knows."""
    larger, [author] = world.with_people(np.array([world.organisations]), 0)
    numbers = world.modules + np.arange(junk)
    more = replace(
        larger,
        author=np.concatenate([larger.author, np.full(junk, author)]),
        field=np.concatenate([larger.field, world.field[np.arange(junk) % world.modules]]),
        quality=np.concatenate([larger.quality, np.full(junk, 0.02)]),
        junk=np.concatenate([larger.junk, np.ones(junk, np.bool_)]),
    )
    module = np.repeat(numbers, JUNK_TRIALS)
    by = random.integers(0, world.practitioners, len(module))
    outcome = (random.random(len(by)) < 0.1).astype(np.int64)
    return more.with_endorsements(by, module, outcome, random.uniform(0.0, YEARS * 365.0, len(by)))
