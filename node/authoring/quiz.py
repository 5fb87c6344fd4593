"""A quiz: a question, a task list of choices, and what explains the answer."""

import re
from dataclasses import dataclass

_CHOICE = re.compile(r"^ {0,3}[-*+][ \t]+\[([ xX])\][ \t]+(.*)$", re.MULTILINE)
_INLINE = re.compile(r"(?<![ \t])[ \t]++[-*+][ \t]+(?=\[[ xX]\][ \t])")


@dataclass(frozen=True, slots=True)
class Quiz:
    """Choices in order, each with whether it is right."""

    choices: tuple[tuple[bool, str], ...]


def read_quiz(source: str) -> Quiz:
    """Read the lines inside a quiz block. Several choices may stand on one line."""
    return Quiz(tuple((mark in "xX", text.strip()) for mark, text in _CHOICE.findall(_INLINE.sub("\n- ", source))))
