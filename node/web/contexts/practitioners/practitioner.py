"""Becoming a practitioner: an identity of one's own."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from node.web.contexts.cards import Choice, FieldProblem, Link
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialOffer:
    """A node's statement about this person, which counts once they accept it."""

    organisation: Annotated[Link, "Who says so"]
    occupation: Annotated[str, "As what"]
    since: Annotated[date, "From when"]
    accept: Annotated[str, "Address that takes a POST and accepts it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BecomePractitionerPage(Page):
    """Sends `name`, `handle`, `occupation`, `recoveryKey` (did:key): the secret part never leaves the browser."""

    template: ClassVar[str] = "practitioner.html"
    action: Annotated[str, "Address that takes the POST"]
    did: Annotated[str | None, "The identity, once there is one"]
    name: Annotated[str, "Name to publish under"]
    handle: Annotated[str, "First part of the handle"]
    handle_suffix: Annotated[str, "Rest of the handle, with its dot"]
    occupations: Annotated[tuple[Choice, ...], "What the person may say they practise"]
    offers: Annotated[tuple[CredentialOffer, ...], "Credentials that wait to be accepted"]
    problems: Annotated[tuple[FieldProblem, ...], "What was not accepted"]
