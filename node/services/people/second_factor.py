"""The second factor: a code from an authenticator app, or one of ten recovery codes, each of which works once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256

from node.errors import NotSignedIn
from node.services.people import totp
from node.services.sealing import Sealer
from node.store.administration import factors
from node.store.clock import SECOND, now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.people import FactorRow

TOTP, RECOVERY = "totp", "recovery"
CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_CLOCK = "Each code works once; a phone whose clock is wrong shows others."


class SecondFactorNeeded(NotSignedIn):
    """A code from your authenticator app is needed as well."""

    code = "AuthFactorTokenRequired"


class WrongCode(NotSignedIn):
    """That is not the code."""

    code = "InvalidToken"
    hint = f"{_CLOCK} A recovery code works too."


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """The second factors of a node's people. Secrets are sealed, recovery codes kept as digests."""

    database: Database
    sealer: Sealer

    def is_on(self, person: str) -> bool:
        """Does this person sign in with a code as well?"""
        with self.database.read() as session:
            return bool(factors.list_factors(session, person, TOTP))

    def codes_left(self, person: str) -> int:
        """Recovery codes not used yet."""
        with self.database.read() as session:
            return len(factors.list_factors(session, person, RECOVERY))

    def switch_on(self, person: str, secret: bytes, code: str) -> list[str]:
        """Begin to ask for codes; the first proves that the app has the secret. Returns the recovery codes."""
        step = totp.find_step(secret, _tidy(code), now() // SECOND)
        if step is None:
            raise WrongCode(hint=_CLOCK)  # there are no recovery codes yet
        row = FactorRow(
            id=_digest(person, TOTP), person=person, kind=TOTP, secret=self.sealer.seal(secret, _context(person)),
            counter=step, created_at=now(),
        )  # fmt: skip
        self.database.writer.write(lambda session: factors.save_factor(session, row))
        return self.new_codes(person)

    def new_codes(self, person: str) -> list[str]:
        """Ten new recovery codes, shown this once; the old ones end."""
        codes = ["-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2)) for _ in range(CODES)]

        def work(session: Session) -> None:
            factors.delete_factors(session, person, RECOVERY)
            for code in codes:
                row = FactorRow(id=_digest(person, code), person=person, kind=RECOVERY, created_at=now())
                factors.save_factor(session, row)

        self.database.writer.write(work)
        return codes

    def check(self, person: str, code: str) -> None:
        """Use a code up. Raises WrongCode."""
        self.database.writer.write(lambda session: self._use(session, person, _tidy(code)))

    def switch_off(self, person: str) -> None:
        """Ask for codes no more."""
        self.database.writer.write(lambda session: factors.delete_factors(session, person, TOTP, RECOVERY))

    def _use(self, session: Session, person: str, code: str) -> None:
        for row in factors.list_factors(session, person, TOTP):
            secret = self.sealer.open(row.secret, _context(person))
            step = totp.find_step(secret, code, now() // SECOND, row.counter)
            if step is not None:
                row.counter, row.used_at = step, now()
                return
        spare = factors.find_factor(session, _digest(person, code), RECOVERY)
        if spare is None:
            raise WrongCode
        factors.delete_factor(session, person, spare.id, RECOVERY)


def _tidy(code: str) -> str:
    """As it is compared: apps show codes in groups, people type capitals."""
    return "".join(code.split()).lower()[:64]


def _digest(person: str, code: str) -> str:
    return sha256(f"factor|{person}|{code}".encode()).hexdigest()


def _context(person: str) -> str:
    return f"totp|{person}"
