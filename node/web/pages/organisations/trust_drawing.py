"""Draws the trust around an organisation: itself in the middle, others in rings by how many vouches away they are."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from node.web.contexts.organisations.trust_graph import Strand, TrustGraph, Vertex

if TYPE_CHECKING:
    from curation.ranking import SpokenFor, TrustIn

DRAWN = 36  # organisations; more would be a tangle
UNHEARD_DRAWN = 8
WIDTH, HEIGHT = 900, 600
RING, EACH, WIDEST = 90, 12, 300  # half the width: so much a ring and an organisation, so that few fit on a phone
DEEPEST = 4  # rings; who is further away stands in the last
MARGIN = 14
SMALLEST, LARGEST = 7, 22
LABEL = 22  # characters
LEVEL = 0.3  # the sine of an angle so small that a name below would lie beside the middle's
LETTER = 9  # width of one, about


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where an organisation stands; the angle in radians from the right, clockwise."""

    x: float
    y: float
    angle: float
    outside: bool = False  # nothing lies further out, so the name has room beside it


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is to be drawn: `name` and `anchor` give an organisation's name and the id of its row."""

    viewer: str
    trust: Mapping[str, TrustIn]
    spoken: Sequence[SpokenFor]
    unheard: Sequence[str]
    name: Callable[[str], str]
    anchor: Callable[[str], str]

    def draw(self) -> TrustGraph | None:
        """The drawing; None while nobody but the viewer is trusted and nobody is spoken for."""
        trusted = [did for did in self.trust if did != self.viewer][:DRAWN]
        shown = set(trusted)
        parents = {did: self._parent(did, shown) for did in trusted}
        offered = {said.organisation for said in self.spoken}
        unheard = [did for did in self.unheard if did in offered][:UNHEARD_DRAWN]
        if not trusted and not unheard:
            return None
        spots = _spots(self.viewer, parents, unheard)
        graph = TrustGraph(
            width=WIDTH,
            height=HEIGHT,
            words=self._words(len(trusted), len(unheard)),
            vertices=tuple(self._vertex(did, spot) for did, spot in spots.items()),
            strands=tuple(self._strands(spots, parents)),
            left_out=len(self.trust) - 1 - len(trusted),
        )
        return _cropped(graph)

    def _parent(self, did: str, shown: set[str]) -> str:
        parent = self.trust[did].parent
        return parent if parent in shown else self.viewer

    def _words(self, trusted: int, unheard: int) -> str:
        known = f" and {unheard} that are spoken for but not trusted yet" if unheard else ""
        around = "one organisation" if trusted == 1 else f"{trusted} organisations"
        return f"{self.name(self.viewer)} in the middle, {around} that it trusts around it{known}."

    def _vertex(self, did: str, spot: _Spot) -> Vertex:
        trust = self.trust[did].trust if did in self.trust else 0.0
        radius = round(SMALLEST + (LARGEST - SMALLEST) * trust)
        side = math.cos(spot.angle)
        centred = not spot.outside or abs(side) < 0.08
        below = did == self.viewer or math.sin(spot.angle) >= LEVEL
        drop = (radius + 20 if below else -radius - 8) if centred else 5
        beside = 0 if centred else (radius + 8) * (1 if side > 0 else -1)
        name = self.name(did)
        return Vertex(
            kind="viewer" if did == self.viewer else "trusted" if did in self.trust else "unheard",
            x=round(spot.x),
            y=round(spot.y),
            radius=radius,
            label=name if len(name) <= LABEL else name[: LABEL - 1].rstrip() + "…",
            label_x=round(spot.x + beside),
            label_y=round(spot.y + drop),
            align="middle" if centred else "start" if side > 0 else "end",
            href=f"#{self.anchor(did)}",
            words=f"{name}: {'trusted at ' + format(trust, '.0%') if trust else 'not trusted'}",
        )

    def _strands(self, spots: Mapping[str, _Spot], parents: Mapping[str, str]) -> list[Strand]:
        said = {(one.by, one.organisation): one.people for one in self.spoken}
        binding = {(parent, did) for did, parent in parents.items()}
        pairs = sorted(binding | {pair for pair in said if pair[0] in spots and pair[1] in spots})
        pairs = [pair for pair in pairs if pair[1] != self.viewer]
        drawn = [self._strand(pair, spots, said.get(pair, 1), binds=pair in binding) for pair in pairs]
        return sorted(drawn, key=lambda strand: strand.kind == "binding")  # what binds lies on top

    def _strand(self, pair: tuple[str, str], spots: Mapping[str, _Spot], people: int, *, binds: bool) -> Strand:
        start, end = spots[pair[0]], spots[pair[1]]
        who = "one person" if people == 1 else f"{people} people"
        return Strand(
            kind="binding" if binds else "other",
            x1=round(start.x),
            y1=round(start.y),
            x2=round(end.x),
            y2=round(end.y),
            width=round(1.0 + min(3.0, math.log2(1 + people)), 1) if binds else 1.0,
            words=f"{who} of {self.name(pair[0])} for {self.name(pair[1])}",
        )


