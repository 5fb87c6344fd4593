"""`recompute`: fetch all that a node's ranking rests on, compute it here, and compare."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from node.cli.reaching.client import Answered, NodeClient
from node.cli.reaching.options import AsJson, Where
from node.cli.terminal.output import show

if TYPE_CHECKING:
    from curation.ranking import Ranking

HERE = Where()
PAGE, STATEMENTS = 100, 2_000
SHOWN = 10
MILLION = 1_000_000


def register(app: App) -> None:
    """Add the command."""
    app.command(recompute)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a node says that its ranking rests on."""

    viewer: str
    at: float
    parameters: Mapping[str, int]
    slow: bytes
    statements: list[dict[str, Any]]


def recompute(
    *,
    viewer: Annotated[str, Parameter(help="Through whose eyes: an organisation that the node trusts.")] = "",
    task: Annotated[str, Parameter(help="The order for this task.")] = "",
    where: Where = HERE,
    json: AsJson = False,
) -> int:
    """Compute a node's scores again from the public statements that it names, and compare them with what it shows.

    Once with the trust that the node computed for the day, which must give the very same numbers, and once with trust
    computed anew from the statements, which differs by what was said since the day's began.
    """
    with where.reading() as client:
        inputs = load_inputs(client, viewer)
        shown = load_scores(client, viewer, task)
    same, anew = _ranking(inputs, slow=True), _ranking(inputs, slow=False)
    differing = _differing(same, shown, task)
    furthest = max((abs(shown[uri][0] - _score(anew, uri, task)[0]) for uri in shown), default=0)
    facts = {
        "viewer": inputs.viewer, "statements": len(inputs.statements), "items": len(shown),
        "equal": len(shown) - len(differing), "differing": differing[:SHOWN],
        "furthestWithTrustAnew": furthest / MILLION, "ok": not differing,
    }  # fmt: skip
    lines = [
        f"{len(inputs.statements)} statements, seen from {inputs.viewer}.",
        f"{facts['equal']} of {len(shown)} scores are the same to a millionth.",
        f"With trust computed anew, no score is further off than {furthest / MILLION:.6f}.",
        *(f"{one['uri']}: shown {one['shown']}, computed {one['computed']}" for one in differing[:SHOWN]),
    ]
    show(facts, as_json=json, lines=lines)
    return 1 if differing else 0


def load_inputs(client: NodeClient, viewer: str) -> Inputs:
    """Every page of `org.skillnet.curation.getInputs`. Raises Answered."""
    first = page = _page(client, "getInputs", viewer=viewer, limit=STATEMENTS)
    found = list(first["statements"])
    while page.get("cursor"):
        page = _page(client, "getInputs", viewer=viewer, limit=STATEMENTS, cursor=page["cursor"])
        found += page["statements"]
    text = str(first["slow"]["$bytes"])
    at = datetime.fromisoformat(first["epoch"]).replace(tzinfo=UTC).timestamp()
    slow = base64.b64decode(text + "=" * (-len(text) % 4))
    return Inputs(first["viewer"], at, first["parameters"], slow, found)


def load_scores(client: NodeClient, viewer: str, task: str) -> dict[str, tuple[int, int, int]]:
    """Value and mean in millionths, evidence in thousandths, by item, as `getRanking` shows them."""
    found: dict[str, tuple[int, int, int]] = {}
    cursor = ""
    while True:
        page = _page(client, "getRanking", viewer=viewer, task=task, limit=PAGE, cursor=cursor)
        for place in page["items"]:
            score = place["score"]
            found[place["entry"]["uri"]] = (score["value"], score["mean"], score["evidence"])
        cursor = page.get("cursor", "")
        if not cursor:
            return found


def _page(client: NodeClient, method: str, **query: Any) -> dict[str, Any]:
    answer = client.get(f"/xrpc/org.skillnet.curation.{method}", **query)
    if not isinstance(answer, dict):
        raise Answered("The node's answer is not what its interface promises.")
    return answer


def _ranking(inputs: Inputs, *, slow: bool) -> Ranking:
    from curation.exchange import parse_parameters, parse_statements
    from curation.ranking import Ranking
    from curation.slow.slow_layer import parse_slow_layer
    from curation.stated.contributions import Contributions

    contributions = Contributions()
    contributions.extend(parse_statements(inputs.statements))
    layer = parse_slow_layer(inputs.slow) if slow else None
    return Ranking.build(contributions, inputs.viewer, inputs.at, parse_parameters(inputs.parameters), slow=layer)


def _score(ranking: Ranking, uri: str, task: str) -> tuple[int, int, int]:
    score = ranking.score(uri, task or None)
    return round(score.value * MILLION), round(score.mean * MILLION), round(score.evidence * 1000)


def _differing(ranking: Ranking, shown: Mapping[str, tuple[int, int, int]], task: str) -> list[dict[str, Any]]:
    pairs = [(uri, stated, _score(ranking, uri, task)) for uri, stated in shown.items()]
    return [
        {"uri": uri, "shown": list(stated), "computed": list(computed)}
        for uri, stated, computed in pairs
        if stated != computed
    ]
