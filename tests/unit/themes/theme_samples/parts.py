"""The people, organisations and readers that all samples share."""

from dataclasses import replace
from datetime import UTC, datetime

from node.web.contexts.cards import Freshness, Link, ModuleCard, PersonLink, TaskCard
from node.web.contexts.site import Notice, Site, Viewer

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)

ANONYMOUS = Site(
    organisation="Harbour Fitting",
    url="https://skills.harbour.example",
    language="en",
    here="/",
    csrf="token-of-this-session",
    viewer=None,
    version="0.1.0",
)
WORKER = Viewer(name="Ines Moreau", is_worker=True, is_practitioner=False, is_operator=False, page=None)
PRACTITIONER = replace(WORKER, name="Ana Ruiz", is_practitioner=True, may_curate=True, page="/people/did:plc:ana")
OPERATOR = Viewer(name="Operator", is_worker=False, is_practitioner=False, is_operator=True, page=None)
UNDOABLE = Notice(kind="done", text="Noted: less about spreadsheets.", undo="/me/undo/1")


def site(here: str, viewer: Viewer | None = None, language: str = "en") -> Site:
    return replace(ANONYMOUS, here=here, viewer=viewer, language=language)


HARBOUR = Link(text="Harbour Fitting", href="/organisations/did:web:harbour.example")
NORTH = Link(text="Northern Care", href="/organisations/did:web:north.example")
MILL = Link(text="Millrace Tools", href="/organisations/did:web:mill.example")
STRANGER = Link(text="quick-skills.example", href=None)

ANA = PersonLink(name="Ana Ruiz", href="/people/did:plc:ana", organisation="Harbour Fitting")
TOMAS = PersonLink(name="Tomáš Novák", href="/people/did:plc:tomas", organisation="Millrace Tools")
GRACE = PersonLink(name="Grace Oduya", href="/people/did:plc:grace", organisation="Northern Care")
LONE = PersonLink(name="sam.elsewhere.example", href=None, organisation=None)

SETUP = Link(text="Set up a milling job from a drawing", href="/tasks/did:plc:ana/set-up-a-milling-job")
HANDOVER = Link(text="Write the handover note of a shift", href="/tasks/did:plc:grace/handover-note")

FRESH = Freshness(
    state="fresh",
    value=0.94,
    reasons=("Still works: said 11 days ago by Tomáš Novák", "To be reviewed by 1 May 2027"),
)
AGEING = Freshness(state="ageing", value=0.61, reasons=("Names FreeCAD 0.21; 1.0 came out in August",))
STALE = Freshness(
    state="stale", value=0.2, reasons=("Its review was due 7 months ago", "Two reports that it is outdated")
)

TOOLPATH = ModuleCard(
    title="Read a generated toolpath before you cut metal",
    description="Four places where a suggested toolpath looks right on the screen and breaks a cutter on the table.",
    href="/modules/did:plc:ana/read-a-generated-toolpath",
    language="en",
    layer="capability",
    level="advanced-beginner",
    minutes=14,
    author=ANA,
    freshness=FRESH,
    warnings=("Northern Care: be careful with this (!warn).",),
    reason="7 practitioners at 3 organisations used it on set-ups and say it works; Millrace Tools counts most.",
)
SUMMARY = replace(
    TOOLPATH,
    title="Check a drafted handover against the chart",
    description="Find the three ways a fluent summary misleads, before you sign it.",
    href="/modules/did:plc:grace/check-a-drafted-handover",
    level="novice",
    minutes=9,
    author=GRACE,
    reason="Northern Care's nurses report 12 uses, 11 of them good.",
)
ARABIC = replace(
    TOOLPATH,
    title="متى تسأل المساعد ومتى تسأل زميلك",
    description="قاعدة بسيطة من ورشة عمل: ما يقرره الشخص الواقف أمام الآلة، وما يمكن أن يقترحه البرنامج.",
    href="/modules/did:plc:tomas/when-to-ask",
    language="ar",
    layer="concept",
    level="competent",
    minutes=None,
    author=TOMAS,
    freshness=AGEING,
    reason="Few have tried it.",
    exploring=True,
)
SHEET = replace(
    TOOLPATH,
    title="Let the spreadsheet assistant explain a formula back to you",
    description="A habit of two minutes that catches ranges which quietly stop one row short.",
    href="/modules/did:plc:lone/explain-a-formula",
    layer="tool",
    level="expert",
    minutes=75,
    author=LONE,
    freshness=STALE,
    reason="",
    audience="organisation",
)
SETUP_CARD = TaskCard(
    title="Set up a milling job from a drawing",
    statement="From a drawing and a blank to a first part that measures right.",
    href=SETUP.href or "",
    language="en",
    occupations=("Machinist", "CNC tool programmer"),
    steps=6,
    modules=4,
)
HANDOVER_CARD = replace(
    SETUP_CARD,
    title="Write the handover note of a shift",
    statement="Say what the next nurse must know, and nothing that is not so.",
    href=HANDOVER.href or "",
    occupations=(),
    steps=0,
    modules=1,
)
