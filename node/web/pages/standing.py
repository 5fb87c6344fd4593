"""How organisations stand from here: trust, through whom, and what each contributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from node.services.assembly import Services
from node.services.ranking.statements import accepted_credentials
from node.store import catalogue, contributions
from node.store.catalogue import Audiences
from node.store.clock import now
from node.store.sessions import Session
from node.web.contexts.trust import OrganisationLine
from node.web.pages.names import Names

if TYPE_CHECKING:
    from curation.ranking import TrustIn


class Standing:
    """Everybody who has a voice somewhere, counted once for the page."""

    def __init__(self, services: Services, session: Session, audiences: Audiences) -> None:
        self.own = services.identity.did
        self.trust: Mapping[str, TrustIn] = services.rankings.trust()
        self.members = _members(session)
        self._modules = catalogue.count_by_author(session, audiences, "module")
        self._verdicts = contributions.count_endorsements(session, audiences)
        known = {row.did for row in contributions.list_organisations(session)}
        self.organisations = sorted({*known, *self.trust} - {self.own})
        self.names = Names(session, [self.own, *self.organisations])

    def line(self, did: str) -> OrganisationLine:
        """One organisation, or a person who stands alone."""
        people = self.members.get(did, [] if did.startswith("did:web:") else [did])
        voices = {did, *people}
        trust = self.trust.get(did)
        path = self._path(did)
        return OrganisationLine(
            organisation=self.names.organisation(did),
            trust=trust.trust if trust else 0.0,
            words=self._words(did, path),
            path=tuple(self.names.organisation(step) for step in path) if len(path) > 1 else (),
            practitioners=len(people),
            modules=sum(self._modules.get(voice, 0) for voice in voices),
            endorsements=sum(self._verdicts.get(voice, 0) for voice in voices),
        )

    def _path(self, did: str) -> list[str]:
        """From this organisation to that one; empty when not trusted."""
        path: list[str] = []
        step: str | None = did
        while step is not None and step in self.trust and step not in path:
            path.insert(0, step)
            step = self.trust[step].parent
        return path

    def _words(self, did: str, path: list[str]) -> str:
        if did == self.own:
            return "This node's own organisation."
        if not path:
            return "Nobody whom this node trusts vouches for it, so its verdicts are shown but not counted."
        if len(path) == 2:
            return "Trusted directly: this organisation or its practitioners vouch for it, or found its work good."
        return f"Trusted through {' and then '.join(self.names.name(step) for step in path[1:-1])}."


def _members(session: Session) -> dict[str, list[str]]:
    """Organisation → practitioners whose first accepted credential is from it."""
    at = now()
    credentials = {row.uri: row for row in contributions.list_credentials(session)}
    members: dict[str, list[str]] = {}
    for profile in contributions.list_profiles(session):
        held = accepted_credentials(profile, credentials, at)
        if held:
            members.setdefault(held[0].did, []).append(profile.did)
    return members
