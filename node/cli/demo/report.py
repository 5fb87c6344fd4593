"""Runs named steps, times them and reports as JSON: `{"ok", "steps": [{"name", "ok", "ms", "detail"}]}`."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from node.errors import NodeError


class CheckFailed(NodeError):
    """A step of the check did not end as it must."""


@dataclass(frozen=True, slots=True)
class Result:
    """How one step went."""

    name: str
    ok: bool
    ms: int
    detail: str


@dataclass(slots=True)
class Report:
    """Results in order. After a failure the remaining steps still run: each says what it found."""

    results: list[Result] = field(default_factory=list)
    on_result: Callable[[Result], None] = lambda _result: None

    def run(self, name: str, step: Callable[[], str]) -> None:
        """Run one step; what it returns is the detail."""
        start = time.perf_counter()
        try:
            detail, ok = step(), True
        except Exception as error:  # noqa: BLE001 - whatever happens belongs into the report
            words = error.message if isinstance(error, NodeError) else f"{type(error).__name__}: {error}"
            detail, ok = words, False
        result = Result(name, ok, round((time.perf_counter() - start) * 1000), detail)
        self.results.append(result)
        self.on_result(result)

    @property
    def ok(self) -> bool:
        """Did every step end well?"""
        return all(result.ok for result in self.results)

    def to_json(self) -> dict[str, Any]:
        """The report."""
        return {"ok": self.ok, "steps": [asdict(result) for result in self.results]}


def wait_until(what: str, test: Callable[[], Any], patience: float = 30.0) -> Any:
    """Poll until `test` gives something true and return it. Raises CheckFailed after `patience` seconds."""
    until = time.monotonic() + patience
    while True:
        found = test()
        if found:
            return found
        if time.monotonic() > until:
            raise CheckFailed(f"{what}: not within {patience:.0f} s")
        time.sleep(0.05)
