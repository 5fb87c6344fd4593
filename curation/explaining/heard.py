"""The single verdicts behind a score: those given by people who speak for an organisation that the viewer trusts."""

from dataclasses import dataclass

import numpy as np

from curation.arrays import Integers
from curation.fast.seats import Seats
from curation.slow.slow_layer import UNTRUSTED
from curation.stated.contributions import Contributions
from curation.stated.statements import Verdict

FEW = 64
_VERDICTS: tuple[Verdict, ...] = ("fails", "works-with-changes", "works")  # by halves


@dataclass(frozen=True, slots=True)
class HeardVerdict:
    """Who said what, for which organisation, from use on which task; `at` in seconds since 1970."""

    by: str
    organisation: str
    task: str | None
    verdict: Verdict
    at: float
    major: int


def heard_verdicts(contributions: Contributions, seats: Seats, subject: str) -> list[HeardVerdict]:
    """The verdicts on a subject that are heard, in order of arrival; however many others there are costs little."""
    number = contributions.subjects.find(subject)
    if number is None:
        return []
    table = contributions.table((number,))
    people, tasks = contributions.people, contributions.tasks
    heard = table.at_rows(_positions(seats, table.by) != UNTRUSTED)
    return [
        HeardVerdict(
            by=people.name(by),
            organisation=people.name(people.organisation_of(by)),
            task=tasks.name(task) if task >= 0 else None,
            verdict=_VERDICTS[halves],
            at=at,
            major=major,
        )
        for by, task, halves, at, major in zip(
            heard.by.tolist(), heard.task.tolist(), heard.halves.tolist(), heard.at.tolist(), heard.major.tolist(),
            strict=True,
        )
    ]  # fmt: skip


def _positions(seats: Seats, accounts: Integers) -> Integers:
    if len(accounts) > FEW:
        return seats.positions()[accounts]
    return np.array([seats.position(account) for account in accounts.tolist()], np.int64)
