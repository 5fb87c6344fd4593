"""The beginnings of modules and tasks that `new` writes."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from node.authoring.beginnings import DESCRIPTION, MODULE_BODY, STATEMENT, TASK_BODY
from node.authoring.front_matter.dump import dump_front_matter
from node.authoring.names import is_name, likely_name
from node.authoring.vocabulary import LAYERS, LEVELS, nearest
from node.errors import Conflict, Malformed


def write_module(name: str, folder: Path, given: dict[str, str], proposal: Mapping[str, Any]) -> Path:
    """A module's first draft, with what its task proposes. Raises Conflict when the file exists, Malformed."""
    likely = str(proposal.get("level") or "novice")
    front: dict[str, object] = {
        "name": checked_name(name),
        "title": _asked(given["title"], "Title", name.replace("-", " ").capitalize()),
        "description": _asked(given["description"], "What will the reader be able to do?", DESCRIPTION),
        "language": "en",
        "license": "CC-BY-4.0",
        "layer": _chosen("layer", _asked(given["layer"], f"Layer ({', '.join(LAYERS)})", "capability"), LAYERS),
        "level": _chosen("level", _asked(given["level"], f"Level ({', '.join(LEVELS)})", likely), LEVELS),
        "minutes": 10,
        "tasks": [proposal["task"]] if proposal else [],
        "occupations": list(proposal.get("occupations", ())),
        "skills": list(proposal.get("skills", ())),
        "requires": [],
    }
    return _write(folder, name, front, MODULE_BODY)


def write_task(name: str, folder: Path, given: dict[str, str]) -> Path:
    """A task's first draft. Raises Conflict, Malformed."""
    front: dict[str, object] = {
        "name": checked_name(name),
        "title": _asked(given["title"], "Title", name.replace("-", " ").capitalize()),
        "statement": _asked(given["statement"], "What is done, and to what end?", STATEMENT),
        "language": "en",
        "license": "CC-BY-4.0",
        "occupations": [],
        "skills": [],
        "inputs": [],
        "outputs": [],
    }
    return _write(folder, name, front, TASK_BODY)


def _write(folder: Path, name: str, front: dict[str, object], body: str) -> Path:
    path = folder / f"{name}.md"
    if path.exists():
        raise Conflict(f"{path} exists already.", hint="Choose another name, or edit the file.")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{dump_front_matter(front)}---\n\n{body}", "utf-8")
    return path


def _asked(given: str, question: str, default: str) -> str:
    """What was given; on a terminal the answer to a question; else the default."""
    if given or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return given or default
    return input(f"{question} [{default}]: ").strip() or default


def checked_name(name: str) -> str:
    """`name`, if it may be the name of what is published. Raises Malformed."""
    if not is_name(name):
        likely = likely_name(name) or "my-module"
        raise Malformed(f"{name!r} is not a name.", hint=f"Small letters, digits and hyphens, such as {likely}.")
    return name


def _chosen(key: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        likely = nearest(value, allowed)
        hint = f"Did you mean {likely}?" if likely else f"One of {', '.join(allowed)}."
        raise Malformed(f"{key} {value!r} is not known.", hint=hint)
    return value
