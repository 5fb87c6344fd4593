"""Pages of moderation."""

from dataclasses import replace

from node.services.moderating.reports import REASONS
from node.web.contexts.cards import Choice, Link
from node.web.contexts.operator.moderating import (
    AnsweredLine,
    EarlierReport,
    LabelerLine,
    LabelLine,
    LogLine,
    ModerationLogPage,
    ModerationPage,
    ReportedLine,
    ReportLine,
    ReportPage,
    RuleChange,
    RuleLine,
    RuleListPage,
    TakeDownPage,
    TakenLine,
    TypedDecision,
)
from node.web.contexts.site import Notice, Page
from theme_samples import parts
from theme_samples.parts import NOW, site

MODULE = Link(text="Set a splint before moving", href="/modules/did:plc:ana/splint")
REPORT = ReportPage(
    site=site("/report", parts.OPERATOR),
    action="/report",
    about="at://did:plc:ana/org.skillnet.module/splint",
    subject=MODULE,
    kinds=tuple(Choice(value=value, label=label) for value, label in REASONS.items()),
    earlier=EarlierReport(at=NOW, answered_at=NOW, answer="It was mended the same day."),
)
GONE = "at://did:plc:mh5jxvqymiq36zcgqilh3mbq/org.skillnet.module/square-a-block-before-you-mill-it"
MODERATION = ModerationPage(
    site=site("/admin/moderation", parts.OPERATOR),
    notices=(Notice(kind="done", text=f"{GONE} is taken down."),),
    waiting=3,
    reported=(
        ReportedLine(
            subject=MODULE,
            about=REPORT.about,
            says="Align, pad, splint the joint above and below.",
            standing=("unsafe",),
            reports=(
                ReportLine(
                    kind="It is dangerous or not allowed",
                    reason="Step 3 leaves the pulse unchecked.",
                    by=Link(text="ines", href=None),
                    at=NOW,
                ),
                ReportLine(kind="Something else", reason="", by=Link(text="Ana", href="/people/did:plc:ana"), at=NOW),
            ),
        ),
        ReportedLine(
            subject=Link(text=GONE, href=None),  # nothing else is known of it any more
            about=GONE,
            says="",
            standing=(),
            reports=(ReportLine(kind="It is advertising or spam", reason="", by=Link(text="jo", href=None), at=NOW),),
        ),
    ),
    answered=(AnsweredLine(subject=MODULE, answer="It was mended the same day.", at=NOW),),
    answer="/admin/moderation/reports",
    reason="",
    ticked=(GONE,),
    typed_rule=TypedDecision(about=("quick-skills.example",), reason="Sells places.", until="2026-13-01"),
    typed_label=TypedDecision(),
    labels_offered=(Choice(value="unsafe", label="Unsafe to work by"), Choice(value="spam", label="Advertising")),
    rules=(
        RuleLine(subject="quick-skills.example", effect="deny", reason="Sells places.", until=NOW, lift="/lift/1"),
        RuleLine(subject="did:plc:7iza6de2dwap2sbkpav7c6c6", effect="deny", reason="Spam.", until=None, lift="/lift/2"),
        RuleLine(subject="harbour.example", effect="allow", reason="", until=None, lift="/lift/3"),
    ),
    decide="/admin/moderation/rules",
    handed_on="/admin/moderation/list",
    compare="/admin/moderation/list",
    labels=(LabelLine(subject=MODULE, value="unsafe", withdraw="/withdraw/1"),),
    label="/admin/moderation/labels",
    labelers=(
        LabelerLine(did="did:web:clinic.example", hides=True, labels=12, read_at=NOW, problem="", drop="/drop/1"),
        LabelerLine(did="did:plc:x", hides=False, labels=0, read_at=None, problem="It is silent.", drop="/drop/2"),
    ),
    subscribe="/admin/moderation/labelers",
    log="/moderation",
)
TAKE_DOWN = TakeDownPage(
    site=site("/admin/moderation/rules", parts.OPERATOR),
    action="/admin/moderation/rules",
    back="/admin/moderation",
    taken=(
        TakenLine(subject=MODULE, about=REPORT.about, becomes="It is deleted, with all its versions."),
        TakenLine(subject=Link(text="Ana", href="/people/did:plc:ana"), about="did:plc:ana", becomes="It is kept."),
    ),
    reason="It leaves the pulse unchecked.",
    until="2027-01-31",
    erasable=True,
    label="/admin/moderation/labels",
)
LIST = RuleListPage(
    site=site("/admin/moderation/list", parts.OPERATOR),
    action="/admin/moderation/list",
    back="/admin/moderation",
    changes=(
        RuleChange(subject="quick-skills.example", now="", then="denied until 2027-01-31: Sells places."),
        RuleChange(subject="did:plc:7iza6de2dwap2sbkpav7c6c6", now="denied: Spam.", then="denied: Adverts."),
    ),
    missing=(RuleChange(subject="harbour.example", now="allowed", then=""),),
    refused=(RuleChange(subject="old.example", now="", then="That rule has run out already."),),
    same=4,
    text="effect\tsubject\tuntil\treason\n",
)
LOG = ModerationLogPage(
    site=site("/moderation", None),
    lines=(
        LogLine(
            at=NOW,
            action="labelled",
            subject=MODULE,
            about=REPORT.about,
            reason="It leaves the pulse unchecked.",
            until=None,
        ),
        LogLine(
            at=NOW,
            action="denied",
            subject=Link(text="quick-skills.example", href=None),
            about="quick-skills.example",
            reason="Sells places.",
            until=NOW,
        ),
    ),
    older="/moderation?before=2",
)


def pages() -> dict[str, Page]:
    return {
        "report": REPORT,
        "report-waits": replace(REPORT, earlier=EarlierReport(at=NOW, answered_at=None, answer="")),
        "report-first": replace(
            REPORT, earlier=None, notices=(Notice(kind="attention", text="Taken down.", objection="/report?about=x"),)
        ),
        "moderation": MODERATION,
        "moderation-quiet": replace(MODERATION, waiting=0, reported=(), answered=(), rules=(), labels=(), labelers=()),
        "take-down": TAKE_DOWN,
        "take-down-host": replace(TAKE_DOWN, taken=TAKE_DOWN.taken[:1], until="", erasable=False, label=None),
        "rule-list": LIST,
        "rule-list-same": replace(LIST, changes=(), missing=()),
        "moderation-log": LOG,
        "moderation-log-empty": replace(LOG, lines=(), older=None),
    }
