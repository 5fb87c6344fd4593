"""A provider that fails just when somebody comes back from it: they are told so, in place of an error of this node."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from node.errors import Unreachable
from node.services.people.provider import BACK, Begun, Provider, SignOnRefused
from node.settings.declared import Settings
from tests.integration.fixtures.providers import made_up_provider

NODE = "https://node.example"


def _finish(settings: Settings) -> None:
    Provider(settings).finish(f"{NODE}{BACK}?state=s&code=c", Begun("", "s", "nonce", "v" * 43))


@pytest.mark.parametrize(
    "answer", [(502, {}), (500, b""), (200, b"<html>"), (200, [1]), (200, 7), (404, b"gone"), (200, None)]
)
def test_what_it_says_is_no_token(tmp_path: Path, answer: tuple[int, Any]) -> None:
    with made_up_provider() as provider:
        provider.answer = answer
        with pytest.raises(Unreachable, match="does not answer as it should"):
            _finish(Settings(data=tmp_path, url=NODE, sign_on_issuer=provider.issuer, sign_on_client="node"))


def test_it_refuses_or_says_nothing_of_who_it_is(tmp_path: Path) -> None:
    with made_up_provider() as provider:
        settings = Settings(data=tmp_path, url=NODE, sign_on_issuer=provider.issuer, sign_on_client="node")
        provider.answer = (400, {"error": "invalid_grant"})
        with pytest.raises(SignOnRefused, match="invalid_grant"):
            _finish(settings)
        provider.answer = (200, {"access_token": "a", "token_type": "bearer"})
        with pytest.raises(SignOnRefused, match="does not hold"):
            _finish(settings)


def test_it_is_gone(tmp_path: Path) -> None:
    with made_up_provider() as provider:
        there = Provider(Settings(data=tmp_path, url=NODE, sign_on_issuer=provider.issuer, sign_on_client="node"))
        there.describe()
    with pytest.raises(Unreachable, match="does not answer as it should"):
        there.finish(f"{NODE}{BACK}?state=s&code=c", Begun("", "s", "nonce", "v" * 43))
