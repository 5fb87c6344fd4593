"""Passwords that anybody would try first are refused where one is chosen, and nowhere else."""

from __future__ import annotations

import time
from random import Random
from string import ascii_letters, digits
from typing import Any

import pytest
from argon2 import PasswordHasher

from node.errors import Malformed
from node.services.assembly import Services
from node.services.people import passwords
from node.services.people.guessable import is_guessable
from node.services.policy import Role
from node.store.administration import people
from tests.integration.fixtures.nodes import PASSWORD

GUESSED = (
    "1234567890", "0987654321", "aaaaaaaaaa", "121212121212", "passwordpassword", "Password2026!", "p@$$w0rd1234",
    "qwertyuiop", "1q2w3e4r5t", "1qaz2wsx3edc", "asdf123456", "Anna-1987-11", "annaanna1annaanna1", "zaq12wsxcde3",
    "123qwerty123",
)  # fmt: skip
OF_FEW_PIECES = (
    "123456789a", "a123456789", "abc1234567", "abcdefghij1", "123123123a", "abc123abc123!", "aaaaabbbbb12",
    "112233445566", "QqWwEe112233", "1qaz@WSX3edc", "!@#$%^&*()", "Qwerty!@#$%", "Summer2024!", "Winter2025!",
    "Monday2024!!", "Frühling2024", "Welcome@2024", "Admin@12345", "football-2024", "password4711", "dragonmonkey",
    "password1password", "admin_2024_admin", "anna12031987", "Anna-12.03.1987", "1987-03-12!", "Anna-1987-03",
    "admin-1900-2001-1900-admin-2001!", "P@ssword_password!",
)  # fmt: skip
OTHERS = (
    PASSWORD, "8305712946", "my password is a sentence", "Tr0ub4dor&3", "ヒラメキ工房で待つ九時半", "anna goes to work",
    "93847-abcd-82734", "correct horse battery staple", "the summer of my youth", "welcome to the jungle",
    "मेरा पासवर्ड यह है", "xK3$9vQz7w", "kdjfhgurty42", "user-8f3a1c", "tiny boat 1987", "~{}[]|;:<>?/",
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


@pytest.mark.parametrize("password", OF_FEW_PIECES)
def test_what_has_few_pieces_is_refused_whatever_its_length(password: str) -> None:
    with pytest.raises(Malformed, match="anybody would try"):
        passwords.check_password(password, "anna")


@pytest.mark.parametrize("password", OTHERS)
def test_any_other_may_be_one(password: str) -> None:
    assert passwords.check_password(password, "anna") == password


def test_a_name_is_known_with_its_parts_to_whom_it_belongs_alone() -> None:
    for password in ("Maria-Anna-1", "anna-maria-7", "Maria.2024.x"):
        assert is_guessable(password, "anna-maria")
        assert not is_guessable(password, "peter")


def test_what_a_program_drew_may_be_one() -> None:
    draw = Random(7)
    for _ in range(500):
        assert not is_guessable("".join(draw.choices(ascii_letters + digits, k=10)), "anna")


@pytest.mark.parametrize("password", ["password" * 124 + "x", "1234567890" * 99 + "q", "kq9$vz7w" * 124 + "k"])
def test_a_long_one_is_looked_at_quickly(password: str) -> None:
    began = time.process_time()
    is_guessable(password, "anna")
    assert time.process_time() - began < 2


def test_who_has_such_a_password_already_still_comes_in(services: Services) -> None:
    services.registry.add("anna", (Role.WORKER,), password=PASSWORD)
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("1234567890")

    def plant(session: Any) -> None:
        people.get_person(session, "anna").password = old

    services.database.writer.write(plant)
    assert services.registry.sign_in("anna", "1234567890", "::1").name == "anna"
