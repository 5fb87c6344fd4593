"""Where a browser is sent once somebody has signed in: to a page of this node, whatever a link says."""

from __future__ import annotations

import pytest

from node.web.pages.accounts.coming_in import safe_path


@pytest.mark.parametrize(
    "path", ["/", "/me", "/search?q=two+words&kind=module", "/modules/did:web:a.example/über-uns#p1"]
)
def test_pages_of_this_node_are_ways_on(path: str) -> None:
    assert safe_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "", "me", "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example",
        "/\t/elsewhere.example", "/\r\n/elsewhere.example", "\t//elsewhere.example", "/a\\..\\..", "/\x00",
        "javascript:alert(1)",
    ],
)  # fmt: skip
def test_whatever_leads_elsewhere_is_none(path: str) -> None:
    assert safe_path(path) == "/"
