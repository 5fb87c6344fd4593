"""Did it hold up? Some time after a lesson went well, the worker is asked how it went on the real task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from node.errors import Unknown
from node.personalizer.learner.outcomes import ALONE, WITH_A_HINT, WITH_HELP
from node.services.learning.outcomes import SPELLINGS, refuse_unknown
from node.services.learning.sealed.ledger import CHECK, OUTCOME, Recorded, get_recorded, load_outcomes
from node.services.learning.sealed.vault import Drawer, Vault
from node.services.policy import Viewer
from node.store.clock import SECOND, micros_of

AFTER = timedelta(days=7)
UNTIL = timedelta(days=90)
_WENT_WELL = frozenset({ALONE, WITH_A_HINT, WITH_HELP})


@dataclass(frozen=True, slots=True)
class Check:
    """A question about an outcome: `receipt` is the outcome's, `at` when it was, microseconds."""

    receipt: str
    title: str
    how: str
    at: int

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"receipt": self.receipt, "title": self.title, "how": self.how}


@dataclass(frozen=True, slots=True)
class Checks:
    """Asks at most one thing a day, and keeps the answer as an outcome of its own."""

    vault: Vault

    def find(self, viewer: Viewer, at: datetime) -> Check | None:
        """What to ask today; None when there is nothing, or something was answered today."""
        with self.vault.read(viewer.name) as drawer:
            return _due(load_outcomes(drawer), at)

    def answer(self, viewer: Viewer, receipt: str, how: str, at: datetime) -> Recorded:
        """How the real task went; `skipped`: it did not come up. Raises Unknown, OutcomeUnknown."""
        how = SPELLINGS.get(how, how)
        refuse_unknown(how)

        def work(drawer: Drawer) -> Recorded:
            first = get_recorded(drawer, receipt)
            if first.is_check:
                raise Unknown("That is such an answer itself.")
            stamp = micros_of(at)
            held = replace(first, id=f"{receipt}.{CHECK}", how=how, at=stamp, kind=CHECK, minutes=0)
            held = replace(held, quiz=False, by_assistant=False, confirmed=False)
            drawer.put(OUTCOME, held.id, held.to_dict(), stamp)
            return held

        return self.vault.change(viewer.name, work)


def _due(outcomes: Sequence[Recorded], at: datetime) -> Check | None:
    """The oldest outcome that is a week old, went well, is the last word on its subject and was not asked about."""
    now = micros_of(at)
    asked = {outcome.id.removesuffix(f".{CHECK}") for outcome in outcomes if outcome.is_check}
    if any(outcome.is_check and now - outcome.at < _micros(timedelta(days=1)) for outcome in outcomes):
        return None
    latest = {outcome.subject: outcome.id for outcome in outcomes if not outcome.is_check}
    for outcome in outcomes:
        old = _micros(AFTER) <= now - outcome.at <= _micros(UNTIL)
        last = latest.get(outcome.subject) == outcome.id and outcome.id not in asked
        if old and last and outcome.how in _WENT_WELL and not outcome.is_check:
            return Check(outcome.id, outcome.title, outcome.how, outcome.at)
    return None


def _micros(span: timedelta) -> int:
    return int(span.total_seconds() * SECOND)
