"""What a node proposes for a new module: by the task's address or id, or by a sentence about the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from node.cli.options import Where
from node.errors import Unknown

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Found:
    """The node's proposal; `others`: tasks that a sentence might have meant too."""

    proposal: dict[str, Any]
    others: tuple[dict[str, Any], ...] = ()

    def lines(self) -> list[str]:
        """What was taken, and why."""
        taken = self.proposal
        count = f"{taken['there']} module(s) exist for it" if taken["there"] else "nothing exists for it yet"
        lines = [f"For: {taken['title']} ({taken['task']}); {count}, so the level is {taken['level']}."]
        lines += [f"  not: {one['title']} ({one['id']})" for one in self.others]
        return lines


def find_proposal(where: Where, task: str) -> Found:
    """Ask the node. Raises Unknown."""
    with where.reading() as client:
        if _is_id(task):
            return Found(client.get("/api/reference/proposal", task=task))
        found = client.get("/api/reference/find", q=task, limit=1 + SHOWN)["found"]
        if not found:
            raise Unknown("No task is like this sentence.", hint="Say what is done, or leave --task out.")
        first, *others = found
        return Found(client.get("/api/reference/proposal", task=first["id"]), tuple(others))


def _is_id(task: str) -> bool:
    return task.startswith(("at://", "onet:", "esco:", "isco:"))
