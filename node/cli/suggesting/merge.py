"""What becomes of a suggestion: merged three ways into the current text and published, or answered in the head."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from node.authoring.difference import difference
from node.authoring.merge.merge import Merged, merge
from node.authoring.value import source_of
from node.cli.exporting.files import body_text, write_files
from node.cli.publishing.collect import collect
from node.cli.publishing.inside import Inside, repository_of
from node.cli.publishing.origins import find_version
from node.cli.publishing.plan import Plan, make_plan
from node.cli.publishing.records import moment
from node.cli.publishing.write import carry_out
from node.cli.reaching.client import NodeClient
from node.errors import Conflict, Malformed, NotAllowed, Unknown
from schemas.identifiers import record_parts

_MOST_ANSWERS = 256  # as the lexicon says; the oldest give way


def suggested_text(file: Path) -> str:
    """The text of a file. Raises Malformed where its front matter cannot be read."""
    source = collect(file).sources[0]
    broken = [problem for problem in source.errors if problem.code.startswith(("yaml", "front-matter", "too-long"))]
    if broken:
        raise Malformed(str(broken[0]))
    return source.document.source.encode("utf-8", "replace").decode("utf-8")


def text_of(client: NodeClient, found: dict[str, Any]) -> str:
    """The Markdown of a version as `/api/item` gives it."""
    value = found["version"]["value"]
    return source_of(value, body_text(client, found["item"]["author"], value))


def difference_of(client: NodeClient, suggestion: dict[str, Any]) -> str:
    """What a suggestion would change in the version that it was made for."""
    base = find_version(client, str(suggestion["value"]["subject"]["uri"]))
    if base is None:
        return "(the version that it was made for is gone)"
    return difference(text_of(client, base), _proposed(client, suggestion), "published", "suggested")


@dataclass(frozen=True, slots=True)
class Taking:
    """How a suggestion is taken up: the note of the new version, one's own copy, and whether that is final."""

    note: str = ""
    file: Path | None = None
    resolved: bool = False


def take_up(client: NodeClient, did: str, uri: str, how: Taking) -> dict[str, Any]:
    """Merge, publish, credit; with conflicts only write them to the file. Raises Unknown, NotAllowed, Conflict."""
    file = how.file
    found, suggestion = _own_suggestion(client, did, uri)
    base = find_version(client, str(suggestion["value"]["subject"]["uri"]))
    if base is None:
        raise Unknown("The version that the suggestion was made for is gone.")
    ours = file.read_text("utf-8") if file else text_of(client, found)
    merged = Merged(ours)
    if not how.resolved:
        merged = merge(text_of(client, base), ours, _proposed(client, suggestion), ("yours", "suggested"))
    if file and merged.text != ours:
        file.write_text(merged.text, "utf-8", newline="")
    conflicts = [conflict.line for conflict in merged.conflicts]
    if conflicts and not file:
        raise Conflict(
            f"You changed the same since, in {len(conflicts)} places.",
            hint="Name your own copy with --file: it gets both sides between markers.",
        )
    done: dict[str, Any] = {"suggestion": uri, "by": suggestion["by"], "conflicts": conflicts, "path": str(file or "")}
    if not conflicts:
        done["version"] = _publish(client, did, (found, suggestion), merged.text, how)
    return done


def _publish(
    client: NodeClient, did: str, about: tuple[dict[str, Any], dict[str, Any]], text: str, how: Taking
) -> dict[str, str]:
    found, suggestion = about
    file = how.file
    repository = repository_of(client, did, found)
    inside = repository if isinstance(repository, Inside) else None
    with tempfile.TemporaryDirectory(prefix="skillnet-accept-") as folder:
        path = file or Path(folder) / f"{found['item']['name']}.md"
        if file is None:
            path.write_text(text, "utf-8", newline="")
            list(write_files(client, found["item"]["author"], found["version"]["value"], Path(folder)))
        plan = make_plan(collect(path, found["item"]["kind"]), repository, inside=inside)
        entry = plan.entries[0]
        if entry.action != "update":
            raise Conflict("With your changes the suggestion says nothing new.", hint="Decline it, with thanks.")
        thanked = list(entry.stated.get("contributors", []))
        credit = {
            "accepts": [{"uri": suggestion["uri"], "cid": suggestion["cid"]}],
            "contributors": thanked if suggestion["by"] in (*thanked, did) else [*thanked, suggestion["by"]],
        }
        stated = {**entry.stated, **{key: value for key, value in credit.items() if value}}
        done = carry_out(
            Plan(did, (replace(entry, stated=stated),)), repository, how.note or suggestion["value"]["note"],
            inside=inside,
        )  # fmt: skip
    return {"uri": done[0].version_uri, "cid": done[0].version_cid}


def turn_down(client: NodeClient, did: str, uri: str, reason: str) -> dict[str, Any]:
    """Say in the head that it was declined. Raises Unknown, NotAllowed."""
    found, suggestion = _own_suggestion(client, did, uri)
    _, collection, key = record_parts(found["item"]["uri"])
    repository = repository_of(client, did, found)
    head = repository.find(collection, key)
    if head is None:
        raise Unknown("You have published nothing that it could be about.")
    answers = [one for one in head.value.get("declines", []) if one["suggestion"]["uri"] != uri]
    answer: dict[str, Any] = {"suggestion": {"uri": suggestion["uri"], "cid": suggestion["cid"]}}
    answers.append(answer | ({"reason": reason} if reason else {}))
    value = {**head.value, "declines": answers[-_MOST_ANSWERS:], "updatedAt": moment()}
    repository.put(collection, key, value)
    return {"suggestion": uri, "reason": reason}


def _own_suggestion(client: NodeClient, did: str, uri: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A suggestion and the module that it is about, which must be one's own."""
    record = client.get("/api/records", uri=uri)
    module = str((record.get("value") or record).get("module", ""))
    if not module.startswith(f"at://{did}/"):
        raise NotAllowed("Only the author of the module can answer that.")
    answer = client.get("/api/suggestions", uri=module)
    suggestion = next((one for one in answer["suggestions"] if one["uri"] == uri), None)
    if suggestion is None:
        raise Unknown(f"This node knows no suggestion {uri}.")
    return client.get("/api/item", uri=module), suggestion


def _proposed(client: NodeClient, suggestion: dict[str, Any]) -> str:
    value = suggestion["value"]
    text = body_text(client, suggestion["by"], value)
    return str(value.get("body", "")) if text is None else text
