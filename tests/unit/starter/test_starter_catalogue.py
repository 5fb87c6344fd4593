"""The starter catalogue is complete, lints clean, gives valid records, and keeps what its format promises."""

import re
from collections import Counter
from pathlib import Path

import pytest

from node import starter
from node.authoring.lint import lint
from node.authoring.parse import parse_module, parse_task
from node.authoring.value import to_value
from node.authoring.vocabulary import Vocabulary
from schemas.authority import MODULE_VERSION, TASK_VERSION
from schemas.validation import validate_record

ROOT = Path(starter.__file__).parent
MODULES = {path.stem: (path, parse_module(path.read_text("utf-8"), str(path))) for path in ROOT.glob("*/modules/*.md")}
TASKS = {path.stem: (path, parse_task(path.read_text("utf-8"), str(path))) for path in ROOT.glob("*/tasks/*.md")}
KNOWN = Vocabulary(today="2026-11-22")
PARTLY = "2026-11-22T00:00:00Z"

each_module = pytest.mark.parametrize("name", sorted(MODULES))
each_task = pytest.mark.parametrize("name", sorted(TASKS))


def kinds(name: str) -> Counter[str]:
    return Counter(block.kind for block in MODULES[name][1].blocks)


def test_there_is_enough_of_everything() -> None:
    fronts = [document.front.data for _, document in MODULES.values()]
    assert len(MODULES) >= 28
    assert len(TASKS) >= 14
    assert {front["layer"] for front in fronts} == {"tool", "concept", "capability"}
    assert len({front["level"] for front in fronts}) >= 3
    assert {front["language"] for front in fronts} == {"en", "de", "es", "ar"}
    groups = {code[5:12] for front in fronts for code in front["occupations"] if code.startswith("onet:")}
    assert len(groups) >= 9
    used = sum((kinds(name) for name in MODULES), Counter[str]())
    for kind in ("novice", "competent", "expert", "practice", "hint", "example", "quiz", "connect", "reflect"):
        assert used[kind] >= 3, kind
    assert used["complexity"] >= 3
    assert used["caution"] >= 3


@each_module
def test_a_module_lints_clean(name: str) -> None:
    path, document = MODULES[name]
    assert [str(problem) for problem in lint(document, KNOWN)] == []
    assert document.front.data["name"] == path.stem


@each_task
def test_a_task_lints_clean(name: str) -> None:
    path, document = TASKS[name]
    assert [str(problem) for problem in lint(document, KNOWN)] == []
    assert document.front.data["name"] == path.stem


@each_module
def test_a_module_is_a_valid_record(name: str) -> None:
    _, document = MODULES[name]
    validate_record(to_value(document) | {"createdAt": PARTLY}, MODULE_VERSION)


@each_task
def test_a_task_is_a_valid_record(name: str) -> None:
    _, document = TASKS[name]
    validate_record(to_value(document) | {"createdAt": PARTLY}, TASK_VERSION)


@each_task
def test_every_step_says_who_how_one_knows_and_what_goes_wrong(name: str) -> None:
    _, document = TASKS[name]
    assert 4 <= len(document.steps) <= 9
    assert any(step.by == "person" for step in document.steps)
    assert any(step.by_hand for step in document.steps)
    for step in document.steps:
        assert step.title
        assert step.text
        assert step.by in ("person", "assistant", "both")
        assert step.check
        assert step.pitfalls
        assert step.minutes


@each_module
def test_a_module_is_long_enough_and_can_be_practised(name: str) -> None:
    _, document = MODULES[name]
    assert 500 <= len(document.body.split()) <= 1200
    found = kinds(name)
    assert found["practice"] >= 1
    assert found["quiz"] >= 1
    assert found["example"] >= 1
    assert document.body.count("<details>") == found["quiz"], "each quiz says why"


@each_module
def test_fences_and_slots_are_little_noise_in_a_plain_viewer(name: str) -> None:
    body = MODULES[name][1].body
    marks = re.findall(r"^:::.*$|\]\(slot:\w+\)", body, re.MULTILINE)
    assert sum(map(len, marks)) <= 0.15 * len(re.sub(r"\s+", "", body))


@each_module
def test_a_module_refers_to_tasks_and_pictures_that_exist(name: str) -> None:
    path, document = MODULES[name]
    front = document.front.data
    own = [task for task in front["tasks"] if task.startswith("./")]
    assert own
    assert any(task.startswith("onet:") for task in front["tasks"])
    for reference in (*own, *([front["translationOf"]] if "translationOf" in front else [])):
        assert (path.parents[1] / reference).is_file(), reference
    for picture in document.pictures:
        assert (path.parent / picture.target).is_file(), picture.target
        assert len(picture.text) > 30


def test_what_a_module_requires_is_taught_by_another() -> None:
    taught = {skill: name for name, (_, document) in MODULES.items() for skill in document.front.data["skills"]}
    for name, (_, document) in MODULES.items():
        for skill in document.front.data["requires"]:
            assert taught.get(skill, name) != name, f"{name} requires {skill}, which nothing else teaches"


def test_prerequisites_have_no_cycle() -> None:
    teaches = {name: set(document.front.data["skills"]) for name, (_, document) in MODULES.items()}
    needs = {name: set(document.front.data["requires"]) for name, (_, document) in MODULES.items()}
    known: set[str] = set()
    waiting = set(MODULES)
    while ready := {name for name in waiting if needs[name] <= known}:
        known |= set().union(*(teaches[name] for name in ready))
        waiting -= ready
    assert not waiting


def test_only_modules_about_tools_name_products() -> None:
    for name, (_, document) in MODULES.items():
        front = document.front.data
        assert ("tools" in front) == (front["layer"] == "tool"), name
        for tool in front.get("tools", ()):
            assert tool["vendor"], name
            assert tool["version"], name


def test_every_picture_is_used_and_light() -> None:
    used = {(path.parent / link.target).resolve() for path, module in MODULES.values() for link in module.pictures}
    pictures = set(ROOT.glob("*/pictures/*"))
    assert len(pictures) >= 3
    assert pictures == used
    for picture in pictures:
        content = picture.read_bytes()
        assert content.startswith(b"\x89PNG"), picture
        assert len(content) < 150_000, picture
