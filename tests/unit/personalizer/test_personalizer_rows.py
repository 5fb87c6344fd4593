"""Logs as other schools export them: marks, separators, times, splits; and how much of a long one is walked."""

from __future__ import annotations

import io

import numpy as np
import pytest

from node.personalizer.errors import LogInvalid
from node.personalizer.evaluation.logs import trials
from node.personalizer.evaluation.logs.log import Log, parse_log
from node.personalizer.evaluation.logs.rows import NO_CLOCK, parse_time
from node.personalizer.evaluation.logs.trials import Trial, make_plan, make_trials

HEADER = "user_id,item_id,skill_id,correct,timestamp,split\n"


def read(text: str) -> Log:
    return parse_log(io.StringIO(text, newline=""))


def trials_of(log: Log) -> list[Trial]:
    rng = np.random.default_rng(1)
    return list(make_trials(log, make_plan(log, rng), rng))


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffUser_ID, item_id ,skill_id,correct,timestamp\r\nu,i,a~b,1,\r\n\r\n",
        'item_id\tuser_id\tcorrect\tskill_id\tother\ni\tu\t1.0\t"b~ a"\tx\n',
        "user_id;item_id;skill_id;correct\nu;i;a~b~a;TRUE\n",
        'user_id,item_id,skill_id,correct,timestamp\n"u","i","a~b~nan",1,NaN',
    ],
)
def test_the_same_answer_in_other_dress(text: str) -> None:
    (answer,) = read(text).users["u"]
    assert (answer.lesson.item, answer.lesson.skills, answer.correct, answer.at) == ("i", ("a", "b"), 1.0, NO_CLOCK)


