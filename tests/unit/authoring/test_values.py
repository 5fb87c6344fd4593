from collections.abc import Callable

import pytest

from node.authoring.document import Step, TaskDocument
from node.authoring.lint import lint
from node.authoring.majorness import majorness
from node.authoring.parse import parse_module, parse_task
from node.authoring.value import BodyTooLong, document_of, source_of, to_value
from schemas.validation import validate_record

BLOB = {"$type": "blob", "mimeType": "image/png", "size": 3}
MADE = {"createdAt": "2026-11-22T00:00:00Z"}


def test_a_module_becomes_a_valid_record_and_comes_back(module_text: str) -> None:
    value = to_value(parse_module(module_text))
    validate_record(value | MADE, "org.skillnet.moduleVersion")
    assert value["tools"][0] == {"name": "Excel", "vendor": "Microsoft", "version": "2026"}
    assert value["metadata"] == {"house-rule": "kept as it is"}
    document = document_of(value)
    assert to_value(document) == value
    assert lint(document) == []
    assert document.body == parse_module(module_text).body


def test_a_task_becomes_a_valid_record_and_comes_back(task_text: str) -> None:
    document = parse_task(task_text)
    assert lint(document) == []
    value = to_value(document)
    validate_record(value | MADE, "org.skillnet.taskVersion")
    assert value["body"] == "Do it before the fifth."
    assert value["steps"][0] == {
        "title": "Collect the statements", "text": "One for each account.", "by": "person",
        "check": "every account has a statement", "pitfalls": "a statement of the wrong month",
        "minutes": 15, "byHand": "one account each month",
    }  # fmt: skip
    again = document_of(value)
    assert isinstance(again, TaskDocument)
    assert to_value(again) == value


def test_step_lines_are_the_files(task_text: str) -> None:
    assert [step.line for step in parse_task(task_text).steps] == [12, 20]


@pytest.mark.parametrize(
    ("item", "step"),
    [
        ("1. Just a title", Step("Just a title", line=1)),
        ("1. **Title** and text", Step("Title", "and text", line=1)),
        ("1. Title\n   - **By**: both\n   - _by hand_: weekly", Step("Title", by="both", by_hand="weekly", line=1)),
        ("1. Title\n   - by: person\n\n   Text\n   - a\n   - b", Step("Title", "Text\n- a\n- b", by="person", line=1)),
        ("1. Title\n   - a thing\n   - another: thing", Step("Title", "- a thing\n- another: thing", line=1)),
    ],
)
def test_ways_to_write_a_step(item: str, step: Step) -> None:
    assert parse_task(item).steps == (step,)


@pytest.mark.parametrize(
    ("written", "code", "nearest"),
    [
        ("by: persn", "not-allowed", "person"),
        ("minutes: 5 min", "not-minutes", "5"),
        ("check: x\n   - pitfals: y", "unknown-key", "pitfalls"),
    ],
)
def test_mistakes_in_steps(written: str, code: str, nearest: str) -> None:
    problems = [problem for problem in lint(parse_task(f"1. Title\n   - {written}\n")) if problem.code == code]
    assert [problem.nearest for problem in problems] == [nearest]


def test_pictures_and_attachments_travel_as_blobs(module_text: str) -> None:
    value = to_value(parse_module(module_text), pictures={"img/table.png": BLOB}, attachments={"a.py": BLOB})
    assert value["pictures"] == [{"path": "img/table.png", "blob": BLOB, "alt": "A table with three rows"}]
    assert value["attachments"] == [{"path": "a.py", "blob": BLOB}]
    assert "attachments: [a.py]" in source_of(value)


def test_addresses_replace_paths(module_text: str) -> None:
    address = "at://did:plc:abc/org.skillnet.task/close-the-books"
    value = to_value(parse_module(module_text), addresses={"./tasks/close-the-books.md": address})
    assert value["tasks"][1] == address


def test_a_long_body_needs_a_blob() -> None:
    document = parse_module("---\nname: a\ndescription: b\n---\n" + "word " * 20_000)
    with pytest.raises(BodyTooLong):
        to_value(document)
    assert "body" not in to_value(document, body_blob=BLOB)


def test_a_skill_for_assistants_is_a_module_with_assumptions() -> None:
    value = to_value(
        parse_module("---\nname: pdf\ndescription: Read PDF files.\nallowed-tools: Read\n---\n# PDF\n\nText\n")
    )
    validate_record(value | MADE, "org.skillnet.moduleVersion")
    assert (value["title"], value["metadata"]) == ("PDF", {"allowed-tools": "Read"})


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        (lambda t: t, ()),
        (lambda t: t.replace("Go slowly.", "Go very slowly."), ()),
        (lambda t: t.replace("minutes: 12", "minutes: 15"), ()),
        (lambda t: t.replace("Take the last", "Take any"), ("practice",)),
        (lambda t: t.replace("A rounded number", "A number"), ("quiz",)),
        (lambda t: t.replace("- [ ] A", "- [x] A"), ("quiz",)),
        (lambda t: t.replace("Cover the", "[Cover](https://e.vil) the"), ("links",)),
        (lambda t: t.replace("Cover the", '<a href="https://e.vil">Cover</a> the'), ("links",)),
        (lambda t: t.replace("Go slowly.", "word " * 40), ("text",)),
    ],
)
def test_what_readers_compute_as_major(
    module_text: str, change: Callable[[str], str], reasons: tuple[str, ...]
) -> None:
    old, new = to_value(parse_module(module_text)), to_value(parse_module(change(module_text)))
    assert majorness(old, new).reasons == reasons
    assert majorness(old, new | {"major": True}).reasons[0] == "author"


def test_another_picture_under_the_same_path_is_major(module_text: str) -> None:
    document = parse_module(module_text)
    old = to_value(document, pictures={"img/table.png": BLOB | {"ref": "a"}})
    new = to_value(document, pictures={"img/table.png": BLOB | {"ref": "b"}})
    assert majorness(old, new).reasons == ("pictures",)


def test_who_does_a_step_is_major(task_text: str) -> None:
    old, new = to_value(parse_task(task_text)), to_value(parse_task(task_text.replace("by: assistant", "by: person")))
    assert "steps" in majorness(old, new).reasons
