"""What the doctor says of a single sign-on: who it is, and whether it knows this node."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from node.services.examining.sign_on import examine_sign_on
from node.settings.declared import Settings
from tests.integration.fixtures.nodes import composed
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


def test_the_doctor_remembers_what_it_was_told_when_it_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        made_up_provider() as provider,
        composed(tmp_path, sign_on_issuer=provider.issuer, sign_on_client="node") as services,
    ):
        provider.answer = (401, {"error": "invalid_client"})

        def look(*, asked: bool = False) -> bool:
            return FINDING in wrong(services.doctor._sign_on(asked=asked))

        assert [look(), look(), look()] == [True] * 3
        assert provider.wanted == 1, "at the start"
        provider.answer = (400, {"error": "invalid_grant"})
        assert (look(), look(asked=True), look()) == (True, False, False)
        assert provider.wanted == 2
        monkeypatch.setattr("node.services.examining.doctor._TRIED_EVERY", -1)
        assert (look(), provider.wanted) == (False, 3)
