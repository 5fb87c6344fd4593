"""Samples of what curators see: a path, what to keep fresh, a verdict that somebody else filled in."""

from dataclasses import replace
from datetime import date

from markupsafe import Markup

from node.web.contexts.cards import Link
from node.web.contexts.catalogue.path import PathPage, StopView
from node.web.contexts.endorsements.keeping_fresh import KeepingFreshPage, OwnAging, ToolFeed, VerdictToRenew
from node.web.contexts.site import Page
from theme_samples import parts, reading
from theme_samples.parts import NOW, site

PATH = PathPage(
    site=site("/paths/did:plc:ana/first-month"),
    title="First month at the mill",
    description="From watching to setting up alone.",
    language="en",
    body=Markup("<p>Why this order.</p>"),
    level="novice",
    minutes=40,
    author=parts.ANA,
    licence=Link(text="CC-BY-4.0", href="https://spdx.org/licenses/CC-BY-4.0"),
    occupations=(Link(text="Machinists", href="/occupations/51-4041"),),
    skills=(Link(text="Operation monitoring", href="/skills/1"),),
    stops=(
        StopView(module=parts.TOOLPATH, title="Read it", note="Everything rests on it.", optional=False),
        StopView(module=None, title="Somewhere else", note="", optional=True),
    ),
    follow="/me/paths?uri=1",
    freshness=parts.FRESH,
    explanation=reading.EXPLANATION,
    endorse=reading.FORM,
    endorsements=reading.LINES,
    versions=reading.VERSIONS,
    derived_from=Link(text="First week", href="/paths/x/first-week"),
    actions=reading.ACTIONS,
    retired=reading.RETIRED,
    record=reading.RECORD,
)
RENEWAL = VerdictToRenew(
    subject=Link(text=parts.TOOLPATH.title, href="/modules/x/y"),
    task=parts.SETUP,
    verdict="works",
    at=NOW,
    reasons=("It was written for Fusion 2025; 2026 is out since 1 October 2026.",),
    changed=False,
    renew="/endorsements/k/renew",
    withdraw="/endorsements/k/withdraw",
)
FEED = ToolFeed(
    tool="Autodesk Fusion", url="https://feeds.example/fusion.atom", newest="2026", seen=NOW, checked=NOW, problem="",
    modules=3, forget="/freshness/feeds/forget?url=1",
)  # fmt: skip
KEEPING = KeepingFreshPage(
    site=site("/freshness"),
    renewals=(RENEWAL, replace(RENEWAL, changed=True, task=None)),
    own=(
        OwnAging(
            subject=Link(text=parts.TOOLPATH.title, href="/modules/x/y"), freshness=parts.STALE,
            next_day=date(2027, 5, 1), next_words="its review is due", edit="/write?edit=1",
        ),
    ),
    feeds=(FEED, replace(FEED, newest="", seen=None, checked=None, problem="It does not answer.", forget=None)),
    name_feed="/freshness/feeds",
    tools=("FreeCAD",),
)  # fmt: skip


def pages() -> dict[str, Page]:
    return {
        "path": PATH,
        "keeping-fresh": KEEPING,
        "keeping-fresh-nothing": replace(KEEPING, renewals=(), own=(), feeds=(), name_feed=None),
        "module-drafted": replace(
            reading.MODULE,
            endorse=replace(reading.FORM, drafted=True, verdict="works-with-changes", suggest="/write?suggest=1"),
        ),
        "module-endorsed": replace(reading.MODULE, endorse=replace(reading.FORM, renew="/endorsements/k/renew")),
    }
