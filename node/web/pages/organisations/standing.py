"""How organisations stand from here, or from another's place: trust, through whom, and what each contributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from node.services.assembly import Services
from node.store.content import catalogue, contributions
from node.store.content.catalogue import Audiences
from node.store.repositories import records
from node.store.sessions import Session
from node.web.contexts.cards import Link
from node.web.contexts.organisations.trust import OrganisationLine
from node.web.contexts.organisations.trust_graph import TrustGraph
from node.web.pages.links import href_of_organisation, query_of
from node.web.pages.names import Names
from node.web.pages.organisations.trust_drawing import Drawing
from schemas.authority import VOUCH
from schemas.vouch_key import vouch_key

if TYPE_CHECKING:
    from curation.ranking import TrustIn


class Standing:
    """Everybody who has a voice somewhere, counted once for the page. `through`: whose eyes, '' for this node's."""

    def __init__(self, services: Services, session: Session, audiences: Audiences, through: str = "") -> None:
        self._services = services
        self._session = session
        self.own = services.identity.did
        self.viewer = through or self.own
        self.trust: Mapping[str, TrustIn] = services.rankings.trust(through)
        self.known = {row.did for row in contributions.list_organisations(session)}
        self.organisations = sorted({*self.known, *self.trust} - {self.viewer})
        self.members = services.rankings.members([self.viewer, *self.organisations])
        self._modules = catalogue.count_by_author(session, audiences, "module")
        self._verdicts = contributions.count_endorsements(session, audiences)
        self.names = Names(session, [self.viewer, *self.organisations])

    def line(self, did: str) -> OrganisationLine:
        """One organisation, or a person who stands alone."""
        people = self.members.get(did) or ([] if did in self.known else [did])
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
            anchor=self.anchor(did),
            view=f"{href_of_organisation(did)}/view" if did in self.trust and did != self.own else None,
        )

    def with_questions(self, line: OrganisationLine, did: str) -> OrganisationLine:
        """The line with what may be asked about it."""
        vouched = records.find_record(self._session, self.own, VOUCH, str(vouch_key(did))) is not None
        asked = [("unvouching", "What if we took our vouch back?")] if vouched else []
        asked += [] if vouched else [("vouching", "What if we vouched for it?")]
        asked += [("without", "What if we did not hear it?")] if did in self.trust else []
        links = tuple(Link(text=text, href=f"/trust?{query_of(**{kind: did})}#what-if") for kind, text in asked)
        return replace(line, suppose=links)

    def graph(self) -> TrustGraph | None:
        """Everybody around the viewer."""
        unheard = [did for did in self.organisations if did not in self.trust]
        spoken = self._services.rankings.spoken_for("" if self.viewer == self.own else self.viewer)
        return Drawing(self.viewer, self.trust, spoken, unheard, self.names.name, self.anchor).draw()

    def anchor(self, did: str) -> str:
        """The id of an organisation's row."""
        return "who-viewer" if did == self.viewer else f"who-{self.organisations.index(did) + 1}"

    def _path(self, did: str) -> list[str]:
        """From the viewer to that one; empty when not trusted."""
        path: list[str] = []
        step: str | None = did
        while step is not None and step in self.trust and step not in path:
            path.insert(0, step)
            step = self.trust[step].parent
        return path

    def _words(self, did: str, path: list[str]) -> str:
        if did == self.viewer:
            return "This node's own organisation." if did == self.own else "The organisation that looks."
        if not path:
            return self._why_not(did)
        if len(path) == 2:
            return "Trusted directly: this organisation or its practitioners vouch for it, or found its work good."
        return f"Trusted through {' and then '.join(self.names.name(step) for step in path[1:-1])}."

    def _why_not(self, did: str) -> str:
        """Who speaks for it all the same, and what is missing."""
        spoken = self._services.rankings.spoken_for("" if self.viewer == self.own else self.viewer)
        speakers = [said.by for said in spoken if said.organisation == did]
        if not speakers:
            return "Nobody who is trusted here vouches for it, so its verdicts are shown but not counted."
        names = ", ".join(self.names.name(by) for by in speakers[:3])
        if len(speakers) == 1:
            return f"{names} speaks for it; it is heard once a second trusted organisation does, or this node vouches."
        return f"{names} speak for it, but too few of their people do for it to be heard."
