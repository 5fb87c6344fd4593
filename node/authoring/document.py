"""A document as the rest of the node sees it: front matter, blocks, headings, links, each with its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Self

from node.authoring.front_matter.read import FrontMatter
from node.authoring.front_matter.split import Parts
from node.authoring.problems import Problem

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block, or (kind `text`) a run of text between blocks under one heading.

    Lines count from 1 in the file and include the fences. `items` are the spans of the steps of its first ordered
    list: the steps that a worked example may fade. `parent` is the id of the block around it.
    """

    id: str
    kind: str
    name: str
    line: int
    end_line: int
    classes: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    depth: int = 0
    parent: str | None = None
    explicit_id: bool = False
    items: tuple[Span, ...] = ()
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its `level` from 1 to 6, its anchor in the page, its line in the file."""

    level: int
    text: str
    id: str
    line: int


LinkKind = Literal["link", "picture", "slot"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link or, with kind `picture`, an image; kind `slot` is a link to `slot:name`."""

    kind: LinkKind
    target: str
    text: str
    line: int
    column: int
    block: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A fenced or indented code block."""

    language: str
    line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Body:
    """What reading the body found. `masked` is the body with code blanked out, character for character."""

    blocks: tuple[Block, ...] = ()
    headings: tuple[Heading, ...] = ()
    links: tuple[Link, ...] = ()
    code: tuple[Code, ...] = ()
    masked: str = ""
    has_maths: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a task: what is done, who or what does it, how one knows that it is right, what goes wrong."""

    title: str
    text: str = ""
    by: str = ""
    check: str = ""
    pitfalls: str = ""
    minutes: int | None = None
    by_hand: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Stop:
    """A place on a path: the address of a module, or the name of one by the same author. Lines count from 1."""

    target: str
    title: str
    note: str
    optional: bool
    line: int
    end_line: int

    def continued(self, words: str, line: int) -> Self:
        """With more words on why it stands here."""
        return replace(self, note=f"{self.note} {words}".strip(), end_line=line)


@dataclass(frozen=True, slots=True)
class Document:
    """What a module and a task have in common. `parts` joined are the source, byte for byte."""

    path: str
    parts: Parts
    front: FrontMatter
    content: Body
    problems: tuple[Problem, ...] = ()  # found while reading; `lint` adds its own

    @property
    def source(self) -> str:
        """The whole text."""
        return self.parts.head + self.parts.yaml + self.parts.tail + self.parts.body

    @property
    def body(self) -> str:
        """What follows the front matter."""
        return self.parts.body

    @property
    def name(self) -> str:
        """The author's own name for it; '' without one."""
        return self.front.text("name")

    @property
    def title(self) -> str:
        """The title, or what stands for it: the first heading, the name."""
        first = self.content.headings[0].text if self.content.headings else ""
        return self.front.text("title") or first or self.name

    @property
    def language(self) -> str:
        """The language tag as written; '' without one."""
        return self.front.text("language")

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Of the body, in their order."""
        return self.content.blocks

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Of the body, in their order."""
        return self.content.headings

    @property
    def links(self) -> tuple[Link, ...]:
        """Of the body, in their order; pictures and slots too."""
        return self.content.links

    @property
    def pictures(self) -> tuple[Link, ...]:
        """Pictures of the body that are files beside the document, each path once."""
        local = {
            link.target: link for link in reversed(self.links) if link.kind == "picture" and _is_local(link.target)
        }
        return tuple(sorted(local.values(), key=lambda link: (link.line, link.column)))


@dataclass(frozen=True, slots=True)
class ModuleDocument(Document):
    """A unit of skill content."""

    @property
    def slots(self) -> Mapping[str, Mapping[str, object]]:
        """Declared slots: label, values, default. Malformed ones are left out (lint reports them)."""
        return self._tables("slots")

    @property
    def block_settings(self) -> Mapping[str, Mapping[str, object]]:
        """What the front matter says of single blocks by id, such as `{skill, rewritable}`."""
        return self._tables("blocks")

    def _tables(self, key: str) -> Mapping[str, Mapping[str, object]]:
        found = self.front.data.get(key)
        entries = found.items() if isinstance(found, Mapping) else ()
        return {name: table for name, table in entries if isinstance(table, Mapping)}


@dataclass(frozen=True, slots=True)
class TaskDocument(Document):
    """A unit of occupational work, decomposed into steps."""

    steps: tuple[Step, ...] = ()
    notes: str = ""  # the body without the list of steps


@dataclass(frozen=True, slots=True)
class PathDocument(Document):
    """Modules in an order, with a purpose."""

    stops: tuple[Stop, ...] = ()
    purpose: str = ""  # the body without the list of modules


def _is_local(target: str) -> bool:
    return bool(target) and not target.startswith(("/", "#", "\\")) and ":" not in target.split("/", 1)[0]
