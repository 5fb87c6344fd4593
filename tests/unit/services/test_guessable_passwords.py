"""Passwords that anybody would try first are refused where one is chosen, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from argon2 import PasswordHasher

from node.errors import Malformed
from node.services.assembly import Services
from node.services.people import passwords
from node.services.policy import Role
from node.store.administration import people
from tests.integration.fixtures.nodes import PASSWORD

GUESSED = (
    "1234567890", "0987654321", "aaaaaaaaaa", "121212121212", "passwordpassword", "Password2026!", "p@$$w0rd1234",
    "qwertyuiop", "1q2w3e4r5t", "1qaz2wsx3edc", "asdf123456", "Anna-1987-11", "annaanna1annaanna1", "zaq12wsxcde3",
    "123qwerty123",
)  # fmt: skip


@pytest.mark.parametrize("password", GUESSED)
def test_a_password_that_anybody_would_try_first_is_refused(services: Services, password: str) -> None:
    with pytest.raises(Malformed, match="anybody would try"):
        services.registry.add("anna", (Role.WORKER,), password=password)
    services.registry.add("anna", (Role.WORKER,))
    link = services.registry.tokens.issue("anna", "link")
    with pytest.raises(Malformed, match="anybody would try"):
        services.registry.use_link(link, password)
    assert services.registry.use_link(link, "the link still works").name == "anna"


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "8305712946",
        "my password is a sentence",
        "Tr0ub4dor&3",
        "ヒラメキ工房で待つ九時半",
        "anna goes to work",
    ],
)
def test_any_other_may_be_one(password: str) -> None:
    assert passwords.check_password(password, "anna") == password


def test_who_has_such_a_password_already_still_comes_in(services: Services) -> None:
    services.registry.add("anna", (Role.WORKER,), password=PASSWORD)
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("1234567890")

    def plant(session: Any) -> None:
        people.get_person(session, "anna").password = old

    services.database.writer.write(plant)
    assert services.registry.sign_in("anna", "1234567890", "::1").name == "anna"
