"""EdNet-KT1 as it is handed on (Choi et al. 2020, github.com/riiid/ednet): a table of what each student answered.

`u1.csv`, `u2.csv`, … say `timestamp,solving_id,question_id,user_answer,elapsed_time`; what is right, and which skills
(`tags`, joined by `;`) it is about, stands in one table of all questions.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from node.personalizer.errors import LogInvalid

HEADING = "user_id,question_id,tags,correct,timestamp"
NO_TAGS = "-1"


class Question(NamedTuple):
    """What is right, and the skills as they stand there."""

    answer: str
    tags: str


def parse_questions(lines: Iterable[str]) -> Mapping[str, Question]:
    """By id. Raises `LogInvalid` where a column is missing."""
    return {
        row["question_id"]: Question(row["correct_answer"].strip(), row["tags"].strip().replace(NO_TAGS, ""))
        for row in _rows(lines, "questions", "question_id", "correct_answer", "tags")
    }


def joined(user: str, sheet: Iterable[str], questions: Mapping[str, Question]) -> Iterator[str]:
    """The lines under `HEADING` for what one student answered; questions that nobody knows are none. `LogInvalid`."""
    for row in _rows(sheet, user, "timestamp", "question_id", "user_answer"):
        question, said = questions.get(row["question_id"]), row["user_answer"].strip()
        if question is not None and said:
            yield f"{user},{row['question_id']},{question.tags},{int(said == question.answer)},{row['timestamp']}\n"


def _rows(lines: Iterable[str], name: str, *needed: str) -> Iterator[dict[str, str]]:
    rows = csv.DictReader(lines, restval="")
    missing = [column for column in needed if column not in (rows.fieldnames or ())]
    if missing:
        raise LogInvalid(f"{name}: the table has no column {', '.join(missing)}.")
    yield from rows
