"""Which columns of a log say what: the contract's own names, or those under which public logs are handed on.

Names are compared without case, spaces and signs. Of several that mean the same, the one listed first is taken, the
contract's before all others: those of ASSISTments 2009 to 2017, of DataShop and the KDD Cup of 2010, of EdNet with its
questions, Riiid, Junyi and Eedi.

DataShop (pslcdatashop.web.cmu.edu, "Export" help) has two kinds. A student-step table has a row for each step, with the
result of its first attempt. A transaction table has a row for each attempt: only first ones are answers. Both name
skills "KC (model)", joined by `~~` or, in transactions, in columns of the same name; the model that authors made is
taken before the two that DataShop makes by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from node.personalizer.errors import LogInvalid

USERS = ("user_id", "Anon Student Id", "student_id", "uid", "uuid", "learner_id", "user", "student")
ITEMS = ("item_id", "problem_id", "Problem Name", "question_id", "upid", "content_id", "exercise", "item", "question")
SKILLS = (
    "skill_id", "skill", "skill_name", "skills", "concept_id", "concepts", "tags", "ucid", "topic", "sequence_id",
)  # fmt: skip
CORRECT = (
    "correct", "Correct First Attempt", "First Attempt", "Outcome", "is_correct", "answered_correctly",
)  # fmt: skip
TIMES = (
    "timestamp", "First Transaction Time", "start_time", "answer_timestamp", "Date Answered", "timestamp_TW",
    "time_done", "end_time",
)  # fmt: skip
# What only numbers the rows: an order, and no clock.
ORDERS = ("order_id", "problem_log_id", "log_id", "row_id")
SPLITS = ("split",)
PROBLEM, STEP, ATTEMPT, TRANSACTION_TIME = "problemname", "stepname", "attemptatstep", "time"
MADE_BY_ITSELF = frozenset({"single-kc", "unique-step"})
MOST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Heading:
    """Places of columns; −1 for one that is not there. `skills` may be several; without items, they are the items.

    `step`: the item is a problem and a step of it. `attempt`: rows of later attempts are none of this log's answers.
    `own`: the columns have the contract's names, so that every row must be an answer, and only `~` joins skills.
    """

    user: int
    item: int
    skills: tuple[int, ...]
    correct: int
    at: int = -1
    order: int = -1
    split: int = -1
    step: int = -1
    attempt: int = -1
    own: bool = True

    @property
    def least(self) -> int:
        """How many columns a row has at the least. In exports, empty skills at the end may be left out."""
        needed = (self.user, self.item, self.correct, self.at, self.order, self.split, self.step, self.attempt)
        return 1 + max(*needed, min(self.skills) if self.item < 0 else -1)


def parse_heading(header: Sequence[str]) -> Heading:
    """Raises `LogInvalid` for a column that is missing or there twice."""
    names = [plain(name) for name in header]
    user, item, correct = (_find(names, known) for known in (USERS, ITEMS, CORRECT))
    skills = _skills(header, names)
    missing = [known[0] for place, known in ((user, USERS), (correct, CORRECT)) if place < 0]
    missing += ["item_id or skill_id"] if item < 0 and not skills else []
    if missing:
        there = ", ".join(repr(name) for name in header[:MOST_SHOWN]) or "nothing"
        raise LogInvalid(f"Line 1: the log has no column {', '.join(missing)}. It has {there}.")
    steps = item >= 0 and names[item] == PROBLEM
    at = _find(names, (*TIMES, TRANSACTION_TIME) if steps else TIMES)
    return Heading(
        user=user,
        item=item,
        skills=skills,
        correct=correct,
        at=at,
        order=_find(names, ORDERS),
        split=_find(names, SPLITS),
        step=_find(names, (STEP,)) if steps else -1,
        attempt=_find(names, (ATTEMPT,)) if steps else -1,
        own=all(
            names[place] == plain(known[0])
            for place, known in ((user, USERS), (item, ITEMS), (correct, CORRECT), *((one, SKILLS) for one in skills))
        ),
    )


def plain(name: str) -> str:
    """A name without case, spaces and signs."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _find(names: Sequence[str], known: Sequence[str]) -> int:
    """The place of the first known column, −1 if there is none."""
    for name in map(plain, known):
        if names.count(name) > 1:
            raise LogInvalid(f"Line 1: the log has several columns {name}.")
        if name in names:
            return names.index(name)
    return -1


def _skills(header: Sequence[str], names: Sequence[str]) -> tuple[int, ...]:
    """The contract's own column, else an author's model of DataShop, else what others call it."""
    own = _find(names, SKILLS[:1])
    if own >= 0:
        return (own,)
    spelt = [name.strip().lower() for name in header]
    models = {name: name[2:].strip(" ()") for name in spelt if name.startswith(("kc (", "kc("))}
    chosen = min(models, key=lambda name: (models[name] in MADE_BY_ITSELF, spelt.index(name)), default="")
    if chosen:
        return tuple(place for place, name in enumerate(spelt) if name == chosen)
    other = _find(names, SKILLS)
    return (other,) if other >= 0 else ()
