"""What people and nodes have stated publicly, as the ranking takes it: already verified, resolved and dated."""

from dataclasses import dataclass, field
from typing import Final, Literal

Verdict = Literal["works", "works-with-changes", "fails"]

HALVES: Final[dict[str, int]] = {"fails": 0, "works-with-changes": 1, "works": 2}
"""Outcome of a verdict in halves: an integer, so that sums are exact."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """A node's owner, named by the node's DID."""

    id: str


@dataclass(frozen=True, slots=True)
class Practitioner:
    """An account. `organisation` is the node whose credential it accepts; with None it is an organisation of one."""

    id: str
    organisation: str | None = None
    occupations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A task that may be asked for, with the occupations it belongs to."""

    id: str
    occupations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is ranked: a module, task or path (its head's at-uri).

    `organisation` overrides the author's; `major` counts major versions as the reader computed them from the texts.
    """

    id: str
    author: str
    organisation: str | None = None
    occupations: tuple[str, ...] = ()
    tasks: tuple[str, ...] = field(default=())
    major: int = 1


@dataclass(frozen=True, slots=True)
class Endorsement:
    """A practitioner's verdict. `at`: the earlier of claimed time and first seen here, in seconds since 1970.

    `id` (the record's at-uri) is derived from practitioner, subject and task: a second one with it replaces the first.
    """

    by: str
    subject: str
    task: str | None
    verdict: Verdict
    at: float
    major: int
    id: str


@dataclass(frozen=True, slots=True)
class Vouch:
    """A statement that another's judgement can be relied on: between practitioners, or between nodes."""

    by: str
    for_: str


Statement = Organisation | Practitioner | Task | Subject | Endorsement | Vouch
