from node.authoring.difference import difference
from node.authoring.edit import mend, set_field
from node.authoring.lint import lint
from node.authoring.parse import parse_module


def test_setting_a_key_changes_its_lines_only(module_text: str) -> None:
    edited = set_field(parse_module(module_text), "level", "expert")
    assert edited.source == module_text.replace("level: advanced-beginner", "level: expert")
    edited = set_field(parse_module(module_text), "slots", None)
    assert "slots:" not in edited.source
    assert "blocks:\n  p1:" in edited.source


def test_a_new_key_is_added_at_the_end(module_text: str) -> None:
    edited = set_field(parse_module(module_text), "requires", ["read-a-balance-sheet"])
    assert edited.source == module_text.replace("kept as it is\n", "kept as it is\nrequires: [read-a-balance-sheet]\n")


def test_front_matter_is_begun_where_there_is_none() -> None:
    assert set_field(parse_module("Text\n"), "name", "a").source == "---\nname: a\n---\nText\n"


def test_what_has_one_right_spelling_is_mended(module_text: str) -> None:
    broken = (
        module_text.replace("level: adv", "levle: adv")
        .replace("capability", "capabilty")
        .replace("::: hint", "::: hnit")
        .replace("(slot:artifact)", "(slot:artefact)")
        .removesuffix(":::\n")
    )
    mended, problems = mend(parse_module(broken), lint(parse_module(broken)))
    assert mended.source == module_text
    assert len(problems) == 5


def test_differences_read_as_usual() -> None:
    assert difference("a\nb\n", "a\nc\n", "old.md", "new.md") == "--- old.md\n+++ new.md\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
    assert difference("a\n", "a\n") == ""
    assert difference("a", "b").count("No newline") == 2
