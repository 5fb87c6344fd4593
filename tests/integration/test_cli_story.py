"""The command line against a running node: an author's, a colleague's, a worker's and an operator's day."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from node import starter
from node.cli.entry import run
from schemas.authority import MODULE
from tests.integration.fixtures.nodes import PASSWORD, NodeProcess, until

pytestmark = pytest.mark.real

HARBOUR = Path(starter.__file__).parent / "harbour-services"
TASK = "onet:13-2011.00/21514"
PROFILE = """
role = "customer service representative"
occupation = "onet:43-4051.00"
goals = ["not be afraid of angry callers"]
minutesPerDay = 15
skills = { reply-checking = "novice", de-escalation = "novice" }
"""
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeProcess]:
    made = NodeProcess(
        tmp_path_factory.mktemp("cli") / "data", environment={"SKILLNET_FEDERATION_ALLOW_LOCALHOST": "true"}
    )
    made.start()
    yield made
    made.stop()


@pytest.fixture
def ask(
    node: NodeProcess, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Ask:  # fmt: skip
    """Run a command with --json and read its answer; `fails` gives the exit code expected instead of 0."""
    home = tmp_path_factory.getbasetemp() / "cli-config"
    monkeypatch.setenv("SKILLNET_CONFIG_HOME", str(home))
    monkeypatch.setenv("SKILLNET_DATA", str(node.data))
    monkeypatch.setenv("SKILLNET_PASSWORD", PASSWORD)
    until((node.data / "operator.sock").exists)

    def ask(*arguments: object, fails: int = 0) -> Any:
        capsys.readouterr()
        code = run([*map(str, arguments), "--json"])
        said = capsys.readouterr()
        assert code == fails, said
        return json.loads(said.out) if said.out else said.err

    return ask


@pytest.fixture
def people(ask: Ask, node: NodeProcess) -> dict[str, str]:
    """Wei and Sam have accounts and are signed in; name → DID."""
    known = {row["name"]: row["did"] for row in ask("account", "list")}
    for name in ("wei", "sam"):
        if name not in known:
            known[name] = ask("account", "create", name, "--display-name", name.title())["did"]
        ask("login", node.url, "--as", name)
    return known


@pytest.fixture
def published(ask: Ask, people: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Wei has published a folder; name → what was answered."""
    return {one["name"]: one for one in ask("module", "publish", HARBOUR, "--as", "wei")["published"]}


def test_publishing_again_changes_nothing(ask: Ask, published: dict[str, dict[str, Any]]) -> None:
    again = ask("module", "publish", HARBOUR, "--as", "wei")["published"]
    assert {one["action"] for one in again} == {"unchanged"}
    assert {one["name"]: one["version"] for one in again} == {n: one["version"] for n, one in published.items()}


def test_references_become_addresses(ask: Ask, people: dict[str, str], published: dict[str, dict[str, Any]]) -> None:
    value = ask("module", "show", published["check-a-drafted-reply-es"]["uri"])["version"]["value"]
    assert value["translationOf"] == published["check-a-drafted-reply"]["uri"]
    assert f"at://{people['wei']}/org.skillnet.task/answer-a-billing-complaint" in value["tasks"]


