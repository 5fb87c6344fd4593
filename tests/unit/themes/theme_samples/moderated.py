"""Pages of moderation."""

from dataclasses import replace

from node.services.moderating.reports import REASONS
from node.web.contexts.cards import Choice, Link
from node.web.contexts.operator.moderating import (
    LabelerLine,
    LabelLine,
    LogLine,
    ModerationLogPage,
    ModerationPage,
    ReportLine,
    ReportPage,
    RuleLine,
)
from node.web.contexts.site import Page
from theme_samples import parts
from theme_samples.parts import NOW, site

MODULE = Link(text="Set a splint before moving", href="/modules/did:plc:ana/splint")
REPORT = ReportPage(
    site=site("/report", parts.OPERATOR),
    action="/report",
    about="at://did:plc:ana/org.skillnet.module/splint",
    subject=MODULE,
    kinds=tuple(Choice(value=value, label=label) for value, label in REASONS.items()),
)
MODERATION = ModerationPage(
    site=site("/admin/moderation", parts.OPERATOR),
    reports=(
        ReportLine(
            subject=MODULE,
            about=REPORT.about,
            kind="It is dangerous, or against the law or our rules",
            reason="Step 3 leaves the pulse unchecked.",
            by="ines",
            at=NOW,
            act="/admin/moderation/reports/1",
        ),
    ),
    labels_offered=(Choice(value="unsafe", label="Unsafe to work by"), Choice(value="spam", label="Advertising")),
    rules=(
        RuleLine(subject="quick-skills.example", effect="deny", reason="Sells places.", until=NOW, lift="/lift/1"),
        RuleLine(subject="did:plc:7iza6de2dwap2sbkpav7c6c6", effect="deny", reason="Spam.", until=None, lift="/lift/2"),
        RuleLine(subject="harbour.example", effect="allow", reason="", until=None, lift="/lift/3"),
    ),
    decide="/admin/moderation/rules",
    labels=(LabelLine(subject=MODULE, value="unsafe", withdraw="/withdraw/1"),),
    label="/admin/moderation/labels",
    labelers=(
        LabelerLine(did="did:web:clinic.example", hides=True, labels=12, read_at=NOW, problem="", drop="/drop/1"),
        LabelerLine(did="did:plc:x", hides=False, labels=0, read_at=None, problem="It is silent.", drop="/drop/2"),
    ),
    subscribe="/admin/moderation/labelers",
    log="/moderation",
)
LOG = ModerationLogPage(
    site=site("/moderation", None),
    lines=(
        LogLine(at=NOW, action="taken down", subject=REPORT.about, reason="It leaves the pulse unchecked.", until=None),
        LogLine(at=NOW, action="denied", subject="quick-skills.example", reason="Sells places.", until=NOW),
    ),
    older="/moderation?before=2",
)


def pages() -> dict[str, Page]:
    return {
        "report": REPORT,
        "moderation": MODERATION,
        "moderation-quiet": replace(MODERATION, reports=(), rules=(), labels=(), labelers=()),
        "moderation-log": LOG,
        "moderation-log-empty": replace(LOG, lines=(), older=None),
    }
