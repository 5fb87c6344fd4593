"""Writes a fork: the version's text with where it came from, its pictures and attachments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from node.authoring.compatibility import UNSTATED, find_obstacle
from node.authoring.document import Document
from node.authoring.edit import D, set_field
from node.authoring.parse import parse_module, parse_task
from node.authoring.value import source_of
from node.authoring.write import write_bytes
from node.cli.exporting.files import body_text, require_free, write_files
from node.cli.reaching.client import NodeClient
from node.errors import Conflict, NodeError
from schemas.authority import TASK_VERSION


class MayNotBeForked(NodeError):
    """Its licence does not allow this fork."""

    hint = "Name a licence that fits with --license, or suggest your change: `skillnet module suggest`."


def write_fork(client: NodeClient, found: dict[str, Any], folder: Path, wishes: Mapping[str, str]) -> Iterator[Path]:
    """Write a fork of the version found under `folder`. Raises MayNotBeForked, Conflict."""
    value, version = found["version"]["value"], found["version"]
    original = str(value.get("license", UNSTATED))
    obstacle = find_obstacle(original, wishes["license"] or original)
    if obstacle:
        raise MayNotBeForked(f"{value['title']!r} may not be forked: {obstacle}.")
    text = source_of(value, body_text(client, found["item"]["author"], value))
    document = with_fields(text, value, {**wishes, "derivedFrom": {"uri": version["uri"], "cid": version["cid"]}})
    path = folder / f"{document.name}.md"
    if path.exists():
        raise Conflict(f"{path} exists already.", hint="Choose another folder with --to, or another --name.")
    require_free(value, folder)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(write_bytes(document))
    yield path
    yield from write_files(client, found["item"]["author"], value, folder)


def with_fields(text: str, value: Mapping[str, Any], fields: Mapping[str, Any]) -> Document:
    """The document of a version's text with some front matter set; what is empty stays as it is."""
    if value.get("$type") == TASK_VERSION:
        return _set(parse_task(text), fields)
    return _set(parse_module(text), fields)


def _set(document: D, fields: Mapping[str, Any]) -> D:
    for key, entry in fields.items():
        document = set_field(document, key, entry) if entry else document
    return document
