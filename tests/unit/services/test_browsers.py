"""Sessions are listed by what a person recognises."""

from __future__ import annotations

import pytest

from node.web.pages.accounts.browsers import name_of_browser

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {WEBKIT} Chrome/130.0 Safari/537.36", "Chrome on Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:131.0) Gecko/20100101 Firefox/131.0", "Firefox on Mac"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) AppleWebKit/605 Version/17.5 Safari/604",
            "Safari on iPhone",
        ),
        ("python-httpx/0.27 (me@example.com)", "python-httpx/0.27"),
        ("", ""),
    ],
)
def test_a_browser_is_named_by_program_and_system(said: str, name: str) -> None:
    assert name_of_browser(said) == name
