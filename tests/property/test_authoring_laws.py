"""Laws of authoring that hold for any text."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from markdown_it.token import Token

from node.authoring.body.balance import balance
from node.authoring.body.markdown import block_tokens, outline_tokens, plain_markdown
from node.authoring.body.outline import Outline
from node.authoring.document import Step
from node.authoring.edit import set_field
from node.authoring.front_matter.dump import dump_front_matter
from node.authoring.front_matter.tree import read_tree
from node.authoring.lint import lint
from node.authoring.majorness import majorness
from node.authoring.parse import parse_module, parse_task
from node.authoring.render import render
from node.authoring.steps.read import read_steps
from node.authoring.steps.write import write_steps
from node.authoring.value import document_of, to_value
from node.authoring.write import write, write_bytes

FRAGMENTS = """\
---|name: a|title: 'x|tools: [{name: Y}]|::: hint|:::|::: {#p .quiz}|:::: novice ::::
- [x] a|1. b|   - by: person|```py|# H|$$|> q
"""
INLINE = "text |[l](slot:s)|![p](q.png)|<details>|</details>|<!--|-->|`|$x$|> |\t|    |[^1]|*|_|~~|\\|&amp;|é"
ODD = ["\r\n", "\r", "\u202e", "\0", "\n"]
TABLE = ["| a | b |\n|---|---|\n", "[^1]: n\n"]
PIECES = st.sampled_from(
    [*(line + "\n" for line in FRAGMENTS.strip().replace("\n", "|").split("|")), *INLINE.split("|"), *ODD, *TABLE]
)
SOURCES = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=200))
PLAIN = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=30)
TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=30)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(10**12), 10**12), TEXT)


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.lists(inner, max_size=3), st.dictionaries(PLAIN, inner, max_size=3))


DATA: st.SearchStrategy[Any] = st.dictionaries(
    st.from_regex(r"[a-zA-Z]{1,12}", fullmatch=True),
    st.recursive(SCALARS, _nested, max_leaves=8),
    max_size=5,
)


@given(SOURCES)
def test_any_text_is_read_checked_shown_and_written_back(source: str) -> None:
    for document in (parse_module(source), parse_task(source)):
        assert write(document) == source
        lint(document)
        assert parse_module(document.source).blocks == document.blocks
        ids = [block.id for block in document.blocks]
        assert len(ids) == len(set(ids))
        assert all(block.line <= block.end_line for block in document.blocks)
        html = render(document).html
        assert "<script" not in html
        assert html.count("<details") == html.count("</details>")
        assert html.count("<section") == html.count("</section>")


@given(st.binary(max_size=200))
def test_any_bytes_come_back(source: bytes) -> None:
    assert write_bytes(parse_module(source)) == source


@given(DATA)
def test_front_matter_is_read_as_it_was_written(data: dict[str, Any]) -> None:
    assert (read_tree(dump_front_matter(data)).data or {}) == data


@given(DATA, st.sampled_from(["title", "level", "x"]), TEXT)
def test_an_edited_key_changes_nothing_else(data: dict[str, Any], key: str, value: str) -> None:
    document = parse_module(f"---\n{dump_front_matter(data)}---\nBody\n")
    edited = set_field(document, key, value)
    assert edited.front.data == {**document.front.data, key: value}
    assert edited.body == document.body


@given(DATA, SOURCES)
def test_records_and_documents_go_round(data: dict[str, Any], body: str) -> None:
    for parse in (parse_module, parse_task):
        document = parse(f"---\n{dump_front_matter({**data, 'name': 'a'})}---\n{body}")
        value = to_value(document)
        if parse is parse_module:
            assert to_value(document_of(value)) == value
        assert not majorness(value, value).major


WORDS = st.lists(st.from_regex(r"[a-zé]{1,8}", fullmatch=True), min_size=1, max_size=5).map(" ".join)
STEPS = st.lists(
    st.builds(
        Step,
        title=WORDS,
        text=st.one_of(st.just(""), WORDS, st.just("First.\n\n- one\n- two"), st.just("1. a\n2. b\n\nEnd.")),
        by=st.sampled_from(["", "person", "assistant", "both"]),
        check=st.one_of(st.just(""), WORDS),
        pitfalls=st.one_of(st.just(""), WORDS),
        minutes=st.one_of(st.none(), st.integers(1, 10_080)),
        by_hand=st.one_of(st.just(""), WORDS),
    ),
    min_size=1,
    max_size=4,
)  # fmt: skip


@given(STEPS)
def test_steps_are_read_as_they_were_written(steps: list[Step]) -> None:
    found, notes, problems = read_steps(write_steps(steps), "t.md", 0)
    assert [_without_line(step) for step in found] == steps
    assert (notes, problems) == ("", [])


def _without_line(step: Step) -> Step:
    return Step(step.title, step.text, step.by, step.check, step.pitfalls, step.minutes, step.by_hand)


@given(SOURCES)
def test_quick_ways_find_what_the_library_finds(source: str) -> None:
    text = source.replace("\r", "").replace("\0", "")
    plain: list[Token] = []
    md = plain_markdown()
    md.block.parse(text, md, {}, plain)
    quick = block_tokens(text, {})
    assert [token.as_dict() for token in quick] == [token.as_dict() for token in plain]
    assert _outline(outline_tokens(text, {})) == _outline(quick)


def _outline(tokens: list[Token]) -> tuple[object, ...]:
    outline = Outline(0)
    tokens = [*balance(tokens, 0).tokens, Token("end", "", 0)]
    for token, following in pairwise(tokens):
        outline.take(token, following.content)
    spans = [(one.fence, one.line, one.end_line, one.heading, one.items) for one in outline.drafts]
    return spans, outline.headings, outline.code
