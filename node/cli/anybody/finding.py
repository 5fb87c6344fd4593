"""Reading the catalogue: search, rank, explain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter
from cyclopts.validators import Number

from node.cli.publishing.records import at_uri
from node.cli.reaching.options import AsJson, Where
from node.cli.terminal.output import plain, show, show_json, show_lines, show_table

HERE = Where()
_MARKUP = re.compile(r"<[^>]*>")
Limit = Annotated[int, Parameter(help="How many to show, at most 100.", validator=Number(gte=1, lte=100))]
Through = Annotated[str, Parameter(help="DID of a trusted organisation: see it as they do.")]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a search is narrowed to."""

    kind: Annotated[
        Literal["", "module", "task", "occupation", "occupation-task", "skill", "path", "person", "organisation"],
        Parameter(help="module, task, occupation, occupation-task, skill, path, person or organisation."),
    ] = ""
    occupation: Annotated[str, Parameter(help="onet:…, esco:… or isco:…")] = ""
    layer: Annotated[Literal["", "tool", "concept", "capability"], Parameter(help="What a module builds.")] = ""
    level: Annotated[
        Literal["", "novice", "advanced-beginner", "competent", "proficient", "expert"],
        Parameter(help="novice, advanced-beginner, competent, proficient or expert."),
    ] = ""
    language: Annotated[str, Parameter(help="Language tag, like de.")] = ""

    def query(self) -> dict[str, str]:
        """As the node's parameters."""
        return {name: getattr(self, name) for name in self.__slots__}


WIDE = Narrowing()


def register(app: App) -> None:
    """Add the commands."""
    app.command(search)
    app.command(rank)
    app.command(explain)


def search(
    query: str,
    /,
    *,
    narrowing: Narrowing = WIDE,
    limit: Limit = 10,
    why: Annotated[bool, Parameter(help="Say of each why it stands at its place.")] = False,
    where: Where = HERE,
    json: AsJson = False,
) -> None:
    """Find modules, tasks and people across the network; words, "phrases", -exclusions and field:value."""
    with where.reading() as client:
        found = client.get("/api/search", q=query, limit=limit, **narrowing.query())
    if json:
        show_json(found)
        return
    if found["didYouMean"]:
        show_lines([f"Did you mean: {found['didYouMean']}"])
    show_lines([*found["notes"], f"{found['total']} found."])
    for number, hit in enumerate(found["hits"], 1):
        show_lines([f"{number:>2}. {hit['title']}  [{_kind(hit)}]", f"    {hit['uri']}"])
        if snippet := _MARKUP.sub("", hit.get("snippetHtml", "")):
            show_lines([f"    {' '.join(unescape(snippet).split())}"])
        if why:
            show_lines([f"    {hit['why']['sentence']}"])


def rank(
    *,
    task: Annotated[str, Parameter(help="Only what is for this task, in its order: an address, or onet:…")] = "",
    through: Through = "",
    limit: Limit = 25,
    where: Where = HERE,
    json: AsJson = False,
) -> None:
    """Show modules best first, as this node sees them from its practitioners' and trusted organisations' verdicts."""
    with where.reading() as client:
        found = client.get("/api/ranking", task=task, through=through, limit=limit)
    if json:
        show_json(found)
        return
    if not found["ranked"]:
        show_lines([found["reason"], "Shown by freshness. `skillnet follow URL --trust` names a first organisation."])
    columns = {
        "place": "", "title": "title", "score": "score", "evidence": "evidence", "freshness": "fresh", "uri": "address",
    }  # fmt: skip
    rows = [
        {**place, "score": f"{place['score']:.3f}", "evidence": f"{place['evidence']:.1f}",
         "freshness": f"{place['freshness']:.2f}"}
        for place in found["places"]
    ]  # fmt: skip
    show_table(rows, columns, empty="There is nothing to rank yet.")


def explain(
    uri: str,
    /,
    *,
    task: Annotated[str, Parameter(help="Its place for this task.")] = "",
    through: Through = "",
    where: Where = HERE,
    json: AsJson = False,
) -> None:
    """Say why a module stands where it stands: who speaks for it, what was dropped, what would raise it."""
    with where.reading() as client:
        found = client.get("/api/explanation", uri=at_uri(uri), task=task, through=through)
    lines = [
        f"{found['item']['title']}: score {found['score']:.3f}",
        *found["sentences"],
        *found["freshness"]["reasons"],
    ]
    show(found, as_json=json, lines=lines)


def _kind(hit: dict[str, Any]) -> str:
    facts = [hit["kind"], hit.get("layer"), hit.get("level"), hit.get("language")]
    minutes = hit.get("minutes")
    return plain(", ".join(filter(None, [*facts, f"{minutes} min" if minutes else ""])))
