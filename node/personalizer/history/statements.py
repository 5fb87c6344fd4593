"""xAPI 1.0.3 / IEEE 9274.1.1 statements, cmi5's among them: what was passed, failed or completed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from node.personalizer.errors import HistoryInvalid
from node.personalizer.history.pieces import STATEMENT, Piece, shortened
from node.personalizer.learner.outcomes import ALONE, NOT, WITH_HELP

# The last part of a verb's id. Verbs that say nothing of an ability (launched, initialized, terminated …) are left out.
_VERBS = {
    "passed": ALONE, "mastered": ALONE, "satisfied": ALONE, "failed": NOT, "completed": WITH_HELP,
    "answered": "", "scored": "", "attempted": "", "waived": ALONE,
}  # fmt: skip
PASSING = 0.7


def read_statements(values: Iterable[Any]) -> Iterator[Piece]:
    """Statements that say something of an ability; voided ones and other verbs are passed over.

    Of one activity on one day the last that judges counts: a cmi5 unit that was passed says `completed` too. Raises
    `HistoryInvalid` when they are of several people.
    """
    found = [value for value in values if isinstance(value, Mapping)]
    voided = {_target(value) for value in found if _verb(value) == "voided"}
    told = [value for value in found if _how(value) and _title(value) and value.get("id") not in voided]
    if len({actor for value in told if (actor := _actor(value))}) > 1:
        raise HistoryInvalid("These statements are of several people.", hint="Bring only those about yourself.")
    latest = {(_target(value), _moment(value)[:10]): value for value in sorted(told, key=_weight)}
    for value in (value for value in told if latest[_target(value), _moment(value)[:10]] is value):
        yield Piece(STATEMENT, _title(value), _moment(value)[:10], _how(value))


def _moment(value: Mapping[str, Any]) -> str:
    return str(value.get("timestamp") or value.get("stored") or "")


def _weight(value: Mapping[str, Any]) -> tuple[bool, str]:
    """What only says that it was done counts least, then what is older."""
    return _how(value) != WITH_HELP, _moment(value)


def _actor(value: Mapping[str, Any]) -> str:
    """Whom it is about, by the one identifier that xAPI demands; '' where it is missing."""
    actor = value.get("actor")
    known = ("mbox", "mbox_sha1sum", "openid", "account")
    return next((str(actor[name]) for name in known if actor.get(name)), "") if isinstance(actor, Mapping) else ""


def _verb(value: Mapping[str, Any]) -> str:
    verb = value.get("verb")
    return str(verb.get("id", "")).rstrip("/").rsplit("/", 1)[-1].casefold() if isinstance(verb, Mapping) else ""


def _target(value: Mapping[str, Any]) -> str:
    target = value.get("object")
    return str(target.get("id", "")) if isinstance(target, Mapping) else ""


def _how(value: Mapping[str, Any]) -> str:
    verb, result = _verb(value), value.get("result")
    if verb not in _VERBS:
        return ""
    told = result if isinstance(result, Mapping) else {}
    if isinstance(told.get("success"), bool):
        return ALONE if told["success"] else NOT
    score = told.get("score")
    scaled = score.get("scaled") if isinstance(score, Mapping) else None
    if isinstance(scaled, int | float) and not _VERBS[verb]:
        return ALONE if scaled >= PASSING else NOT
    return _VERBS[verb]


def _title(value: Mapping[str, Any]) -> str:
    target = value.get("object")
    definition = target.get("definition") if isinstance(target, Mapping) else None
    names = definition.get("name") if isinstance(definition, Mapping) else None
    if isinstance(names, Mapping) and names:
        english = next((str(name) for tag, name in names.items() if str(tag).startswith("en")), "")
        return shortened(english or str(next(iter(names.values()))))
    return shortened(_target(value).rstrip("/").rsplit("/", 1)[-1].replace("-", " ").replace("_", " "))
