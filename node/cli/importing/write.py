"""Writes imported modules to a folder; what is there already stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from node.authoring.edit import set_field
from node.authoring.importing.imported import Imported
from node.authoring.parse import parse_module
from node.cli.exporting.files import inside
from node.cli.importing.kinds import Taken
from node.errors import Conflict


def write_all(modules: Sequence[Taken], folder: Path) -> list[Path]:
    """Write each module with its files; their paths. Raises Conflict before anything is written."""
    named = _named_once([one.made for one in modules])
    places = [folder / _place(made) for made in named]
    for path, made in zip(places, named, strict=True):
        if path.exists() and path.read_text("utf-8", "replace") != made.text:
            raise Conflict(f"{path} exists already and is different.", hint="Choose another folder with --to.")
    for path, made, one in zip(places, named, modules, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made.text, "utf-8", newline="")
        for name in made.files:
            beside = path.parent / inside(name)
            beside.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(one.tree.read(f"{one.files_from}/{name}" if one.files_from else name))
    return places


def _place(made: Imported) -> Path:
    """A folder of its own for a skill and for what has files."""
    is_skill = made.file_name == "SKILL.md"
    file = "SKILL.md" if is_skill else f"{made.name}.md"
    return Path(made.name, file) if is_skill or made.files else Path(file)


def _named_once(modules: Sequence[Imported]) -> list[Imported]:
    """A number behind names that are taken, in the text too: a name is published once."""
    taken: set[str] = set()
    named = []
    for made in modules:
        name, number = made.name, 1
        while name in taken:
            number += 1
            name = f"{made.name[:60]}-{number}"
        taken.add(name)
        text = made.text if name == made.name else set_field(parse_module(made.text), "name", name).source
        named.append(replace(made, name=name, text=text))
    return named