@pytest.mark.parametrize(
    "text",
    [
        "1254391200",
        "1254391200000",
        "1254391200000000",
        "2009-10-01T10:00:00Z",
        "2009/10/01 12:00:00+02:00",
        "2009/10/1 10:00",
        "10/1/2009 10:00 AM",
    ],
)
def test_times_in_many_forms_are_seconds(text: str) -> None:
    assert parse_time(text) == pytest.approx(1254391200)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("u,i,a,maybe,0,", "Line 3: correct is 'maybe'"),
        ("u,i,a,,0,", "Line 3: correct is ''"),
        ("u,i,a,1.5,0,", "Line 3: correct is 1.5"),
        ("u,i,a,nan,0,", "Line 3: correct is nan"),
        ("u,i,a,1,yesterday,", "Line 3: timestamp 'yesterday'"),
        ("u,i,a,1,inf,", "Line 3: timestamp is inf"),
        ("u,i,a,1,31/12/2011 10:00,", "Line 3: timestamp '31/12/2011 10:00': month must be"),
        ("u,i", "Line 3: 2 columns"),
        (",i,a,1,0,", "Line 3: user_id is empty"),
        ("u,,a,1,0,", "Line 3: item_id is empty"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(row: str, said: str) -> None:
    with pytest.raises(LogInvalid) as raised:
        read(f"{HEADER}u,i,a,1,0,\n{row}\n")
    assert str(raised.value).startswith(said)


def test_rows_out_of_order_are_put_in_order_where_all_have_a_time() -> None:
    log = read(f"{HEADER}u,c,a,1,30,\nv,x,a,1,2,\nu,a,a,1,10,\nv,y,a,1,,\nu,b,a,1,20,\nv,z,a,1,1,\n")
    assert [answer.lesson.item for answer in log.users["u"]] == ["a", "b", "c"]
    assert [answer.lesson.item for answer in log.users["v"]] == ["x", "y", "z"]


def test_rows_of_one_answer_are_joined_also_where_they_were_numbered() -> None:
    numbered = read(f"{HEADER}u,i,b,1,7,\nu,i,a,1,8,\nu,i,c,1,9,\nu,i,a,1,10,\nu,i,b,0,11,\n")
    assert [answer.lesson.skills for answer in numbered.users["u"]] == [("a", "b", "c"), ("a",), ("b",)]
    repeated = read(f"{HEADER}u,i,a,1,7,\nu,i,a,1,7,\nu,i,a,1,99,\n")
    assert (repeated.answers, repeated.collapsed) == (2, 1)


def test_where_clocks_are_coarse_no_answer_is_lost_or_moved() -> None:
    day = "".join(f"u,{item},{skill},{correct},900,\n" for item, skill, correct in ("pa1", "qc0", "pa1", "rd1", "pa1"))
    assert [a.lesson.item for a in read(HEADER + day).users["u"]] == ["p", "q", "p", "r", "p"]
    several = "u,p,a,1,900,\nu,q,c,0,900,\nu,p,a,1,900,\nu,p,b,1,900,\nu,q,d,0,900,\n"
    assert [(a.lesson.item, a.lesson.skills) for a in read(HEADER + several).users["u"]] == [
        ("p", ("a",)), ("q", ("c", "d")), ("p", ("a", "b")),
    ]  # fmt: skip


def test_rows_of_one_moment_are_one_answer_where_they_share_a_number() -> None:
    head = "log_id,user_id,item_id,skill_id,correct,timestamp\n"
    shared = read(f"{head}1,u,p,a,1,900\n2,u,q,a,1,900\n1,u,p,a,1,900\n3,u,p,a,1,900\n4,u,p,a,1,900\n")
    assert [a.lesson.item for a in shared.users["u"]] == ["p", "q", "p", "p"]


def test_a_user_on_both_sides_is_scored_on_the_test_side_only() -> None:
    log = read(f"{HEADER}u,a,s,1,1,Train\nu,b,s,1,2,valid\nu,c,s,0,3,TEST\nw,c,s,1,4,test\n")
    (trial,) = trials_of(log)
    assert [[answer.lesson.item for answer in history] for history in trial.train] == [["a", "b"]]
    assert [[answer.lesson.item for answer in history] for history in trial.test] == [["a", "b", "c"], ["c"]]
    assert trial.scored.tolist() == [False, False, True, True]


def test_folds_in_the_split_column_are_held_out_in_turn() -> None:
    found = trials_of(read(HEADER + "".join(f"u{n},i,s,1,{n},{n % 3}\n" for n in range(9))))
    assert [(len(trial.train), len(trial.test)) for trial in found] == [(6, 3)] * 3


def test_a_name_beside_train_and_test_that_says_nothing_is_refused() -> None:
    log = read(f"{HEADER}u,a,s,1,1,train\nu,b,s,1,2,test\nu,b,s,1,2,perhaps\n")
    with pytest.raises(LogInvalid, match="perhaps"):
        make_plan(log, np.random.default_rng(1))


def test_of_a_long_log_fewer_rounds_are_made_and_then_users_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    log = read(
        HEADER + "".join(f"u{n % 50},i{n % 7},s,1,{n},{'test' if n % 50 > 39 else 'train'}\n" for n in range(1000))
    )
    assert (trials_of(log)[0].rounds, len(trials_of(log)[0].train)) == (4, 40)
    monkeypatch.setattr(trials, "WALKED_IN_TRAINING", 2000.0)
    assert (trials_of(log)[0].rounds, len(trials_of(log)[0].train)) == (2, 40)
    monkeypatch.setattr(trials, "WALKED_IN_TRAINING", 300.0)
    monkeypatch.setattr(trials, "WALKED_IN_TESTS", 100.0)
    (trial,) = trials_of(log)
    assert (trial.rounds, len(trial.train), len(trial.test)) == (1, 14, 4)


STEPS = (
    "Row\tAnon Student Id\tProblem Name\tStep Name\tStep Start Time\tFirst Transaction Time\tFirst Attempt\t"
    "KC (Single-KC)\tOpportunity (Single-KC)\tKC (F2011)\tOpportunity (F2011)\n"
    "1\tStu_ü\tforce_1\tsum X\t2011-09-21 17:35:01\t2011-09-21 17:35:09.0\tcorrect\tSingle-KC\t1\ta~~b\t1~~1\n"
    "2\tStu_ü\tforce_1\tsum Y\t2011-09-21 17:36:01\t2011-09-21 17:36:09.5\thint\tSingle-KC\t2\t\t\n"
)
ATTEMPTS = (
    "Transaction Id\tAnon Student Id\tTime\tProblem Name\tStep Name\tAttempt At Step\tOutcome\tKC (F2011)\tKC (F2011)\n"
    "t1\tStu_ü\t2011-09-21 17:35:09.0\tforce_1\tsum X\t1\tCORRECT\ta\tb\n"
    "t2\tStu_ü\t2011-09-21 17:36:09.5\tforce_1\tsum Y\t1\tHINT\n"
    "t3\tStu_ü\t2011-09-21 17:36:20.0\tforce_1\tsum Y\t2\tCORRECT\n"
    "t4\tStu_ü\t2011-09-21 17:36:30.0\tforce_1\t\t\t\n"
)


@pytest.mark.parametrize(
    "text", [STEPS, ATTEMPTS, STEPS.replace("First Attempt", "Correct First Attempt").replace("hint", "0")]
)
def test_tables_of_datashop_are_read_as_they_are_exported(text: str) -> None:
    answers = read(text).users["Stu_ü"]
    assert [(a.lesson.item, a.lesson.skills, a.correct) for a in answers] == [
        ("force_1 / sum X", ("a", "b"), 1.0), ("force_1 / sum Y", (), 0.0),
    ]  # fmt: skip
    assert answers[1].at - answers[0].at == pytest.approx(60.5)


def test_a_column_of_another_meaning_is_not_taken_for_a_time() -> None:
    log = read("user_id,item_id,skill_id,correct,time\nu,b,s,1,9.5\nu,a,s,1,2\n")
    assert [(a.lesson.item, a.at) for a in log.users["u"]] == [("b", NO_CLOCK), ("a", NO_CLOCK)]
    numbered = read("order_id,user_id,problem_id,skill_id,correct\n2,u,b,s,1\n1,u,a,s,1\n")
    assert [a.lesson.item for a in numbered.users["u"]] == ["a", "b"]
