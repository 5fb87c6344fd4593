"""Who the people and organisations on a page are: all that it mentions, read in a handful of queries."""

from __future__ import annotations

from collections.abc import Iterable

from node.services.ranking.statements import accepted_credentials
from node.store.clock import now
from node.store.content import contributions
from node.store.repositories import accounts
from node.store.sessions import Session
from node.store.tables.catalogue import CredentialRow, OrganisationRow, ProfileRow
from node.web.contexts.cards import Link, PersonLink
from node.web.pages.links import href_of_organisation, href_of_person


def _organisations(session: Session) -> dict[str, OrganisationRow]:
    """A session sees one state: what one page asks for several times is read once."""
    known: dict[str, OrganisationRow] | None = session.info.get("organisations")
    if known is None:
        known = {row.did: row for row in contributions.list_organisations(session)}
        session.info["organisations"] = known
    return known


class Names:
    """Names of `dids` and of the organisations they speak for."""

    def __init__(self, session: Session, dids: Iterable[str]) -> None:
        wanted = sorted(set(dids))
        self._profiles = contributions.find_profiles(session, wanted)
        self._identities = accounts.list_identities(session, wanted)
        self._organisations = _organisations(session)
        named = {uri for profile in self._profiles.values() for uri in profile.credentials}
        self._credentials = contributions.find_credentials(session, named)
        self._at = now()

    def find_profile(self, did: str) -> ProfileRow | None:
        """What the person says of themself."""
        return self._profiles.get(did)

    def find_organisation(self, did: str) -> OrganisationRow | None:
        """What the organisation says of itself."""
        return self._organisations.get(did)

    def credentials(self, did: str) -> list[CredentialRow]:
        """Credentials that the person accepted and that hold; the first says whose voice this is."""
        return accepted_credentials(self._profiles.get(did), self._credentials, self._at)

    def organisation_of(self, did: str) -> str:
        """Whose voice this is: an organisation's DID, the person's own when they stand alone."""
        held = self.credentials(did)
        return held[0].did if held else did

    def handle(self, did: str) -> str:
        """The handle, '' without."""
        identity = self._identities.get(did)
        return identity.handle if identity else ""

    def name(self, did: str) -> str:
        """What to call a person or an organisation."""
        if did in self._organisations:
            return self._organisations[did].name
        profile = self._profiles.get(did)
        return (profile.name if profile else "") or self.handle(did) or did

    def person(self, did: str) -> PersonLink:
        """The person with their organisation; an organisation that speaks for itself stands alone."""
        if did in self._organisations:
            return PersonLink(name=self.name(did), href=href_of_organisation(did), organisation=None)
        organisation = self.organisation_of(did)
        known = self.name(organisation) if organisation != did else None
        return PersonLink(name=self.name(did), href=href_of_person(did), organisation=known)

    def organisation(self, did: str) -> Link:
        """The organisation, or the person who is one."""
        href = href_of_organisation(did) if did in self._organisations else href_of_person(did)
        return Link(text=self.name(did), href=href)
