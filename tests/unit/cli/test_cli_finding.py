"""What `skillnet search` prints."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

import pytest

from node.cli.anybody.finding import search

HIT = {
    "uri": "at://did:plc:ana/org.skillnet.module/torque", "kind": "module", "title": "Torque", "layer": "tool",
    "language": "en", "minutes": 9, "snippetHtml": "Set &amp; use a <mark>torque</mark> wrench.",
    "why": {"sentence": "all words match (text 1.00)"},
}  # fmt: skip


class Asked:
    """A node that finds one module."""

    @contextmanager
    def reading(self) -> Any:
        yield self

    def get(self, _path: str, **_query: object) -> dict[str, Any]:
        return {"hits": [HIT], "total": 1, "didYouMean": "torque", "notes": []}


@pytest.mark.parametrize("why", [True, False])
def test_a_hit_is_said_in_three_lines_and_why_on_request(capsys: pytest.CaptureFixture[str], *, why: bool) -> None:
    search("torqe", why=why, where=Asked())  # type: ignore[arg-type]  # a stand-in with the same method
    printed = capsys.readouterr().out
    assert "Did you mean: torque" in printed
    assert " 1. Torque  [module, tool, en, 9 min]" in printed
    assert "Set & use a torque wrench." in printed
    assert ("all words match" in printed) is why


@pytest.mark.parametrize(("text", "said"), [("\udcff gauge", "not text"), ("x" * 70_000, "too long")])
def test_what_cannot_be_asked_is_said_in_a_line(
    skillnet: Any, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    assert skillnet("search", text, "--node", "http://localhost:9") == 1
    printed = capsys.readouterr().err
    assert said in printed
    assert "Traceback" not in printed
