"""What the people of the demonstration publish: each their own files of their organisation's folder."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from node.batches import batches
from node.cli.demo.cast import Organisation
from node.cli.publishing.collect import collect
from node.cli.publishing.plan import make_plan
from node.cli.publishing.repository import Repository
from node.cli.publishing.write import carry_out
from node.cli.reaching.client import NodeClient
from schemas.authority import ENDORSEMENT, MODULE, MODULE_VERSION

MOST_DELETIONS = 100  # in one commit


def publish_for(
    client: NodeClient, did: str, organisation: Organisation, person: Mapping[str, Any], dids: Mapping[str, str]
) -> None:
    """Publish one practitioner's modules and tasks. `dids` maps "organisation/person" to a DID."""
    folder = organisation.folder
    authors = {
        path.resolve(): dids[f"{organisation.key}/{author['name']}"]
        for author in organisation.practitioners
        for path in files_of(folder, author)
    }
    plan = make_plan(collect(folder), Repository(client, did), only=files_of(folder, person), authors=authors)
    carry_out(plan, Repository(client, did))


def files_of(folder: Path, person: Mapping[str, Any]) -> list[Path]:
    """The files that a practitioner publishes."""
    modules = [folder / "modules" / f"{name}.md" for name in person["modules"]]
    return [*modules, *(folder / "tasks" / f"{name}.md" for name in person.get("tasks", []))]


def publish_text(client: NodeClient, did: str, text: str) -> str:
    """Publish one module given as text; returns its at-uri."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "module.md"
        path.write_text(text, "utf-8")
        repository = Repository(client, did)
        plan = make_plan(collect(path), repository)
        carry_out(plan, repository)
    return f"at://{did}/{MODULE}/{plan.entries[0].source.name}"


def delete_marked(client: NodeClient, did: str, mark: str) -> int:
    """Delete every record of an account that speaks of modules with `mark` in their names; returns how many."""
    repository = Repository(client, did)
    deletions = [
        {"$type": "com.atproto.repo.applyWrites#delete", "collection": collection, "rkey": record.key}
        for collection in (ENDORSEMENT, MODULE, MODULE_VERSION)
        for record in repository.records(collection)
        if mark in f"{record.value.get('name', '')} {record.value.get('module', '')}"
    ]
    for part in batches(deletions, MOST_DELETIONS):
        client.post("/xrpc/com.atproto.repo.applyWrites", {"repo": did, "writes": part})
    return len(deletions)
