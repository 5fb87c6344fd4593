"""`module lint` on files, folders and repositories, in the contract's form."""

import json
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest

from node import starter
from node.cli.publishing.collect import NothingFound, collect

STARTER = Path(starter.__file__).parent
Skillnet = Callable[..., int]
WriteModule = Callable[..., Path]


def test_lint_prints_the_contract(
    skillnet: Skillnet, write_module: WriteModule, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_module("course/bad.md", more="lyer: tool\n", body="::: practise\nDo it.\n:::\n")
    assert skillnet("module", "lint", path, "--json") == 1
    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert file["path"] == str(path)
    assert set(file) == {"path", "errors", "warnings"}
    found = [*file["errors"], *file["warnings"]]
    for problem in found:
        assert set(problem) == {"line", "column", "code", "message", "found", "allowed", "nearest"}
    assert "practice" in {problem["nearest"] for problem in found}


def test_fix_mends_what_has_one_right_spelling(skillnet: Skillnet, write_module: WriteModule) -> None:
    path = write_module("bad.md", body="::: practise\nDo it.\n:::\n")
    assert skillnet("module", "lint", path) == 1
    assert skillnet("module", "lint", path, "--fix") == 0
    assert "::: practice" in path.read_text()


def test_a_repository_is_searched_for_documents(tmp_path: Path, write_module: WriteModule) -> None:
    write_module("repo/modules/one.md")
    write_module("repo/skill/SKILL.md")
    write_module("repo/.git/ignored.md")
    (tmp_path / "repo" / "README.md").write_text("# No front matter\n")
    names = [source.path.name for source in collect(tmp_path / "repo").sources]
    assert names == ["one.md", "SKILL.md"]


def test_broken_front_matter_is_found_in_a_folder(tmp_path: Path, skillnet: Skillnet) -> None:
    (tmp_path / "broken.md").write_text("---\nname: [\n---\ntext\n")
    assert skillnet("module", "lint", tmp_path) == 1


def test_nothing_to_lint_is_said(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Nothing\n")
    with pytest.raises(NothingFound):
        collect(tmp_path)
    with pytest.raises(NothingFound):
        collect(tmp_path / "absent")


class _WhenItWasLookedAt(datetime):
    """Its modules are to be looked at again from April 2027 on, and then a warning is right."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls(2026, 11, 23, tzinfo=tz)


def test_the_starter_catalogue_is_clean(
    skillnet: Skillnet, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("node.cli.publishing.collect.datetime", _WhenItWasLookedAt)
    assert skillnet("module", "lint", STARTER / "fenwick-works") == 0
    assert capsys.readouterr().out.endswith("18 files, 0 errors, 0 warnings.\n")


def test_pictures_outside_the_folder_are_missing(tmp_path: Path, write_module: WriteModule) -> None:
    (tmp_path / "secret.png").write_bytes(b"\x89PNG")
    write_module("course/modules/a.md", body="![a secret that is not of this folder](../../secret.png)\n")
    (source,) = collect(tmp_path / "course").sources
    assert [problem.code for problem in source.errors] == ["missing-file"]


@pytest.mark.parametrize("kind", ["module", "task"])
def test_of_new_drafts_nothing_is_wrong_but_that_nobody_wrote_them_yet(
    skillnet: Skillnet, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    assert skillnet(kind, "new", "check-a-reply", "--to", tmp_path / f"{kind}s") == 0
    capsys.readouterr()
    assert skillnet(kind, "lint", tmp_path / f"{kind}s", "--json") == 1
    (found,) = json.loads(capsys.readouterr().out)["files"]
    assert {problem["code"] for problem in found["errors"]} == {"template-text"}
    assert skillnet(kind, "new", "check-a-reply", "--to", tmp_path / f"{kind}s") == 1, "it is not overwritten"
    assert skillnet(kind, "new", "Check A Reply") == 1


def test_a_path_is_no_module(skillnet: Skillnet, write_module: WriteModule, capsys: pytest.CaptureFixture[str]) -> None:
    module = write_module("both/one.md")
    assert skillnet("path", "new", "first-month", "--to", module.parent) == 0
    assert [source.path for source in collect(module.parent).sources] == [module]
    with pytest.raises(NothingFound) as caught:
        collect(module.parent / "first-month.md")
    assert "path publish" in caught.value.hint
