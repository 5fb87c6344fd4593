"""Passwords: argon2id with the library's current parameters, rehashed when those grow; none that anybody guesses."""

from __future__ import annotations

from base64 import b64encode
from secrets import token_bytes
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import HashingError, InvalidHashError, VerificationError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from node.errors import Malformed, ShortOfMemory
from node.services.people.guessable import is_guessable
from node.services.room import find_room

SHORTEST, LONGEST = 10, 1_000

COSTS = RFC_9106_LOW_MEMORY  # 64 MiB, three passes
_hasher = PasswordHasher.from_parameters(COSTS)
_places = BoundedSemaphore(find_room().passwords)  # a crowd at the door would take all the memory there is


def _decoy() -> str:
    """The stored form of a password that nobody has: as slow to check as any, and made without hashing."""
    salt, digest = (b64encode(token_bytes(size)).rstrip(b"=").decode() for size in (_hasher.salt_len, _hasher.hash_len))
    costs = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${costs}${salt}${digest}"


_DECOY = _decoy()


def hash_password(password: str) -> str:
    """The hash to store. Raises Malformed for a password that is too short or too long, ShortOfMemory."""
    _check_length(password)
    try:
        with _places:
            return _hasher.hash(password)
    except HashingError as error:
        raise ShortOfMemory from error


def check_password(password: str, name: str = "") -> str:
    """The password, if it may be one of somebody called `name`. Raises Malformed."""
    _check_length(password)
    if is_guessable(password, name):
        raise Malformed("That password is among the first that anybody would try.", hint="A sentence works well.")
    return password


def _check_length(password: str) -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        raise Malformed(f"A password has {SHORTEST} to {LONGEST} characters.", hint="A sentence works well.")


def verify_password(stored: str, password: str) -> bool:
    """Is this the password? Takes the same time when nobody has that name (`stored` empty). Raises ShortOfMemory."""
    try:
        with _places:
            return _hasher.verify(stored or _DECOY, password[:LONGEST]) and bool(stored)
    except (VerifyMismatchError, InvalidHashError):
        return False
    except VerificationError as error:
        raise ShortOfMemory from error


def needs_rehash(stored: str) -> bool:
    """Was it hashed with weaker parameters than today's?"""
    return _hasher.check_needs_rehash(stored)
