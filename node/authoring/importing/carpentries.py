"""Lessons of the Carpentries Workbench: one module for each episode (carpentries.github.io/sandpaper-docs)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from node.authoring.front_matter.tree import YamlInvalid, read_tree
from node.authoring.importing.imported import Imported
from node.authoring.importing.pages import import_page, licence_from
from node.authoring.parse import parse_module

_LANGUAGE = re.compile(r"-(es|de|fr|pt|ja|it|nl|ru|zh|uk)\Z")
_ITEM = re.compile(r"^\s*[-*+]\s+(.+(?:\n(?!\s*[-*+:]|\s*\n).+)*)", re.MULTILINE)


def read_config(text: str) -> Mapping[str, Any]:
    """`config.yaml`; nothing where it cannot be read."""
    try:
        data = read_tree(text).data
    except YamlInvalid:
        return {}
    return data if isinstance(data, dict) else {}


def episodes_in_order(config: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """File names of the episodes, in the lesson's order; all of them by name where it states none."""
    listed = config.get("episodes")
    order = [str(name) for name in listed if str(name) in names] if isinstance(listed, list) else []
    return order or sorted(names)


def import_episode(text: str, file: str, lesson: str, config: Mapping[str, Any], files: Sequence[str] = ()) -> Imported:
    """An episode; `lesson` is the folder's name. Time is the sum of teaching and exercises."""
    document = parse_module(text, file)
    front = document.front.data
    minutes = sum(value for key in ("teaching", "exercises") if isinstance(value := front.get(key), int))
    language = str(config.get("lang") or _guessed(lesson))
    goals = _items(document.body, "objectives") or _items(document.body, "questions")
    source = str(config.get("source") or "")
    given: dict[str, Any] = {
        "prefix": source.rstrip("/").rpartition("/")[2] or lesson,
        "language": language,
        "license": licence_from(str(config.get("license") or "CC-BY-4.0")),  # the Carpentries' licence for lessons
        "level": "novice",
        "description": " ".join(goal if goal.endswith((".", "?", "!")) else f"{goal}." for goal in goals),
    }
    if minutes > 0:
        given["minutes"] = minutes
    return import_page(text, file, files, given)


def _guessed(lesson: str) -> str:
    match = _LANGUAGE.search(lesson)
    return match[1] if match else "en"


def _items(body: str, name: str) -> list[str]:
    """The list in the first block of this name."""
    match = re.search(rf"^:::+\s*\{{?\.?{name}\b[^\n]*\n(.*?)^:::+\s*$", body, re.MULTILINE | re.DOTALL)
    return [" ".join(item.split()) for item in _ITEM.findall(match[1])] if match else []
