"""Occupations, skills and reference tasks, as a machine shop's node shows them."""

from __future__ import annotations

from dataclasses import replace

from node.web.contexts.cards import Link
from node.web.contexts.reference import (
    AlikeOccupation,
    AssistancePart,
    CoverageLine,
    FindWorkPage,
    FoundOccupation,
    FoundTask,
    OccupationPage,
    SkillPage,
)
from node.web.contexts.site import Page
from theme_samples import parts, reading
from theme_samples.parts import site

MACHINIST = Link(text="Machinists", href="/occupations/onet:51-4041.00")
MEASURING = Link(
    text="Measure, examine, or test completed units to check for defects", href="/tasks/onet:51-4041.00/3095"
)
ATTRIBUTION = "O*NET 30.1 Database by the U.S. Department of Labor, used under CC BY 4.0."
STUDIED = AssistancePart(
    finding="augment",
    words="Judged: an assistant could save much time as a help; the work stays a person’s.",
    source="GPTs are GPTs (2023)",
    date="2023-08",
    by_hand="",
)
SAID = replace(STUDIED, finding="both", words="Of 6 steps 2 by an assistant.", by_hand="Measure one part in five.")
LINE = CoverageLine(
    task=MEASURING,
    core=True,
    decomposed=(parts.SETUP,),
    modules=2,
    levels=("novice", "competent"),
    freshest=0.9,
    finding="augment",
    provenance="GPTs are GPTs (2023)",
)
HOLE = replace(LINE, core=False, decomposed=(), modules=0, levels=(), freshest=None, finding=None, provenance="")
ALIKE = AlikeOccupation(
    occupation=Link(text="Tool and Die Makers", href="/occupations/x"), reason="Both: measure parts."
)
OCCUPATION = OccupationPage(
    site=site("/occupations/onet:51-4041.00"),
    title="Machinists",
    code="onet:51-4041.00",
    description="Set up and operate a variety of machine tools to produce precision parts and instruments.",
    names=("CNC Machinist", "Tool Room Machinist"),
    more_names=40,
    tasks=(LINE, HOLE),
    holes=1,
    csv="/occupations/onet:51-4041.00/coverage.csv",
    modules=(parts.TOOLPATH,),
    alike=(ALIKE,),
    across=(Link(text="Metal working machine tool setters and operators", href="/occupations/isco:7223"),),
    parts=(),
    tools=("Mastercam", "G-code"),
    search="/search?occupation=onet%3A51-4041.00",
    attribution=ATTRIBUTION,
)
FOUND = FindWorkPage(
    site=site("/occupations?q=I+check+parts"),
    query="I check parts with a gauge",
    imported=True,
    tasks=(
        FoundTask(task=MEASURING, occupation=MACHINIST, modules=2, decomposed=(parts.SETUP,)),
        FoundTask(task=MEASURING, occupation=MACHINIST, modules=0, decomposed=()),
    ),
    occupations=(FoundOccupation(occupation=MACHINIST, nearest="CNC Machinist"),),
    attribution=ATTRIBUTION,
)
SKILL = SkillPage(
    site=site("/skills/onet:4.A.3.b.2"),
    title="Measure dimensions of completed products",
    code="onet:4.A.1.b.2.I09.D02",
    part_of=(Link(text="Inspect completed work", href="/skills/onet:4.A.1.b.2.I09"),),
    more_parts=3,
    parts=(Link(text="Measure bores", href="/skills/measure-bores"),),
    tasks=(AlikeOccupation(occupation=MEASURING, reason="Machinists"),),
    modules=(parts.TOOLPATH,),
    needs=(Link(text="Reading a drawing", href="/skills/reading-a-drawing"),),
    circles=("Measuring needs reading a drawing needs measuring.",),
    attribution=ATTRIBUTION,
)
TASK = replace(
    reading.TASK,
    site=site("/tasks/onet:51-4041.00/3095"),
    audience="public",
    steps=(),
    author=None,
    explanation=None,
    endorse=None,
    versions=(),
    record=None,
    bridges=(replace(parts.SHEET, reason="From another trade: made for “Check welds”, because both are “Inspect”."),),
    assistance=(SAID, STUDIED),
    decompositions=(parts.SETUP,),
)


def pages() -> dict[str, Page]:
    return {
        "occupation": OCCUPATION,
        "find-work": FOUND,
        "find-work-nothing": replace(FOUND, imported=False, tasks=(), occupations=(), attribution=""),
        "occupation-group": replace(
            OCCUPATION, description="", names=(), more_names=0, tasks=(), csv=None, modules=(), alike=(), across=(),
            parts=(MACHINIST,), tools=(), attribution="",
        ),
        "skill": SKILL,
        "skill-named-here": replace(
            SKILL, part_of=(), parts=(), more_parts=0, tasks=(), modules=(), needs=(), circles=(), attribution=""
        ),
        "reference-task": TASK,
    }  # fmt: skip
