"""Single sign-on: whose account somebody comes into, and which roles their groups give.

Somebody new gets an account of their own; nobody gets an account that is there already by having its name elsewhere:
its holder ties the two while signed in.
"""

from __future__ import annotations

import re

from node.errors import Conflict, NotAllowed
from node.services.audit import SYSTEM, Audit, Deed
from node.services.people.provider import Known, Provider
from node.services.people.registry import Registry
from node.services.people.sign_off import SignOff
from node.services.people.tokens import viewer_of
from node.services.policy import Action, Role, Viewer, may
from node.services.sealing import Sealer
from node.settings.declared import Settings
from node.store.administration import factors, people
from node.store.clock import DAY, now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.people import FactorRow

KIND = "sso"
BARRED = "barred"  # an operator took all roles: groups give none back


def role_mapping(entries: list[str]) -> dict[str, set[Role]]:
    """Group → roles, from `group=role` entries. Raises ValueError."""
    mapping: dict[str, set[Role]] = {}
    for entry in entries:
        group, _, role = entry.rpartition("=")
        if not group:
            raise ValueError(f"not group=role: {entry!r}")
        mapping.setdefault(group.strip(), set()).add(Role(role.strip()))
    return mapping


class SignOn:
    """The organisation's single sign-on, where one is set."""

    def __init__(
        self, settings: Settings, database: Database, registry: Registry, audit: Audit, sealer: Sealer
    ) -> None:
        self.provider = Provider(settings)
        self.sign_off = SignOff(self.provider, database, sealer, registry.tokens)
        self._settings = settings
        self._database = database
        self._registry = registry
        self._audit = audit
        self._roles = role_mapping(settings.sign_on_roles)

    @property
    def name(self) -> str:
        """What people call it; empty without one."""
        return self.provider.name

    def admit(self, known: Known) -> Viewer:
        """Their account, made if need be, with the roles that their groups give. Raises NotAllowed, Conflict."""
        with self._database.read() as session:
            tied = factors.find_factor(session, known.id, KIND)
            person = people.find_person(session, tied.person) if tied else None
        given = self._given(known.groups)
        if person is None:
            if not given:
                raise NotAllowed("None of your groups has a place on this node.", hint="Ask whoever runs it.")
            person = self._registry.add(self._free_name(known.name), given, display_name=known.display_name)
            self._tie(known, person.name)
            self._audit.note(viewer_of(person), Deed.REGISTERED, person.name, f"by {self.name}")
            return viewer_of(person)
        if self._is_barred(person.name):
            raise NotAllowed("You have no role on this node.", hint="Ask whoever runs it.")
        self._note_coming(known)
        return self._renewed(viewer_of(person), given)

    def bar(self, person: str, *, out: bool) -> None:
        """From now on their groups give them nothing here; or, not `out`, again what they give."""
        row = FactorRow(id=f"{BARRED}|{person}", person=person, kind=BARRED, created_at=now())

        def work(session: Session) -> None:
            if out:
                factors.save_factor(session, row)
            else:
                factors.delete_factors(session, person, BARRED)

        self._database.writer.write(work)

    def _is_barred(self, person: str) -> bool:
        with self._database.read() as session:
            return bool(factors.list_factors(session, person, BARRED))

    def let_lapse(self) -> int:
        """Take what groups gave from whoever has not come this way for `sign_on.renewal_days`; how many people.

        Passkeys, keys and sessions outlive an account at the provider: who left the organisation would stay in.
        """
        days, last_came = self._settings.sign_on_renewal_days, dict[str, int]()
        if not (self.name and days and self._roles):
            return 0
        self._count_from_now()
        with self._database.read() as session:
            for row in factors.list_of_kind(session, KIND):
                last_came[row.person] = max(last_came.get(row.person, 0), row.used_at)
            late = [name for name, at in last_came.items() if at < now() - days * DAY]
            tied = [viewer_of(row) for row in people.list_named(session, late)]
        why = f"not come by {self.name} for {days} days"
        return sum(self._follow_groups(person, set(), why).roles != person.roles for person in tied)

    def tie(self, known: Known, person: Viewer) -> None:
        """From now on this sign-on leads to `person`'s account. Raises Conflict when it leads to another."""
        with self._database.read() as session:
            tied = factors.find_factor(session, known.id, KIND)
        if tied is not None and tied.person != person.name:
            raise Conflict("That sign-on leads to another account here already.")
        self._tie(known, person.name)
        self._audit.note(person, Deed.SIGN_ON_TIED, person.name)

    def require_writer(self, person: Viewer) -> None:
        """Raise NotAllowed where groups say who writes here, and not of this person, who came this way."""
        decided = set().union(*self._roles.values()) & {Role.PRACTITIONER, Role.AUTHOR}
        if decided and not may(person, Action.PUBLISH) and self.is_tied(person.name):
            raise NotAllowed(f"Groups of {self.name} say who writes here.", hint="Ask whoever runs this node.")

    def is_tied(self, person: str) -> bool:
        """Does the sign-on lead to this account?"""
        with self._database.read() as session:
            return bool(factors.list_factors(session, person, KIND))

    def _given(self, groups: frozenset[str]) -> set[Role]:
        """The roles of these groups; without any mapping everybody is a worker."""
        if not self._roles:
            return {Role.WORKER}
        return set().union(*(roles for group, roles in self._roles.items() if group in groups))

    def _renewed(self, person: Viewer, given: set[Role]) -> Viewer:
        renewed = self._follow_groups(person, given, f"by {self.name}")
        if not renewed.roles:
            raise NotAllowed("None of your groups has a place on this node any more.", hint="Ask whoever runs it.")
        return renewed

    def _follow_groups(self, person: Viewer, given: set[Role], why: str) -> Viewer:
        """The person with the roles that their groups give; roles that no group gives stay as they are."""
        decided = set().union(*self._roles.values())
        roles = (set(person.roles) - decided) | given if self._roles else set(person.roles)
        if roles == person.roles:
            return person
        row = self._registry.set_roles(person.name, roles)
        self._audit.note(SYSTEM, Deed.ROLES_CHANGED, person.name, f"{' '.join(row.roles) or 'none'}, {why}")
        return viewer_of(row)

    def _note_coming(self, known: Known) -> None:
        def work(session: Session) -> None:
            row = factors.find_factor(session, known.id, KIND)
            if row is not None:
                row.used_at = now()

        self._database.writer.write(work)

    def _count_from_now(self) -> None:
        """Of whoever was tied before it was noted when they come, nobody knows: they are taken to have come now."""

        def work(session: Session) -> None:
            for row in factors.list_of_kind(session, KIND):
                row.used_at = row.used_at or now()

        self._database.writer.write(work)

    def _free_name(self, wanted: str) -> str:
        """A sign-in name near the one that they have elsewhere and that nobody has here."""
        base = re.sub(r"[^a-z0-9]+", "-", wanted.partition("@")[0].lower()).strip("-0123456789")[:28].strip("-")
        base = base or "person"
        tries = (base, *(f"{base}-{n}" for n in range(2, 1000)))
        return next(name for name in tries if self._registry.find(name) is None)

    def _tie(self, known: Known, person: str) -> None:
        at = now()
        row = FactorRow(id=known.id, person=person, kind=KIND, label=known.name[:100], created_at=at, used_at=at)

        def work(session: Session) -> None:
            factors.save_factor(session, row)

        self._database.writer.write(work)
