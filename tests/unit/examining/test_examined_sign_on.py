"""What the doctor says of a single sign-on: who it is, and whether it knows this node."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from node.services.examining.sign_on import Acquaintance, examine_sign_on
from node.settings.declared import Settings
from tests.integration.fixtures.providers import made_up_provider
from tests.unit.examining.findings import wrong

FINDING = "single sign-on"


def test_it_is_who_the_settings_say(tmp_path: Path) -> None:
    with made_up_provider() as provider:
        assert list(examine_sign_on(Settings(data=tmp_path))) == []
        assert wrong(examine_sign_on(Settings(data=tmp_path, sign_on_issuer=provider.issuer))) == set()
        assert wrong(examine_sign_on(Settings(data=tmp_path, sign_on_issuer=f"{provider.issuer}/"))) == {FINDING}
        assert provider.wanted == 0  # every quarter of an hour nobody tries to come in


@pytest.mark.parametrize(
    ("status", "said", "mend"),
    [
        (401, {"error": "invalid_client"}, "Copy both"), (400, {"error": "unauthorized_client"}, "Copy both"),
        (400, {"error": "invalid_grant"}, ""), (400, {"error": "invalid_request"}, ""),
        (502, {}, "can this machine reach it"), (200, b"<html>", "can this machine reach it"),
    ],
)  # fmt: skip
def test_whether_it_knows_this_node_is_tried_when_somebody_asks(
    tmp_path: Path, status: int, said: Any, mend: str
) -> None:
    with made_up_provider() as provider:
        provider.answer = (status, said)
        settings = Settings(
            data=tmp_path, sign_on_issuer=provider.issuer, sign_on_client="node", sign_on_secret="a secret"
        )
        (found,) = examine_sign_on(settings, asked=True)
        assert (found.ok, mend in found.mend, provider.wanted) == (not mend, True, 1)
    assert "a secret" not in found.detail + found.mend


def test_what_it_said_holds_until_it_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with made_up_provider() as provider:
        settings = Settings(data=tmp_path, sign_on_issuer=provider.issuer, sign_on_client="node")
        known = Acquaintance(settings)

        def look(*, asked: bool = False) -> bool:
            return FINDING in wrong(known.examine(asked=asked))

        provider.answer = (502, {})
        assert (look(), provider.wanted) == (True, 1)
        provider.answer = (401, {"error": "invalid_client"})
        assert [look(), look(), look()] == [True] * 3
        assert provider.wanted == 2, "once it answered"
        provider.answer = (400, {"error": "invalid_grant"})
        assert (look(), look(asked=True), look()) == (True, False, False)
        assert provider.wanted == 3
        monkeypatch.setattr("node.services.examining.sign_on.TRIED_EVERY", -1)
        assert (look(), provider.wanted) == (False, 4)
        provider.answer = (502, {})
        assert look(), "that it breaks off now is no older word"
    assert list(Acquaintance(Settings(data=tmp_path)).examine(asked=True)) == []
