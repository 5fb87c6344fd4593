import time

import pytest

from node.authoring.lint import lint
from node.authoring.parse import parse_module
from node.authoring.render import render
from node.authoring.write import write, write_bytes


def blocks(body: str) -> list[tuple[str, str, int, int, str | None]]:
    return [(b.id, b.kind, b.line, b.end_line, b.parent) for b in parse_module(body).blocks]


def codes(source: str | bytes) -> list[tuple[str, int]]:
    return [(problem.code, problem.line) for problem in parse_module(source).problems]


def test_the_sample_reads_as_designed(module_text: str) -> None:
    document = parse_module(module_text)
    assert [block.kind for block in document.blocks] == [
        "text", "text", "novice", "practice", "hint", "example", "quiz",
    ]  # fmt: skip
    assert document.problems == ()
    assert document.name == "check-a-drafted-summary"
    assert document.front.data["minutes"] == 12
    assert document.front.data["reviewBy"] == "2027-05-01"
    assert document.front.value_place("level") == (8, 8)
    blocks = {block.id: block for block in document.blocks}
    practice = blocks["p1"]
    assert practice.explicit_id
    assert practice.heading == "Three ways"
    assert len(blocks["example-three-ways"].items) == 3
    assert [(link.kind, link.target, link.block) for link in document.links] == [
        ("slot", "artifact", "text"),
        ("picture", "img/table.png", "text"),
        ("link", "https://example.org/guide", "p1"),
    ]
    assert [picture.target for picture in document.pictures] == ["img/table.png"]
    assert set(document.slots) == {"artifact"}


@pytest.mark.parametrize(
    ("line", "kind", "block_id"),
    [
        ("::: practice", "practice", "practice"),
        ("::: {#p1 .practice}", "practice", "p1"),
        (":::practice{#p1}", "practice", "p1"),
        (":::{practice}", "practice", "practice"),
        (":::practice[A title]{#p1}", "practice", "p1"),
        (":::practice A title", "practice", "practice"),
        (":::::::::: practice ::::", "practice", "practice"),
        ("::: challenge", "practice", "practice"),
        (":::{.callout-note}", "other", "other"),
    ],
)
def test_dialects_of_an_opening_fence(line: str, kind: str, block_id: str) -> None:
    (found,) = blocks(f"{line}\nText.\n:::\n")
    assert found == (block_id, kind, 1, 3, None)


@pytest.mark.parametrize(
    "text",
    [
        "::: this is prose, not a block\n",
        ':::image type="content" source="a.png":::\n',
        "    ::: hint\n",
        "```\n::: hint\n```\n",
    ],
)
def test_what_only_looks_like_a_fence_is_text(text: str) -> None:
    document = parse_module(text)
    assert [block.kind for block in document.blocks] == ["text"]
    assert document.problems == ()


def test_blocks_nest() -> None:
    source = ":::: practice\nOuter.\n::: hint\nInner.\n:::\nOuter again.\n::::\n"
    assert blocks(source) == [("practice", "practice", 1, 7, None), ("hint", "hint", 3, 5, "practice")]


def test_microsoft_rows_open_and_close() -> None:
    assert [b[1:4] for b in blocks(":::row:::\n:::column:::\na\n:::column-end:::\n:::row-end:::\n")] == [
        ("other", 1, 5), ("other", 2, 4),
    ]  # fmt: skip


def test_unclosed_and_stray_fences_are_reported_where_they_are() -> None:
    assert codes("a\n\n::: hint\nb\n") == [("unclosed-block", 3)]
    assert codes("a\n\n:::\nb\n") == [("stray-fence", 3)]
    assert codes("- a\n\n  ::: hint\n  b\n\nc\n") == [("unclosed-block", 3)]


def test_an_html_element_does_not_swallow_the_fence() -> None:
    assert codes("::: quiz\n<details><summary>Why</summary>x</details>\n:::\n") == []


def test_derived_ids_survive_edits_elsewhere() -> None:
    before = "## A\n\n::: hint\nx\n:::\n\n## B\n\n::: hint\ny\n:::\n"
    after = before.replace("## A\n", "## A\n\nNew text.\n\n::: example\nz\n:::\n")
    assert {b[0] for b in blocks(before)} <= {b[0] for b in blocks(after)}


def test_an_id_given_twice_is_a_problem_and_the_second_gets_another() -> None:
    document = parse_module("::: {#a .hint}\nx\n:::\n::: {#a .hint}\ny\n:::\n")
    assert [block.id for block in document.blocks] == ["a", "hint"]
    assert [problem.code for problem in document.problems] == ["duplicate-id"]


