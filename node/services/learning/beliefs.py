"""What the node believes about a worker, skill by skill, with what it rests on; and the worker's own word on it."""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from node.errors import Malformed, Unknown
from node.personalizer import words
from node.personalizer.feed.appraisal import self_described
from node.personalizer.learner.prediction import sigmoid
from node.personalizer.learner.state import LearnerState
from node.personalizer.levels import level_of
from node.personalizer.review import recall
from node.services.learning.believing import FORGET, WORDS
from node.services.learning.feed.situation import Standings
from node.services.learning.sealed.ledger import CORRECTION, PROFILE, Ledger, load_profile
from node.services.learning.sealed.vault import Drawer, Vault
from node.services.policy import Viewer
from node.store.clock import micros_of

REASONS = 5
_HOW = {
    "alone": "you did “{title}” alone",
    "with-a-hint": "you did “{title}” with a hint",
    "with-help": "you did “{title}” with help",
    "not": "you did not manage “{title}”",
}


@dataclass(frozen=True, slots=True)
class SkillBelief:
    """The estimate of one skill. `low`, `middle`, `high`: chance of doing competent work on it unaided, 80% range."""

    skill: str
    level: str
    chance: str
    certainty: str
    low: float
    middle: float
    high: float
    because: tuple[str, ...]
    recall: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        names = ("skill", "level", "chance", "certainty", "low", "middle", "high", "recall")
        return {**{name: getattr(self, name) for name in names}, "because": list(self.because)}


@dataclass(frozen=True, slots=True)
class BeliefBook:
    """Shows and corrects."""

    vault: Vault
    standings: Standings

    def see(self, viewer: Viewer, at: datetime) -> list[SkillBelief]:
        """Every skill that anything is known about, the surest first."""
        standing = self.standings.of(viewer, at)
        situation = standing.situation
        state = self_described(situation)
        intercept = float(situation.shared.weights[0])
        spreads = np.sqrt(np.maximum(1e-9, np.diagonal(state.covariance)))
        found = [
            _belief(skill, state, float(spread), intercept, standing.ledger)
            for skill, spread in zip(state.skills, spreads, strict=True)
        ]
        cards = situation.cards
        found = [_with_recall(b, recall(cards[b.skill], situation.now)) if b.skill in cards else b for b in found]
        return sorted(found, key=lambda b: (b.high - b.low, b.skill))

    def correct(self, viewer: Viewer, skill: str, word: str, at: datetime) -> str:
        """Put the worker's word in place of the estimate; the correction's id. Raises Malformed."""
        if word not in WORDS and word != FORGET:
            raise Malformed(f"A belief cannot be {word!r}.", hint=f"One of {', '.join([*WORDS, FORGET])}.")
        if not 0 < len(skill) <= 300:
            raise Malformed("Name a skill.")
        name = secrets.token_urlsafe(9)

        def work(drawer: Drawer) -> str:
            profile = load_profile(drawer)
            said = {"skill": skill, "belief": word}
            if skill in profile.placements:  # the newer word counts alone; undone, the older one comes back
                kept = {other: level for other, level in profile.placements.items() if other != skill}
                drawer.put(PROFILE, "", {**profile.to_dict(), "placements": kept})
                said["placed"] = profile.placements[skill]
            drawer.put(CORRECTION, name, said, micros_of(at))
            return name

        return self.vault.change(viewer.name, work)

    def corrections(self, viewer: Viewer) -> list[dict[str, Any]]:
        """What the worker said, newest first."""
        with self.vault.read(viewer.name) as drawer:
            entries = drawer.entries(CORRECTION)
        return [
            {"id": entry.slot, "at": entry.at, "skill": entry.value["skill"], "belief": entry.value["belief"]}
            for entry in reversed(entries)
        ]

    def undo(self, viewer: Viewer, correction: str) -> None:
        """Take a correction back: the place that the worker had given themselves counts again. Raises Unknown."""

        def work(drawer: Drawer) -> bool:
            said = drawer.find(CORRECTION, correction)
            if said is None or not drawer.delete(CORRECTION, correction):
                return False
            if "placed" in said:
                _place_again(drawer, said["skill"], said["placed"])
            return True

        if not self.vault.change(viewer.name, work):
            raise Unknown("There is no such correction of yours.")


def _place_again(drawer: Drawer, skill: str, level: str) -> None:
    """The worker's own place, unless a newer word on the skill stands: then it waits behind that one."""
    newer = next((entry for entry in drawer.entries(CORRECTION) if entry.value["skill"] == skill), None)
    profile = load_profile(drawer)
    if newer is not None:
        drawer.put(CORRECTION, newer.slot, {"placed": level, **newer.value}, newer.at)
    elif skill not in profile.placements:
        drawer.put(PROFILE, "", {**profile.to_dict(), "placements": {**profile.placements, skill: level}})


def _belief(skill: str, state: LearnerState, spread: float, intercept: float, ledger: Ledger) -> SkillBelief:
    mean = float(state.mean[state.index[skill]])
    trace = state.traces[state.index[skill]]
    related = max(0.0, state.overall.attempts - trace.attempts)
    middle = sigmoid(intercept + mean)
    rests = words.evidence(trace.attempts, related, placed=skill in state.placed)
    return SkillBelief(
        skill=skill,
        level=level_of(mean),
        chance=words.chance(middle),
        certainty=words.certainty(spread),
        low=sigmoid(intercept + mean - 1.2816 * spread),
        middle=middle,
        high=sigmoid(intercept + mean + 1.2816 * spread),
        because=(rests, *_because(skill, ledger)),
    )


def _because(skill: str, ledger: Ledger) -> list[str]:
    said = [(c.at, f"you said “{c.belief}” yourself") for c in ledger.corrections if c.skill == skill]
    said += [(o.at, f"you brought along “{o.title}”") for o in ledger.history_brought if skill in o.skills]
    for outcome in ledger.outcomes:
        if skill in outcome.skills and outcome.how in _HOW:
            where = " on the real task" if outcome.is_check else ""
            half = " (your assistant says so; half until you confirm)" if outcome.outcome().weight < 1 else ""
            said.append((outcome.at, _HOW[outcome.how].format(title=outcome.title) + where + half))
    return [text for _, text in sorted(said, reverse=True)[:REASONS]]


def _with_recall(belief: SkillBelief, chance: float) -> SkillBelief:
    return replace(belief, recall=chance if math.isfinite(chance) else None)
