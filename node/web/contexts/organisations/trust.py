"""Organisations: whom this node trusts, through whom, and what each contributes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from node.web.contexts.cards import Link, ModuleCard, PersonLink
from node.web.contexts.organisations.trust_graph import Supposition, TrustGraph
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationLine:
    """An organisation in the list of trust."""

    organisation: Annotated[Link, "Who"]
    trust: Annotated[float, "0..1 from here; 0 means not trusted"]
    words: Annotated[str, "The same in words, with the reason"]
    path: Annotated[tuple[Link, ...], "Through whose vouch, this organisation first; empty when not trusted"]
    practitioners: Annotated[int, "Known here by accepted credential"]
    modules: Annotated[int, "Authored there"]
    endorsements: Annotated[int, "Given by its practitioners"]
    anchor: Annotated[str, "id of its row, to which the drawing leads"] = ""
    suppose: Annotated[tuple[Link, ...], "Addresses that show what would be, for who is signed in"] = ()
    view: Annotated[str | None, "Address that shows the catalogue through its eyes, None when it is not trusted"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerLine:
    """A host this node follows."""

    name: Annotated[str, "Organisation or host name"]
    url: Annotated[str, "Its address"]
    state: Annotated[Literal["live", "catching-up", "unreachable", "quarantined"], "How following goes"]
    words: Annotated[str, "The same in words"]
    lag: Annotated[timedelta | None, "How far behind, None when unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstNode:
    """A node that a node without trust may begin with. Nobody is trusted unless an operator says so."""

    organisation: Annotated[Link, "Who"]
    words: Annotated[str, "How it is known here"]
    vouch: Annotated[str | None, "Address of the POST that vouches for it, for an operator of this node"]
    command: Annotated[str, "The same on the command line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustPage(Page):
    """Everybody this node knows of, by trust."""

    template: ClassVar[str] = "trust.html"
    trusted: Annotated[tuple[OrganisationLine, ...], "Most trusted first, this organisation excepted"]
    untrusted: Annotated[tuple[OrganisationLine, ...], "Catalogued, but without a voice in the order here"]
    peers: Annotated[tuple[PeerLine, ...], "Hosts followed"]
    graph: Annotated[TrustGraph | None, "The drawing, None while nobody is trusted"] = None
    supposition: Annotated[Supposition | None, "What would be, when somebody asked"] = None
    unranked: Annotated[str, "Why nothing is ranked, '' when there is a ranking"] = ""
    first_nodes: Annotated[tuple[FirstNode, ...], "Whom a node without trust may begin with"] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPlace:
    """A module as another organisation would place it."""

    module: Annotated[ModuleCard, "Which"]
    place: Annotated[int, "Place there, counted from 1"]
    here: Annotated[int | None, "Place in this node's own list, None when it is not in it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewpointPage(Page):
    """The catalogue of this node through the eyes of an organisation that it trusts."""

    template: ClassVar[str] = "viewpoint.html"
    organisation: Annotated[Link, "Whose eyes"]
    words: Annotated[str, "What is the same and what differs, in a sentence"]
    trusted: Annotated[tuple[OrganisationLine, ...], "Whom it trusts, most first"]
    graph: Annotated[TrustGraph | None, "The same as a drawing"]
    places: Annotated[tuple[SeenPlace, ...], "Best first, as they would see it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationPage(Page):
    """One organisation."""

    template: ClassVar[str] = "organisation.html"
    name: Annotated[str, "Its name"]
    did: Annotated[str, "Its node's identity"]
    url: Annotated[str, "Its node's address, '' when unknown"]
    description: Annotated[str, "In its words, '' without"]
    standing: Annotated[OrganisationLine, "How it stands from here"]
    people: Annotated[tuple[PersonLink, ...], "Practitioners by accepted credential"]
    modules: Annotated[tuple[ModuleCard, ...], "Authored there, best first"]
    vouch: Annotated[str | None, "Address where an operator vouches for it or takes that back"]
    vouched: Annotated[bool, "This node vouches for it directly"]
