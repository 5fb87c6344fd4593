"""Which variant a reader gets: p < .45 novice, to .8 competent, above expert; nearest there is, ties to more help."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from node.personalizer.adaptation.blocks import VARIANTS, Block

NOVICE_BELOW = 0.45
EXPERT_ABOVE = 0.8


def variant_for(p: float) -> str:
    """The variant made for this reader."""
    if p < NOVICE_BELOW:
        return "novice"
    return "expert" if p > EXPERT_ABOVE else "competent"


def nearest(wanted: str, there: Iterable[str]) -> str:
    """The nearest of those there are; between two equally near, the one that helps more."""
    place = VARIANTS.index(wanted)
    return min(there, key=lambda variant: (abs(VARIANTS.index(variant) - place), VARIANTS.index(variant)))


def groups(blocks: Sequence[Block]) -> list[list[Block]]:
    """Runs of neighbouring variants of the same thing; a variant met again begins the next group."""
    found: list[list[Block]] = []
    previous: Block | None = None
    for block in blocks:
        if block.variant is not None:
            fresh = previous is None or previous.variant is None
            if fresh or any(member.variant == block.variant for member in found[-1]):
                found.append([])
            found[-1].append(block)
        previous = block
    return found


def chosen_of(group: Sequence[Block], wanted: str) -> Block | None:
    """The block of a group to show. A lone remark for the other end of the scale is for nobody in between: None."""
    best = nearest(wanted, [block.variant or "" for block in group])
    far = abs(VARIANTS.index(best) - VARIANTS.index(wanted)) == 2
    if far and len(group) == 1:
        return None
    return next(block for block in group if block.variant == best)
