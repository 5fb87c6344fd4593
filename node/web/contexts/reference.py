"""Occupations and skills as classifications have them, with what this node's catalogue holds for them."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from node.web.contexts.cards import Level, Link, ModuleCard
from node.web.contexts.site import Page

Finding = Literal["automate", "augment", "both", "not"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistancePart:
    """What assistants are used for in a task, as somebody found it."""

    finding: Annotated[Finding, "Done by the assistant, with its help, in both ways, or not"]
    words: Annotated[str, "The finding in a sentence"]
    source: Annotated[str, "Who found it: practitioners' own decomposition, or a study with its licence"]
    date: Annotated[str, "When, as the source gives it"]
    by_hand: Annotated[str, "What a novice still does by hand, '' when not said"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageLine:
    """A task of an occupation, and what there is for it here."""

    task: Annotated[Link, "The task statement and its page"]
    core: Annotated[bool, "One of the tasks that make the occupation"]
    decomposed: Annotated[tuple[Link, ...], "Practitioners' decompositions of it"]
    modules: Annotated[int, "How many modules serve it; 0 is a hole"]
    levels: Annotated[tuple[Level, ...], "Levels that these modules are for"]
    freshest: Annotated[float | None, "How fresh the freshest of them is, 0..1, None without modules"]
    finding: Annotated[Finding | None, "What assistants are used for in it, None while nobody looked"]
    provenance: Annotated[str, "Who found that and when, '' without"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeOccupation:
    """An occupation that does much the same."""

    occupation: Annotated[Link, "Its name and page"]
    reason: Annotated[str, "What both share, in a sentence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupationPage(Page):
    """What an occupation does, and what there is to learn for it."""

    template: ClassVar[str] = "occupation.html"
    title: Annotated[str, "Name of the occupation"]
    code: Annotated[str, "Its id, such as onet:29-1141.00"]
    description: Annotated[str, "What it does, in a sentence or two, '' when unknown"]
    names: Annotated[tuple[str, ...], "Other job titles, the first few"]
    more_names: Annotated[int, "How many more job titles lead here"]
    tasks: Annotated[tuple[CoverageLine, ...], "Its tasks, core ones first"]
    holes: Annotated[int, "Tasks that no module serves"]
    csv: Annotated[str | None, "Address of the coverage as a spreadsheet, None without tasks"]
    modules: Annotated[tuple[ModuleCard, ...], "Modules for the occupation, best first"]
    alike: Annotated[tuple[AlikeOccupation, ...], "Occupations that do much the same, most alike first"]
    across: Annotated[tuple[Link, ...], "The same or a neighbouring occupation in other classifications"]
    parts: Annotated[tuple[Link, ...], "Occupations that this group holds"]
    tools: Annotated[tuple[str, ...], "Products that the occupation uses, the first few"]
    search: Annotated[str, "Address of a search for everything of this occupation"]
    attribution: Annotated[str, "Whose data this is, with the release and the licence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillPage(Page):
    """A work activity or skill: who does it, what builds it."""

    template: ClassVar[str] = "skill.html"
    title: Annotated[str, "Name of the skill"]
    code: Annotated[str, "Its id"]
    part_of: Annotated[tuple[Link, ...], "Wider activities and groups that it is part of"]
    parts: Annotated[tuple[Link, ...], "Narrower activities, the first many by name"]
    more_parts: Annotated[int, "How many narrower ones are not listed"]
    tasks: Annotated[tuple[AlikeOccupation, ...], "Tasks that are this activity, each with whose it is as the reason"]
    modules: Annotated[tuple[ModuleCard, ...], "Modules that build it or a part of it, best first"]
    needs: Annotated[tuple[Link, ...], "What must be known first, as modules say"]
    circles: Annotated[tuple[str, ...], "Prerequisites that run in a circle through it, in words"]
    attribution: Annotated[str, "Whose data this is, '' for a skill that practitioners named"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTask:
    """A task that a sentence may mean."""

    task: Annotated[Link, "The task statement and its page"]
    occupation: Annotated[Link, "Whose task it is"]
    modules: Annotated[int, "How many modules serve it here"]
    decomposed: Annotated[tuple[Link, ...], "Practitioners' decompositions of it"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOccupation:
    """An occupation that a job title or sentence may mean."""

    occupation: Annotated[Link, "Its name and page"]
    nearest: Annotated[str, "The job title that came nearest, '' when that is its name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindWorkPage(Page):
    """From one's own words to tasks and occupations."""

    template: ClassVar[str] = "find_work.html"
    query: Annotated[str, "What was asked, '' at first"]
    imported: Annotated[bool, "False while this node has no classification to look in"]
    tasks: Annotated[tuple[FoundTask, ...], "Nearest first"]
    occupations: Annotated[tuple[FoundOccupation, ...], "Nearest first"]
    attribution: Annotated[str, "Whose data this is, '' while nothing is imported"]
