"""The people of the starter catalogue: who publishes, learns, vouches and endorses."""

import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from node import starter
from node.authoring.parse import parse_module

ROOT = Path(starter.__file__).parent
ORGANISATIONS: dict[str, dict[str, Any]] = {
    path.parent.name: tomllib.loads(path.read_text("utf-8")) for path in sorted(ROOT.glob("*/organisation.toml"))
}
PEOPLE = {
    f"{name}/{person['name']}": person for name, data in ORGANISATIONS.items() for person in data["practitioners"]
}
MODULES = {f"{path.parts[-3]}/{path.stem}": path for path in ROOT.glob("*/modules/*.md")}
TASKS = {f"{path.parts[-3]}/{path.stem}": path for path in ROOT.glob("*/tasks/*.md")}
ENDORSEMENTS = [
    (f"{name}/{entry['by']}", entry) for name, data in ORGANISATIONS.items() for entry in data["endorsements"]
]

each_organisation = pytest.mark.parametrize("name", sorted(ORGANISATIONS))


@each_organisation
def test_every_file_has_one_author(name: str) -> None:
    people = ORGANISATIONS[name]["practitioners"]
    assert 3 <= len(people) <= 4
    for kind, files in (("modules", MODULES), ("tasks", TASKS)):
        published = Counter(entry for person in people for entry in person[kind])
        assert published == Counter(path.stem for path in files.values() if path.parts[-3] == name)


@each_organisation
def test_practitioners_take_questions_on_what_they_teach(name: str) -> None:
    for person in ORGANISATIONS[name]["practitioners"]:
        assert person["displayName"]
        assert person["description"]
        assert person["occupations"]
        taught = {entry for module in person["modules"] for entry in words(MODULES[f"{name}/{module}"], "skills")}
        tasks = {entry for module in person["modules"] for entry in words(MODULES[f"{name}/{module}"], "tasks")}
        assert set(person["takesQuestionsOn"]) <= taught | tasks, person["name"]


@each_organisation
def test_workers_have_goals_and_modules_for_their_occupation(name: str) -> None:
    workers = ORGANISATIONS[name]["workers"]
    assert 2 <= len(workers) <= 4
    served = {code for path in MODULES.values() for code in words(path, "occupations")}
    skills = {skill for path in MODULES.values() for skill in words(path, "skills")}
    for worker in workers:
        assert worker["goals"]
        assert 5 <= worker["minutesPerDay"] <= 30
        assert worker["occupation"] in served
        assert set(worker["skills"]) <= skills


@each_organisation
def test_vouches_name_people_or_nodes_elsewhere(name: str) -> None:
    own = {person["name"] for person in ORGANISATIONS[name]["practitioners"]}
    for vouch in ORGANISATIONS[name]["vouches"]:
        assert vouch["by"] in own | {"node"}
        assert vouch["for"] in (PEOPLE if vouch["by"] != "node" else ORGANISATIONS)
        assert not vouch["for"].startswith(name)


@pytest.mark.parametrize(("by", "entry"), ENDORSEMENTS, ids=lambda value: value if isinstance(value, str) else "")
def test_an_endorsement_is_of_something_that_its_author_uses(by: str, entry: dict[str, Any]) -> None:
    assert by in PEOPLE
    assert entry["module"] in MODULES
    assert entry["task"] in TASKS or entry["task"].startswith("onet:")
    assert entry["note"]
    organisation, module = entry["module"].split("/")
    assert not (by.startswith(organisation) and module in PEOPLE[by]["modules"]), "an author's own module"


def test_endorsements_are_a_believable_mix() -> None:
    verdicts = Counter(entry["verdict"] for _, entry in ENDORSEMENTS)
    assert set(verdicts) == {"works", "works-with-changes", "fails"}
    assert verdicts["works"] > verdicts["works-with-changes"] > verdicts["fails"] >= 1
    across = sum(by.split("/")[0] != entry["module"].split("/")[0] for by, entry in ENDORSEMENTS)
    assert across >= len(ENDORSEMENTS) / 2
    assert len({(by, entry["module"], entry["task"]) for by, entry in ENDORSEMENTS}) == len(ENDORSEMENTS)


def words(path: Path, key: str) -> tuple[str, ...]:
    return tuple(front(path)[key])


@cache
def front(path: Path) -> dict[str, Any]:
    return parse_module(path.read_text("utf-8"), str(path)).front.data
