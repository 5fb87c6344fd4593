"""Nodes that this one might follow: named by those it follows, two hops away, with who knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from federation.did.document import origin_of
from federation.errors import FederationError
from node.services.following.doorkeeper import Doorkeeper
from node.services.withholding import Withholding
from node.settings.declared import Settings
from node.store.content import contributions
from node.store.repositories import peers, records
from node.store.sessions import Session

MOST_NAMED = 200  # peers taken of what one node says
SHOWN = 50


@dataclass(slots=True)
class Suggestion:
    """A host, what it says its organisation is (empty when nobody here read that), and the organisations that know it.

    `trusted` counts those among them for which this node vouches.
    """

    url: str
    did: str
    organisation: str = ""
    known_by: list[str] = field(default_factory=list)
    trusted: int = 0


def suggest_peers(session: Session, settings: Settings, withholding: Withholding) -> list[Suggestion]:
    """Hosts not followed yet, those known by most trusted peers first. Nobody is asked: their records say it."""
    followed = {row.url: row for row in peers.list_peers(session)}
    by_did = {row.did: row for row in followed.values() if row.did}
    doorkeeper = Doorkeeper.of(settings, withholding)
    found: dict[str, Suggestion] = {}
    for organisation in contributions.list_organisations(session):
        peer = by_did.get(organisation.did)
        named = [(entry.get("url", ""), entry.get("did", "")) for entry in organisation.peers[:MOST_NAMED]]
        source, trusted = organisation.name, bool(peer and peer.trusted)
        if peer is None:  # read through a relay or another host: it is itself one to follow
            head = records.find_head(session, organisation.did)
            named = [(organisation.url, organisation.did)]
            source = _name_of(head.peer if head else "")
        for url, did in named:
            origin = _origin(url)
            if origin in ("", settings.public_url) or origin in followed or not doorkeeper.admits_host(origin):
                continue
            one = found.setdefault(origin, Suggestion(origin, did))
            if source and source not in one.known_by:
                one.known_by.append(source)
                one.trusted += trusted
    _name_all(session, found)
    return sorted(found.values(), key=lambda one: (-one.trusted, -len(one.known_by), one.url))[:SHOWN]


def _name_all(session: Session, found: dict[str, Suggestion]) -> None:
    for one in found.values():
        said = contributions.find_organisation(session, one.did)
        one.organisation = said.name if said is not None and _origin(said.url) == one.url else ""


def _origin(url: object) -> str:
    try:
        return origin_of(str(url))
    except FederationError:
        return ""


def _name_of(url: str) -> str:
    return urlsplit(url).netloc
