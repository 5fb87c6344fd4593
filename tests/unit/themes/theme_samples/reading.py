"""A module and a task as anybody reads them."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from markupsafe import Markup

from node.authoring.parse import parse_module
from node.authoring.render import render
from node.web.contexts.cards import Choice, Link, PersonLink
from node.web.contexts.catalogue.explanation import Explanation, Voice
from node.web.contexts.catalogue.module import Attachment, ModulePage, Origin, Translation
from node.web.contexts.catalogue.record import Retirement, SignedRecord, VersionLine
from node.web.contexts.catalogue.task import StepView, TaskPage
from node.web.contexts.endorsements.endorsing import EndorseForm, EndorsementLine
from node.web.contexts.site import Page
from node.web.contexts.writing.authoring import ItemActions
from node.web.pages.catalogue.flow import flow_of
from theme_samples import parts
from theme_samples.parts import NOW, site

DOCUMENT = parse_module((Path(__file__).parent / "toolpath.md").read_text(encoding="utf-8"))
BODY = Markup(render(DOCUMENT).html)  # the renderer's output is sanitised
ARABIC_BODY = Markup(
    "<p>قبل أن تسأل المساعد، انظر إلى القطعة التي أمامك. ما تراه عينك وتسمعه أذنك لا يعرفه البرنامج.</p>"
    '<section class="block block-practice" id="p1"><p class="block-title">تمرين</p>'
    "<p>خذ آخر قرار اتخذته بمساعدة البرنامج، واكتب ما الذي كنت ستفعله بدونه.</p></section>"
)
EXPLANATION = Explanation(
    ranked=True,
    summary="Seven practitioners at three organisations used it on set-ups; nearly all say it works.",
    place=1,
    among=36,
    task=parts.SETUP,
    score=0.684,
    mean=0.86,
    evidence=5.3,
    voices=(
        Voice(
            organisation=parts.MILL,
            words="4 practitioners, 5 verdicts, all “works”.",
            opinion=0.98,
            contribution=0.31,
            share=1.0,
            trust=0.61,
            path=(parts.HARBOUR, parts.MILL),
        ),
        Voice(
            organisation=parts.HARBOUR,
            words="2 practitioners say it works with changes. The author's own organisation counts little.",
            opinion=0.5,
            contribution=0.04,
            share=0.13,
            trust=1.0,
            path=(),
        ),
        Voice(
            organisation=parts.NORTH,
            words="One practitioner says it fails.",
            opinion=0.0,
            contribution=-0.09,
            share=0.29,
            trust=0.34,
            path=(parts.HARBOUR, parts.MILL, parts.NORTH),
        ),
    ),
    dropped=("3 verdicts from quick-skills.example, which is not trusted from here.",),
    would_raise=("A verdict from an organisation that has not spoken yet.", "A newer “still works”."),
)
UNRANKED = replace(
    EXPLANATION,
    ranked=False,
    summary="Nobody whom this node trusts has used it yet.",
    place=None,
    among=None,
    task=None,
    score=None,
    mean=None,
    evidence=None,
    voices=(),
    dropped=(),
    would_raise=(),
)
RECORD = SignedRecord(
    uri="at://did:plc:7iza6de2dwap2sbkpav7c6c6/org.skillnet.moduleVersion/3l5yb4k2cws2x",
    cid="bafyreib2rxk3rybk3aobmv5cjuql3bm2twh4jo5uxgf5kpqcsgz7soitae",
    repository="did:plc:7iza6de2dwap2sbkpav7c6c6",
    signed_by="did:key:zDnaeTiq1PdzvZXUaMdezchcMJQpBdH2VN4pgrrEhMCCbmwSb",
    rev="3l5yb4k2d3c2x",
    host="skills.harbour.example",
    verified_at=NOW,
    raw="/xrpc/com.atproto.repo.getRecord?repo=did:plc:ana&collection=org.skillnet.moduleVersion&rkey=3l5yb4k2cws2x",
)
LINE = EndorsementLine(
    by=parts.TOMAS,
    verdict="works",
    task=parts.SETUP,
    at=NOW,
    version="this version",
    outdated=False,
    unsafe=False,
    note="Caught a rapid through the vice on the second day. We now read every program this way.",
    not_counted="",
)
LINES = (
    LINE,
    replace(
        LINE, by=parts.ANA, verdict="works-with-changes", note="", version="one version ago", outdated=True, task=None
    ),
    replace(LINE, by=parts.LONE, verdict="fails", unsafe=True, not_counted="stands alone and is vouched for by nobody"),
)
FORM = EndorseForm(
    audiences=(
        Choice(value="public", label="Everybody; it counts for the order", chosen=True),
        Choice(value="organisation", label="Members of this node alone"),
    ),
    action="/modules/did:plc:ana/read-a-generated-toolpath/endorse",
    version=RECORD.uri,
    verdict="works",
    note="",
    tasks=(Choice(value="", label="Choose"), Choice(value=RECORD.uri, label=parts.SETUP.text, chosen=True)),
    withdraw="/modules/did:plc:ana/read-a-generated-toolpath/withdraw",
)
VERSIONS = (
    VersionLine(href="/modules/a/b?v=2", at=NOW, change="The corner example now has numbers.", current=True),
    VersionLine(href="/modules/a/b?v=1", at=NOW - timedelta(days=200), change="", current=False),
)
ACTIONS = ItemActions(
    report="/report?about=at%3A%2F%2Fdid",
    history="/modules/did:plc:ana/read-a-generated-toolpath/history",
    suggest="/write?suggest=1",
    edit="/write?edit=1",
    retire="/write/retire?uri=1",
    promote="/write/public?uri=1",
    open_suggestions=2,
)
MODULE = ModulePage(
    site=site("/modules/did:plc:ana/read-a-generated-toolpath", parts.PRACTITIONER),
    title=parts.TOOLPATH.title,
    description=parts.TOOLPATH.description,
    language="en",
    body=BODY,
    layer="capability",
    level="advanced-beginner",
    minutes=14,
    audience="public",
    author=parts.ANA,
    licence=Link(text="CC-BY-4.0", href="https://spdx.org/licenses/CC-BY-4.0"),
    tasks=(parts.SETUP,),
    occupations=(Link(text="Machinists", href="/occupations/51-4041"),),
    skills=(Link(text="Operation monitoring", href="/skills/1"), Link(text="Toolpath verification", href=None)),
    requires=(Link(text="Read a technical drawing", href="/modules/x/read-a-drawing"),),
    tools=("Fusion, Autodesk, 2026", "FreeCAD 1.0"),
    freshness=parts.FRESH,
    explanation=EXPLANATION,
    endorse=FORM,
    endorsements=LINES,
    versions=VERSIONS,
    translations=(Translation(language="ar", title="اقرأ المسار قبل أن تقطع", href="/modules/x/ar"),),
    offered=Translation(language="ar", title="اقرأ المسار قبل أن تقطع", href="/modules/x/ar"),
    attribution=(
        Origin(
            title="Check a simulation",
            href="/modules/x/sim?version=1",
            author=PersonLink(name="Max Weber", href="/people/did:plc:max", organisation="Millrace Tools"),
            licence=Link(text="CC-BY-4.0", href="https://spdx.org/licenses/CC-BY-4.0.html"),
        ),
        Origin(title="at://did:plc:gone/org.skillnet.moduleVersion/3k", href=None, author=None, licence=None),
    ),
    thanks=(PersonLink(name="Wei Chen", href="/people/did:plc:wei", organisation=None),),
    attachments=(Attachment(name="sheets/four-places.pdf", href="/blobs/x", size=48213),),
    retired=None,
    record=RECORD,
    lesson="/modules/did:plc:ana/read-a-generated-toolpath/lesson",
    actions=ACTIONS,
    linked_data={"@context": "https://schema.org", "@type": "LearningResource", "name": "Read a </script> toolpath"},
)
STEPS = (
    StepView(
        anchor="step-1",
        title="Read the drawing and say what matters",
        by="person",
        minutes=10,
        text=Markup("<p>Find the two dimensions that would scrap the part. Write them on the set-up sheet first.</p>"),
        check="A colleague names the same two.",
        pitfalls=("The tolerance block is for everything that carries none.",),
        by_hand="Always. This is the part of the trade that everything else hangs on.",
    ),
    StepView(
        anchor="step-2",
        title="Have a toolpath proposed",
        by="assistant",
        minutes=3,
        text=Markup(""),
        check="It names the stock, the clamps and the cutter that are really on the table.",
        pitfalls=(),
        by_hand="",
    ),
    StepView(
        anchor="step-3",
        title="Walk through it together",
        by="both",
        minutes=8,
        text=Markup("<p>Step through the four places. Ask why at each.</p>"),
        check="",
        pitfalls=(
            "Watching the picture instead of the numbers",
            "Accepting the second proposal because the first was wrong",
        ),
        by_hand="Do the first ten without the simulation.",
    ),
    StepView(
        anchor="step-4",
        title="Cut air, then metal",
        by="person",
        text=Markup(""),
        check="The first part measures right.",
        pitfalls=(),
        minutes=None,
        by_hand="",
    ),
)
TASK = TaskPage(
    site=site("/tasks/did:plc:ana/set-up-a-milling-job", parts.PRACTITIONER),
    title=parts.SETUP_CARD.title,
    statement=parts.SETUP_CARD.statement,
    language="en",
    audience="organisation",
    stakes="A crashed spindle is three weeks and the price of a small car. A wrong first part is an hour.",
    frequency="Several times a week",
    minutes=85,
    steps=STEPS,
    flow=flow_of(STEPS),
    novice_by_hand="Set up one job in five without any proposal, from drawing to first part.",
    inputs=("Drawing with tolerances", "Blank", "Tool list"),
    outputs=("First part, measured", "Set-up sheet"),
    tools=("Fusion 2026", "Height gauge"),
    skills=(Link(text="Operation monitoring", href="/skills/1"), Link(text="Workholding", href=None)),
    occupations=(Link(text="Machinists", href="/occupations/51-4041"),),
    parent=Link(text="Make a part to drawing", href="/tasks/x/y"),
    source=Link(text="O*NET task 3123, release 30.0", href="https://www.onetonline.org/link/summary/51-4041.00"),
    author=parts.ANA,
    licence=MODULE.licence,
    modules=(parts.TOOLPATH, parts.SHEET),
    explanation=EXPLANATION,
    endorse=replace(FORM, verdict=None, withdraw=None),
    endorsements=(),
    versions=VERSIONS,
    retired=None,
    record=RECORD,
    translations=(Translation(language="de", title="Bilanz prüfen (Deutsch)", href="/tasks/did:plc:x/bilanz"),),
    offered=Translation(language="de", title="Bilanz prüfen (Deutsch)", href="/tasks/did:plc:x/bilanz"),
    write="/write?task=onet%3A13-2051.00%2F1847",
    help="/me/help/task",
)
RETIRED = Retirement(reason="The controller it names is gone.", at=date(2026, 10, 1), superseded_by=parts.SETUP)


def pages() -> dict[str, Page]:
    return {
        "module": MODULE,
        "module-arabic": replace(
            MODULE,
            site=site("/modules/x", language="ar"),
            title=parts.ARABIC.title,
            description=parts.ARABIC.description,
            language="ar",
            body=ARABIC_BODY,
            layer="concept",
            minutes=None,
            audience="organisation",
            requires=(),
            tools=(),
            explanation=UNRANKED,
            endorse=None,
            endorsements=(),
            versions=(),
            translations=(),
            attachments=(),
            offered=None,
            attribution=(),
            thanks=(),
            retired=RETIRED,
            lesson=None,
            freshness=parts.STALE,
            skills=(),
            occupations=(),
        ),
        "task": TASK,
        "task-bare": replace(
            TASK,
            site=site("/tasks/x"),
            stakes="",
            frequency="",
            minutes=None,
            steps=(),
            novice_by_hand="",
            inputs=(),
            outputs=(),
            tools=(),
            skills=(),
            occupations=(),
            parent=None,
            source=None,
            author=None,
            licence=None,
            modules=(),
            explanation=None,
            endorse=None,
            versions=(),
            retired=replace(RETIRED, superseded_by=None),
            record=None,
            help=None,
        ),
    }
