"""Finds the modules and tasks in a file, a folder or a checked-out repository, and judges each."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from node.authoring.document import Document, ModuleDocument, TaskDocument
from node.authoring.lint import lint
from node.authoring.parse import parse_module, parse_task
from node.authoring.problems import Problem, errors_of
from node.authoring.vocabulary import Vocabulary
from node.errors import NodeError

Kind = Literal["module", "task"]
LARGEST = 8_000_000  # bytes of one file; nothing longer is Markdown that a person wrote
_SHELVES = ("modules", "tasks")  # folders whose parent is what is published
_FILES_LISTED = 2_000


class NothingFound(NodeError):
    """There is no module or task there."""

    hint = "A module is a Markdown file that begins with front matter (---); `skillnet module new NAME` writes one."


@dataclass(frozen=True, slots=True)
class Source:
    """One Markdown file, read and judged."""

    path: Path
    document: ModuleDocument | TaskDocument
    problems: tuple[Problem, ...] = ()

    @property
    def kind(self) -> Kind:
        """What it holds."""
        return "task" if isinstance(self.document, TaskDocument) else "module"

    @property
    def name(self) -> str:
        """The record key that it is published under."""
        return self.document.name

    @property
    def errors(self) -> list[Problem]:
        """What keeps it from being published."""
        return errors_of(self.problems)


@dataclass(frozen=True, slots=True)
class Collected:
    """What was found under `root`: the folder inside which references and pictures may lie."""

    root: Path
    sources: tuple[Source, ...]
    _by_path: dict[Path, Source] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_path.update({source.path.resolve(): source for source in self.sources})

    def find_file(self, source: Source, target: str) -> Path | None:
        """The file that `target` names: from `root` as front matter does, or from the file itself as links do."""
        for start in (self.root, source.path.parent):
            path = (start / target).resolve()
            if path.is_file() and path.is_relative_to(self.root.resolve()):
                return path
        return None

    def find_source(self, path: Path) -> Source | None:
        """The collected file at `path`."""
        return self._by_path.get(path.resolve())


def collect(path: Path, kind: Kind | None = None, *, judge: bool = True) -> Collected:
    """Read everything at `path` but paths; `kind` says what a single file is. Raises NothingFound."""
    if not path.exists():
        raise NothingFound(f"{path} does not exist.", hint="Name a Markdown file or a folder.")
    root = _root_of(path)
    files = [path] if path.is_file() else list(_documents_in(path))
    read = [_read(file, root, kind, judge=judge) for file in files]
    sources = tuple(source for source in read if source.document.front.text("kind") != "path")
    if not sources:
        hint = "A path is published by `skillnet path publish FILE`." if read else NothingFound.hint
        raise NothingFound(f"There is no module or task in {path.resolve()}", hint=hint)
    return Collected(root, sources)


def read_source(path: Path, root: Path, kind: Kind | None = None) -> Source:
    """Read and judge one file."""
    return _read(path, root, kind, judge=True)


def _root_of(path: Path) -> Path:
    if path.is_dir():
        return path.parent if path.name in _SHELVES else path
    shelf = path.absolute().parent
    return path.parent.parent if shelf.name in _SHELVES else path.parent


def _documents_in(folder: Path) -> Iterator[Path]:
    """Markdown files with front matter, hidden folders left out, in a stable order."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
        for name in sorted(names):
            file = Path(place, name)
            if name.lower().endswith(".md") and (name == "SKILL.md" or _has_front_matter(file)):
                yield file


def _has_front_matter(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"---")


def _read(path: Path, root: Path, kind: Kind | None, *, judge: bool) -> Source:
    content = path.read_bytes()[: LARGEST + 1]
    shown = str(path)
    document: ModuleDocument | TaskDocument = parse_module(content, shown)
    if (kind or _kind_of(path, document)) == "task":
        document = parse_task(content, shown)
    if not judge:
        return Source(path, document)
    known = Vocabulary(files=_files_beside(path, root, document), today=datetime.now(UTC).date().isoformat())
    return Source(path, document, tuple(lint(document, known)))


def _kind_of(path: Path, document: Document) -> Kind:
    front = document.front.data
    if "statement" in front:
        return "task"
    return "task" if path.absolute().parent.name == "tasks" and "description" not in front else "module"


def _files_beside(path: Path, root: Path, document: Document) -> frozenset[str]:
    """Files that pictures and attachments name and that are there, inside `root`; and others, for near spellings."""
    named: Sequence[str] = [picture.target for picture in document.pictures] + attachments_of(document)
    inside = root.resolve()
    there = {
        target.removeprefix("./")
        for target in named
        if (file := (path.parent / target).resolve()).is_file() and file.is_relative_to(inside)
    }
    if len(there) == len(set(named)):
        return frozenset(there)
    beside = (str(file.relative_to(path.parent)) for file in path.parent.glob("*/*") if file.is_file())
    return frozenset(there) | frozenset(name for name, _ in zip(beside, range(_FILES_LISTED), strict=False))


def attachments_of(document: Document) -> list[str]:
    """Paths of the files that travel with a module."""
    named = document.front.data.get("attachments")
    return [entry for entry in named if isinstance(entry, str)] if isinstance(named, list) else []
