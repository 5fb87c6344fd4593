"""The first operator's link: in a file of the folder until it is used, and only the newest opens something."""

from __future__ import annotations

import re
from pathlib import Path

from litestar.testing import TestClient

from node.app.founding import ensure_operator
from node.services.people.first_link import LINK_NAME, find_first_link, forget_first_link
from tests.integration.fixtures.nodes import PASSWORD, app_of, composed


def test_it_goes_with_its_use_and_the_next_start_ends_it(tmp_path: Path) -> None:
    with composed(tmp_path) as services, TestClient(app_of(services)) as browser:
        ensure_operator(services)
        first = find_first_link(tmp_path)
        ensure_operator(services)  # as the next start does
        link = find_first_link(tmp_path)
        assert first != link
        path = link.removeprefix(services.settings.public_url)
        assert browser.get(first.removeprefix(services.settings.public_url)).status_code == 401
        token = re.search(r'name="_csrf_token" value="([^"]+)"', browser.get(path).text).group(1)
        form = {"password": PASSWORD, "_csrf_token": token}
        assert browser.post(path, data=form, follow_redirects=False).status_code == 303
        assert (find_first_link(tmp_path), (tmp_path / LINK_NAME).exists()) == ("", False)
        ensure_operator(services)
        assert not (tmp_path / LINK_NAME).exists()


def test_somebody_elses_link_leaves_it(tmp_path: Path) -> None:
    (tmp_path / LINK_NAME).write_text("http://localhost/link/abc\n")
    forget_first_link(tmp_path, "xyz")
    assert find_first_link(tmp_path).endswith("abc")
    forget_first_link(tmp_path, "abc")
    forget_first_link(tmp_path, "abc")
    assert find_first_link(tmp_path) == ""
