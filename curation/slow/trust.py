"""Trust between organisations, as seen from one of them.

Generalised Dijkstra with a quorum: an organisation is trusted as much as the q-th best offer made to it by
organisations already trusted, so that no single one can bring in others; the viewer's own vouches suffice alone.
"""

import heapq
from dataclasses import dataclass

import numpy as np

from curation.arrays import Floats, Integers
from curation.parameters import Parameters
from curation.stated.contributions import Contributions

WORKS = 2


@dataclass(frozen=True, slots=True)
class Edges:
    """n_ab: how many practitioners of organisation a speak for organisation b (account numbers), a ≠ b."""

    source: Integers
    target: Integers
    count: Integers


@dataclass(frozen=True, slots=True)
class Trusted:
    """Trust in one organisation, and the one whose vouch bound it (None for the viewer)."""

    trust: float
    parent: int | None


def organisation_edges(contributions: Contributions) -> Edges:
    """Count, per pair of organisations, the practitioners who vouch across or endorse positively across."""
    homes = contributions.people.homes()
    voucher, vouched = contributions.vouch_pairs()
    table = contributions.table()
    authors = contributions.subjects.authors()[table.subject] if len(table) else np.zeros(0, np.int64)
    positive = (table.halves == WORKS) & (authors >= 0)
    speaker = np.concatenate([voucher, table.by[positive]])
    target = homes[np.concatenate([vouched, authors[positive]])]
    across = homes[speaker] != target
    spoken = np.unique(speaker[across] << 32 | target[across])
    pairs, count = np.unique(homes[spoken >> 32] << 32 | (spoken & 0xFFFFFFFF), return_counts=True)
    return Edges(pairs >> 32, pairs & 0xFFFFFFFF, count)


def trust_from(viewer: int, edges: Edges, ranks: Integers, parameters: Parameters) -> dict[int, Trusted]:
    """Everybody the viewer trusts, itself included; `ranks` orders equal offers, by account."""
    share: Floats = parameters.trust_decay * edges.count / (edges.count + parameters.vouch_half)
    outgoing = _outgoing(edges, share)
    trusted: dict[int, Trusted] = {}
    offers_seen: dict[int, int] = {}
    heap: list[tuple[float, int, int, int, int]] = [(-1.0, 0, 0, viewer, viewer)]
    while heap:
        negative, _, _, organisation, voucher = heapq.heappop(heap)
        if organisation in trusted:
            continue
        offers_seen[organisation] = offers_seen.get(organisation, 0) + 1
        if voucher != viewer and offers_seen[organisation] < parameters.quorum:
            continue
        trusted[organisation] = Trusted(-negative, voucher if organisation != viewer else None)
        for target, part in outgoing.get(organisation, ()):
            offer = -negative * part
            if target not in trusted and offer >= parameters.trust_cut:
                heapq.heappush(heap, (-offer, int(ranks[target]), int(ranks[organisation]), target, organisation))
    return trusted


def _outgoing(edges: Edges, share: Floats) -> dict[int, list[tuple[int, float]]]:
    outgoing: dict[int, list[tuple[int, float]]] = {}
    for source, target, part in zip(edges.source.tolist(), edges.target.tolist(), share.tolist(), strict=True):
        outgoing.setdefault(source, []).append((target, part))
    return outgoing
