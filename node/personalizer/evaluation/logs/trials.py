"""Who is trained on and who is scored: by the log's own split, by its folds, or in five folds by user.

However long a log is, the work is bounded: beyond a budget fewer rounds are made, then users are drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from node.personalizer.errors import LogInvalid
from node.personalizer.evaluation.logs.joining import BoolArray
from node.personalizer.evaluation.logs.log import TEST, TRAIN, History, Log, fold_users

FOLDS = 5
ROUNDS = 4
# In answers that are walked once; those of a user of many skills cost more, for the covariance grows with their square.
WALKED_IN_TRAINING, WALKED_IN_TESTS = 5_000_000.0, 1_000_000.0
CHEAP_SKILLS = 150


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """`scored` marks which of the answers in `test`, one history after the other, count; `rounds` of training."""

    train: Sequence[History]
    test: Sequence[History]
    scored: BoolArray
    rounds: int


@dataclass(frozen=True, slots=True)
class Side:
    """Users, and which parts of the split their answers are taken from."""

    users: Sequence[int]
    parts: frozenset[int]


@dataclass(frozen=True, slots=True)
class Plan:
    """`words`: how the log is split; `pairs`: whom to train on and whom to score."""

    words: str
    pairs: tuple[tuple[Side, Side], ...]


def make_plan(log: Log, rng: np.random.Generator) -> Plan:
    """Raises `LogInvalid` when there are too few users, or names in the split column that say nothing."""
    train, test = (frozenset(i for i, name in enumerate(log.splits) if name in names) for names in (TRAIN, TEST))
    others = frozenset(range(len(log.splits))) - train - test
    if train and test:
        if others:
            named = ", ".join(repr(log.splits[part]) for part in sorted(others))
            raise LogInvalid(f"Beside train and test the split column holds {named}.")
        return Plan("the log's own", (_pair(log, train, test),))
    if len(others) > 1 and not train and not test:
        folds = tuple(_pair(log, others - {part}, frozenset({part})) for part in sorted(others))
        return Plan(f"the log's own {len(folds)} folds", folds)
    return Plan(f"{FOLDS} folds by user", tuple(_by_users(log, rng)))


def _pair(log: Log, train: frozenset[int], test: frozenset[int]) -> tuple[Side, Side]:
    return Side(log.users_in(train), train), Side(log.users_in(test), test)


def _by_users(log: Log, rng: np.random.Generator) -> Iterator[tuple[Side, Side]]:
    users = range(len(log.names))
    if len(users) < FOLDS:
        raise LogInvalid(f"{len(users)} users are too few for {FOLDS} folds.")
    every = frozenset(range(len(log.splits)))
    for fold in fold_users(users, FOLDS, rng.permutation(len(users)).tolist()):
        held = set(fold)
        yield Side([user for user in users if user not in held], every), Side(fold, every)


def make_trials(log: Log, plan: Plan, rng: np.random.Generator) -> Iterator[Trial]:
    """One after the other. Who is in both parts is walked from their first answer on, and scored where it is a test."""
    share = 1.0 / len(plan.pairs)
    for train, test in plan.pairs:
        taught, cost = _draw(log, train, rng, WALKED_IN_TRAINING * share)
        tested, _ = _draw(log, test, rng, WALKED_IN_TESTS * share)
        yield Trial(
            train=[log.history(user, train.parts) for user in taught],
            test=[log.history(user) for user in tested],
            scored=np.concatenate([log.is_in(user, test.parts) for user in tested]),
            rounds=max(1, min(ROUNDS, int(WALKED_IN_TRAINING * share / max(1.0, cost)))),
        )


def _draw(log: Log, side: Side, rng: np.random.Generator, budget: float) -> tuple[Sequence[int], float]:
    """All users, or as many drawn ones as the budget allows, in the log's order; what walking them once costs."""
    costs = np.array([_cost(log, user) for user in side.users])
    if costs.sum() <= budget:
        return side.users, float(costs.sum())
    drawn = rng.permutation(len(costs))
    kept = np.sort(drawn[: max(1, int(np.searchsorted(np.cumsum(costs[drawn]), budget)))])
    return [side.users[place] for place in kept], float(costs[kept].sum())


def _cost(log: Log, user: int) -> float:
    lessons = log.lesson[log.starts[user] : log.starts[user + 1]]
    skills = {skill for place in np.unique(lessons) for skill in log.lessons[place].skills}
    return len(lessons) * (1.0 + (len(skills) / CHEAP_SKILLS) ** 2)


def count(histories: Iterable[History]) -> int:
    """Answers in all of them."""
    return sum(map(len, histories))