def test_a_change_is_a_new_version_with_its_history(ask: Ask, people: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(HARBOUR, folder)
    (folder / "organisation.toml").unlink()
    ask("module", "publish", folder, "--as", "sam")
    path = folder / "modules" / "read-the-wrong-answer.md"
    path.write_text(path.read_text("utf-8") + "\nOne more line.\n", "utf-8")
    plan = {one["name"]: one for one in ask("module", "publish", folder, "--as", "sam", "--dry-run")["plan"]}
    assert "+One more line." in plan["read-the-wrong-answer"]["difference"]
    assert [name for name, one in plan.items() if one["action"] != "unchanged"] == ["read-the-wrong-answer"]
    done = ask("module", "publish", path, "--as", "sam", "--note", "A line more")["published"]
    assert [one["action"] for one in done] == ["update"]
    versions = ask("module", "history", done[0]["uri"])["versions"]
    assert [version["changeNote"] for version in versions] == ["", "A line more"]
    assert "+One more line." in versions[1]["difference"]
    assert [version["majorChange"] for version in versions] == [None, False]
    written = ask("module", "export", done[0]["uri"], "--to", tmp_path / "out")["files"]
    assert {Path(file).name for file in written} == {"read-the-wrong-answer.md", "decimals-on-a-line.png"}
    assert (tmp_path / "out" / "read-the-wrong-answer.md").read_text("utf-8").endswith("One more line.\n")


def test_problems_keep_everything_from_being_published(ask: Ask, people: dict[str, str], tmp_path: Path) -> None:
    source = HARBOUR / "modules" / "check-a-drafted-reply.md"
    (tmp_path / "a.md").write_text(source.read_text("utf-8").replace("name: check-a-drafted-reply", "name: a"))
    said = ask("module", "publish", tmp_path, "--as", "sam", fails=1)
    assert "unresolved-reference" in said
    assert "a.md:10:" in said
    assert "Nothing was published" in said


def test_what_stays_inside_is_not_sent(ask: Ask, node: NodeProcess, people: dict[str, str], tmp_path: Path) -> None:
    text = (HARBOUR / "modules" / "keep-your-hand-in.md").read_text("utf-8")
    text = text.replace("name: keep-your-hand-in", "name: inside\nvisibility: organisation")
    (tmp_path / "inside.md").write_text(text.replace(", ./tasks/review-a-code-change.md", ""))
    (tmp_path / "tasks").mkdir()
    for task in (HARBOUR / "tasks").iterdir():
        shutil.copy(task, tmp_path / "tasks")
    done = {one["name"]: one for one in ask("module", "publish", tmp_path, "--as", "sam")["published"]}
    assert done["inside"]["inside"]
    uri = done["inside"]["uri"]
    assert "Keep your hand in" in json.dumps(ask("module", "show", uri, "--as", "sam"))
    page = httpx.get(f"{node.url}/modules/{people['sam']}/inside", timeout=60, trust_env=False)
    assert page.status_code == 404
    asked = {"repo": people["sam"], "collection": MODULE}
    listed = httpx.get(f"{node.url}/xrpc/com.atproto.repo.listRecords", params=asked, timeout=60, trust_env=False)
    assert listed.status_code == 200
    assert uri.rpartition("/")[2] not in listed.text


def test_a_verdict_counts_and_can_be_taken_back(
    ask: Ask, node: NodeProcess, people: dict[str, str], published: dict[str, dict[str, Any]]
) -> None:
    uri = published["what-not-to-paste"]["uri"]
    about = ask("whoami", "--as", "sam")
    ask("account", "credential", "issue", "sam", "--occupation", "onet:15-1252.00")
    ask("account", "credential", "accept", about["node"], "--as", "sam")
    ask("vouch", people["wei"], "--as", "sam")
    ask("endorse", uri, "--as", "sam", "--verdict", "works", "--task", TASK, "--note", "Payroll lines")

    def voices() -> list[dict[str, Any]]:
        return [voice for voice in ask("explain", uri)["voices"] if voice["voice"] > 0]

    assert until(voices)[0]["organisation"] == about["node"]
    places = ask("rank", "--task", TASK)["places"]
    assert places[0]["uri"] == uri, "the only one with a verdict stands first"
    ask("endorse", uri, "--as", "sam", "--task", TASK, "--withdraw")
    until(lambda: not voices())
    assert ask("account", "credential", "revoke", "sam", "--occupation", "onet:15-1252.00")["revoked"]


def test_search_finds_what_was_published(ask: Ask, published: dict[str, dict[str, Any]]) -> None:
    def first() -> str:
        hits = ask("search", "feedback that a child can use", "--kind", "module", "--limit", "1")["hits"]
        return str(hits[0]["name"]) if hits else ""

    assert until(first) == "feedback-that-a-child-can-use"


def test_a_worker_learns(ask: Ask, node: NodeProcess, published: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    ask("worker", "create", "nadia")
    ask("login", node.url, "--as", "nadia")
    (tmp_path / "P.toml").write_text(PROFILE)
    assert ask("worker", "profile", "nadia", "--file", tmp_path / "P.toml")["role"].startswith("customer")
    item = ask("worker", "feed", "nadia")["items"][0]
    assert item["reasons"]
    assert ask("worker", "lesson", "nadia", item["id"])["text"]
    assert ask("worker", "help", "nadia", "an angry caller wants a refund")["items"]
    assert ask("worker", "record", "nadia", item["id"], "alone")["outcome"] == "alone"
    assert "alone, with-a-hint" in ask("worker", "record", "nadia", item["id"], "splendid", fails=1)
    ask("worker", "forget", "nadia", fails=2)
    forgotten = ask("worker", "forget", "nadia", "--yes")
    assert (forgotten["forgotten"], forgotten["left"]) == ("nadia", [])
    assert ask("worker", "feed", "wei", fails=1), "an author is not thereby a worker"


def test_signing_out_ends_the_token(ask: Ask, node: NodeProcess, people: dict[str, str]) -> None:
    ask("logout", "--as", f"sam@{node.url}")
    assert "no sign-in as sam" in ask("whoami", "--as", "sam", fails=1)


def test_following_says_how_it_goes(ask: Ask) -> None:
    peer = ask("follow", "http://localhost:9")
    assert peer["url"] == "http://localhost:9"
    assert until(lambda: ask("peers")[0]["error"])
    ask("sync")
    assert ask("unfollow", "http://localhost:9")["url"] == "http://localhost:9"
    assert ask("peers") == []
