"""Authors among themselves, on a node over ASGI: fork, merge, suggest, accept, decline, retire; skills with digests."""

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from federation.car import read_car
from federation.cids import parse_cid
from federation.commit import parse_commit
from federation.keys import VerifyingKey
from federation.repository import Write
from node.authoring.parse import parse_module
from node.cli.entry import run
from node.cli.practitioner import modules as module_commands
from node.cli.practitioner import opening, retiring, speaking
from node.cli.reaching import options
from node.cli.reaching.client import NodeClient
from node.cli.reaching.logins import Login
from node.cli.suggesting import command as suggesting
from node.services.assembly import Services
from node.store.clock import as_text, now
from schemas.authority import ENDORSEMENT
from schemas.endorsement_key import endorsement_key
from tests.integration.fixtures.nodes import accredit, app_of, composed, practitioner

TASK = "onet:13-2011.00/21514"
TEXT = """---
name: check-it
title: Check it
description: Check what was drafted.
language: en
license: CC-BY-4.0
layer: capability
level: novice
minutes: 5
---
First paragraph.

Second paragraph.

Third paragraph.
"""
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, TestClient[Any]]]:
    with composed(tmp_path_factory.mktemp("authors") / "data") as services, TestClient(app_of(services)) as client:
        yield services, client


@pytest.fixture(scope="module")
def people(node: tuple[Services, TestClient[Any]]) -> dict[str, str]:
    return {name: practitioner(node[0], name) for name in ("ana", "ben")}


