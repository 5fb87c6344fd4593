"""Whoever runs a node reads what its chores do, not only what they are called."""

from node.jobs.chores import CHORES
from node.web.pages.operator.chores import DOES


def test_every_chore_is_said_in_words() -> None:
    assert {chore.name for chore in CHORES} == DOES.keys()
