"""Words of the forms as the learning service's, and its words as the pages'. The only place where they meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from node.errors import Malformed
from node.services import naming
from node.web.contexts.worker.feed import FeedKind
from node.web.contexts.worker.lesson import Outcome

OUTCOMES: Mapping[str, str] = {
    "alone": "alone",
    "with-hint": "with-a-hint",
    "with-help": "with-help",
    "not": "not",
    "skipped": "skipped",
}
FEEDBACK: Mapping[str, str] = {
    "less-like-this": "less-like-this",
    "known": "i-know-this",
    "not-my-goal": "not-my-goal",
}
BELIEFS: Mapping[str, str] = {
    "alone": "alone",
    "with-hint": "with-a-hint",
    "with-help": "with-help",
    "not-yet": "not-yet",
    "forget": "forget",
}
_OUTCOME_SAID = {
    "alone": "alone",
    "with-hint": "with a hint",
    "with-help": "with help",
    "not": "not yet",
    "skipped": "skipped",
}
_CHECK_SAID = {**_OUTCOME_SAID, "not": "it did not hold up", "skipped": "it did not come up"}
_FEEDBACK_SAID = {
    "less-like-this": "Less like “{title}”",
    "i-know-this": "You know “{title}”",
    "not-my-goal": "“{title}” is not your goal",
}
_BELIEF_SAID = {
    "alone": "You do “{skill}” alone",
    "with-a-hint": "You do “{skill}” with a hint",
    "with-hint": "You do “{skill}” with a hint",
    "with-help": "You do “{skill}” with help",
    "not-yet": "“{skill}”: not yet",
    "forget": "What was believed of “{skill}” is forgotten",
}
PLACES: Mapping[str, str] = {
    "novice": "I am new to this",
    "advanced-beginner": "I do it with help",
    "competent": "I do it, with care",
    "proficient": "I do it alone, also when it matters",
    "expert": "Others come to me with it",
}


def as_outcome(word: str) -> str:
    """A form's `outcome`. Raises Malformed."""
    return _taken(OUTCOMES, word, "outcome")


def as_feedback(word: str) -> str:
    """A form's `feedback`. Raises Malformed."""
    return _taken(FEEDBACK, word, "feedback")


def as_belief(word: str) -> str:
    """A form's `belief`. Raises Malformed."""
    return _taken(BELIEFS, word, "belief")


def outcome_shown(how: str) -> Outcome:
    """The service's outcome as the pages call it."""
    return cast(Outcome, next(word for word, known in OUTCOMES.items() if known == how))


def outcome_said(how: str) -> str:
    """The service's outcome in a sentence."""
    return _OUTCOME_SAID[outcome_shown(how)]


def check_said(how: str) -> str:
    """The same of the real task, some time after the lesson."""
    return _CHECK_SAID[outcome_shown(how)]


def kind_shown(kind: str) -> FeedKind:
    """The service's kind of item as the pages call it."""
    return cast(FeedKind, kind.replace("re-verify", "reverify"))


def feedback_said(kind: str, title: str) -> str:
    """What was said to the feed."""
    return _FEEDBACK_SAID[kind].format(title=title)


def belief_said(belief: str, skill: str) -> str:
    """What was said of a skill; a level is a place the worker gave themselves."""
    known = _BELIEF_SAID.get(belief)
    return known.format(skill=skill) if known else f"“{skill}”: {PLACES[belief][0].lower()}{PLACES[belief][1:]}"


def sentence(text: str) -> str:
    """With a capital at the front and a full stop at the end."""
    text = text.strip()
    closed = text if not text or text[-1] in ".!?…" else f"{text}."
    return closed[:1].upper() + closed[1:]


def skill_title(skill: str) -> str:
    """A skill's name as it stands by itself."""
    name = naming.skill_name(skill).rstrip(".")
    return name[:1].upper() + name[1:]


def listed(titles: list[str]) -> str:
    """“a”, “b” and “c”."""
    quoted = [f"“{title}”" for title in titles]
    return ", ".join(quoted[:-1]) + " and " + quoted[-1] if len(quoted) > 1 else "".join(quoted)


def _taken(known: Mapping[str, str], word: str, field: str) -> str:
    if word not in known:
        raise Malformed(f"{field} cannot be {word[:40]!r}.", hint=f"One of {', '.join(known)}.")
    return known[word]