@pytest.fixture
def ask(
    node: tuple[Services, TestClient[Any]], people: dict[str, str], monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Ask:  # fmt: skip
    """Run a command as somebody with --json, and read its answer."""
    services, http = node
    tokens = {name: services.registry.tokens.issue(name, "api") for name in people}

    def signed_in(named: str = "") -> tuple[NodeClient, Login]:
        http.headers["Authorization"] = f"Bearer {tokens[named]}"
        return NodeClient(http), Login(named, "http://node", "", people[named])

    for place in (suggesting, retiring, module_commands, opening, speaking):
        monkeypatch.setattr(place, "as_practitioner", signed_in)
    monkeypatch.setattr(options, "signed_in", signed_in)

    def ask(*arguments: object, by: str = "ana", fails: int = 0) -> Any:
        capsys.readouterr()
        code = run([*map(str, arguments), "--as", by, "--json"])
        said = capsys.readouterr()
        assert code == fails, said
        return json.loads(said.out) if said.out else said.err

    return ask


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def publish(ask: Ask, folder: Path, text: str, by: str = "ana") -> dict[str, Any]:
    name = text.split("name: ")[1].splitlines()[0]
    done: dict[str, Any] = ask("module", "publish", write(folder / f"{name}.md", text), by=by)["published"][0]
    return done


def named(name: str) -> str:
    return TEXT.replace("check-it", name)


def test_a_fork_is_published_with_its_origin_and_follows_upstream(ask: Ask, tmp_path: Path) -> None:
    made = publish(ask, tmp_path, named("forked"))
    forked = ask("module", "fork", made["uri"], "--to", tmp_path / "mine", by="ben")
    path = Path(forked["files"][0])
    path.write_text(path.read_text().replace("First", "Our first"))
    mine = ask("module", "publish", path, by="ben")["published"][0]
    value = ask("module", "show", mine["uri"])["version"]["value"]
    assert value["derivedFrom"] == made["version"]
    newer = publish(ask, tmp_path, named("forked").replace("Third", "The third"))
    merged = ask("module", "merge-upstream", path, by="ben")
    assert not merged["conflicts"]
    assert merged["derivedFrom"] == newer["version"]
    again = ask("module", "publish", path, by="ben")["published"][0]
    text = ask("module", "show", again["uri"])["version"]["value"]["body"]
    assert "Our first" in text
    assert "The third" in text
    exported = ask("module", "export", again["uri"], "--to", tmp_path / "out", by="ben")["files"]
    assert "CC-BY-4.0" in Path(exported[-1]).read_text()
    assert exported[-1].endswith("ATTRIBUTION.txt")
    chain = ask("module", "attribution", again["uri"])["attribution"]
    assert [one["uri"] for one in chain] == [again["version"]["uri"], newer["version"]["uri"]]


def test_a_fork_under_another_licence_is_not_published(ask: Ask, tmp_path: Path) -> None:
    made = publish(ask, tmp_path, named("shared").replace("CC-BY-4.0", "CC-BY-SA-4.0"))
    path = Path(ask("module", "fork", made["uri"], "--to", tmp_path / "mine", by="ben")["files"][0])
    path.write_text(path.read_text().replace("CC-BY-SA-4.0", "MIT"))
    assert "license-incompatible" in ask("module", "publish", path, by="ben", fails=1)


def test_a_suggestion_is_accepted_with_credit(ask: Ask, people: dict[str, str], tmp_path: Path) -> None:
    made = publish(ask, tmp_path, named("improved"))
    edited = write(tmp_path / "edited.md", named("improved").replace("Second paragraph.", "Second, better."))
    suggested = ask("module", "suggest", made["uri"], "--file", edited, "--note", "Clearer", by="ben")
    assert "+Second, better." in suggested["difference"]
    publish(ask, tmp_path, named("improved").replace("Third", "The third"))
    found = ask("module", "suggestions", made["uri"])["suggestions"]
    assert [(one["state"], one["by"]) for one in found] == [("open", people["ben"])]
    ask("module", "accept", suggested["uri"], by="ben", fails=1)
    ask("module", "accept", suggested["uri"])
    value = ask("module", "show", made["uri"])["version"]["value"]
    assert "Second, better." in value["body"]
    assert "The third" in value["body"]
    assert value["contributors"] == [people["ben"]]
    assert value["accepts"] == [{"uri": suggested["uri"], "cid": suggested["cid"]}]
    assert value["changeNote"] == "Clearer"
    assert ask("module", "suggestions", made["uri"])["suggestions"][0]["state"] == "accepted"
    publish(ask, tmp_path, named("improved").replace("First", "The first"))
    later = ask("module", "show", made["uri"])["version"]["value"]
    assert later["contributors"] == [people["ben"]]
    assert "accepts" not in later


def test_a_collision_is_resolved_in_ones_own_copy(ask: Ask, tmp_path: Path) -> None:
    made = publish(ask, tmp_path, named("contested"))
    edited = write(tmp_path / "edited.md", named("contested").replace("Second paragraph.", "Theirs."))
    suggested = ask("module", "suggest", made["uri"], "--file", edited, "--note", "Theirs", by="ben")["uri"]
    publish(ask, tmp_path, named("contested").replace("Second paragraph.", "Ours."))
    assert "--file" in ask("module", "accept", suggested, fails=1)
    own = tmp_path / "contested.md"
    assert ask("module", "accept", suggested, "--file", own, fails=1)["conflicts"]
    assert "conflict-marker" in ask("module", "accept", suggested, "--file", own, "--resolved", fails=1)
    write(own, named("contested").replace("Second paragraph.", "Ours and theirs."))
    ask("module", "accept", suggested, "--file", own, "--resolved")
    assert "Ours and theirs." in ask("module", "show", made["uri"])["version"]["value"]["body"]


def test_a_suggestion_is_declined_with_a_reason(ask: Ask, tmp_path: Path) -> None:
    made = publish(ask, tmp_path, named("kept"))
    edited = write(tmp_path / "edited.md", named("kept").replace("Second", "Worse"))
    suggested = ask("module", "suggest", made["uri"], "--file", edited, "--note", "Hm", by="ben")["uri"]
    ask("module", "decline", suggested, "--reason", "It was right.")
    found = ask("module", "suggestions", made["uri"])["suggestions"]
    assert [(one["state"], one["reason"]) for one in found] == [("declined", "It was right.")]


def inside(name: str) -> str:
    return named(name).replace("minutes: 5", "minutes: 5\nvisibility: organisation")


def test_what_is_kept_inside_is_written_said_and_made_public_by_command(
    ask: Ask, node: tuple[Services, TestClient[Any]], tmp_path: Path
) -> None:
    _, client = node
    made = publish(ask, tmp_path, inside("house-way"))
    assert made["inside"]
    assert publish(ask, tmp_path, inside("house-way"))["action"] == "unchanged"
    ask("endorse", made["uri"], "--task", TASK, "--verdict", "works", by="ben")
    edited = write(tmp_path / "edited.md", inside("house-way").replace("Second", "Our second"))
    suggested = ask("module", "suggest", made["uri"], "--file", edited, "--note", "Clearer", by="ben")["uri"]
    ask("module", "accept", suggested)
    shown = ask("module", "show", made["uri"])
    assert "Our second" in shown["version"]["value"]["body"]
    assert [one["verdict"] for one in shown["endorsements"]] == ["works"]
    client.headers.pop("Authorization")
    for path in (f"/api/item?uri={made['uri']}", f"/api/records?uri={suggested}", f"/api/records?uri={made['uri']}"):
        assert client.get(path).status_code == 404, path
    planned = ask("module", "make-public", made["uri"], "--dry-run")
    assert planned["stays"] == {"versions": 2, "verdicts": 1, "suggestions": 1}
    assert "nobody asked" not in ask("module", "make-public", made["uri"], fails=1)
    public = ask("module", "make-public", made["uri"], "--yes")
    client.headers.pop("Authorization")
    found = client.get(f"/api/item?uri={made['uri']}").json()
    assert found["version"]["uri"] == public["version"]
    assert found["endorsements"] == []
    assert {key: found["version"]["value"][key] for key in planned["value"]} == planned["value"]
    assert len(client.get(f"/api/history?uri={made['uri']}").json()["versions"]) == 1


def test_an_internal_fork_of_a_public_module_follows_upstream(ask: Ask, tmp_path: Path) -> None:
    made = publish(ask, tmp_path, named("common"))
    forked = ask("module", "fork", made["uri"], "--to", tmp_path / "mine", "--name", "common-here", by="ben")
    path = Path(forked["files"][0])
    text = path.read_text().replace("minutes: 5", "minutes: 5\nvisibility: organisation")
    path.write_text(text.replace("First", "Our first"))
    mine = ask("module", "publish", path, by="ben")["published"][0]
    assert mine["inside"]
    publish(ask, tmp_path, named("common").replace("Third", "The third"))
    assert not ask("module", "merge-upstream", path, by="ben")["conflicts"]
    again = ask("module", "publish", path, by="ben")["published"][0]
    body = ask("module", "show", again["uri"], by="ben")["version"]["value"]["body"]
    assert "Our first" in body
    assert "The third" in body


def test_a_public_file_does_not_name_an_internal_one(ask: Ask, tmp_path: Path) -> None:
    write(tmp_path / "both" / "secret-way.md", inside("secret-way"))
    open_one = named("open-way").replace("minutes: 5", "minutes: 5\nrequires: [./secret-way.md]")
    write(tmp_path / "both" / "open-way.md", open_one)
    assert "names-internal" in ask("module", "publish", tmp_path / "both", fails=1)


def test_skills_are_offered_once_somebody_found_that_they_work_and_revoked_when_retired(
    ask: Ask, node: tuple[Services, TestClient[Any]], people: dict[str, str], tmp_path: Path
) -> None:
    services, client = node
    made = publish(ask, tmp_path, named("offered"))
    newer = publish(ask, tmp_path, named("newer"))
    index = "/.well-known/agent-skills/index.json"

    def names(query: str = "") -> set[str]:
        return {one["name"] for one in client.get(index + query).json()["skills"]}

    assert "offered" not in names()
    assert {"offered", "newer"} <= names("?unendorsed=true")
    verdict = {
        "$type": ENDORSEMENT, "subject": made["version"], "module": made["uri"], "task": TASK, "verdict": "works",
        "createdAt": as_text(now()),
    }  # fmt: skip
    accredit(services, people["ben"], "Ben")
    key = str(endorsement_key(made["uri"], TASK))
    services.host.write(people["ben"], [Write("create", ENDORSEMENT, key, verdict)])
    assert services.rankings.settle()
    entry = next(one for one in client.get(index).json()["skills"] if one["name"] == "offered")
    url = services.settings.public_url
    served = client.get(entry["url"].removeprefix(url))
    assert entry["digest"] == f"sha256:{hashlib.sha256(served.content).hexdigest()}"
    assert entry["skillnet"]["cid"] == made["version"]["cid"] in served.text
    proof = client.get(entry["skillnet"]["proof"].removeprefix(url))
    signature = entry["skillnet"]["signature"]
    commit = parse_commit(read_car(proof.content).blocks[parse_cid(signature["commit"])])
    assert commit.signature == base64.b64decode(signature["sig"])
    commit.verify(VerifyingKey.parse_did_key(signature["key"]))
    ask("module", "supersede", made["uri"], "--by", newer["uri"], "--reason", "There is a better one.")
    after = client.get(index).json()
    assert "offered" not in {one["name"] for one in after["skills"]}
    assert [one["reason"] for one in after["skillnet"]["revoked"]] == ["There is a better one."]
    ask("module", "retire", made["uri"], "--undo")
    assert "offered" in names()
    assert "author" in ask("module", "retire", made["uri"], "--reason", "x", by="ben", fails=1)


def test_a_module_is_taken_along_as_a_zip_and_as_a_skill(ask: Ask, tmp_path: Path) -> None:
    made = publish(ask, tmp_path, named("taken"))
    zipped = tmp_path / "out.zip"
    ask("module", "export", made["uri"], "--to", zipped)
    first = zipped.read_bytes()
    ask("module", "export", made["uri"], "--to", zipped)
    assert zipped.read_bytes() == first
    with zipfile.ZipFile(zipped) as archive:
        assert archive.namelist() == ["taken.md"]
        assert parse_module(archive.read("taken.md")).front.data == parse_module(named("taken")).front.data
        assert archive.read("taken.md").decode().endswith("Third paragraph.\n")
    ask("module", "export", made["uri"], "--to", tmp_path / "skills", "--skill")
    front = parse_module((tmp_path / "skills" / "taken" / "SKILL.md").read_text()).front.data
    assert set(front) == {"name", "description", "license", "metadata"}


WORK = """---
name: close-the-books
title: Close the books
statement: Close the accounts of one month.
language: en
license: CC-BY-4.0
noviceByHand: Reconcile one account by hand each month.
---
1. **Collect the statements**

   One for each account.
   - by: person
   - check: every account has one

2. **Match them**
   - by: assistant
   - check: nothing is left over
"""


def test_tasks_are_forked_merged_suggested_and_endorsed_like_modules(
    ask: Ask, people: dict[str, str], node: tuple[Services, TestClient[Any]], tmp_path: Path
) -> None:
    path = write(tmp_path / "close-the-books.md", WORK)
    assert run(["task", "lint", str(path), "--json"]) == 0
    made = ask("task", "publish", path)["published"][0]
    mine = Path(ask("task", "fork", made["uri"], "--to", tmp_path / "mine", by="ben")["files"][0])
    mine.write_text(mine.read_text().replace("One for each account.", "One for each account, same day."))
    write(path, WORK.replace("nothing is left over", "nothing is left over in either"))
    ask("task", "publish", path)
    assert not ask("task", "merge-upstream", mine, by="ben")["conflicts"]
    merged = mine.read_text()
    assert "same day" in merged
    assert "in either" in merged
    ask("task", "publish", mine, by="ben")
    edited = write(tmp_path / "edited.md", path.read_text().replace("**Match them**", "**Match every line**"))
    suggested = ask("task", "suggest", made["uri"], "--file", edited, "--note", "Plainer", by="ben")
    assert "Match every line" in suggested["difference"]
    ask("task", "accept", suggested["uri"])
    value = ask("task", "show", made["uri"])["version"]["value"]
    assert [step["title"] for step in value["steps"]] == ["Collect the statements", "Match every line"]
    assert value["contributors"] == [people["ben"]]
    ask("endorse", made["uri"], "--task", made["uri"], "--verdict", "works", "--note", "Used in March.", by="ben")
    page = node[1].get(f"/tasks/{people['ana']}/close-the-books", headers={"Authorization": ""}).text
    assert "Used in March." in page
    assert "flow-drawing" in page
    assert "Reconcile one account by hand" in page
