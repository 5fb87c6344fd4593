"""The trust graph as a drawing, and what would be if somebody else were trusted."""

from dataclasses import dataclass
from typing import Annotated, Literal

from node.web.contexts.cards import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertex:
    """An organisation in the drawing."""

    kind: Annotated[Literal["viewer", "trusted", "unheard"], "Who looks, who is counted, who is not"]
    x: Annotated[int, "Centre"]
    y: Annotated[int, "Centre"]
    radius: Annotated[int, "Larger with more trust"]
    label: Annotated[str, "Its name, shortened"]
    label_x: Annotated[int, "Where the name begins, ends or has its middle"]
    label_y: Annotated[int, "Base line of the name"]
    align: Annotated[Literal["start", "middle", "end"], "Which part of the name stands at label_x"]
    href: Annotated[str, "Its row in the table of the same page"]
    words: Annotated[str, "Name and trust in words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Strand:
    """People of one organisation speak for another."""

    kind: Annotated[Literal["binding", "other"], "Trust comes this way; or it is said and adds nothing"]
    x1: Annotated[int, "From"]
    y1: Annotated[int, "From"]
    x2: Annotated[int, "To"]
    y2: Annotated[int, "To"]
    width: Annotated[float, "Thicker with more people"]
    words: Annotated[str, "Who speaks for whom, in words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustGraph:
    """Everybody around one organisation, drawn in rings by how many vouches away they are."""

    width: Annotated[int, "Of the drawing"]
    height: Annotated[int, "Of the drawing"]
    words: Annotated[str, "What the drawing shows, in a sentence"]
    vertices: Annotated[tuple[Vertex, ...], "Organisations"]
    strands: Annotated[tuple[Strand, ...], "Who speaks for whom"]
    left_out: Annotated[int, "Organisations that found no room in the drawing; the table has them"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustChange:
    """How trust in one organisation would change."""

    organisation: Annotated[Link, "Which"]
    after: Annotated[float, "0..1 then"]
    words: Annotated[str, "The same in words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChange:
    """How a module would move in the list of all modules."""

    module: Annotated[Link, "Which"]
    after: Annotated[int | None, "Place then, counted from 1; None when it is not in the list"]
    words: Annotated[str, "The same in words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposition:
    """What would be. Nothing of it is stored."""

    words: Annotated[str, "What is supposed"]
    trust: Annotated[tuple[TrustChange, ...], "Organisations whose trust would change, the largest change first"]
    places: Annotated[tuple[PlaceChange, ...], "The first ten modules then, and those that would leave the first ten"]
    note: Annotated[str, "What else to know, '' for nothing"]
    act: Annotated[Link | None, "Where an operator makes it so"]
