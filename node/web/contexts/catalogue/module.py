"""A module, read by anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from markupsafe import Markup

from node.web.contexts.cards import Audience, Freshness, Layer, Level, Link, PersonLink
from node.web.contexts.catalogue.explanation import Explanation
from node.web.contexts.catalogue.record import Retirement, SignedRecord, VersionLine
from node.web.contexts.endorsements.endorsing import EndorseForm, EndorsementLine
from node.web.contexts.site import Page
from node.web.contexts.writing.authoring import ItemActions


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that the module carries; hashed, never run by a node."""

    name: Annotated[str, "Path inside the module"]
    href: Annotated[str, "Address of the bytes"]
    size: Annotated[int, "Bytes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """The same module in another language."""

    language: Annotated[str, "BCP 47"]
    title: Annotated[str, "Title in that language"]
    href: Annotated[str, "Address of its page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A version that this one was made from."""

    title: Annotated[str, "Its title, or its address where this node does not know it"]
    href: Annotated[str | None, "Address of that version's page, None where this node does not know it"]
    author: Annotated[PersonLink | None, "Who published it"]
    licence: Annotated[Link | None, "Under which licence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModulePage(Page):
    """Body, facts, position, verdicts, record."""

    template: ClassVar[str] = "module.html"
    title: Annotated[str, "In the module's language"]
    description: Annotated[str, "In the module's language"]
    language: Annotated[str, "BCP 47; sets `lang` and direction of the text"]
    body: Annotated[Markup, "Sanitised HTML of the whole text, all variants shown"]
    layer: Annotated[Layer, "What it builds"]
    level: Annotated[Level, "For whom"]
    minutes: Annotated[int | None, "Time to work through it"]
    audience: Annotated[Audience, "Public, or for this organisation alone"]
    author: Annotated[PersonLink, "Who published it"]
    licence: Annotated[Link, "SPDX id and its text"]
    tasks: Annotated[tuple[Link, ...], "Work it serves"]
    occupations: Annotated[tuple[Link, ...], "Who does that work"]
    skills: Annotated[tuple[Link, ...], "What it builds, by name"]
    requires: Annotated[tuple[Link, ...], "What to know first"]
    tools: Annotated[tuple[str, ...], "Products it names, with vendor and version, in words"]
    freshness: Annotated[Freshness, "Whether it is still right"]
    explanation: Annotated[Explanation, "Why it stands where it stands"]
    endorse: Annotated[EndorseForm | None, "For a practitioner who may endorse it, else None"]
    endorsements: Annotated[tuple[EndorsementLine, ...], "Newest first"]
    versions: Annotated[tuple[VersionLine, ...], "Newest first"]
    translations: Annotated[tuple[Translation, ...], "Other languages"]
    offered: Annotated[Translation | None, "The one of them that this reader's browser asks for"]
    attribution: Annotated[tuple[Origin, ...], "What it was made from, nearest first; empty for an original"]
    thanks: Annotated[tuple[PersonLink, ...], "Whose suggestions the author took up"]
    attachments: Annotated[tuple[Attachment, ...], "Files it carries"]
    retired: Annotated[Retirement | None, "Set when its author took it out of use"]
    record: Annotated[SignedRecord | None, "For the sceptic; None for what is kept inside, which is in no repository"]
    lesson: Annotated[str | None, "Address that opens it adapted for this worker, None for others"]
    actions: Annotated[ItemActions, "What this reader may do with it"]
    linked_data: Annotated[Mapping[str, object], "schema.org LearningResource, printed as JSON-LD"]
