"""Writes published modules and tasks to a folder, as their author would keep them."""

from __future__ import annotations

import hashlib
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from federation.codec import blob_cid
from node.authoring.importing.skills import export_skill
from node.authoring.parse import parse_module
from node.authoring.value import source_of
from node.cli.exporting.attribution import chain_of
from node.cli.reaching.client import NodeClient
from node.errors import Conflict

ATTRIBUTION = "ATTRIBUTION.txt"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip knows


def export_item(client: NodeClient, uri: str, to: Path, *, as_skill: bool = False) -> Iterator[Path]:
    """Write an item, its pictures and attachments to the folder or zip `to`; yields each path written.

    As a skill it becomes a folder of its name with `SKILL.md`, by the rules of Agent Skills to the letter.
    """
    if to.suffix.lower() != ".zip":
        yield from _export(client, uri, to, as_skill=as_skill)
        return
    with tempfile.TemporaryDirectory(prefix="skillnet-export-") as folder:
        paths = list(_export(client, uri, Path(folder), as_skill=as_skill))
        to.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in paths:
                # The same content gives the same archive, whenever it is made.
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _NO_TIME)
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    yield to


def _export(client: NodeClient, uri: str, folder: Path, *, as_skill: bool) -> Iterator[Path]:
    found = client.get("/api/item", uri=uri)
    value, did = found["version"]["value"], found["item"]["author"]
    text = source_of(value, body_text(client, did, value))
    name = inside(str(found["item"]["name"]))
    if as_skill:
        document = parse_module(text)
        text = export_skill(document.front.data, document.body)
        folder = folder / name
    path = folder / ("SKILL.md" if as_skill else f"{name}.md")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="")
    yield path
    yield from write_files(client, did, value, folder)
    if value.get("derivedFrom"):
        yield _write_attribution(client, found, folder)


def _write_attribution(client: NodeClient, found: dict[str, Any], folder: Path) -> Path:
    """Whose work it rests on, as the licences ask: each version that it was made from."""
    chain = list(chain_of(client, found))
    lines = [
        f"# Attribution of “{chain[0].title}”",
        "",
        f"Made by {chain[0].handle or chain[0].author}, {chain[0].licence}.",
    ]
    lines += ["", "It was made from:", "", *(f"{place}. {origin}" for place, origin in enumerate(chain[1:], 1)), ""]
    path = folder / ATTRIBUTION
    path.write_text("\n".join(lines), "utf-8", newline="")
    return path


def write_files(client: NodeClient, did: str, value: dict[str, Any], folder: Path) -> Iterator[Path]:
    """Write a version's pictures and attachments under `folder`. Raises Conflict before any is written."""
    require_free(value, folder)
    for entry in _files_of(value):
        beside = folder / inside(str(entry["path"]))
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(_blob(client, did, entry["blob"]))
        yield beside


def require_free(value: dict[str, Any], folder: Path) -> None:
    """Raise Conflict where a file of a version would take the place of another file: its author named the places."""
    for entry in _files_of(value):
        there = folder / inside(str(entry["path"]))
        if there.exists() and not (there.is_file() and cid_of_file(there) == str(entry["blob"]["ref"]["$link"])):
            raise Conflict(f"{there} exists already and is different.", hint="Choose another folder with --to.")


def cid_of_file(path: Path) -> str:
    """The address that a file's bytes have as a blob."""
    return blob_cid(hashlib.sha256(path.read_bytes()).digest())


def _files_of(value: dict[str, Any]) -> list[dict[str, Any]]:
    return [*value.get("pictures", []), *value.get("attachments", [])]


def body_text(client: NodeClient, did: str, value: dict[str, Any]) -> str | None:
    """The text that lies beside the record as a blob; None when the record carries it."""
    if "bodyBlob" not in value:
        return None
    return _blob(client, did, value["bodyBlob"]).decode("utf-8", "replace")


def _blob(client: NodeClient, did: str, blob: dict[str, Any]) -> bytes:
    return client.download("/api/blob", did=did, cid=str(blob["ref"]["$link"]))


def inside(path: str) -> Path:
    """A stranger's path, kept inside the folder: no step upwards, and no hidden name such as programs obey (`.git`)."""
    names = PurePosixPath(_CONTROL.sub("", path).replace("\\", "/")).parts
    parts = [part for part in (name.strip("./ ") for name in names) if part]
    return Path(*parts) if parts else Path("unnamed")
