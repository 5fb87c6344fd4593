"""Organisations: whom this node trusts, through whom, and what each contributes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from node.web.contexts.cards import Link, ModuleCard, PersonLink
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerLine:
    """A host this node follows."""

    name: Annotated[str, "Organisation or host name"]
    url: Annotated[str, "Its address"]
    state: Annotated[Literal["live", "catching-up", "unreachable", "quarantined"], "How following goes"]
    words: Annotated[str, "The same in words"]
    lag: Annotated[timedelta | None, "How far behind, None when unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustPage(Page):
    """Everybody this node knows of, by trust."""

    template: ClassVar[str] = "trust.html"
    trusted: Annotated[tuple[OrganisationLine, ...], "Most trusted first, this organisation excepted"]
    untrusted: Annotated[tuple[OrganisationLine, ...], "Catalogued, but without a voice in the order here"]
    peers: Annotated[tuple[PeerLine, ...], "Hosts followed"]


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
