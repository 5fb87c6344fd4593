"""What the documents say can be followed: links, commands, addresses, and the README's two commands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.generate.commands import arguments, commands
from docs.generate.endpoints import rows
from docs.generate.pages import PAGES

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / ".ci").glob("*.md"), *(ROOT / "docs").rglob("*.md")])
WRITTEN = [path for path in DOCUMENTS if path not in {page.path for page in PAGES}]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
KNOWN = {path: {name for argument in arguments(app) for name in argument.names} for path, app in commands()}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(path: Path, language: str = "sh") -> list[str]:
    return [body for kind, body in FENCE.findall(path.read_text("utf-8")) if kind == language]


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    prose = re.sub(r"`[^`\n]*`", "", FENCE.sub("", path.read_text("utf-8")))
    for link in LINK.findall(prose):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        place, _, anchor = link.partition("#")
        target = (path.parent / place).resolve() if place else path
        assert target.exists(), f"{link} leads nowhere"
        assert not anchor or anchor in anchors(target), f"{link}: no such heading"


def test_files_that_are_named_exist() -> None:
    named = re.compile(r"`((?:curation|deploy|docs|federation|node|schemas|tests|themes)/[\w./-]+)`")
    made_by_operators = {"deploy/.env"}
    names = {name for path in WRITTEN for name in named.findall(path.read_text("utf-8"))} - made_by_operators
    assert len(names) > 20
    assert [name for name in sorted(names) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_documents_are_reached_from_the_index(path: Path) -> None:
    if path.parent == ROOT or path.name == "README.md":
        return
    index = path.parent / "README.md" if path.parent.name == "decisions" else ROOT / "docs" / "README.md"
    if path.is_relative_to(ROOT / "docs"):
        assert str(path.relative_to(index.parent)) in index.read_text("utf-8")


def command_lines() -> Iterator[tuple[str, list[str]]]:
    for path in WRITTEN:
        for line in "\n".join(blocks(path)).splitlines():
            words = re.sub(r'"[^"]*"', "TEXT", line.partition(" #")[0]).split()
            if words and words[0] in ("skillnet", "./skillnet"):
                yield f"{name_of(path)}: {line}", words[1:]


@pytest.mark.parametrize("words", [pytest.param(words, id=name) for name, words in command_lines()])
def test_commands_exist(words: list[str]) -> None:
    command = next((path for n in (3, 2, 1) if (path := tuple(words[:n])) in KNOWN), None)
    if words == ["--help"]:
        return
    assert command, "no such command"
    options = {word for word in words if word.startswith("--")}
    assert options <= KNOWN[command]


@pytest.mark.parametrize("path", WRITTEN, ids=name_of)
def test_addresses_exist(path: Path) -> None:
    patterns = [re.sub(r"\{\w+:path\}", ".+", re.sub(r"\{\w+:\w+\}", "[^/]+", route)) for route, _, _ in rows()]
    patterns += ["/schema", "/usr"]
    for address in re.findall(r"`(/[a-z][\w./{}:-]*)`", path.read_text("utf-8")):
        near = any(re.fullmatch(p, address) or p.startswith(address.rstrip("/") + "/") for p in patterns)
        assert near, f"{address} is no address of a node"


def test_readme_begins_with_the_two_commands() -> None:
    first, second, *_ = blocks(ROOT / "README.md")
    assert first.strip().splitlines()[-1] == "./skillnet demo"
    assert second.strip() == "./test"
    assert "--check" in KNOWN[("demo",)]


def test_the_picture_is_a_drawing_with_words() -> None:
    picture = (ROOT / "docs" / "architecture.svg").read_text("utf-8")
    assert "docs/architecture.svg" in (ROOT / "README.md").read_text("utf-8")
    assert all(word in picture for word in ("<title", "<desc", "prefers-color-scheme: dark"))


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = project["dependencies"] + project["optional-dependencies"]["compiled"]
    names = {re.match(r"[\w-]+", line)[0] for line in declared}
    table = (ROOT / "docs" / "decisions" / "0009-dependencies.md").read_text("utf-8")
    cells = re.findall(r"^\| ([a-z0-9, -]+) \|", table, re.MULTILINE)
    assert {name for cell in cells for name in cell.split(", ") if name != "package"} - {"---"} == names
