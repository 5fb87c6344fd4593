"""What if: the same statements, had this viewer vouched for others, or for fewer."""

from dataclasses import dataclass

import numpy as np

from curation.arrays import Flags, Integers
from curation.slow.trust import Edges
from curation.stated.contributions import Contributions


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Organisations by DID. `vouching`, `unvouching`: the viewer's own vouch, given or taken back.
    `without`: whoever speaks for these is not believed, so they are not trusted at all."""

    vouching: tuple[str, ...] = ()
    unvouching: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def applied(self, edges: Edges, viewer: int, contributions: Contributions) -> Edges:
        """Who would speak for whom."""
        for name in self.vouching:
            edges = _changed(edges, viewer, contributions, name, +1)
        for name in self.unvouching:
            edges = _changed(edges, viewer, contributions, name, -1)
        people = contributions.people
        gone = [number for name in self.without if (number := people.find(name)) is not None]
        return _kept(edges, ~np.isin(edges.target, gone)) if gone else edges


def _changed(edges: Edges, viewer: int, contributions: Contributions, name: str, difference: int) -> Edges:
    """One speaker of the viewer's more or fewer; giving what is given, or taking what is not, changes nothing."""
    organisation = contributions.people.find(name)
    if organisation is None or organisation == viewer:
        return edges
    if ((viewer, organisation) in contributions.vouches) == (difference > 0):
        return edges
    here = (edges.source == viewer) & (edges.target == organisation)
    if here.any():
        count = edges.count + np.where(here, difference, 0)
        return _kept(Edges(edges.source, edges.target, count), count > 0)
    if difference < 0:
        return edges
    return Edges(_with(edges.source, viewer), _with(edges.target, organisation), _with(edges.count, 1))


def _kept(edges: Edges, keep: Flags) -> Edges:
    return Edges(edges.source[keep], edges.target[keep], edges.count[keep])


def _with(column: Integers, value: int) -> Integers:
    return np.append(column, np.int64(value))
