"""The operator's page: peers, refusals, jobs; and the audit log."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal

from node.web.contexts.organisations.trust import PeerLine
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number about the node."""

    name: Annotated[str, "What is counted"]
    value: Annotated[str, "The number, ready to read"]
    note: Annotated[str, "What it means, '' where it is plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One thing that the doctor looked at."""

    name: Annotated[str, "What"]
    detail: Annotated[str, "What was seen"]
    mend: Annotated[tuple[tuple[bool, str], ...], "What mends it, in pieces: (is it a command to type?, text); else ()"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerRow:
    """A peer, as its follower sees it."""

    peer: Annotated[PeerLine, "Who, and how it goes"]
    cursor: Annotated[int | None, "Sequence number reached"]
    last_event: Annotated[datetime | None, "Newest event taken in"]
    deletion_lag: Annotated[timedelta | None, "How long it took to honour our last deletion"]
    retry_at: Annotated[datetime | None, "When it will be tried again, None while connected"]
    unfollow: Annotated[str, "Address that takes a POST and ends following"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedPeer:
    """A host that those followed here follow and this node does not."""

    name: Annotated[str, "Its organisation, or its address"]
    url: Annotated[str, "Its address"]
    known_by: Annotated[tuple[str, ...], "Organisations that follow it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedEvent:
    """Something a peer sent that did not verify."""

    at: Annotated[datetime, "When"]
    host: Annotated[str, "From where"]
    repository: Annotated[str, "Whose, '' when unreadable"]
    reason: Annotated[str, "Stable name of the reason"]
    detail: Annotated[str, "What exactly was wrong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """A job of the runner."""

    name: Annotated[str, "Its name in logs and metrics"]
    does: Annotated[str, "What it does"]
    state: Annotated[Literal["waiting", "running", "failed"], "How it goes"]
    attempts: Annotated[int, "Tries so far"]
    run_at: Annotated[datetime | None, "Next or last run"]
    problem: Annotated[str, "Why the last try failed, '' when it did not"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminPage(Page):
    """The same truth that the metrics show, for a person."""

    template: ClassVar[str] = "admin.html"
    looked: Annotated[datetime | None, "When the doctor last looked, None when it has not yet"]
    wrong: Annotated[tuple[FindingRow, ...], "What it found wrong"]
    well: Annotated[tuple[FindingRow, ...], "What it found well"]
    look: Annotated[str, "Address that takes a POST and lets it look again"]
    figures: Annotated[tuple[Figure, ...], "At a glance"]
    measured: Annotated[tuple[Figure, ...], "All that the metrics show; the note tells values of one kind apart"]
    peers: Annotated[tuple[PeerRow, ...], "Hosts followed"]
    follow: Annotated[str, "Address for a POST of `url` that starts following, `trust` to vouch as well"]
    suggested: Annotated[tuple[SuggestedPeer, ...], "Two hops away, best known first"]
    rejected: Annotated[tuple[RejectedEvent, ...], "Newest first"]
    jobs: Annotated[tuple[JobRow, ...], "Failed first, then by time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line of the audit log."""

    number: Annotated[int, "Counts from 1"]
    at: Annotated[datetime, "When"]
    actor: Annotated[str, "Who did it"]
    action: Annotated[str, "What"]
    subject: Annotated[str, "To whom or what, '' where it says so itself"]
    detail: Annotated[str, "More, '' without"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage(Page):
    """What operators did and what happened to accounts; nothing of what anybody learns."""

    template: ClassVar[str] = "audit.html"
    entries: Annotated[tuple[AuditEntry, ...], "Newest first"]
    count: Annotated[int, "Entries in all"]
    whole: Annotated[bool, "Every entry is as it was written, and none is missing at the end"]
    broken: Annotated[int, "Number of the first that is not; 0 when the newest are gone"]
    head: Annotated[str, "Newest hash; whoever keeps it elsewhere can tell whether the end was cut off"]
    older: Annotated[str | None, "Address of older entries"]
