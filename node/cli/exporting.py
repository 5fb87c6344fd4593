"""Writes published modules and tasks to a folder, as their author would keep them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from node.authoring.value import source_of
from node.cli.client import NodeClient


def export_item(client: NodeClient, uri: str, folder: Path) -> Iterator[Path]:
    """Write an item, its pictures and attachments under `folder`; yields each path written."""
    found = client.get("/api/item", uri=uri)
    value, did = found["version"]["value"], found["item"]["author"]
    path = folder / f"{inside(str(found['item']['name']))}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source_of(value, body_text(client, did, value)), "utf-8")
    yield path
    yield from write_files(client, did, value, folder)


def write_files(client: NodeClient, did: str, value: dict[str, Any], folder: Path) -> Iterator[Path]:
    """Write a version's pictures and attachments under `folder`."""
    for entry in [*value.get("pictures", []), *value.get("attachments", [])]:
        beside = folder / inside(str(entry["path"]))
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(_blob(client, did, entry["blob"]))
        yield beside


def body_text(client: NodeClient, did: str, value: dict[str, Any]) -> str | None:
    """The text that lies beside the record as a blob; None when the record carries it."""
    if "bodyBlob" not in value:
        return None
    return _blob(client, did, value["bodyBlob"]).decode("utf-8", "replace")


def _blob(client: NodeClient, did: str, blob: dict[str, Any]) -> bytes:
    return client.download("/api/blob", did=did, cid=str(blob["ref"]["$link"]))


def inside(path: str) -> Path:
    """A stranger's path, kept inside the folder: nothing absolute, no step upwards."""
    parts = [part for part in PurePosixPath(path.replace("\\", "/")).parts if part not in ("/", "..", ".")]
    return Path(*parts) if parts else Path("unnamed")
