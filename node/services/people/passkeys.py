"""Passkeys (WebAuthn Level 3): a key pair in the person's device, unlocked by finger, face or PIN."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from node.errors import Malformed, NotSignedIn
from node.services.people.tokens import Tokens, viewer_of
from node.services.policy import Viewer
from node.settings.declared import Settings
from node.store.administration import factors, people
from node.store.clock import now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.people import FactorRow

KIND = "passkey"
MOST = 20  # of one person


class PasskeyRefused(NotSignedIn):
    """This passkey does not open an account here."""


@dataclass(frozen=True, slots=True)
class Passkeys:
    """The passkeys of a node's people, bound to the node's host name."""

    settings: Settings
    database: Database
    tokens: Tokens

    def list(self, person: str) -> list[FactorRow]:
        """A person's passkeys, oldest first."""
        with self.database.read() as session:
            return factors.list_factors(session, person, KIND)

    def options_to_add(self, person: Viewer) -> tuple[str, bytes]:
        """What the browser is told (JSON), and the challenge in it."""
        import webauthn
        from webauthn.helpers.structs import (
            AuthenticatorSelectionCriteria,
            PublicKeyCredentialDescriptor,
            ResidentKeyRequirement,
            UserVerificationRequirement,
        )

        challenge = secrets.token_bytes(32)
        options = webauthn.generate_registration_options(
            rp_id=self._host,
            rp_name=self.settings.organisation or "SkillNet",
            user_id=sha256(f"passkey|{self.settings.public_url}|{person.name}".encode()).digest(),
            user_name=person.name,
            user_display_name=person.display_name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=bytes.fromhex(row.id)) for row in self.list(person.name)
            ],
        )
        return webauthn.options_to_json(options), challenge

    def add(self, person: str, label: str, credential: str, challenge: bytes) -> None:
        """Keep a new passkey. Raises Malformed."""
        import webauthn
        from webauthn.helpers.exceptions import WebAuthnException

        self._spend(challenge)
        if len(self.list(person)) >= MOST:
            raise Malformed(f"At most {MOST} passkeys.", hint="Remove one that is not used.")
        try:
            made = webauthn.verify_registration_response(
                credential=credential, expected_challenge=challenge, expected_rp_id=self._host,
                expected_origin=self.settings.public_url, require_user_verification=True,
            )  # fmt: skip
        except (WebAuthnException, ValueError) as error:
            raise Malformed(f"The browser's passkey does not hold: {error}") from error
        row = FactorRow(
            id=made.credential_id.hex(), person=person, kind=KIND, label=label[:100], secret=made.credential_public_key,
            counter=made.sign_count, created_at=now(),
        )  # fmt: skip

        def work(session: Session) -> None:
            if factors.is_taken(session, row.id):
                raise Malformed("That passkey is known already.")
            factors.save_factor(session, row)

        self.database.writer.write(work)

    def remove(self, person: str, id_: str) -> bool:
        """It opens nothing any more. Was it there, and this person's?"""
        return self.database.writer.write(lambda session: factors.delete_factor(session, person, id_, KIND))

    def options_to_sign_in(self) -> tuple[str, bytes]:
        """What the browser is told (JSON), and the challenge in it; the device knows whose passkeys it has."""
        import webauthn
        from webauthn.helpers.structs import UserVerificationRequirement

        challenge = secrets.token_bytes(32)
        options = webauthn.generate_authentication_options(
            rp_id=self._host, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
        )
        return webauthn.options_to_json(options), challenge

    def sign_in(self, credential: str, challenge: bytes) -> Viewer:
        """Whose passkey signed the challenge. Raises PasskeyRefused."""
        import webauthn
        from webauthn.helpers import parse_authentication_credential_json
        from webauthn.helpers.exceptions import WebAuthnException

        try:
            shown = parse_authentication_credential_json(credential)
            with self.database.read() as session:
                row = factors.find_factor(session, shown.raw_id.hex(), KIND)
            if row is None:
                raise PasskeyRefused
            done = webauthn.verify_authentication_response(
                credential=shown, expected_challenge=challenge, expected_rp_id=self._host,
                expected_origin=self.settings.public_url, credential_public_key=row.secret,
                credential_current_sign_count=row.counter, require_user_verification=True,
            )  # fmt: skip
        except (WebAuthnException, ValueError) as error:
            raise PasskeyRefused from error
        self._spend(challenge)  # nobody writes here who cannot sign it
        return self._used(row.id, done.new_sign_count)

    def _used(self, id_: str, count: int) -> Viewer:
        def work(session: Session) -> Viewer:
            row = factors.find_factor(session, id_, KIND)
            person = people.find_person(session, row.person) if row is not None else None
            if row is None or person is None:
                raise PasskeyRefused
            row.counter, row.used_at = count, now()
            return viewer_of(person)

        return self.database.writer.write(work)

    def _spend(self, challenge: bytes) -> None:
        if not self.tokens.use_once(challenge.hex()):
            raise PasskeyRefused("That was used already.", hint="Begin again.")

    @property
    def _host(self) -> str:
        return urlsplit(self.settings.public_url).hostname or ""
