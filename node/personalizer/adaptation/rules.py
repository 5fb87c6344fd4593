"""The rules, each a function of the outline and the reader that names its changes.

Assistance helps novices (d = +.505) and harms experts (−.428); hints come before answers; cautions are never hidden.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from node.personalizer.adaptation.blocks import EXAMPLE, HINT, PRACTICE, QUIZ, TEXT, Block, Change, Reader
from node.personalizer.adaptation.variants import EXPERT_ABOVE, chosen_of, groups, variant_for

HINTS_BELOW = 0.70
QUIZZES_BELOW = 0.95
KNOWN_FROM = 0.95
FADED_FROM = 0.85
FADING_WIDTH = 0.40

HIDE = "hidden"
FADE = "faded"
MOVE = "moved"

_READERS = {
    "novice": "are new to this",
    "competent": "do this with some care still needed",
    "expert": "do this almost always on your own",
}


def steps_shown(steps: int, p: float) -> int:
    """⌈n·(.85 − p)/.40⌉ of a worked example's steps, 0..n: faded backwards, the first ones stay longest."""
    exact = steps * (FADED_FROM - p) / FADING_WIDTH
    return min(steps, max(0, math.ceil(exact - 1e-9)))


def pick_variants(blocks: Sequence[Block], reader: Reader) -> Iterator[Change]:
    """Of each group of variants one is shown."""
    wanted = variant_for(reader.p)
    for group in groups(blocks):
        chosen = chosen_of(group, wanted)
        for block in group:
            if block is not chosen:
                yield Change(block.id, HIDE, f"written for other readers; you {_READERS[wanted]}", block.line)


def drop_hints(blocks: Sequence[Block], reader: Reader) -> Iterator[Change]:
    """Hints help until they are not needed."""
    if reader.p >= HINTS_BELOW:
        for block in blocks:
            if block.kind == HINT:
                yield Change(
                    block.id, HIDE, "you will probably not need the hint; open it whenever you want", block.line
                )


def drop_quizzes(blocks: Sequence[Block], reader: Reader) -> Iterator[Change]:
    """A quiz on what is known wastes minutes, unless the skill is due for review."""
    if reader.p >= QUIZZES_BELOW and not reader.due:
        for block in blocks:
            if block.kind == QUIZ:
                yield Change(
                    block.id, HIDE, "you almost always do this on your own; the quiz would tell nothing", block.line
                )


def fade_examples(blocks: Sequence[Block], reader: Reader) -> Iterator[Change]:
    """The last steps of a worked example are left to the worker first."""
    for block in blocks:
        shown = steps_shown(block.steps, reader.p)
        if block.kind == EXAMPLE and shown < block.steps:
            why = _left(block.steps - shown, block.steps) if shown else "you can do every step yourself"
            yield Change(block.id, f"{FADE}:{shown}", why, block.line, undo=f"steps:{block.steps}")


def _left(steps: int, of: int) -> str:
    return f"the last of {of} steps is yours to do" if steps == 1 else f"the last {steps} of {of} steps are yours to do"


def skip_known(blocks: Sequence[Block], reader: Reader) -> Iterator[Change]:
    """Explanations of a skill that the worker has already, where the author said which skill a block is about."""
    for block in blocks:
        known = reader.known.get(block.skill or "", 0.0) >= KNOWN_FROM
        if known and block.kind in (TEXT, EXAMPLE, HINT) and not reader.due:
            yield Change(block.id, HIDE, f"you know “{block.skill}” well already", block.line)


def practice_first(blocks: Sequence[Block], reader: Reader) -> Iterator[Change]:
    """Who probably can should try first and read afterwards what was missing."""
    first = next((place for place, block in enumerate(blocks) if block.kind == PRACTICE), 0)
    if reader.p > EXPERT_ABOVE and first > 1:
        block = blocks[first]
        yield Change(block.id, MOVE, "you can probably do this: try first, then read what was missing", block.line)


RULES = (pick_variants, drop_hints, drop_quizzes, fade_examples, skip_known, practice_first)