def _spots(viewer: str, parents: Mapping[str, str], unheard: Sequence[str]) -> dict[str, _Spot]:
    children: dict[str, list[str]] = {}
    for did, parent in parents.items():
        children.setdefault(parent, []).append(did)
    rings = _rings_below(viewer, children)
    outer = rings + 1 if unheard else rings
    spots = {viewer: _Spot(WIDTH / 2, HEIGHT / 2, math.pi / 2)}
    across = min(WIDEST, RING * outer + EACH * (len(parents) + len(unheard)))
    _place(viewer, children, _Room(-math.pi / 2, 1.5 * math.pi, 1, max(outer, 1), across), spots)
    for number, did in enumerate(unheard):
        spots[did] = _spot(2 * math.pi * (number + 0.5) / len(unheard) - math.pi / 2, 1.0, across)
    return spots


def _rings_below(did: str, children: Mapping[str, Sequence[str]]) -> int:
    return min(DEEPEST, max((1 + _rings_below(child, children) for child in children.get(did, ())), default=0))


@dataclass(frozen=True, slots=True)
class _Room:
    """A part of the circle: two angles, and the ring (of so many) that is to be filled."""

    start: float
    end: float
    ring: int
    rings: int
    across: float  # half the width of the outermost ring


def _place(above: str, children: Mapping[str, Sequence[str]], room: _Room, spots: dict[str, _Spot]) -> None:
    """Give each child a part of the circle as large as the number of leaves below it asks for."""
    below = children.get(above, ())
    total = sum(_leaves(did, children) for did in below)
    start = room.start
    for did in below:
        part = (room.end - room.start) * _leaves(did, children) / total
        spots[did] = _spot(start + part / 2, min(room.ring, DEEPEST) / room.rings, room.across)
        _place(did, children, replace(room, start=start, end=start + part, ring=room.ring + 1), spots)
        start += part


def _leaves(did: str, children: Mapping[str, Sequence[str]]) -> int:
    return max(1, sum(_leaves(child, children) for child in children.get(did, ())))


def _spot(angle: float, share: float, across: float) -> _Spot:
    x, y = across * share * math.cos(angle), (HEIGHT / 2 - 44) * share * math.sin(angle)
    return _Spot(WIDTH / 2 + x, HEIGHT / 2 + y, angle, outside=share == 1.0)


def _cropped(graph: TrustGraph) -> TrustGraph:
    """Without the empty room around what is drawn."""
    boxes = [box for vertex in graph.vertices for box in (_box_of_circle(vertex), _box_of_label(vertex))]
    left, top = (min(box[side] for box in boxes) - MARGIN for side in (0, 1))
    right, bottom = (max(box[side] for box in boxes) + MARGIN for side in (2, 3))
    return replace(
        graph,
        width=right - left,
        height=bottom - top,
        vertices=tuple(
            replace(v, x=v.x - left, y=v.y - top, label_x=v.label_x - left, label_y=v.label_y - top)
            for v in graph.vertices
        ),
        strands=tuple(replace(s, x1=s.x1 - left, y1=s.y1 - top, x2=s.x2 - left, y2=s.y2 - top) for s in graph.strands),
    )


def _box_of_circle(vertex: Vertex) -> tuple[int, int, int, int]:
    return vertex.x - vertex.radius, vertex.y - vertex.radius, vertex.x + vertex.radius, vertex.y + vertex.radius


def _box_of_label(vertex: Vertex) -> tuple[int, int, int, int]:
    width = LETTER * len(vertex.label)
    before = {"start": 0, "middle": width // 2, "end": width}[vertex.align]
    return vertex.label_x - before, vertex.label_y - 15, vertex.label_x - before + width, vertex.label_y + 5
