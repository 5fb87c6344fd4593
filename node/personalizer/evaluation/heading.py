"""Which columns of a log say what: the contract's own names, those of ASSISTments, or those of DataShop.

DataShop (pslcdatashop.web.cmu.edu, "Export" help) has two kinds. A student-step table has a row for each step, with the
result of its first attempt. A transaction table has a row for each attempt: only first ones are answers. Both name
skills "KC (model)", joined by `~~` or, in transactions, in columns of the same name; the model that authors made is
taken before the two that DataShop makes by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from node.personalizer.errors import LogInvalid

COLUMNS = ("user_id", "item_id", "skill_id", "correct", "timestamp", "split")
OPTIONAL = frozenset({"timestamp", "split"})
_DATASHOP = {"user_id": "anon student id", "item_id": "problem name"}
# What others call the columns, in the order in which they are tried; what is not listed has the contract's name.
OTHER_NAMES: tuple[Mapping[str, str], ...] = (
    {},
    {"item_id": "problem_id", "timestamp": "order_id"},
    {**_DATASHOP, "correct": "correct first attempt", "timestamp": "first transaction time"},
    {**_DATASHOP, "correct": "first attempt", "timestamp": "first transaction time"},
    {**_DATASHOP, "correct": "outcome", "timestamp": "time"},
)
STEP, ATTEMPT = "step name", "attempt at step"
MADE_BY_ITSELF = frozenset({"single-kc", "unique-step"})


@dataclass(frozen=True, slots=True)
class Heading:
    """Places of columns; −1 for an optional one that is not there. `skills` may be several.

    `step`: the item is a problem and a step of it. `attempt`: rows of later attempts are none of this log's answers.
    """

    user: int
    item: int
    skills: tuple[int, ...]
    correct: int
    at: int
    split: int
    step: int = -1
    attempt: int = -1

    @property
    def least(self) -> int:
        """How many columns a row has at the least. In exports, empty skills at the end may be left out."""
        return 1 + max(self.user, self.item, self.correct, self.at, self.split, self.step, self.attempt)


def parse_heading(header: Sequence[str]) -> Heading:
    """Raises `LogInvalid` for a column that is missing or there twice."""
    names = [name.strip().lower() for name in header]
    skills = _skills(names)
    found = {column: _find(names, name) for column, name in _called(names).items() if column != "skill_id"}
    there = {column for column, place in found.items() if place >= 0} | ({"skill_id"} if skills else set())
    missing = [column for column in COLUMNS if column not in OPTIONAL | there]
    if missing:
        raise LogInvalid(f"Line 1: the log has no column {', '.join(missing)}.")
    steps = names[found["item_id"]] == _DATASHOP["item_id"]
    return Heading(
        user=found["user_id"],
        item=found["item_id"],
        skills=skills,
        correct=found["correct"],
        at=found["timestamp"],
        split=found["split"],
        step=_find(names, STEP) if steps else -1,
        attempt=_find(names, ATTEMPT) if steps else -1,
    )


def _called(names: Sequence[str]) -> dict[str, str]:
    """What the log calls the columns; the contract's names where it looks like nothing known."""
    called = [{column: others.get(column, column) for column in COLUMNS} for others in OTHER_NAMES]
    return next((c for c in called if {c["user_id"], c["item_id"], c["correct"]} <= {*names}), called[0])


def _find(names: Sequence[str], name: str) -> int:
    """The place of a column, −1 if there is none."""
    if names.count(name) > 1:
        raise LogInvalid(f"Line 1: the log has several columns {name}.")
    return names.index(name) if name in names else -1


def _skills(names: Sequence[str]) -> tuple[int, ...]:
    plain = _find(names, "skill_id")
    if plain >= 0:
        return (plain,)
    models = {name: name[2:].strip(" ()") for name in names if name.startswith(("kc (", "kc("))}
    chosen = min(models, key=lambda name: (models[name] in MADE_BY_ITSELF, names.index(name)), default="")
    return tuple(place for place, name in enumerate(names) if chosen and name == chosen)
