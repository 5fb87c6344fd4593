"""Registration: people who make an account by themselves, where the operator allows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from node.errors import NotAllowed, TooMany
from node.services.audit import Deed
from node.services.people.passwords import check_password
from node.services.people.registry import Registry
from node.services.people.tokens import viewer_of
from node.services.policy import Role, Viewer
from node.settings.declared import Settings
from node.store.administration import people
from node.store.clock import DAY, now
from node.store.database import Database


class RegistrationClosed(NotAllowed):
    """Accounts on this node are made by invitation."""

    code = "InvalidInviteCode"
    hint = "Whoever runs the node can send you one."


class RegistrationRests(TooMany):
    """More people came today than this node takes in a day."""


@dataclass(frozen=True, slots=True)
class Registration:
    """One node's. However many addresses somebody has, a day brings no more people than the operator allows."""

    settings: Settings
    database: Database
    registry: Registry

    @property
    def roles(self) -> tuple[Role, ...]:
        """What whoever registers on the page is here."""
        return tuple(Role(role) for role in self.settings.registration_roles)

    def require_open(self) -> None:
        """Raises RegistrationClosed, RegistrationRests."""
        if not self.settings.open_registration:
            raise RegistrationClosed
        with self.database.read() as session:
            came = people.count_people(session, since=now() - DAY)
        if came >= self.settings.registrations_a_day:
            hint = "Try again tomorrow, or ask whoever runs the node for an invitation."
            raise RegistrationRests(retry_after=3600, hint=hint)

    def register(self, name: str, password: str, roles: Iterable[Role]) -> Viewer:
        """Make the account. Raises RegistrationClosed, RegistrationRests, Malformed, Conflict."""
        self.require_open()
        person = viewer_of(self.registry.add(name, roles, password=check_password(password, name)))
        self.registry.audit.note(person, Deed.REGISTERED, name, " ".join(sorted(person.roles)))
        return person
