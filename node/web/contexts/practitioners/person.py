"""A practitioner, as published by that person."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar

from node.web.contexts.cards import Choice, Link, ModuleCard, PersonLink, TaskCard
from node.web.contexts.endorsements.endorsing import Verdict
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialFacts:
    """A node's statement that the person practises there, which the person accepted."""

    organisation: Annotated[Link, "Who says so"]
    occupation: Annotated[str, "As what"]
    since: Annotated[date, "From when"]
    until: Annotated[date | None, "To when, None while it holds"]
    ended: Annotated[bool, "Revoked, or its last day is past: it no longer counts"] = False
    revoke: Annotated[str | None, "Address where an operator of the node that stated it takes it back"] = None
    drop: Annotated[str | None, "Address where the person lets it go"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestForm:
    """For an operator: states that the person practises here. Sends `occupation`, `until`."""

    action: Annotated[str, "Address that takes the POST"]
    occupations: Annotated[tuple[Choice, ...], "As what"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenEndorsement:
    """A verdict this person signed."""

    subject: Annotated[Link, "The module or task"]
    verdict: Annotated[Verdict, "What was found"]
    task: Annotated[Link | None, "The work it was used on"]
    at: Annotated[datetime, "When"]
    note: Annotated[str, "In their words, '' without"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VouchForm:
    """Sends `note`; says that this person's judgement can be relied on."""

    action: Annotated[str, "Address that takes the POST"]
    given: Annotated[bool, "The viewer vouches already; the form then withdraws"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage(Page):
    """Who it is, where they practise, what they publish and find."""

    template: ClassVar[str] = "person.html"
    name: Annotated[str, "Display name"]
    handle: Annotated[str, "Verified handle, '' when there is none"]
    did: Annotated[str, "The identity"]
    description: Annotated[str, "In their words, '' without"]
    languages: Annotated[tuple[str, ...], "Names of languages"]
    credentials: Annotated[tuple[CredentialFacts, ...], "Accepted ones; the first says for whom the voice counts"]
    takes_questions_on: Annotated[tuple[Link, ...], "Skills and tasks, published by the person"]
    modules: Annotated[tuple[ModuleCard, ...], "Published, best first"]
    tasks: Annotated[tuple[TaskCard, ...], "Decomposed"]
    endorsements: Annotated[tuple[GivenEndorsement, ...], "Newest first"]
    vouched_by: Annotated[tuple[PersonLink, ...], "Who relies on their judgement"]
    vouch: Annotated[VouchForm | None, "For a practitioner other than this one"]
    attest: Annotated[AttestForm | None, "For an operator of this node, else None"] = None
    report: Annotated[str | None, "Address of the page that reports this account, None for who cannot"] = None
