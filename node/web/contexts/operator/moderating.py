"""Moderation: reporting something, the operator's queue and rules, the public log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from node.web.contexts.cards import Choice, Link
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierReport:
    """What the reader reported before about the same."""

    at: Annotated[datetime, "When"]
    answered_at: Annotated[datetime | None, "When it was answered, None while it waits"]
    answer: Annotated[str, "What it was answered, '' while it waits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage(Page):
    """Sends `about`, `kind`, `reason`."""

    template: ClassVar[str] = "report.html"
    action: Annotated[str, "Address that takes the POST"]
    about: Annotated[str, "What is reported: an at-uri or DID; travels with the form"]
    subject: Annotated[Link, "Its page"]
    kinds: Annotated[tuple[Choice, ...], "What can be wrong"]
    earlier: Annotated[EarlierReport | None, "What they reported about it before"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One report about a subject."""

    kind: Annotated[str, "What is wrong, in words"]
    reason: Annotated[str, "In the reporter's words, '' without"]
    by: Annotated[Link, "Who reported it; for operators alone"]
    at: Annotated[datetime, "When"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedLine:
    """Something about which reports wait; what is decided answers all of them."""

    subject: Annotated[Link, "What it is"]
    about: Annotated[str, "The same as an at-uri or DID"]
    says: Annotated[str, "What a module, task or path says of itself, '' without"]
    standing: Annotated[tuple[str, ...], "Labels of this node that stand on it already"]
    reports: Annotated[tuple[ReportLine, ...], "Oldest first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredLine:
    """A report that was answered."""

    subject: Annotated[Link, "What it was about"]
    answer: Annotated[str, "What it was answered"]
    at: Annotated[datetime, "When"]


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
class TypedDecision:
    """What was sent and lacked something: no field is typed twice."""

    about: Annotated[tuple[str, ...], "Hosts, DIDs, at-uris"] = ()
    reason: Annotated[str, "Why"] = ""
    until: Annotated[str, "Day on which it ends"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationPage(Page):
    """The operator's: the queue, rules, labels, labelers."""

    template: ClassVar[str] = "moderation.html"
    waiting: Annotated[int, "Reports that wait in all; more than are shown, when there are many"]
    reported: Annotated[tuple[ReportedLine, ...], "Oldest first"]
    answered: Annotated[tuple[AnsweredLine, ...], "The newest answers"]
    answer: Annotated[str, "Address for a POST of `subject` (may repeat), `reason`: answers what waits about them"]
    reason: Annotated[str, "Why, as typed, where what was sent lacked something; '' otherwise"]
    ticked: Annotated[tuple[str, ...], "What of the queue was ticked then"]
    typed_rule: Annotated[TypedDecision, "The same of a rule about something else"]
    typed_label: Annotated[TypedDecision, "The same of a label about something else"]
    labels_offered: Annotated[tuple[Choice, ...], "Values that the forms offer"]
    rules: Annotated[tuple[RuleLine, ...], "By subject"]
    decide: Annotated[str, "Address for a POST of `effect`, `subject` (may repeat), `reason`, `until`; deny asks first"]
    handed_on: Annotated[str, "Address of the rules as a list for other nodes"]
    compare: Annotated[str, "Address for a POST of `list`, a file or its text: shows what it would change"]
    labels: Annotated[tuple[LabelLine, ...], "In force"]
    label: Annotated[str, "Address for a POST of `subject` (may repeat), `value`, `reason`"]
    labelers: Annotated[tuple[LabelerLine, ...], "By time"]
    subscribe: Annotated[str, "Address for a POST of `did`, `effect` (hide or warn)"]
    log: Annotated[str, "Address of the public log"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenLine:
    """Something that is about to be taken down."""

    subject: Annotated[Link, "What it is"]
    about: Annotated[str, "The same as an at-uri, DID or host"]
    becomes: Annotated[str, "What happens to it, and whether it can come back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeDownPage(Page):
    """Asks once more. Sends `effect`, `subject` (may repeat), `reason`, `until`, `erase`, `sure`."""

    template: ClassVar[str] = "take_down.html"
    action: Annotated[str, "Address that takes the POST"]
    back: Annotated[str, "Address of the page of moderation"]
    taken: Annotated[tuple[TakenLine, ...], "What is taken down"]
    reason: Annotated[str, "Why, as typed"]
    until: Annotated[str, "Day on which it ends, '' without"]
    erasable: Annotated[bool, "An account of this node is among it, which `erase` deletes for good"]
    label: Annotated[str | None, "Address for a POST of the same with `value`, None for what cannot be labelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """What a list of rules would do to one subject."""

    subject: Annotated[str, "A host, DID or at-uri"]
    now: Annotated[str, "The rule that stands here, in words, '' without"]
    then: Annotated[str, "The rule that the list has, in words, '' without"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleListPage(Page):
    """What taking over a list would change. Sends `list`, `apply`, `exactly`."""

    template: ClassVar[str] = "rule_list.html"
    action: Annotated[str, "Address that takes the POST"]
    back: Annotated[str, "Address of the page of moderation"]
    changes: Annotated[tuple[RuleChange, ...], "New and changed rules"]
    missing: Annotated[tuple[RuleChange, ...], "Rules that stand here alone; they stay unless `exactly` is sent"]
    refused: Annotated[tuple[RuleChange, ...], "Rules of the list that cannot be made here; `then` says why"]
    same: Annotated[int, "Rules that are the same on both sides"]
    text: Annotated[str, "The list, to be sent back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One decision."""

    at: Annotated[datetime, "When"]
    action: Annotated[str, "What was done, in words"]
    subject: Annotated[Link, "What it is about, by name while it is here"]
    about: Annotated[str, "The same as a host, DID or at-uri"]
    reason: Annotated[str, "Why, '' without"]
    until: Annotated[datetime | None, "Until when, None without an end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationLogPage(Page):
    """What this node decided, for everybody; never who reported it."""

    template: ClassVar[str] = "moderation_log.html"
    lines: Annotated[tuple[LogLine, ...], "Newest first"]
    older: Annotated[str | None, "Address of what came before, None at the end"]
