"""Writing and becoming a practitioner."""

from dataclasses import replace

from markupsafe import Markup

from node.web.contexts.cards import Choice, FieldProblem, Link
from node.web.contexts.practitioners.practitioner import BecomePractitionerPage, CredentialOffer
from node.web.contexts.site import Page
from node.web.contexts.writing.authoring import (
    DiffLine,
    HistoryLine,
    HistoryPage,
    PromotePage,
    PublicFile,
    RetirePage,
    SuggestionLine,
    SuggestionsPage,
)
from node.web.contexts.writing.write import (
    Draft,
    FoundModule,
    FoundWork,
    Insert,
    LintProblem,
    OwnDraft,
    OwnWork,
    Seen,
    StopLine,
    StopsDesk,
    UploadedFile,
    WriteDraft,
    WriteFiles,
    WriteFound,
    WritePage,
    WriteStops,
    WriteWork,
)
from theme_samples import parts
from theme_samples.parts import NOW, site

PROBLEMS = (
    LintProblem(
        severity="error",
        line=6,
        column=8,
        code="unknown-value",
        message="No such layer.",
        found="capabillity",
        allowed=("tool", "concept", "capability"),
        nearest="capability",
    ),
    LintProblem(
        severity="warning",
        line=22,
        column=1,
        code="picture-without-words",
        message="A picture needs a description for those who cannot see it.",
        found="",
        allowed=(),
        nearest="",
    ),
    LintProblem(
        severity="error",
        line=9,
        column=8,
        code="unknown-value",
        message="No such level.",
        found="medium",
        allowed=("novice", "competent"),
        nearest="",
    ),
)
DRAFT = Draft(
    problems=PROBLEMS,
    checked=True,
    preview=Markup("<h2>Where it goes wrong</h2><p>Look at four places.</p>"),
    language="en",
)
TEXT = """---
name: read-a-generated-toolpath
title: Read a generated toolpath before you cut metal
description: Four places where a suggested toolpath breaks a cutter.
language: en
layer: capabillity
minutes: 14
---
## Where it goes wrong

Look at four places, in this order.

::: practice
Take the last program you ran.
:::
"""
FILES = (
    UploadedFile(path="pictures/corner.png", size=48_211, insert="![](pictures/corner.png)", picture="/pictures/x/y"),
    UploadedFile(path="files/check.py", size=911, insert="", picture=""),
)
WRITE = WritePage(
    site=site("/write", parts.PRACTITIONER),
    action="/write",
    check="/write/check",
    upload="/write/files",
    purpose="write",
    about=None,
    hidden=(Choice(value="Zr3Xw0b1", label="draft"), Choice(value="write", label="purpose")),
    audiences=(
        Choice(value="public", label="Everybody, on every node", chosen=True),
        Choice(value="organisation", label="Members of Harbour Fitting alone; it never leaves this node"),
    ),
    readers=(
        Choice(value="", label="Everybody, as you sign it", chosen=True),
        Choice(value="novice", label="A novice"),
    ),
    inserts=(Insert(label="Practice", text="\n::: practice\n…\n:::\n"),),
    stops=None,
    files=FILES,
    drafts=(
        OwnDraft(
            title="Check a drafted summary",
            open="/write?draft=1",
            discard="/write/drafts/1/discard",
            purpose="write",
            at=NOW,
            here=True,
        ),
        OwnDraft(
            title="Set up a milling job",
            open="/write?draft=2",
            discard="/write/drafts/2/discard",
            purpose="suggest",
            at=NOW,
            here=False,
        ),
    ),
    kinds=(Choice(value="module", label="Module", chosen=True), Choice(value="task", label="Task")),
    text=TEXT,
    change="The corner example now has numbers.",
    draft=DRAFT,
    find_work="/write/work",
    own=(OwnWork(subject=Link(text=parts.TOOLPATH.title, href=parts.TOOLPATH.href), edit="/write?edit=1", at=NOW),),
)
STOPS = (
    StopLine(
        title=parts.TOOLPATH.title, href=parts.TOOLPATH.href, retired=False, note="Everything rests on it.",
        optional=False, line=12, number=1, last=False, key="read-1",
    ),
    StopLine(
        title="Somewhere else", href=None, retired=True, note="", optional=True, line=13, number=2, last=True,
        key="else-1",
    ),
)  # fmt: skip
MODULES = (FoundModule(uri="at://x/y/z", title="Set up a milling job", by=parts.ANA),)
WRITE_PATH = replace(
    WRITE, readers=(), audiences=(), inserts=(),
    stops=StopsDesk(search="/write/modules", find="mill", found=MODULES, stops=STOPS),
)  # fmt: skip
BECOME = BecomePractitionerPage(
    site=site("/practitioner", parts.WORKER),
    action="/practitioner",
    did=None,
    name="Ines Moreau",
    handle="ines",
    handle_suffix=".harbour.example",
    occupations=(Choice(value="51-4041", label="Machinists", chosen=True),),
    offers=(),
    problems=(FieldProblem(field="handle", text="“ines” is taken here."),),
)
OFFER = CredentialOffer(
    organisation=Link(text="Harbour Services", href="/organisations/did:web:harbour.example"),
    occupation="Machinists",
    since=NOW.date(),
    accept="/credentials/accept?uri=1",
)


