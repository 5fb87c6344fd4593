"""What others wrote becomes modules: nothing lost, nothing followed that leads outside, nothing huge read."""

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from node.authoring.importing.carpentries import import_episode
from node.authoring.importing.gift import import_gift
from node.authoring.importing.markup import markdown_of
from node.authoring.importing.olx import OlxInvalid, import_course, parse_xml
from node.authoring.importing.pages import import_page
from node.authoring.importing.skills import NotASkill, export_skill, import_skill
from node.authoring.lint import lint
from node.authoring.parse import parse_module
from node.authoring.problems import errors_of
from node.authoring.vocabulary import Vocabulary
from node.cli.entry import run
from node.cli.importing import files as importing_files
from node.cli.importing.files import NothingToImport, Tree
from node.cli.importing.git import clone
from node.cli.importing.kinds import import_tree
from node.errors import Malformed, TooLarge, Unreachable

EPISODE = """---
title: Ignoring Things
teaching: 5
exercises: 10
---

::::::: objectives

- Configure git to ignore files
- Explain why it is useful.

:::::::::::

Text. ![](fig/a.png){alt='Three files'} and `::: challenge` in code.

```
::: challenge
```

:::::::::: challenge

## Try it

:::: solution

Like this.

::::
::::::::::

::::: callout

Mind the gap.

:::::
"""


def errors(text: str, *files: str) -> list[str]:
    return [str(one) for one in errors_of(lint(parse_module(text), Vocabulary(files=frozenset(files))))]


def kinds(text: str) -> Counter[str]:
    return Counter(block.kind for block in parse_module(text).blocks if block.kind != "text")


def test_an_episode_becomes_a_module_with_every_block() -> None:
    made = import_episode(EPISODE, "06-ignore.md", "git-novice-es", {}, ["fig/a.png"])
    front = parse_module(made.text).front.data
    assert front["name"] == "git-novice-es-06-ignore"
    assert front["description"] == "Configure git to ignore files. Explain why it is useful."
    assert (front["minutes"], front["language"], front["license"]) == (15, "es", "CC-BY-4.0")
    assert kinds(made.text) == {"practice": 1, "hint": 1, "caution": 1}
    assert "**Objetivos**" in made.text
    assert "![Three files](fig/a.png)" in made.text
    assert "```\n::: challenge\n```" in made.text
    assert made.files == ("fig/a.png",)
    assert not errors(made.text, *made.files)


def test_a_skill_keeps_every_key_and_file() -> None:
    text = "---\nname: Web_App\ndescription: Test apps.\nallowed-tools: Bash\ntools: Read, Grep\nx: {y: 1}\n---\n# Do\n"
    made = import_skill(text, "web-app", ["scripts/run.py", "SKILL.md", "references/more.md"])
    front = parse_module(made.text).front.data
    assert front["name"] == "web-app"
    assert front["allowed-tools"] == "Bash"
    assert front["metadata"] == {"tools": "Read, Grep"}
    assert front["x"] == {"y": 1}
    assert front["attachments"] == ["scripts/run.py", "references/more.md"] == list(made.files)
    assert not errors(made.text, *made.files)


def test_broken_front_matter_is_named_with_its_line() -> None:
    with pytest.raises(NotASkill, match=r"SKILL.md:3:"):
        import_skill("---\nname: a\ndescription: b: c: d\n---\n", "a")


def test_a_module_is_exported_as_a_strict_skill() -> None:
    text = export_skill({"name": "a", "description": "b", "layer": "tool", "slots": {"s": {"label": "l"}}}, "Text.")
    front = parse_module(text).front.data
    assert set(front) == {"name", "description", "metadata"}
    assert all(isinstance(value, str) for value in front["metadata"].values())


def test_pages_of_other_dialects() -> None:
    docusaurus = import_page(
        "import Tabs from '@theme/Tabs';\n\n# Hi\n\n:::warning[Stop]\nHot.\n:::\n\n:::note\nSo.\n:::\n", "docs/hot.mdx"
    )
    assert kinds(docusaurus.text) == {"caution": 1}
    assert "import Tabs" not in docusaurus.text
    assert "So." in docusaurus.text
    quarto = import_page(
        '---\ntitle: T\n---\nText.\n\n::: {.callout-tip collapse="true"}\n## Solution\nx\n:::\n\n```{python}\n1\n```\n',
        "a.qmd",
    )
    assert kinds(quarto.text) == {"hint": 1}
    assert "```python" in quarto.text
    myst = import_page(
        "# T\n\n````{exercise} Try\n:label: x\nDo.\n```{solution}\nDone.\n```\n````\n\n"
        "```{figure} a.png\n:alt: A\n```\n",
        "m.md",
        ["a.png"],
    )
    assert kinds(myst.text) == {"practice": 1, "hint": 1}
    assert "![A](a.png)" in myst.text


