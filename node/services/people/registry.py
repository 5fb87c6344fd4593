"""Adds people, signs them in, lets them set a password through a one-time link."""

from __future__ import annotations

import re
from collections.abc import Iterable

from node.errors import Conflict, Malformed, NotSignedIn, ShortOfMemory, TooMany
from node.services.audit import SYSTEM, Audit, Deed
from node.services.people.passwords import check_password, hash_password, needs_rehash, verify_password
from node.services.people.second_factor import SecondFactor, SecondFactorNeeded, WrongCode
from node.services.people.throttle import FREE, Throttle, subjects_of
from node.services.people.tokens import Tokens, digest_of, viewer_of
from node.services.policy import Role, Viewer
from node.store.administration import people
from node.store.clock import now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.people import PersonRow

MOST_OF_ADDRESS = 5  # people who share a mail address, as far as mail goes to them
AGAIN = 20  # so many more failures of a name are another line in the audit log
# A sign-in name is also the first label of a handle: RFC 1034's letters, digits and hyphen.
_NAME = re.compile(r"[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?")


class LinkSpent(NotSignedIn):
    """This link has been used or has expired."""

    hint = (
        "If you have chosen a password already, sign in with it; otherwise whoever runs this node can make a new link."
    )


class Registry:
    """The people of one node."""

    def __init__(self, database: Database, tokens: Tokens, second_factor: SecondFactor, audit: Audit) -> None:
        self._database = database
        self.tokens = tokens
        self.second_factor = second_factor
        self.audit = audit
        self._throttle = Throttle(database)

    def add(
        self, name: str, roles: Iterable[Role], *, display_name: str = "", password: str = "", email: str = ""
    ) -> PersonRow:
        """A new person. Raises Malformed (name, password) or Conflict. Without a password a link must follow."""
        if not _NAME.fullmatch(name):
            raise Malformed(
                f"{name!r} is not a sign-in name.",
                hint="Small letters, digits, hyphens; at most 32; a letter first.",
            )
        row = PersonRow(
            name=name,
            display_name=display_name[:200] or name,
            password=hash_password(check_password(password, name)) if password else "",
            roles=sorted({role.value for role in roles}),
            email=email.lower(),
            created_at=now(),
        )
        self._database.writer.write(lambda session: _insert(session, row))
        return row

    def remove(self, name: str) -> None:
        """Forget a person whose account could not be made."""

        def work(session: Session) -> bool:
            row = people.find_person(session, name)
            if row is not None:
                session.delete(row)
            return row is not None

        if self._database.writer.write(work):
            self.audit.note(SYSTEM, Deed.PERSON_REMOVED, name, "the account could not be made")

    def grant(self, name: str, *, role: Role | None = None, did: str = "") -> PersonRow:
        """Add a role to a person, or tie a practitioner's identity to them."""

        def work(session: Session) -> PersonRow:
            row = people.get_person(session, name)
            known = (
                Role.AUTHOR.value in row.roles and role is Role.PRACTITIONER
            )  # an author's identity does not endorse
            row.roles = sorted({*row.roles, *([role.value] if role and not known else [])})
            row.did = did or row.did
            return row

        return self._database.writer.write(work)

    def set_roles(self, name: str, roles: Iterable[Role]) -> PersonRow:
        """Give a person these roles and no others. With none all that opens something for them ends, for good."""

        def work(session: Session) -> PersonRow:
            row = people.get_person(session, name)
            given = sorted({role.value for role in roles})
            if Role.OPERATOR in given and Role.OPERATOR not in row.roles:  # a key may have made one for who they were
                people.delete_tokens(session, name, "link")
            row.roles = given
            if not given:
                people.delete_tokens(session, name)
                row.signed_out_at = now()
            return row

        return self._database.writer.write(work)

    def sign_in(self, name: str, password: str, address: str, *, code: str = "", device: str = "") -> Viewer:
        """The person with that password, and code where they have a second factor.

        `device` is the token of a browser that the person used before. Raises NotSignedIn, TooMany, SecondFactorNeeded.
        """
        subjects = subjects_of(name, address, self.tokens.find_digest(device, name, "device"))
        attempt = self._throttle.begin(*subjects)
        with self._database.read() as session:
            row = people.find_person(session, name[:64])
        try:
            right = verify_password(row.password if row else "", password)
        except ShortOfMemory:
            self._throttle.take_back(attempt)
            raise
        if not right or row is None:
            self._failed(attempt.failures, row.name if row else "")
            raise NotSignedIn("Name and password do not match.", hint="Ask your operator for a new link if need be.")
        self._throttle.succeeded(attempt)
        if needs_rehash(row.password):
            self.set_password(name, password)
        if self.second_factor.is_on(row.name):
            self.check_code(row.name, code)
        return viewer_of(row)

    def check_code(self, name: str, code: str) -> None:
        """The second step, for who has shown the password. Raises SecondFactorNeeded, TooMany, WrongCode."""
        if not code:
            raise SecondFactorNeeded
        attempt = self._throttle.begin(f"code:{name}")
        try:
            self.second_factor.check(name, code)
        except WrongCode:
            self._failed(attempt.failures, name, "wrong codes after the password")
            raise
        self._throttle.succeeded(attempt)

    def _failed(self, failures: int, name: str, of: str = "failures") -> None:
        """`name` is empty where nobody is called so; `of`: what failed."""
        if name and failures > FREE and (failures - FREE - 1) % AGAIN == 0:
            self.audit.note(SYSTEM, Deed.SLOWED, name, f"{failures} {of}")

    def set_password(self, name: str, password: str) -> None:
        """Replace a person's password."""
        hashed = hash_password(password)

        def work(session: Session) -> None:
            people.get_person(session, name).password = hashed

        self._database.writer.write(work)

    def set_email(self, name: str, address: str) -> None:
        """Where a link for a new password may be sent; empty for nowhere."""

        def work(session: Session) -> None:
            people.get_person(session, name).email = address.lower()

        self._database.writer.write(work)

    def count_mail(self, name: str, address: str) -> bool:
        """Somebody asks for mail to `name`: may a letter go there? Raises TooMany for who asks too often.

        Not too many are sent, and nobody's mailbox is filled from here; whoever is meant has the one before, and is
        not told to wait because strangers asked.
        """
        by_name, by_address = subjects_of(name, address)
        self._throttle.begin(f"mail-{by_address}")
        try:
            self._throttle.begin(f"mail-{by_name}")
        except TooMany:
            return False
        return True

    def use_link(self, token: str, password: str) -> Viewer:
        """Set a password through a one-time link; the link ends. Raises NotSignedIn for a link that is used or old."""
        with self._database.read() as session:
            owner = _owner_of_link(session, token).name  # before a password is hashed for whoever guesses
        hashed = hash_password(check_password(password, owner))

        def work(session: Session) -> PersonRow:
            person = _owner_of_link(session, token)
            person.password = hashed
            people.delete_tokens(session, person.name)
            return person

        return viewer_of(self._database.writer.write(work))

    def find(self, name: str) -> PersonRow | None:
        """One person."""
        with self._database.read() as session:
            return people.find_person(session, name)

    def get(self, name: str) -> PersonRow:
        """One person. Raises Unknown."""
        with self._database.read() as session:
            return people.get_person(session, name)

    def find_all(self, named: str) -> list[PersonRow]:
        """Whoever is meant by a sign-in name or a mail address; an address may be several people's."""
        with self._database.read() as session:
            if "@" in named:
                return people.list_by_email(session, named, MOST_OF_ADDRESS)
            person = people.find_person(session, named[:64])
        return [person] if person else []

    def list(self) -> list[PersonRow]:
        """Everybody."""
        with self._database.read() as session:
            return people.list_people(session)


def _owner_of_link(session: Session, token: str) -> PersonRow:
    """Raises NotSignedIn."""
    row = people.find_token(session, digest_of(token), now())
    if row is None or row.kind != "link":
        raise LinkSpent
    return people.get_person(session, row.person)


def _insert(session: Session, row: PersonRow) -> None:
    if people.find_person(session, row.name) is not None:
        raise Conflict(f"Somebody here is called {row.name} already.")
    session.add(row)
