"""Agent Skills (agentskills.io/specification): `SKILL.md` in a folder. Every key and file is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from node.authoring.importing.imported import (
    Imported,
    attachments_among,
    described,
    first_prose,
    name_from,
    settle,
)
from node.authoring.importing.pictures import settle_pictures
from node.authoring.names import is_name
from node.authoring.parse import parse_module


class NotASkill(ValueError):
    """The front matter cannot be read."""


def import_skill(text: str, folder: str, files: Sequence[str] = ()) -> Imported:
    """A skill as a module. `files`: what lies beside SKILL.md. Raises NotASkill with the line of broken YAML."""
    document = parse_module(text, "SKILL.md")
    broken = [problem for problem in document.problems if problem.code.startswith(("yaml", "front-matter"))]
    if broken:
        raise NotASkill(str(broken[0]))
    body, pictures, notes = settle_pictures(document, files)
    others = tuple(path for path in files if path not in pictures and path != "SKILL.md")
    carried, more = attachments_among(others)
    front: dict[str, Any] = dict(document.front.data)
    name = front.get("name")
    if not isinstance(name, str) or not is_name(name):
        front = {"name": name_from(str(name or folder)), **{key: front[key] for key in front if key != "name"}}
        notes = (*notes, f"the name {name!r} became {front['name']!r}")
    front["description"] = described(_text(front.get("description")), first_prose(body) or folder)
    if carried:
        known = front.get("attachments")
        front["attachments"] = list(dict.fromkeys([*(known if isinstance(known, list) else []), *carried]))
    made = settle(front, body, (*notes, *more))
    return replace(made, files=(*pictures, *carried), file_name="SKILL.md")


def export_skill(front: Mapping[str, Any], body: str) -> str:
    """A module as a skill, strictly by the specification: six keys outside, everything else as text in `metadata`."""
    from node.authoring.importing.imported import compose

    strict = ("name", "description", "license", "compatibility", "allowed-tools")
    given = front.get("metadata")
    metadata: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {}
    rest = {key: value for key, value in front.items() if key not in strict and key != "metadata"}
    metadata |= {f"skillnet-{key}": _flat(value) for key, value in rest.items()}
    kept = {key: front[key] for key in strict if key in front}
    return compose({**kept, "metadata": {key: _flat(value) for key, value in metadata.items()}}, body)


def _flat(value: Any) -> str:
    """Metadata of a skill maps text to text."""
    if isinstance(value, str):
        return value
    import json

    return json.dumps(value, ensure_ascii=False)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
