"""What an organisation may know of its workers' learning: numbers of groups, of five or more, once a week at most.

A number stands only if it and what it leaves of its whole are 0 or at least five; where one number of a row had to go,
the next smallest goes too, so that none follows from the others. Numbers are rounded down to fives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from node.personalizer.learner.outcomes import ALONE, NOT, SKIPPED, WITH_A_HINT, WITH_HELP
from node.services.learning.sealed.ledger import Ledger
from node.services.policy import Action, Viewer, require
from node.store import facts
from node.store.database import Database

LEAST = 5
EVERY = timedelta(days=7)
FACT = "groups"
_WENT = {ALONE: "alone", WITH_A_HINT: "with help", WITH_HELP: "with help", NOT: "not yet"}


@dataclass(frozen=True, slots=True)
class Groups:
    """Counts in the night, shows what was counted."""

    database: Database

    def show(self, viewer: Viewer) -> dict[str, Any]:
        """What was counted last: day, rows by occupation and by module. Raises NotAllowed."""
        require(viewer, Action.OPERATE)
        with self.database.read() as session:
            return facts.find_fact(session, FACT) or {"day": "", "occupations": {}, "modules": {}}

    def is_due(self, at: datetime) -> bool:
        """A week since the last count? Two counts close together would tell of whoever came between."""
        with self.database.read() as session:
            last = (facts.find_fact(session, FACT) or {}).get("day", "")
        return not last or at.date() - datetime.fromisoformat(last).date() >= EVERY

    def keep(self, tally: Tally, at: datetime) -> None:
        """Keep a count."""
        counted = {"day": at.date().isoformat(), **tally.published()}
        self.database.writer.write(lambda session: facts.save_fact(session, FACT, counted))


class Tally:
    """A count while it runs: each worker once in each row."""

    def __init__(self) -> None:
        self.workers = 0
        self._occupations: Counter[str] = Counter()
        self._modules: dict[str, Counter[str]] = {}

    def hear(self, ledger: Ledger) -> None:
        """One worker."""
        self.workers += 1
        self._occupations.update(ledger.profile.occupations[:1])
        last = {outcome.subject: outcome.how for outcome in ledger.outcomes if outcome.how != SKIPPED}
        for subject, how in last.items():
            if subject.startswith("at://"):
                self._modules.setdefault(subject, Counter())[_WENT[how]] += 1

    def published(self) -> dict[str, Any]:
        """What may be known."""
        modules = {subject: suppressed(went, went.total()) for subject, went in self._modules.items()}
        return {
            "occupations": suppressed(self._occupations, self.workers),
            "modules": {subject: row for subject, row in sorted(modules.items()) if row},
        }


def suppressed(row: Mapping[str, int], whole: int) -> dict[str, int]:
    """The numbers of a row that may be known, rounded down to fives; none of a whole below five."""
    if whole < LEAST:
        return {}
    counts = {name: number for name, number in row.items() if number > 0}
    counts["(nothing said)"] = whole - sum(counts.values())
    hidden = {name for name, number in counts.items() if 0 < number < LEAST}
    # One gap alone is the whole less the others: its smallest neighbour goes with it until five or more are hidden.
    rest = sorted((name for name in counts if counts[name] and name not in hidden), key=lambda n: (counts[n], n))
    while hidden and rest and (len(hidden) < 2 or _sum(counts, hidden) < LEAST):
        hidden.add(rest.pop(0))
    return {n: counts[n] // LEAST * LEAST for n in sorted(row) if counts.get(n, 0) >= LEAST and n not in hidden}


def _sum(counts: Mapping[str, int], names: Iterable[str]) -> int:
    return sum(counts[name] for name in names)
