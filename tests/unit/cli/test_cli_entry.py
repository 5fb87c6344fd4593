"""Exit codes, one line and a hint: what a person sees when a command cannot be done."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Skillnet = Callable[..., int]


@pytest.mark.parametrize(
    "arguments",
    [
        ("nosuch",),
        ("search",),
        ("module", "lint"),
        ("endorse", "at://x", "--task", "onet:1"),
        ("rank", "--limit", "x"),
        ("rank", "--limit", "0"),
        ("search", "x", "--limit", "101"),
        ("search", "x", "--kind", "banana"),
        ("demo", "--port", "65535"),
        ("module", "preview", "x.md", "--port", "70000"),
        ("bench", "ranking", "--worlds", "0"),
        ("bench", "load", "--users", "-1"),
        ("evaluate", "feed", "--tag-noise", "-1"),
    ],
)
def test_misuse_is_2(skillnet: Skillnet, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert skillnet(*arguments) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("skillnet: ")
    assert len(lines) <= 2


def test_misuse_names_what_is_left_over_and_the_commands_own_help(
    skillnet: Skillnet, capsys: pytest.CaptureFixture[str]
) -> None:
    said = {
        ("login", "http://localhost", "mara"): (
            "skillnet: `skillnet login` takes no more words: 'mara' is left over.",
            "  hint: `skillnet login --help` says what it takes.",
        ),
        ("account", "list", "--nope"): (
            "skillnet: Unknown option: --nope.",
            "  hint: `skillnet account list --help` says what it takes.",
        ),
    }
    for arguments, lines in said.items():
        assert skillnet(*arguments) == 2
        assert tuple(capsys.readouterr().err.splitlines()) == lines


@pytest.mark.parametrize(
    "arguments",
    [
        ("whoami",),
        ("rank",),
        ("rank", "--node", "http://127.0.0.1:1"),
        ("module", "publish", "absent.md"),
        ("evaluate", "ranking", "--graph", "absent.jsonl", "--viewer", "a"),
        ("worker", "feed", "nobody"),
        ("evaluate", "merges", "--records", "/dev/null"),
        ("evaluate", "search", "--documents", "/dev/null", "--queries", "/dev/null", "--qrels", "/dev/null"),
        ("path", "new", "Not A Name"),
    ],
)
def test_failures_are_one_line_and_a_hint(
    skillnet: Skillnet, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert skillnet(*arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert lines[0].startswith("skillnet: ")
    assert len(lines) <= 2


@pytest.mark.parametrize(
    "command",
    [
        ("account", "create", "jo"),
        ("account", "list"),
        ("moderate", "deny", "spam.example", "--reason", "spam"),
        ("unfollow", "https://peer.example"),
        ("migrate",),
        ("move", "https://node.example"),
        ("backup", "node.backup"),
        ("export", "--everything", "all"),
    ],
    ids=" ".join,
)
def test_who_mistypes_the_folder_of_their_node_gets_no_other(
    skillnet: Skillnet,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "phrase").write_text("five random words work well")
    secret = ("--passphrase-file", "phrase") if command[0] == "backup" else ()
    assert skillnet(*command, *secret, "--data", tmp_path / "noed") == 1
    said = capsys.readouterr().err
    assert f"There is no node in {tmp_path / 'noed'}." in said
    assert "--data" in said
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("phrase", "config")] == []


def test_the_doctor_proposes_nothing_for_a_folder_of_something_else(
    skillnet: Skillnet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letters").mkdir(mode=0o755)
    assert skillnet("doctor", "--data", tmp_path / "letters", "--json") == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    (wrong,) = (one for one in found if not one["ok"])
    assert wrong["detail"] == f"There is no node in {tmp_path / 'letters'}."
    assert "chmod" not in wrong["mend"]


def test_a_graph_is_scored_without_a_node(
    skillnet: Skillnet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    graph = tmp_path / "graph.jsonl"
    graph.write_text('{"type":"organisation","id":"A"}\n{"type":"module","id":"m","author":"A"}\n')
    assert skillnet("evaluate", "ranking", "--graph", graph, "--viewer", "A", "--json") == 0
    assert '"module": "m"' in capsys.readouterr().out
    graph.write_text("{not json\n")
    assert skillnet("evaluate", "ranking", "--graph", graph, "--viewer", "A") == 1
    assert "1" in capsys.readouterr().err
