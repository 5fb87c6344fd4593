"""From cells to voices: who is heard on a subject, and how loudly. Steps 5 to 8 of the design, and one more (6b).

Every function takes the cells of any number of subjects (`segment`: position of the subject in the batch, ascending;
organisations ascending within) and treats each subject as if it were alone.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from curation.arrays import Flags, Floats, Integers, starts_of, sum_by
from curation.parameters import Parameters
from curation.voices.branches import TrustTree, branch_factors
from curation.voices.cells import Cells, floats
from curation.voices.redundancy import Redundancy

PAIRS_AT_ONCE = 1 << 20
UNIT = 1 << 36
"""Voice is cut in whole units of 2^-36; a thousand times the strongest 64 voices still sum exactly in a double."""
SHARE = 1 << 10


@dataclass(frozen=True, slots=True)
class Voices:
    """Arrays of one length: subject's position, organisation, voice ≥ 0, opinion in 0..1."""

    segment: Integers
    organisation: Integers
    voice: Floats
    opinion: Floats

    def __len__(self) -> int:
        return len(self.segment)

    def at(self, voice: Floats) -> "Voices":
        """The same, louder or softer."""
        return Voices(self.segment, self.organisation, voice, self.opinion)

    def where(self, keep: Flags) -> "Voices":
        """Only those that are to be kept."""
        return Voices(self.segment[keep], self.organisation[keep], self.voice[keep], self.opinion[keep])


def raised_voices(cells: Cells, segment: Integers, own: Integers, trust: Floats, parameters: Parameters) -> Voices:
    """v = t·N/(N + k), less on one's own; `own`: authoring organisation by segment, -1 if it is not trusted."""
    weight, opinion = floats(cells)
    voice = trust[cells.organisation] * (weight / (weight + parameters.voice_half))
    mine = cells.organisation == own[segment]
    return Voices(segment, cells.organisation, np.where(mine, voice * parameters.own_voice, voice), opinion)


def strongest_voices(voices: Voices, parameters: Parameters) -> Voices:
    """The K strongest of each subject; equal ones in order of organisation."""
    counts = np.bincount(voices.segment)
    if counts.max(initial=0) <= parameters.strongest:
        return voices
    order = np.lexsort((voices.organisation, -voices.voice, voices.segment))
    rank = np.empty(len(voices), np.int64)
    rank[order] = np.arange(len(voices)) - (np.cumsum(counts) - counts)[voices.segment[order]]
    return voices.where(rank < parameters.strongest)


def loudest_negative(voices: Voices) -> Integers:
    """Position of the single largest negative voice of each subject that has any."""
    if len(voices) == 0:
        return np.zeros(0, np.int64)
    negative = voices.voice * (1.0 - voices.opinion)
    if voices.segment[0] == voices.segment[-1]:
        first = negative.argmax()
        return np.array([first] if negative[first] > 0.0 else [], np.int64)
    starts = starts_of(voices.segment)
    largest = np.repeat(np.maximum.reduceat(negative, starts), np.diff(np.append(starts, len(voices))))
    candidates = np.flatnonzero((negative == largest) & (negative > 0.0))
    return candidates[starts_of(voices.segment[candidates])]


def with_negative_quorum(voices: Voices) -> Voices:
    """Nobody's criticism counts alone: the largest negative voice is dropped, its positive part stays."""
    dropped = loudest_negative(voices)
    voice, opinion = voices.voice.copy(), voices.opinion.copy()
    voice[dropped] *= opinion[dropped]
    opinion[dropped] = np.where(opinion[dropped] > 0.0, 1.0, 0.0)
    return Voices(voices.segment, voices.organisation, voice, opinion)


