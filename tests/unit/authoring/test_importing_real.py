"""Real skills, lessons, quizzes and courses: nearly all come in without a hand being laid on them."""

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from node.authoring.lint import lint
from node.authoring.parse import parse_module
from node.authoring.problems import errors_of
from node.authoring.vocabulary import Vocabulary
from node.cli.importing.files import Tree
from node.cli.importing.kinds import Found, import_tree

SHARED = Path(os.environ.get("SKILLNET_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
UNPACKED = (SHARED, Path.home() / ".cache" / "skillnet-data")
BLOCK = r"^[ \t]*:{3,}[ \t]*\{?\.?"


def folder_of(path: str) -> Path:
    found = next((root / path for root in UNPACKED if (root / path).is_dir()), None)
    if found is None:
        pytest.skip(f"needs the unpacked {path.partition('/')[0]} archive in SKILLNET_SHARED_DATA")
    return found


def clean(found: Found) -> float:
    """Share of the modules without an error."""
    good = 0
    for one in found.modules:
        known = Vocabulary(files=frozenset(one.made.files))
        good += not errors_of(lint(parse_module(one.made.text), known))
    return good / len(found.modules)


@pytest.mark.real
@pytest.mark.parametrize("repository", ["anthropics+skills", "anthropics+knowledge-work-plugins"])
def test_skills_come_in_with_every_key(repository: str) -> None:
    folder = folder_of(f"markdown/{repository}")
    found = import_tree(Tree(folder))
    assert len(found.modules) == len(list(folder.rglob("SKILL.md")))
    assert clean(found) >= 0.99
    for one in found.modules:
        front = parse_module(one.made.text).front.data
        kept = {*front, *(front.get("metadata") or {})}
        assert set(parse_module((folder / one.source).read_text()).front.data) <= kept


@pytest.mark.real
@pytest.mark.parametrize("lesson", ["git-novice", "git-novice-es", "shell-novice"])
def test_lessons_come_in_with_every_challenge_and_solution(lesson: str) -> None:
    folder = folder_of(f"markdown/swcarpentry+{lesson}")
    found = import_tree(Tree(folder))
    assert clean(found) == 1
    for one in found.modules:
        text = (folder / one.source).read_text()
        kinds = Counter(block.kind for block in parse_module(one.made.text).blocks)
        assert kinds["practice"] == len(re.findall(BLOCK + "challenge", text, re.MULTILINE)), one.source
        assert kinds["hint"] == len(re.findall(BLOCK + "(?:solution|spoiler|hint)", text, re.MULTILINE)), one.source
        assert kinds["caution"] == len(re.findall(BLOCK + "callout", text, re.MULTILINE)), one.source


@pytest.mark.real
@pytest.mark.parametrize(("name", "kind"), [("olx", "olx"), ("gift", "gift"), ("myst", "pages"), ("quarto", "pages")])
def test_other_formats_come_in(name: str, kind: str) -> None:
    found = import_tree(Tree(folder_of(f"formats/{name}")))
    assert found.kind == kind
    assert clean(found) == 1
