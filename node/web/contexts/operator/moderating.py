"""Moderation: reporting something, the operator's queue and rules, the public log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from node.web.contexts.cards import Choice, Link
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage(Page):
    """Sends `about`, `kind`, `reason`."""

    template: ClassVar[str] = "report.html"
    action: Annotated[str, "Address that takes the POST"]
    about: Annotated[str, "What is reported: an at-uri or DID; travels with the form"]
    subject: Annotated[Link, "Its page"]
    kinds: Annotated[tuple[Choice, ...], "What can be wrong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """A report that waits."""

    subject: Annotated[Link, "What it is about"]
    about: Annotated[str, "The same as an at-uri or DID"]
    kind: Annotated[str, "What is wrong, in words"]
    reason: Annotated[str, "In the reporter's words, '' without"]
    by: Annotated[str, "Who reported it; for operators alone"]
    at: Annotated[datetime, "When"]
    act: Annotated[str, "Address that takes a POST of `do` (answer, label, take-down), `value` of a label, `reason`"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A host, account or record about which something is decided."""

    subject: Annotated[str, "A host, DID or at-uri"]
    effect: Annotated[Literal["allow", "deny"], "What the rule does"]
    reason: Annotated[str, "Why, '' without"]
    until: Annotated[datetime | None, "When it ends by itself, None for never"]
    lift: Annotated[str, "Address that takes a POST and ends it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelLine:
    """A label that this node gave."""

    subject: Annotated[Link, "What it stands on"]
    value: Annotated[str, "Its value"]
    withdraw: Annotated[str, "Address that takes a POST and takes it back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelerLine:
    """A labeler whose labels count here."""

    did: Annotated[str, "Its identity"]
    hides: Annotated[bool, "Its labels may hide; else they warn at most"]
    labels: Annotated[int, "Labels kept"]
    read_at: Annotated[datetime | None, "Last read"]
    problem: Annotated[str, "Why it was not read, '' when it was"]
    drop: Annotated[str, "Address that takes a POST and ends it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationPage(Page):
    """The operator's: the queue, rules, labels, labelers."""

    template: ClassVar[str] = "moderation.html"
    reports: Annotated[tuple[ReportLine, ...], "Oldest first"]
    labels_offered: Annotated[tuple[Choice, ...], "Values that the forms offer"]
    rules: Annotated[tuple[RuleLine, ...], "By subject"]
    decide: Annotated[str, "Address for a POST of `effect`, `subject`, `reason`, `until`"]
    labels: Annotated[tuple[LabelLine, ...], "In force"]
    label: Annotated[str, "Address for a POST of `subject`, `value`, `reason`"]
    labelers: Annotated[tuple[LabelerLine, ...], "By time"]
    subscribe: Annotated[str, "Address for a POST of `did`, `effect` (hide or warn)"]
    log: Annotated[str, "Address of the public log"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One decision."""

    at: Annotated[datetime, "When"]
    action: Annotated[str, "What was done, in words"]
    subject: Annotated[str, "A host, DID or at-uri"]
    reason: Annotated[str, "Why, '' without"]
    until: Annotated[datetime | None, "Until when, None without an end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationLogPage(Page):
    """What this node decided, for everybody; never who reported it."""

    template: ClassVar[str] = "moderation_log.html"
    lines: Annotated[tuple[LogLine, ...], "Newest first"]
    older: Annotated[str | None, "Address of what came before, None at the end"]