def without_extremes(voices: Voices, heard: Voices, parameters: Parameters) -> Voices:
    """Nobody's extreme opinion tips the balance: a little praise and a little criticism is not counted.

    How much depends on the voice `heard` before the quorum. Of criticism at least half stays: the quorum has already
    taken the largest. Voices are cut in whole units, whose sums are the same in any batch.
    """
    if len(voices) == 0:
        return voices
    alone = voices.segment[0] == voices.segment[-1]
    segment = np.zeros(len(voices), np.int64) if alone else voices.segment
    size = int(segment[-1]) + 1
    share, limit = round(parameters.extreme_share * SHARE), round(parameters.extreme_voice * UNIT)
    most = np.minimum(_sum_units(segment, heard.voice, size) * share // SHARE, limit)
    praise = np.minimum(_sum_units(segment, voices.voice * voices.opinion, size), most)
    criticism = np.minimum(_sum_units(segment, voices.voice * (1.0 - voices.opinion), size) // 2, most)
    left = np.rint(voices.voice * UNIT).astype(np.int64)
    for opinion, cut in ((voices.opinion, criticism), (-voices.opinion, praise)):
        # Both sorts are stable, so that equal opinions stay in order of organisation.
        order = opinion.argsort(kind="stable") if alone else np.lexsort((opinion, segment))
        left = _without_first(left, order, segment, cut)
    return voices.at(left / UNIT)


def _without_first(units: Integers, order: Integers, segment: Integers, cut: Integers) -> Integers:
    """Take `cut` (by segment) off the units, in that order."""
    there, place = units[order], segment[order]
    before = there.cumsum() - there
    if len(cut) > 1:
        starts = starts_of(place)
        before -= np.repeat(before[starts], np.diff(np.append(starts, len(units))))
    left = np.empty_like(units)
    left[order] = there - np.minimum(np.maximum(cut[place] - before, 0), there)
    return left


def _sum_units(segment: Integers, voice: Floats, size: int) -> Integers:
    return sum_by(segment, np.rint(voice * UNIT), size).astype(np.int64)


def with_branch_cap(voices: Voices, tree: TrustTree, parameters: Parameters) -> Voices:
    """What is trusted through u speaks with at most B times the trust in u."""
    factors = branch_factors(voices.segment, voices.organisation, voices.voice, tree, parameters.branch_limit)
    return voices.at(voices.voice * factors)


def with_crowding(voices: Voices, redundancy: Redundancy) -> Voices:
    """w = v·√(v / Σ_j ρ_j·v_j): organisations that always agree share a voice."""
    if len(voices) and voices.segment[0] == voices.segment[-1]:
        return _softened(voices, _crowd_of_one(voices, redundancy))
    crowd = np.empty(len(voices))
    counts = np.bincount(voices.segment, minlength=1)
    starts = np.cumsum(counts) - counts
    for low, high in _batches(counts):
        first, last = starts[low], starts[high - 1] + counts[high - 1]
        left = np.arange(first, last)
        repeats = counts[voices.segment[first:last]]
        index = np.repeat(left, repeats)
        begins = np.cumsum(repeats) - repeats
        right = np.arange(len(index)) - np.repeat(begins - starts[voices.segment[first:last]], repeats)
        shared = redundancy.between(voices.organisation[index], voices.organisation[right]) * voices.voice[right]
        crowd[first:last] = sum_by(index - first, shared, int(last - first))
    return _softened(voices, crowd)


def _crowd_of_one(voices: Voices, redundancy: Redundancy) -> Floats:
    """The crowd around each voice of a single subject, summed in the same order as in a batch."""
    size = len(voices)
    index, other = np.repeat(np.arange(size), size), np.tile(np.arange(size), size)
    shared = redundancy.between(voices.organisation[index], voices.organisation[other]) * voices.voice[other]
    return sum_by(index, shared, size)


def _softened(voices: Voices, crowd: Floats) -> Voices:
    safe = np.where(voices.voice > 0.0, crowd, 1.0)
    return voices.at(voices.voice * np.sqrt(np.minimum(1.0, voices.voice / safe)))


def _batches(counts: Integers) -> list[tuple[int, int]]:
    """Runs of subjects whose pairs of voices fit in memory together."""
    batch = np.cumsum(counts * counts) // PAIRS_AT_ONCE
    edges = [*starts_of(batch).tolist(), len(counts)]
    return list(itertools.pairwise(edges))
