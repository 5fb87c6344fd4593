"""A task: work, decomposed."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from markupsafe import Markup

from node.web.contexts.cards import Audience, Link, ModuleCard, PersonLink
from node.web.contexts.catalogue.explanation import Explanation
from node.web.contexts.catalogue.module import Translation
from node.web.contexts.catalogue.record import Retirement, SignedRecord, VersionLine
from node.web.contexts.endorsements.endorsing import EndorseForm, EndorsementLine
from node.web.contexts.reference import AssistancePart
from node.web.contexts.site import Page
from node.web.contexts.writing.authoring import ItemActions


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """An ordered part of a task."""

    anchor: Annotated[str, "id of the step on the page"]
    title: Annotated[str, "What is done"]
    text: Annotated[Markup, "More about it, sanitised HTML, may be empty"]
    by: Annotated[Literal["person", "assistant", "both"], "Who or what does it"]
    check: Annotated[str, "How one knows that it is right, '' without"]
    pitfalls: Annotated[tuple[str, ...], "What goes wrong"]
    minutes: Annotated[int | None, "Usual time"]
    by_hand: Annotated[str, "What a novice still does by hand here, '' without"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowNode:
    """A step in the drawing, in the drawing's units."""

    number: Annotated[int, "Its place among the steps, 1 first"]
    title: Annotated[str, "What is done"]
    by: Annotated[Literal["person", "assistant", "both"], "Who or what does it: which lane it stands in"]
    by_hand: Annotated[bool, "A novice keeps doing it by hand: it gets a ring"]
    x: Annotated[int, "Centre, across"]
    y: Annotated[int, "Centre, down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRow:
    """As many steps as stand side by side."""

    top: Annotated[int, "Where its upper lane, the person's, begins"]
    lane: Annotated[int, "Height of one lane; the assistant's is below"]
    nodes: Annotated[tuple[FlowNode, ...], "In order"]
    line: Annotated[str, "SVG path through the nodes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowDrawing:
    """The steps as a small drawing, row by row. Whoever does not see it needs the same in words."""

    width: Annotated[int, "Of the drawing"]
    height: Annotated[int, "Of the drawing"]
    rows: Annotated[tuple[FlowRow, ...], "Eight steps each"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage(Page):
    """Statement, stakes, steps, modules."""

    # What has a default is what a task of a classification lacks.
    template: ClassVar[str] = "task.html"
    title: Annotated[str, "What the work is called"]
    statement: Annotated[str, "The work in a sentence"]
    language: Annotated[str, "BCP 47"]
    audience: Annotated[Audience, "Public, or for this organisation alone"]
    stakes: Annotated[str, "What an error costs, '' when not said"] = ""
    frequency: Annotated[str, "How often the work comes up, '' when not said"] = ""
    minutes: Annotated[int | None, "Sum over the steps"] = None
    steps: Annotated[tuple[StepView, ...], "In order; empty while nobody has decomposed it"] = ()
    novice_by_hand: Annotated[str, "What a novice must do by hand so that the skill stays, '' when not said"]
    inputs: Annotated[tuple[str, ...], "What one needs"] = ()
    outputs: Annotated[tuple[str, ...], "What comes of it"] = ()
    tools: Annotated[tuple[str, ...], "Products it names, in words"] = ()
    skills: Annotated[tuple[Link, ...], "What a person must be able to do"]
    occupations: Annotated[tuple[Link, ...], "Who does it"]
    parent: Annotated[Link | None, "The larger task it is part of"] = None
    source: Annotated[Link | None, "Reference task it decomposes, with attribution"]
    author: Annotated[PersonLink | None, "Who decomposed it, None for reference data"] = None
    licence: Annotated[Link | None, "SPDX id and its text"]
    modules: Annotated[tuple[ModuleCard, ...], "What helps with it, best first, each with its reason"]
    explanation: Annotated[Explanation | None, "Why the decomposition stands where it stands"] = None
    endorse: Annotated[EndorseForm | None, "For a practitioner who may endorse it"] = None
    endorsements: Annotated[tuple[EndorsementLine, ...], "Newest first"] = ()
    versions: Annotated[tuple[VersionLine, ...], "Newest first"] = ()
    retired: Annotated[Retirement | None, "Set when its author took it out of use"] = None
    record: Annotated[SignedRecord | None, "For the sceptic; None for reference data"] = None
    bridges: Annotated[tuple[ModuleCard, ...], "From other trades, nearest first; the reason says what both share"] = ()
    assistance: Annotated[
        tuple[AssistancePart, ...], "What assistants are used for in it, who found that and when"
    ] = ()
    decompositions: Annotated[tuple[Link, ...], "For reference data: practitioners' decompositions of it"] = ()
    flow: Annotated[FlowDrawing | None, "Its steps as a drawing, None for fewer than two"] = None
    write: Annotated[str | None, "Address of a desk with the beginning of a module for it, for who may publish"]
    help: Annotated[str | None, "Address for a POST of `task` (its title) that chooses lessons for this worker"]
    actions: Annotated[ItemActions | None, "What this reader may do with it, None for reference data"] = None
    translations: Annotated[tuple[Translation, ...], "Other languages"] = ()
    offered: Annotated[Translation | None, "The one of them that this reader's browser asks for"] = None
