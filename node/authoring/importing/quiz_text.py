"""A question as our Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose; `comment` is what is said to who chose it."""

    text: str
    right: bool
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """`choices` for quizzes; `answers` (lines) where something is to be written, matched or computed."""

    stem: str
    title: str = ""
    choices: Sequence[Choice] = ()
    answers: Sequence[str] = ()
    why: str = ""
    hints: Sequence[str] = ()


def write_question(question: Question) -> str:
    """A quiz where one chooses, a practice where one writes; without an answer, a block to reflect on."""
    title = f"**{question.title}**\n\n" if question.title and question.title not in question.stem else ""
    is_quiz = any(one.right for one in question.choices)
    box = "- [{}] " if is_quiz else "- "
    choices = "\n".join(box.format("x" if one.right else " ") + _line(one.text) for one in question.choices)
    said = "\n".join(f"- {_line(one.text)}: {_line(one.comment)}" for one in question.choices if one.comment)
    answers = "\n".join(f"- {_line(answer)}" for answer in question.answers)
    below = "\n\n".join(part for part in (answers, said, question.why.strip()) if part)
    if below and is_quiz:
        below = f"<details><summary>Why</summary>\n\n{below}\n\n</details>"
    elif below:
        below = f"::: hint\n{below}\n:::"
    hints = [f"::: hint\n{hint.strip()}\n:::" for hint in question.hints]
    kind = "quiz" if is_quiz else "practice" if answers else "reflect"
    inner = "\n\n".join(part for part in (title + question.stem.strip(), choices, *hints, below) if part.strip())
    return f"::: {kind}\n{inner}\n:::\n"


def _line(text: str) -> str:
    return " ".join(text.split())
