"""The steps of a task as a small drawing: two lanes, the person's above the assistant's, and the way of the work.

Whole numbers of the drawing's own units; a row holds eight steps, so that a phone shows a row without shrinking it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from node.batches import batches
from node.web.contexts.catalogue.task import FlowDrawing, FlowNode, FlowRow, StepView

ROW = 8  # steps
STEP, MARGIN = 44, 22  # across: from one step to the next, from the edge to the first
LANE, GAP = 38, 14  # down: one lane, from one row to the next
FEWEST = 2
_LANES = {"person": LANE // 2, "both": LANE, "assistant": LANE + LANE // 2}


def flow_of(steps: Sequence[StepView]) -> FlowDrawing | None:
    """None for a single step: there is nothing to see then."""
    if len(steps) < FEWEST:
        return None
    rows = list(batches(steps, ROW))
    width = STEP * len(rows[0])
    drawn = tuple(_row(part, number, len(rows), width) for number, part in enumerate(rows))
    return FlowDrawing(width=width, height=len(rows) * (2 * LANE + GAP) - GAP, rows=drawn)


def _row(steps: Sequence[StepView], number: int, rows: int, width: int) -> FlowRow:
    top = number * (2 * LANE + GAP)
    nodes = tuple(
        FlowNode(
            number=number * ROW + place + 1, title=step.title, by=step.by, by_hand=bool(step.by_hand),
            x=MARGIN + place * STEP, y=top + _LANES[step.by],
        )
        for place, step in enumerate(steps)
    )  # fmt: skip
    return FlowRow(top=top, lane=LANE, nodes=nodes, line=_line(nodes, number > 0, number < rows - 1, width))


def _line(nodes: Sequence[FlowNode], enters: bool, leaves: bool, width: int) -> str:
    """An SVG path through the nodes; from and to the edge where the work goes on in another row."""
    first = nodes[0]
    path = [f"M0 {first.y}H{first.x}" if enters else f"M{first.x} {first.y}"]
    for before, node in pairwise(nodes):
        middle = (before.x + node.x) // 2
        path.append(f"C{middle} {before.y} {middle} {node.y} {node.x} {node.y}")
    return "".join([*path, f"H{width}" if leaves else ""])
