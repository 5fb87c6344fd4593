"""Verdicts: those given, and the form to give one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from node.web.contexts.cards import Choice, Link, PersonLink

Verdict = Literal["works", "works-with-changes", "fails"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndorsementLine:
    """A practitioner's verdict in a list."""

    by: Annotated[PersonLink, "Who signed it"]
    verdict: Annotated[Verdict, "What was found"]
    task: Annotated[Link | None, "The work it was used on"]
    note: Annotated[str, "In the practitioner's words, '' without"]
    at: Annotated[datetime, "When, as this node first saw or the record claims, whichever is earlier"]
    version: Annotated[str, "Which version it was about: 'this version', 'two versions ago'"]
    outdated: Annotated[bool, "Reported as outdated"]
    unsafe: Annotated[bool, "Reported as unsafe"]
    not_counted: Annotated[str, "Why it does not count for the order here, '' when it does"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndorseForm:
    """Sends `version`, `task`, `verdict`, `note`, `outdated`, `unsafe`, `audience`."""

    action: Annotated[str, "Address that takes the POST"]
    version: Annotated[str, "at-uri of the version that was read; travels with the form"]
    tasks: Annotated[tuple[Choice, ...], "Tasks it may have been used on; one is required"]
    audiences: Annotated[tuple[Choice, ...], "Who is told; empty where it stays inside in any case, or never does"]
    verdict: Annotated[Verdict | None, "What this practitioner said before"]
    note: Annotated[str, "What this practitioner wrote before"]
    withdraw: Annotated[str | None, "Address that takes a POST and withdraws it, None while there is none"]
    suggest: Annotated[str | None, "Where changes are suggested to the author, once it works only with some"] = None
    drafted: Annotated[bool, "Filled in by somebody else, such as an assistant: nothing is signed yet"] = False
    renew: Annotated[str | None, "Address of a POST that says the same again of what is current"] = None