DIFFERENCE = (
    DiffLine(kind="place", text="-12,3 +12,3"),
    DiffLine(kind="same", text="Look at four places, in this order."),
    DiffLine(kind="removed", text="The corner."),
    DiffLine(kind="added", text="The corner, with the numbers of the last job."),
)
ABOUT = Link(text=parts.TOOLPATH.title, href=parts.TOOLPATH.href)
HISTORY = HistoryPage(
    site=site("/modules/did:plc:ana/read-a-generated-toolpath/history", parts.PRACTITIONER),
    about=ABOUT,
    versions=(
        HistoryLine(
            href="?version=2",
            at=NOW,
            change="The corner example now has numbers.",
            current=True,
            internal=False,
            is_major=True,
            reasons=("what is practised changed",),
            changed=0.18,
            thanks=(parts.TOOLPATH.author,),
            difference=DIFFERENCE,
        ),
        HistoryLine(
            href="?version=1",
            at=NOW,
            change="",
            current=False,
            internal=True,
            is_major=False,
            reasons=(),
            changed=0.0,
            thanks=(),
            difference=(),
        ),
    ),
)
SUGGESTION = SuggestionLine(
    uri="at://did:plc:wei/org.skillnet.suggestion/3k",
    about=ABOUT,
    by=parts.TOOLPATH.author,
    at=NOW,
    note="The numbers are from another machine.",
    state="open",
    reason="",
    difference=DIFFERENCE,
    edit="/write?accept=1",
)
SUGGESTIONS = SuggestionsPage(
    site=site("/suggestions", parts.PRACTITIONER),
    action="/suggestions",
    to_me=(SUGGESTION, replace(SUGGESTION, state="accepted")),
    by_me=(SUGGESTION, replace(SUGGESTION, state="declined", reason="It is said further down.", difference=())),
)
RETIRE = RetirePage(
    site=site("/write/retire", parts.PRACTITIONER),
    action="/write/retire",
    uri="at://did:plc:ana/org.skillnet.module/read-a-generated-toolpath",
    about=ABOUT,
    is_retired=False,
    instead=(Choice(value="", label="Nothing"), Choice(value="at://1", label="Read a toolpath on the new control")),
)
PROMOTE = PromotePage(
    site=site("/write/public", parts.PRACTITIONER),
    action="/write/public",
    uri="at://did:plc:ana/org.skillnet.module/read-a-generated-toolpath",
    digest="bafyreib2rxk3rh6kzwq",
    about=ABOUT,
    record='{"title": "Read a generated toolpath"}',
    text=TEXT,
    files=(PublicFile(path="pictures/corner.png", size=48_211, cid="bafkreib2rxk3rh6kzwq"),),
    obstacles=(),
    stays=("3 versions that were kept inside",),
)


def pages() -> dict[str, Page]:
    unchecked = Draft(problems=(), checked=False, preview=Markup(""), language="en")
    adapted = Seen(title="A novice", body=DRAFT.preview, changes=("line 4: expert – hidden, this is new to them",))
    return {
        "write": WRITE,
        "write-new": replace(WRITE, draft=unchecked, own=(), text="", change="", files=(), drafts=()),
        "write-suggest": replace(WRITE, purpose="suggest", about=ABOUT, kinds=(), audiences=(), files=()),
        "write-path": WRITE_PATH,
        "fragment-draft": WriteDraft(
            site=site("/write", parts.PRACTITIONER), draft=replace(DRAFT, problems=()), stops=None
        ),
        "fragment-draft-of-a-path": WriteDraft(
            site=site("/write", parts.PRACTITIONER), draft=replace(DRAFT, problems=()), stops=STOPS
        ),
        "fragment-draft-adapted": WriteDraft(
            site=site("/write", parts.PRACTITIONER), draft=replace(DRAFT, adapted=adapted, kept=NOW), stops=None
        ),
        "fragment-stops": WriteStops(site=site("/write", parts.PRACTITIONER), stops=STOPS, text=TEXT),
        "fragment-work-found": WriteWork(
            site=site("/write", parts.PRACTITIONER),
            find="mill",
            found=(FoundWork(id="onet:51-4041.00", title="Machinists", key="occupations"),),
        ),
        "fragment-work-not-found": WriteWork(site=site("/write", parts.PRACTITIONER), find="x", found=()),
        "fragment-stops-found": WriteFound(site=site("/write", parts.PRACTITIONER), find="x", found=()),
        "fragment-files": WriteFiles(site=site("/write", parts.PRACTITIONER), files=FILES),
        "history": HISTORY,
        "suggestions": SUGGESTIONS,
        "retire": RETIRE,
        "retire-undo": replace(RETIRE, is_retired=True),
        "promote": PROMOTE,
        "promote-not-yet": replace(PROMOTE, obstacles=(ABOUT,)),
        "practitioner": BECOME,
        "practitioner-done": replace(BECOME, did="did:plc:7iza6de2dwap2sbkpav7c6c6", offers=(OFFER,), problems=()),
    }