@pytest.mark.parametrize(
    ("yaml", "code", "line", "column"),
    [
        ("a: b\nc: d: e\n", "yaml-syntax", 3, 5),
        ("a:\n\t- b\n", "yaml-syntax", 3, 1),
        ("a: [b, c\nd: e\n", "yaml-syntax", 3, 2),
        ("a: &x [1]\nb: *x\n", "yaml-alias", 3, 4),
        ("a: " + "[" * 40 + "]" * 40 + "\n", "yaml-depth", 2, 19),
        ("a: b\na: c\n", "duplicate-key", 3, 1),
        ("- a\n- b\n", "front-matter-shape", 2, 1),
        ("a: [" + "1," * 6000 + "]\n", "yaml-size", 2, 10000),
        ("a: b\x07\n", "yaml-syntax", 2, 5),
        ("? [a]\n: b\n", "yaml-key", 2, 3),
    ],
)
def test_broken_front_matter_is_located(yaml: str, code: str, line: int, column: int) -> None:
    problem = parse_module(f"---\n{yaml}---\nText\n").problems[0]
    assert (problem.code, problem.line) == (code, line)
    if code != "yaml-size":
        assert problem.column == column


def test_front_matter_that_never_ends() -> None:
    assert codes("---\na: b\n\nText\n") == [("front-matter-unclosed", 1)]


def test_scalars_follow_yaml_1_2_without_floats() -> None:
    text = "---\na: yes\nb: 2.10\nc: 0012\nd: true\ne: 12\nf: ~\ng: 12:30\nh: 99999999999999999999\n---\n"
    assert parse_module(text).front.data == {
        "a": "yes", "b": "2.10", "c": "0012", "d": True, "e": 12, "f": None, "g": "12:30", "h": "99999999999999999999",
    }  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbf---\r\nname: a\r\n---\r\nText\r\n", b"---\rname: a\r---\rText\r", b"caf\xe9 \xff\n", b"\0\0", b"",
        b"---\n---\n", b"---\nname: a\n...\nText", "\ud800".encode("utf-8", "surrogatepass"),
    ],
)  # fmt: skip
def test_bytes_come_back_as_they_were(source: bytes) -> None:
    document = parse_module(source)
    assert write_bytes(document) == source
    assert parse_module(write(document)) == document


def test_stray_bytes_are_reported() -> None:
    assert codes(b"ab\ncaf\xe9\n") == [("not-utf8", 2)]


def test_a_file_that_is_too_long_is_refused_quickly() -> None:
    assert codes("word " * 2_000_000) == [("too-long", 1)]


def test_ten_thousand_nested_blocks() -> None:
    document = parse_module("::: hint\n" * 10_000 + ":::\n" * 10_000)
    assert len(document.blocks) <= 2_000
    assert "too-many-blocks" in {problem.code for problem in document.problems}


def test_code_holds_no_links() -> None:
    document = parse_module("`[a](b)` and ``[c](`d)`` but [e](f)\n\n```\n[g](h)\n```\n\n    [i](j)\n")
    assert [link.target for link in document.links] == ["f"]


def test_pictures_by_reference_and_in_html() -> None:
    document = parse_module(
        '![One][one]\n\n<img alt="Two" src="two.png">\n\n[![Three](three.png)](https://x.org)\n\n[one]: one.png\n'
    )
    assert [(picture.target, picture.text) for picture in document.pictures] == [
        ("one.png", "One"), ("two.png", "Two"), ("three.png", "Three"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [":::  a" + " " * 60_000 + "b", "::: {" + "1" * 60_000 + "}", "# " + "<a" * 15_000,
     "- [ ] a" + " " * 30_000 + "b"],
)  # fmt: skip
def test_no_line_of_a_stranger_stops_the_node(line: str) -> None:
    """Spaces between the words of a line of colons took days, in every node that took the text in."""
    began = time.process_time()
    for text in (line, f"::: quiz\n{line}\n:::\n"):
        document = parse_module(text)
        lint(document)
        render(document)
    assert time.process_time() - began < 2.0


@pytest.mark.parametrize(
    "unit",
    ["- x\n", "1. x\n  y\n", "[^a]: x\n", "\n  - \n$$}(", "\n<div>\n:::", "- <div>\n", "\n[^a]: **)\n> ```",
     "](slot:a)\n> ~~~\n$$\n"],
)  # fmt: skip
def test_reading_takes_as_long_as_a_text_is_and_no_more(unit: str) -> None:
    """A list of 64 kB took 13 seconds and one of 500 kB a quarter of an hour, wherever it was taken in."""
    began = time.process_time()
    parse_module(unit * (48_000 // len(unit)))
    assert time.process_time() - began < 2.0


def test_brackets_without_end_are_looked_at_so_often_and_no_more() -> None:
    """Each is looked at forty times: 500 kB of them took 17 seconds to show. What came before is shown as ever."""
    document = parse_module("[a](https://a.example)\n\n" + ("![" * 16_000 + "\n\n") * 15)
    began = time.process_time()
    assert '<a href="https://a.example"' in render(document).html
    assert time.process_time() - began < 2.0
