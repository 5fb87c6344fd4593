"""The first page."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from node.web.contexts.cards import Link, ModuleCard, TaskCard
from node.web.contexts.site import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage(Page):
    """What this node is, how to find something, what is best here now."""

    template: ClassVar[str] = "home.html"
    description: Annotated[str, "What the organisation says about its node, '' for the standard sentence"]
    ranked: Annotated[bool, "False while the node trusts nobody and therefore orders by freshness alone"]
    modules: Annotated[tuple[ModuleCard, ...], "The best ones here now, each with its reason"]
    tasks: Annotated[tuple[TaskCard, ...], "Tasks with modules, most used first"]
    occupations: Annotated[tuple[Link, ...], "Occupations to browse"]
    module_count: Annotated[int, "Modules in the catalogue that this reader may see"]
    task_count: Annotated[int, "Tasks with steps in the catalogue"]
    organisation_count: Annotated[int, "Organisations whose work is catalogued here"]
