"""Work history of every form becomes pieces; what says nothing of an ability, or names others, is left out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.personalizer.errors import HistoryInvalid
from node.personalizer.evaluation.logs.rows import table_cells
from node.personalizer.history.pieces import Piece, parse_piece
from node.personalizer.history.reading import FORMS, read_history

RESUME = {
    "basics": {"name": "Rosa Secret", "email": "rosa@example.org"},
    "work": [{"name": "Acme", "position": "Toolmaker", "startDate": "2015-02-01"}, {"name": "no position"}, "junk"],
    "skills": [{"name": "Milling", "level": "Intermediate", "keywords": ["fixtures", 7]}],
    "certificates": [{"name": "First aid", "date": "2024-05-01"}],
}
VERB = "http://adlnet.gov/expapi/verbs/"


def statement(verb: str, name: str, **more: object) -> dict[str, object]:
    return {
        "actor": {"mbox": "mailto:rosa@example.org"},
        "verb": {"id": VERB + verb},
        "object": {"id": f"https://lms.example/{name}", "definition": {"name": {"en-US": name}}},
        "timestamp": "2025-01-02T03:04:05Z",
        **more,
    }


def titles(text: str, form: str = "") -> list[tuple[str, str]]:
    return [(piece.title, piece.how) for piece in read_history(text, form)[1]]


def test_a_resume_gives_what_was_done_and_no_names() -> None:
    form, pieces = read_history(json.dumps(RESUME))
    assert form == "resume"
    assert [(p.title, p.how) for p in pieces] == [
        ("Toolmaker", "alone"), ("First aid", "alone"), ("Milling", "with-a-hint"), ("fixtures", "with-a-hint"),
    ]  # fmt: skip
    assert not {"Rosa", "Acme"} & {word for piece in pieces for word in piece.title.split()}


def test_a_list_is_read_line_by_line() -> None:
    form, pieces = read_history("- Night nurse, 2011-2019\n2) 2020: ran the ward\n\n42\n")
    assert form == "list"
    assert [(p.title, p.when) for p in pieces] == [("Night nurse", "2019"), ("ran the ward", "2020")]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_in_any_order_and_with_any_mark(mark: str) -> None:
    rows = [["Status", "Course", "Date"], ["Passed", "TIG welding", "2024-01-01"], ["failed", "MIG welding", ""]]
    text = "\ufeff" + "\r\n".join(mark.join(row) for row in [*rows, ["enrolled", "Brazing", ""]])
    assert titles(text) == [("TIG welding", "alone"), ("MIG welding", "not")]
    with pytest.raises(HistoryInvalid, match="no column"):
        read_history("a,b\n1,2", "table")


def test_statements_count_by_verb_result_and_score() -> None:
    told = [
        statement("passed", "Lockout"), statement("launched", "Lockout"), statement("failed", "Crane signals"),
        statement("completed", "Manual handling"), statement("answered", "Quiz", result={"score": {"scaled": 0.9}}),
        statement("completed", "Audit", result={"success": False}), statement("passed", "Void", id="v"),
        statement("voided", "x", object={"objectType": "StatementRef", "id": "v"}),
    ]  # fmt: skip
    wanted = [
        ("Lockout", "alone"), ("Crane signals", "not"), ("Manual handling", "with-help"), ("Quiz", "alone"),
        ("Audit", "not"),
    ]  # fmt: skip
    assert titles(json.dumps(told)) == wanted
    assert titles(json.dumps({"statements": told, "more": ""})) == wanted
    assert titles("\n".join(map(json.dumps, told)), "statements") == wanted


@pytest.mark.parametrize("form", ["", "git"])
def test_a_git_log_gives_kinds_of_work_and_nothing_of_its_content(form: str) -> None:
    commit = "commit {n}\nAuthor: Rosa <r@x.org>\nDate:   2025-0{n}-01\n\n    secret plan\n\n src/a{n}.py | 3 ++-\n"
    found = read_history("".join(commit.format(n=n) for n in range(1, 5)), form)[1]
    assert [(p.title, p.when, p.times) for p in found] == [("Works with Python", "2025-04-01", 4)]


@given(st.text(max_size=300), st.sampled_from(["", *FORMS]))
def test_no_input_does_worse_than_being_refused(text: str, form: str) -> None:
    try:
        _, pieces = read_history(text, form)
    except HistoryInvalid:
        return
    assert all(parse_piece(piece.to_dict()) == piece for piece in pieces)


def test_the_same_piece_has_the_same_id() -> None:
    assert Piece("skill", "Milling").id == Piece("skill", "milling").id
    for broken in ({}, {"kind": "skill", "title": "x", "how": "wizard"}, {"kind": "x", "title": "x", "how": "not"}):
        with pytest.raises(HistoryInvalid):
            parse_piece(broken)


def test_a_table_with_bare_carriage_returns_is_a_table_and_an_endless_cell_is_refused() -> None:
    assert [piece.title for piece in read_history("title,date\rMilling,2025-01-02\r", "table")[1]] == ["Milling"]
    list(table_cells(["student,item\n"]))  # a log of answers has longer cells
    with pytest.raises(HistoryInvalid, match="cannot be read"):
        read_history(f'title,date\n"{"x" * 1_900_000}', "table")


def test_a_unit_of_cmi5_is_one_piece_and_nobody_elses_statements_are_taken() -> None:
    session = [statement(verb, "Lockout") for verb in ("initialized", "passed", "completed", "terminated")]
    assert titles(json.dumps(session)) == [("Lockout", "alone")]
    earlier = statement("failed", "Lockout", timestamp="2025-01-01T08:00:00Z")
    assert titles(json.dumps([earlier, *session])) == [("Lockout", "not"), ("Lockout", "alone")]
    colleague = statement("passed", "Lockout", actor={"account": {"homePage": "https://lms.example", "name": "17"}})
    with pytest.raises(HistoryInvalid, match="several people"):
        read_history(json.dumps([*session, colleague]))
