"""Filters of a search: what they are called, which are in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from node.services import naming
from node.store.content.catalogue import Audiences
from node.store.sessions import Session
from node.web.contexts.cards import Link
from node.web.contexts.search import Facet, FacetValue
from node.web.pages.endorsements.verdicts import titles_of
from node.web.pages.finding.query import SHOWN_FACETS, Query
from node.web.pages.links import task_link

if TYPE_CHECKING:
    from node.search.result import FacetCount

MOST_VALUES = 12

_LABELS = {
    "kind": "What", "layer": "Builds", "level": "For", "occupation": "Occupation", "language": "Language",
    "organisation": "Organisation", "license": "Licence", "task": "Task", "skill": "Skill", "tool": "Tool",
    "author": "Author",
}  # fmt: skip
_WORDS = {
    "module": "Modules", "task": "Tasks", "person": "People", "organisation": "Organisations", "path": "Paths",
    "occupation": "Occupations", "occupation-task": "Tasks of occupations", "skill": "Skills",
    "tool": "Familiarity with a tool", "concept": "Understanding",
    "capability": "Capability", "novice": "Novices", "advanced-beginner": "Advanced beginners",
    "competent": "The competent", "proficient": "The proficient", "expert": "Experts",
}  # fmt: skip


def facets_of(
    session: Session, counted: Mapping[str, Iterable[FacetCount]], query: Query, audiences: Audiences
) -> tuple[Facet, ...]:
    """What to filter by. One value that everything has is no choice and is left out, unless it is in force."""
    facets = []
    for name in SHOWN_FACETS:
        chosen = {value.lower() for value in query.filters.get(name, ())}
        values = [
            FacetValue(
                value=found.value,
                label=label_of(session, name, found.value, audiences),
                count=found.count,
                chosen=found.value.lower() in chosen,
            )
            for found in list(counted.get(name, ()))[:MOST_VALUES]
        ]
        if len(values) > 1 or chosen:
            facets.append(Facet(name=name, label=_LABELS[name], values=tuple(values)))
    # What the page has no box for (a task, a skill) stays in force while the form is sent again.
    hidden = [name for name in query.filters if name not in SHOWN_FACETS]
    facets += [
        Facet(
            name=name,
            label=_LABELS[name],
            values=tuple(
                FacetValue(value=value, label=label_of(session, name, value, audiences), count=0, chosen=True)
                for value in query.filters[name]
            ),
        )
        for name in hidden
    ]
    return tuple(facets)


def active_filters(session: Session, query: Query, audiences: Audiences) -> tuple[Link, ...]:
    """Each leads to the question without it."""
    return tuple(
        Link(text=f"{_LABELS[name]}: {label_of(session, name, value, audiences)}", href=query.without(name, value))
        for name, values in query.filters.items()
        for value in values
    )


def label_of(session: Session, facet: str, value: str, audiences: Audiences) -> str:
    """A value in words."""
    if facet in ("kind", "layer", "level"):
        return _WORDS.get(value, value)
    if facet == "occupation":
        return naming.occupation_name(value)
    if facet == "task":
        return task_link(value, titles_of(session, [value], audiences)).text
    if facet == "skill":
        return naming.skill_name(value)
    return naming.language_name(value) if facet == "language" else value
