"""The drawing of a task's steps: lanes, rows of eight, a way that goes on at the edges."""

from __future__ import annotations

from markupsafe import Markup

from node.web.contexts.catalogue.task import StepView
from node.web.pages.catalogue.flow import LANE, ROW, STEP, flow_of


def steps(*by: str) -> list[StepView]:
    return [
        StepView(
            anchor=f"step-{n}", title=f"Step {n}", text=Markup(""), by=who, check="", pitfalls=(), minutes=None,
            by_hand="always" if n == 1 else "",
        )
        for n, who in enumerate(by, 1)
    ]  # fmt: skip


def test_one_step_is_no_flow() -> None:
    assert flow_of(steps("person")) is None
    assert flow_of([]) is None


def test_who_does_it_is_the_lane() -> None:
    flow = flow_of(steps("person", "assistant", "both"))
    assert flow is not None
    [row] = flow.rows
    assert [node.y for node in row.nodes] == [LANE // 2, LANE + LANE // 2, LANE]
    assert [node.by_hand for node in row.nodes] == [True, False, False]
    assert (flow.width, flow.height) == (3 * STEP, 2 * LANE)
    assert row.line.startswith("M22 19C44 19 44 57 66 57")


def test_many_steps_stand_in_rows_and_the_way_goes_on() -> None:
    flow = flow_of(steps(*["person"] * (ROW + 3)))
    assert flow is not None
    first, second = flow.rows
    assert (len(first.nodes), len(second.nodes), second.nodes[0].number) == (ROW, 3, ROW + 1)
    assert first.line.endswith(f"H{flow.width}")
    assert second.line.startswith("M0 ")
    assert second.nodes[-1].y < flow.height
