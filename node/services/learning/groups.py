"""What an organisation may know of its workers' learning: numbers of groups, of five or more, once a week at most.

A number stands only if it and what it leaves of its whole are at least five; where one number of a row had to go, the
next smallest goes too, so that none follows from the others. Numbers are rounded down to fives.

A row is written anew only when five workers or more made the difference since it was last: of two counts with one
worker between them, the one would tell of that worker. What was counted then is kept sealed, to be compared with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from node.personalizer.learner.outcomes import ALONE, NOT, SKIPPED, WITH_A_HINT, WITH_HELP
from node.services.learning.sealed.ledger import Ledger
from node.services.learning.sealed.vault import Vault
from node.services.policy import Action, Viewer, require
from node.store.administration import facts
from node.store.database import Database
from node.store.sessions import Session

LEAST = 5
# Who goes from one number of a row to another changes two: only nine or more are surely five workers.
FIVE_WORKERS = 2 * LEAST - 1
EVERY = timedelta(days=7)
FACT, COUNTED = "groups", "groups-counted"
OCCUPATIONS, MODULES = "occupations", "modules"
SILENT = "(nothing said)"
_WENT = {ALONE: "alone", WITH_A_HINT: "with help", WITH_HELP: "with help", NOT: "not yet"}
Row = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Groups:
    """Counts in the night, shows what was counted."""

    database: Database
    vault: Vault

    def show(self, viewer: Viewer) -> dict[str, Any]:
        """What was counted last: day, rows by occupation and by module. Raises NotAllowed."""
        require(viewer, Action.OPERATE)
        with self.database.read() as session:
            return facts.find_fact(session, FACT) or {"day": "", OCCUPATIONS: {}, MODULES: {}}

    def is_due(self, at: datetime) -> bool:
        """A week since the last count, or was that by a clock that has been put back since?"""
        with self.database.read() as session:
            last = (facts.find_fact(session, FACT) or {}).get("day", "")
        return not last or not timedelta() <= at.date() - datetime.fromisoformat(last).date() < EVERY

    def keep(self, tally: Tally, at: datetime) -> None:
        """Keep a count: rows in which enough changed, the others as they were."""
        with self.database.read() as session:
            shown, sealed = facts.find_fact(session, FACT) or {}, facts.find_fact(session, COUNTED) or {}
        before = self.vault.find_counted(sealed.get("sealed", ""))
        rows = renewed(tally.rows(), before, {OCCUPATIONS: shown.get(OCCUPATIONS, {}), **shown.get(MODULES, {})})
        published = {name: found for name, (_, found) in rows.items() if found}
        counted = self.vault.seal_counted({name: dict(counts) for name, (counts, _) in rows.items()})
        fact = {"day": at.date().isoformat(), OCCUPATIONS: published.pop(OCCUPATIONS, {}), MODULES: published}

        def work(session: Session) -> None:
            facts.save_fact(session, FACT, fact)
            facts.save_fact(session, COUNTED, {"sealed": counted})

        self.database.writer.write(work)


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

    def rows(self) -> dict[str, Row]:
        """What was counted, by module; what nobody said fills a row up to its whole. Not to be shown as it is."""
        silent = self.workers - self._occupations.total()
        occupations = {OCCUPATIONS: {**self._occupations, SILENT: silent}} if self.workers else {}
        return {**occupations, **self._modules}


def renewed(
    counted: Mapping[str, Row], before: Mapping[str, Row], shown: Mapping[str, Row]
) -> dict[str, tuple[Row, Row]]:
    """Row → what was counted, and what may be known: anew where five workers made the difference to `before`."""
    found: dict[str, tuple[Row, Row]] = {}
    for name in sorted({*counted, *before}):
        now, then = counted.get(name, {}), before.get(name, {})
        if sum(abs(now.get(key, 0) - then.get(key, 0)) for key in {*now, *then}) >= FIVE_WORKERS:
            found[name] = (now, suppressed(now))
        elif name in before:
            found[name] = (then, shown.get(name, {}))
    return {name: row for name, row in found.items() if row[0]}


def suppressed(row: Row) -> dict[str, int]:
    """The numbers of a row that may be known, rounded down to fives."""
    counts = {name: number for name, number in row.items() if number > 0}
    whole = sum(counts.values())
    hidden = {name for name, number in counts.items() if number < LEAST or whole - number < LEAST}
    # One gap alone is the whole less the others: its smallest neighbour goes with it until five or more are hidden.
    rest = sorted((name for name in counts if name not in hidden), key=lambda name: (counts[name], name))
    while hidden and rest and (len(hidden) < 2 or sum(counts[name] for name in hidden) < LEAST):
        hidden.add(rest.pop(0))
    return {name: counts[name] // LEAST * LEAST for name in sorted(counts) if name not in hidden and name != SILENT}
