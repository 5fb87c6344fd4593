"""A path: modules in an order, with a purpose."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from markupsafe import Markup

from node.web.contexts.cards import Freshness, Level, Link, ModuleCard, PersonLink
from node.web.contexts.catalogue.explanation import Explanation
from node.web.contexts.catalogue.record import Retirement, SignedRecord, VersionLine
from node.web.contexts.endorsements.endorsing import EndorseForm, EndorsementLine
from node.web.contexts.site import Page
from node.web.contexts.writing.authoring import ItemActions


@dataclass(frozen=True, slots=True, kw_only=True)
class StopView:
    """A place on a path."""

    module: Annotated[ModuleCard | None, "The module as this node has it, None when it does not"]
    title: Annotated[str, "What the curator calls it"]
    note: Annotated[str, "Why it stands here, '' without"]
    optional: Annotated[bool, "May be skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PathPage(Page):
    """A path, read by anybody."""

    template: ClassVar[str] = "path.html"
    title: Annotated[str, "In the path's language"]
    description: Annotated[str, "Whom it takes from where to where"]
    language: Annotated[str, "BCP 47"]
    body: Annotated[Markup, "Why this order, sanitised HTML, may be empty"]
    level: Annotated[Level | None, "For whom, None when it does not say"]
    minutes: Annotated[int | None, "Of all that is not optional, as far as known here"]
    author: Annotated[PersonLink, "Who curates it"]
    licence: Annotated[Link | None, "SPDX id and its text"]
    occupations: Annotated[tuple[Link, ...], "Whom it is for"]
    skills: Annotated[tuple[Link, ...], "What it builds"]
    stops: Annotated[tuple[StopView, ...], "In order"]
    follow: Annotated[str | None, "Address of a worker's POST that makes it a goal, None for who is no worker"]
    freshness: Annotated[Freshness, "Whether it is still right"]
    explanation: Annotated[Explanation, "Why it stands where it stands"]
    endorse: Annotated[EndorseForm | None, "For a practitioner who may endorse it, else None"]
    endorsements: Annotated[tuple[EndorsementLine, ...], "Newest first"]
    versions: Annotated[tuple[VersionLine, ...], "Newest first"]
    derived_from: Annotated[Link | None, "The version it was forked from"]
    actions: Annotated[ItemActions, "What this reader may do with it"]
    retired: Annotated[Retirement | None, "Set when its curator took it out of use"]
    record: Annotated[SignedRecord | None, "For the sceptic; None for what is kept inside, which is in no repository"]
