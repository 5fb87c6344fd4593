"""A process asks for as many open files as it may have."""

from __future__ import annotations

import resource

import pytest

from node.app.server.listening import FILES, allow_many

ENDLESS = resource.RLIM_INFINITY


@pytest.mark.parametrize(
    ("limits", "wanted"),
    [
        ((64, 4096), (4096, 4096)), ((1024, 1_048_576), (FILES, 1_048_576)), ((1024, ENDLESS), (FILES, ENDLESS)),
        ((64, 64), None), ((100_000, 200_000), None), ((ENDLESS, ENDLESS), None),
    ],
)  # fmt: skip
def test_it_raises_its_own_limit(
    limits: tuple[int, int], wanted: tuple[int, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _, values: asked.append(values))
    allow_many()
    assert asked == ([wanted] if wanted else [])


def test_a_system_that_does_not_let_it_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_which: int, _values: tuple[int, int]) -> None:
        raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(resource, "getrlimit", lambda _: (64, 128))
    monkeypatch.setattr(resource, "setrlimit", refuse)
    allow_many()
