"""Making an account by oneself: only where the operator allows it, as what they allow, and so many in a day."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from node.errors import ConfigurationError
from node.services.assembly import Services
from node.services.people.registration import Registration
from node.settings.checks import check_settings
from tests.integration.fixtures.nodes import PASSWORD, app_of, composed


def _allow(services: Services, **settings: Any) -> None:
    services.settings = replace(services.settings, open_registration=True, **settings)
    services.registration = Registration(services.settings, services.database, services.registry)


def _send(client: TestClient[Any], name: str, password: str = PASSWORD) -> Any:
    token = client.cookies.get(next((one for one in client.cookies if one.endswith("_csrf")), ""), "")
    form = {"name": name, "password": password, "_csrf_token": token}
    return client.post("/register", data=form, follow_redirects=False)


def test_who_registers_is_what_the_operator_allows_and_a_day_brings_so_many(tmp_path: Path) -> None:
    with composed(tmp_path / "node") as services, TestClient(app_of(services), raise_server_exceptions=False) as client:
        client.get("/sign-in")
        closed = client.get("/register")
        assert closed.status_code == 403
        assert "invitation" in closed.text
        assert _send(client, "olga").status_code == 403
        known = len(services.registry.list())
        _allow(services, registrations_a_day=known + 2)
        assert "/register" in client.get("/sign-in").text
        assert "Make the account" in client.get("/register").text
        assert "at least" in _send(client, "olga", "short").text
        made = _send(client, "olga")
        assert (made.status_code, made.headers["location"]) == (303, "/me/profile")
        assert [row.roles for row in services.registry.list() if row.name == "olga"] == [["worker"]]
        client.cookies.clear()
        client.get("/sign-in")
        taken = _send(client, "olga")
        assert (taken.status_code, "already" in taken.text) == (409, True)
        assert _send(client, "piet").status_code == 303
        assert _send(client, "quinn").status_code == 429, "however many addresses somebody has"
        noted = [row.action for row in services.audit.list(20)]
        assert noted.count("registered") == 2


def test_nobody_registers_as_an_operator(tmp_path: Path) -> None:
    with composed(tmp_path / "node") as services:
        for role in ("operator", "curator", "king"):
            with pytest.raises(ConfigurationError, match="registration_roles"):
                check_settings(replace(services.settings, registration_roles=[role]))
