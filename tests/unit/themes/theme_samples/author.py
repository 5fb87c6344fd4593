"""Writing and becoming a practitioner."""

from dataclasses import replace

from markupsafe import Markup

from node.web.contexts.cards import Choice, FieldProblem, Link
from node.web.contexts.practitioner import BecomePractitionerPage, CredentialOffer
from node.web.contexts.site import Page
from node.web.contexts.write import Draft, LintProblem, OwnWork, WriteDraft, WritePage
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
WRITE = WritePage(
    site=site("/write", parts.PRACTITIONER),
    action="/write",
    check="/write/check",
    kinds=(Choice(value="module", label="Module", chosen=True), Choice(value="task", label="Task")),
    text=TEXT,
    change="The corner example now has numbers.",
    draft=DRAFT,
    own=(OwnWork(subject=Link(text=parts.TOOLPATH.title, href=parts.TOOLPATH.href), edit="/write?edit=1", at=NOW),),
)
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


def pages() -> dict[str, Page]:
    unchecked = Draft(problems=(), checked=False, preview=Markup(""), language="en")
    return {
        "write": WRITE,
        "write-new": replace(WRITE, draft=unchecked, own=(), text="", change=""),
        "fragment-draft": WriteDraft(site=site("/write", parts.PRACTITIONER), draft=replace(DRAFT, problems=())),
        "practitioner": BECOME,
        "practitioner-done": replace(BECOME, did="did:plc:7iza6de2dwap2sbkpav7c6c6", offers=(OFFER,), problems=()),
    }
