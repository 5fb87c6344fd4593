"""What a node proposes for a new module: by the task's address or id, or by a sentence about the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from node.cli.reaching.client import NodeClient
from node.cli.reaching.options import Where
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
        written = f"none of its {taken['there']} modules is" if taken["there"] else "nothing is written"
        lines = [f"For the task: {taken['title']} ({taken['task']})"]
        lines += [f"  or was it: {one['title']} ({one['id']})" for one in self.others]
        return [*lines, f"Level {taken['level']}: {written} for it yet."]


def find_proposal(where: Where, task: str) -> Found:
    """Ask the node. Raises Unknown."""
    with where.reading() as client:
        if _is_id(task):
            return Found(client.get("/api/reference/proposal", task=task))
        like = _like(client, task)
        if not like:
            raise Unknown(
                "This node knows no task like this sentence.",
                hint="Say what is done, give a task's address, or leave --task out.",
            )
        return Found(client.get("/api/reference/proposal", task=like[0]["id"]), tuple(like[1:]))


def _like(client: NodeClient, sentence: str) -> list[dict[str, Any]]:
    """Tasks of practitioners that the words find, else of the classifications by what the sentence means."""
    hits = client.get("/api/search", q=f"{sentence} kind:task", limit=1 + SHOWN)["hits"]
    made = [{"id": one["uri"], "title": one["title"]} for one in hits]
    return made or list(client.get("/api/reference/find", q=sentence, limit=1 + SHOWN)["found"])


def _is_id(task: str) -> bool:
    return task.startswith(("at://", "onet:", "esco:", "isco:"))
