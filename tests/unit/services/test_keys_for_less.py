"""Whose key may less than they do is told that it is the key."""

from __future__ import annotations

import pytest

from node.errors import NotAllowed
from node.services.policy import Action, Role, Scope, Viewer, require

MARIA = frozenset({Role.PRACTITIONER})


def _hint(viewer: Viewer, action: Action) -> str:
    with pytest.raises(NotAllowed) as refused:
        require(viewer, action, open_reading=False)
    return refused.value.hint


def test_a_key_that_only_reads_is_named_as_what_stands_in_the_way() -> None:
    reading = Viewer(name="maria", roles=MARIA, scope=Scope.READ)
    assert "this key is for less" in _hint(reading, Action.PUBLISH)
    assert "key" not in _hint(reading, Action.OPERATE), "no key would help"
    assert "key" not in _hint(Viewer(name="maria", roles=frozenset({Role.WORKER})), Action.PUBLISH)
    assert "key" not in _hint(Viewer(name="maria"), Action.READ)
