"""Finds out what a folder holds, and imports it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from node.authoring.importing.carpentries import episodes_in_order, import_episode, read_config
from node.authoring.importing.gift import import_gift
from node.authoring.importing.imported import Imported
from node.authoring.importing.olx import OlxInvalid, import_course
from node.authoring.importing.pages import import_page
from node.authoring.importing.skills import NotASkill, import_skill
from node.cli.importing.files import NothingToImport, Tree

_PAGES = (".md", ".qmd", ".mdx", ".markdown")


@dataclass(frozen=True, slots=True)
class Taken:
    """One module: from which file of the tree, and where the files that it names are."""

    source: str
    made: Imported
    tree: Tree
    files_from: str


@dataclass(frozen=True, slots=True)
class Found:
    """All that a tree gave."""

    kind: str
    modules: tuple[Taken, ...]
    refused: tuple[str, ...]


def import_tree(tree: Tree, kind: str = "") -> Found:
    """Import everything. Raises NothingToImport."""
    kind = kind or _kind_of(tree)
    modules = tuple(KINDS[kind](tree)) if kind else ()
    if not modules:
        why = "; ".join(tree.refused[:3])
        raise NothingToImport(f"Nothing in {tree.name} could be imported{': ' + why if why else ''}.")
    return Found(kind, modules, tuple(tree.refused))


def _kind_of(tree: Tree) -> str:
    paths = tree.paths
    if any(PurePosixPath(path).name == "SKILL.md" for path in paths):
        return "skills"
    if any("episodes/" in f"/{path}" and path.endswith((".md", ".Rmd")) for path in paths):
        return "carpentries"
    if _course_files(paths):
        return "olx"
    if any(path.endswith(_PAGES) for path in paths):
        return "pages"
    return "gift" if any(path.endswith((".gift", ".txt")) for path in paths) else ""


def _skills(tree: Tree) -> Iterator[Taken]:
    for path in [path for path in tree.paths if PurePosixPath(path).name == "SKILL.md"]:
        folder = _folder(path)
        nested = [_folder(other) for other in tree.paths if other.endswith("/SKILL.md") and other != path]
        files = [
            file for file in tree.beside(path)
            if not any(_joined(folder, file).startswith(f"{inner}/") for inner in nested if inner.startswith(folder))
        ]  # fmt: skip
        text = tree.text(path)
        if text is None:
            continue
        try:
            yield Taken(path, import_skill(text, PurePosixPath(folder).name or tree.name, files), tree, folder)
        except NotASkill as error:
            tree.refused.append(f"{path}: {error}")


def _carpentries(tree: Tree) -> Iterator[Taken]:
    for config_path in sorted({path.rpartition("episodes/")[0] for path in tree.paths if "episodes/" in f"/{path}"}):
        config = read_config(tree.text(f"{config_path}config.yaml") or "")
        folder = f"{config_path}episodes/"
        names = [path.removeprefix(folder) for path in tree.paths if path.startswith(folder) and _is_page(path)]
        lesson = PurePosixPath(config_path).name or tree.name
        for name in episodes_in_order(config, [name for name in names if "/" not in name]):
            text = tree.text(folder + name)
            if text is not None:
                made = import_episode(text, name, lesson, config, tree.beside(folder + name))
                yield Taken(folder + name, made, tree, folder.rstrip("/"))


def _pages(tree: Tree) -> Iterator[Taken]:
    for path in tree.paths:
        text = tree.text(path) if path.endswith(_PAGES) else None
        if text is not None and text.strip():
            yield Taken(path, import_page(text, path, tree.beside(path)), tree, _folder(path))


def _gift(tree: Tree) -> Iterator[Taken]:
    for path in tree.paths:
        text = tree.text(path) if path.endswith((".gift", ".txt")) else None
        if text is not None and "{" in text:
            yield Taken(path, import_gift(text, path), tree, _folder(path))


def _olx(tree: Tree) -> Iterator[Taken]:
    for path in _course_files(tree.paths):
        top = PurePosixPath(path)
        base = _folder(path) if top.name == "course.xml" and top.parent.name != "course" else _folder(_folder(path))
        pictures = _joined(base, "static")
        files = tuple(file.removeprefix(f"{pictures}/") for file in tree.paths if file.startswith(f"{pictures}/"))
        try:
            modules, notes = import_course(partial(_text_below, tree, base), tree.text(path) or "", files)
        except OlxInvalid as error:
            tree.refused.append(f"{path}: {error}")
            continue
        for number, made in enumerate(modules):
            yield Taken(path, made.noting(*(notes if number == 0 else ())), tree, pictures)


def _text_below(tree: Tree, folder: str, name: str) -> str | None:
    return tree.text(_joined(folder, name))


def _course_files(paths: list[str]) -> list[str]:
    """`course.xml` beside the folders of a course; without one, the only file of the folder `course` inside it."""
    tops = [path for path in paths if PurePosixPath(path).name == "course.xml" and "/course/" not in f"/{path}"]
    inner = [
        path for path in paths
        if path.endswith(".xml") and PurePosixPath(path).parent.name == "course"
        and any(other.startswith(_joined(_folder(_folder(path)), "chapter/")) for other in paths)
    ]  # fmt: skip
    return tops or inner


def _is_page(path: str) -> bool:
    return path.endswith((*_PAGES, ".Rmd"))


def _folder(path: str) -> str:
    parent = PurePosixPath(path).parent.as_posix()
    return "" if parent == "." else parent


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


KINDS: dict[str, Callable[[Tree], Iterator[Taken]]] = {
    "skills": _skills, "carpentries": _carpentries, "pages": _pages, "gift": _gift, "olx": _olx,
}  # fmt: skip
