"""From the cells of some subjects to their scores, step by step; the steps are kept for those who ask why."""

from dataclasses import dataclass

from curation.arrays import Integers
from curation.fast.bridging import Scores, bridged
from curation.parameters import Parameters
from curation.slow.slow_layer import SlowLayer
from curation.voices.cells import Cells
from curation.voices.voices import (
    Voices,
    raised_voices,
    strongest_voices,
    with_branch_cap,
    with_crowding,
    with_negative_quorum,
    without_extremes,
)


@dataclass(frozen=True, slots=True)
class Hearing:
    """The voices on some subjects after each step; the last five hold the same organisations in the same places."""

    raised: Voices
    strongest: Voices
    agreed: Voices
    moderate: Voices
    capped: Voices
    final: Voices


def hear(cells: Cells, segment: Integers, own: Integers, slow: SlowLayer, parameters: Parameters) -> Hearing:
    """Steps 5 to 8. `segment`: position of each cell's subject; `own`: authoring organisation by segment."""
    raised = raised_voices(cells, segment, own, slow.circle.tree.trust, parameters)
    strongest = strongest_voices(raised, parameters)
    agreed = with_negative_quorum(strongest)
    moderate = without_extremes(agreed, strongest, parameters)
    capped = with_branch_cap(moderate, slow.circle.tree, parameters)
    return Hearing(raised, strongest, agreed, moderate, capped, with_crowding(capped, slow.redundancy))


def score_cells(cells: Cells, segment: Integers, own: Integers, slow: SlowLayer, parameters: Parameters) -> Scores:
    """Scores of the subjects 0..len(own)-1 of a batch."""
    final = hear(cells, segment, own, slow, parameters).final
    return bridged(final, len(own), slow.lean, slow.prior, parameters)