def test_gift_questions_of_every_shape() -> None:
    made = import_gift(
        "// c\n::Q1::Two \\= {=2 ~3#No}\n\nIs it?{T}\n\nName it {=a =b}\n\nMatch {=a -> 1 =b -> 2}\n\n"
        "Pi {#3.14:0.01}\n\nWrite {}\n\nJust text.\n\nBoth {~%50%a ~%50%b ~%-100%c}\n", "my-quiz.gift",
    )  # fmt: skip
    assert kinds(made.text) == {"quiz": 3, "practice": 3, "hint": 3, "reflect": 1}
    assert "- [x] 2\n- [ ] 3" in made.text
    assert "Two =" in made.text
    assert "Just text." in made.text
    assert made.text.count("- [x]") == 4
    assert not errors(made.text)


def test_a_course_becomes_a_module_for_each_sequential() -> None:
    course = {
        "course/c.xml": "<course><chapter url_name='1'/></course>",
        "chapter/1.xml": "<chapter display_name='One'><sequential url_name='s'/></chapter>",
        "sequential/s.xml": "<sequential display_name='Two'><vertical url_name='v'/></sequential>",
        "vertical/v.xml": "<vertical display_name='V'><html url_name='h'/><problem url_name='p'/>"
        "<lti url_name='x'/></vertical>",
        "html/h.xml": "<html filename='h'/>",
        "html/h.html": "<p>Read <b>this</b>&nbsp;now.<script>alert(1)</script></p>",
        "problem/p.xml": "<problem><multiplechoiceresponse><label>Which?</label><choicegroup>"
        "<choice correct='true'>A</choice><choice correct='false'>B</choice></choicegroup>"
        "<solution><p>Why not.</p></solution></multiplechoiceresponse></problem>",
    }  # fmt: skip
    modules, notes = import_course(course.get, "<course url_name='c'/>")
    assert [one.name for one in modules] == ["one-two"]
    assert kinds(modules[0].text) == {"quiz": 1}
    assert "**this**" in modules[0].text
    assert "alert" not in modules[0].text
    assert any("lti" in note for note in notes)
    assert not errors(modules[0].text)


def test_entities_and_paths_upwards_are_refused() -> None:
    with pytest.raises(OlxInvalid, match="document type"):
        parse_xml('<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
    asked: list[str] = []
    import_course(asked.append, "<course url_name='../../etc/passwd'/>")
    assert not asked


def test_markup_becomes_markdown() -> None:
    assert markdown_of("<h2>T</h2><ul><li>a<li>b</ul><pre>x  y</pre>") == "### T\n\n- a\n- b\n\n```\nx  y\n```"


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "skills" / "mine"
    folder.mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "SKILL.md").write_text("---\nname: mine\ndescription: Mine.\n---\nText. ![x](../../secret.png)\n")
    (folder / "notes.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "up").symlink_to(tmp_path)
    found = import_tree(Tree(tmp_path / "skills"))
    assert found.modules[0].made.files == ()
    assert sorted(found.refused) == [
        "mine/notes.txt: a symbolic link is not followed", "mine/up: a symbolic link is not followed",
    ]  # fmt: skip
    with pytest.raises(NothingToImport, match="symbolic link"):
        Tree(folder / "notes.txt")


def test_what_is_huge_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "big.md").write_bytes(b"# x\n" * 600_000)
    with pytest.raises(NothingToImport, match="at most"):
        import_tree(Tree(tmp_path))
    monkeypatch.setattr(importing_files, "LARGEST_TREE", 1_000_000)
    with pytest.raises(TooLarge):
        Tree(tmp_path)


@pytest.mark.parametrize(
    "url", ["git@host:x", "ssh://host/x", "file:///etc", "git://host/x", "https://me:pw@host/x", "ext::sh"]
)
def test_only_plain_https_addresses_are_cloned(url: str, tmp_path: Path) -> None:
    with pytest.raises(Malformed):
        clone(url, tmp_path)


def test_a_clone_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="could not be cloned"):
        clone(f"file://{tmp_path}/nothing", tmp_path, protocol="file")


def test_the_command_writes_a_folder_and_leaves_what_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a", "b"):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "SKILL.md").write_text("---\nname: same\ndescription: D.\n---\nText.\n")
    (tmp_path / "in" / "a" / "run.py").write_text("1")
    arguments = ["module", "import", str(tmp_path / "in"), "--to", str(tmp_path / "out")]
    assert run(arguments) == 0
    assert (tmp_path / "out" / "same" / "run.py").read_text() == "1"
    assert "name: same-2\n" in (tmp_path / "out" / "same-2" / "SKILL.md").read_text()
    assert run(arguments) == 0
    (tmp_path / "out" / "same" / "SKILL.md").write_text("mine now")
    assert run(arguments) == 1
    assert (tmp_path / "out" / "same" / "SKILL.md").read_text() == "mine now"
    assert "exists already" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_a_clone_brings_the_newest_files_and_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    origin = tmp_path / "origin"
    (origin / "mine").mkdir(parents=True)
    (origin / "mine" / "SKILL.md").write_text("---\nname: mine\ndescription: Mine.\n---\nText.\n")
    (origin / "mine" / "passwd").symlink_to("/etc/passwd")
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "One"]):
        subprocess.run(["git", *identity, *command], cwd=origin, check=True)
    (tmp_path / "into").mkdir()
    place = clone(f"file://{origin}", tmp_path / "into", protocol="file")
    assert not (place / "mine" / "passwd").is_symlink()
    assert [one.made.name for one in import_tree(Tree(place)).modules] == ["mine"]
