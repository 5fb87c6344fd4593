"""Logs as the public sets are handed on: their columns, their sequences, their pitfalls; files as they are packed."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from node.cli.evaluating.log_files import open_log
from node.errors import Malformed
from node.personalizer.errors import LogInvalid
from node.personalizer.evaluation.learner import evaluate_learner
from node.personalizer.evaluation.logs.log import Log, parse_log
from node.personalizer.evaluation.logs.rows import NO_CLOCK
from node.personalizer.evaluation.logs.trials import make_plan, make_trials


def read(text: str, test: str | None = None) -> Log:
    return parse_log(io.StringIO(text, newline=""), None if test is None else io.StringIO(test, newline=""))


def told(log: Log) -> dict[str, list[tuple[str, tuple[str, ...], float]]]:
    return {name: [(a.lesson.item, a.lesson.skills, a.correct) for a in history] for name, history in log.users.items()}


SAME = {"u": [("p", ("7", "8"), 1.0), ("q", ("7",), 0.0)]}
TABLES = {
    "ASSISTments 2009, a row for each skill": (
        "order_id,assignment_id,user_id,problem_id,original,correct,skill_id,skill_name\n"
        "31,1,u,p,1,1,8,Mode\n31,1,u,p,1,1,7,Mean\n32,1,u,q,1,0,7,Mean\n31,1,u,p,1,1,7,Mean\n"
    ),
    "ASSISTments 2009, skills joined": (
        "order_id,user_id,problem_id,correct,skill_id\n31,u,p,1,7_8\n32,u,q,0,7\n"
    ),
    "ASSISTments 2012": (
        "problem_log_id,skill,problem_id,user_id,start_time,end_time,correct,skill_id\n"
        "1,Mean,q,u,2012-09-28 15:12:20.357,,0,7\n2,Mode,p,u,2012-09-28 15:11:20,,1.0,8~7\n"
    ),
    "ASSISTments 2017": (
        "studentId,MiddleSchoolId,skill,problemId,startTime,correct\nu,1,7~8,p,1096470301,1\nu,1,7,q,1096470350,0\n"
    ),
    "KDD Cup 2010": (
        "Row\tAnon Student Id\tProblem Hierarchy\tProblem Name\tFirst Transaction Time\tCorrect First Attempt\t"
        "KC(Default)\tOpportunity(Default)\n"
        "1\tu\tUnit \"A, section 1\tp\t2005-09-09 12:24:35.0\t1\t7~~8\t1~~1\n"
        "2\tu\tUnit A\tq\t2005-09-09 12:25:35.0\t0\t7\t2\n3\tu\tUnit A\tq\t2005-09-09 12:26:35.0\t\t7\t3\n"
    ),
    "EdNet with its questions": (
        "timestamp,solving_id,question_id,user_answer,elapsed_time,user_id,correct_answer,tags,correct\n"
        "1565096190868,1,p,b,38000,u,b,7;8,1\n1565096221062,2,q,d,24000,u,a,7,0\n"
    ),
    "Junyi 2019": (
        "timestamp_TW,uuid,ucid,upid,is_correct\n2018-11-21 10:15:00 UTC,u,7~8,p,true\n"
        "2018-11-21 10:30:00 UTC,u,7,q,false\n"
    ),
    "a school's own, with floating ids": (
        "UserId;QuestionId;IsCorrect;DateAnswered;Skill\r\nu;p;1;9/21/2011 5:35 PM;7~8.0\r\n\r\n"
        "u;q;0;9/21/2011 17:36;7.0\r\n;;;;\r\n"
    ),
    "pyKT's sequences, a place for each skill": (
        "fold,uid,questions,concepts,responses,timestamps,selectmasks,is_repeat\n"
        '0,u,"p,p,q,-1","7,8,7,-1","1,1,0,-1","5000,5000,9000,-1","1,1,1,-1","0,1,0,-1"\n'
    ),
    "pyKT's sequences of questions": (
        'fold,uid,questions,concepts,responses,timestamps,selectmasks\n0,u,"p,q","7_8,7","1,0","5000,9000","1,1"\n'
    ),
    "pyKT's six lines": "u,2\np,q\n7_8,7\n1,0\n1565096190868,1565096221062\nNA\n",
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_a_public_log_is_read_as_it_is_handed_on(name: str) -> None:
    assert told(read(TABLES[name])) == SAME


def test_what_has_no_skills_or_no_items_is_a_log_too() -> None:
    riiid = "row_id,timestamp,user_id,content_id,content_type_id,answered_correctly\n0,0,u,5692,0,1\n1,9,u,89,1,-1\n"
    assert told(read(riiid)) == {"u": [("5692", (), 1.0)]}
    assistments15 = "user_id,log_id,sequence_id,correct\nu,2,7014,0.5\nu,1,7014,1\n"
    assert told(read(assistments15)) == {"u": [("7014", ("7014",), 1.0), ("7014", ("7014",), 0.5)]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3\n1,1,2,\n1,0,1,\n1\n2\n0\n\n", {"0": [("1", 1.0), ("1", 0.0), ("2", 1.0)], "1": [("2", 0.0)]}),
        ("0,78276\r\n11,12\r\n5,6\r\n0,1\r\n", {"0": [("11", 0.0), ("12", 1.0)]}),
    ],
)
def test_lines_of_sequences_are_students_in_order(text: str, found: dict[str, list[tuple[str, float]]]) -> None:
    assert {name: [(i, c) for i, _, c in answers] for name, answers in told(read(text)).items()} == found
    with pytest.raises(LogInvalid, match="do not belong together"):
        read((text.rstrip() + "\n") * 200 + "2\n1,1\n")


def test_in_the_contracts_own_columns_only_a_tilde_joins_skills() -> None:
    rows = "u,i,1_2,1\nu,j,3;4~1_2,0\n"
    own, others = (read(f"user_id,{item},{skill},correct\n{rows}") for item, skill in (
        ("item_id", "skill_id"), ("item_id", "skills"),
    ))  # fmt: skip
    assert [skills for _, skills, _ in told(own)["u"]] == [("1_2",), ("1_2", "3;4")]
    assert [skills for _, skills, _ in told(others)["u"]] == [("1", "2"), ("1_2", "3;4")]


def test_a_cell_may_be_long() -> None:
    ones = ",".join(["1"] * 100_000)
    assert read(f'uid,concepts,responses\nu,"{ones}","{ones}"\n').answers == 100_000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2\n1,1\n1,0\n0\n\n\n1\n2\n0\n0\n\n\n", {"0": 2, "2": 1}),
        ("0\n\n\n\n2,9\n11,12\n5,6\n0,1\n", {"1": 2}),
        ("a,0\n\n\n\n\n\nb,1\np\nNA\n1\n5\nNA\n", {"b": 1}),
    ],
)
def test_students_without_answers_do_not_hide_what_a_log_is(text: str, found: dict[str, int]) -> None:
    assert {name: len(answers) for name, answers in told(read(text)).items()} == found


def test_a_split_in_two_files_holds_out_the_second() -> None:
    log = read(TABLES["ASSISTments 2009, skills joined"], "user_id,problem_id,skill_id,correct,order_id\nv,p,7.0,1,9\n")
    assert log.names == ("u", "v")
    (trial,) = make_trials(log, make_plan(log, np.random.default_rng(1)), np.random.default_rng(1))
    assert ([len(h) for h in trial.train], [len(h) for h in trial.test]) == ([2], [1])
    assert read("1\n4\n1\n", "1\n4\n0\n").names == ("0", "test 0")


def test_numbers_that_begin_anew_in_the_second_file_come_after_those_of_the_first() -> None:
    head = "order_id,user_id,problem_id,skill_id,correct\n"
    log = read(f"{head}1,u,a,s,1\n3,u,c,s,1\n2,u,b,s,1\n", f"{head}2,u,e,s,1\n1,u,d,s,1\n")
    assert [a.lesson.item for a in log.users["u"]] == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("part", ["", "user_id,item_id,skill_id,correct\n", "user_id,problem_id,correct\nu,i,-1\n"])
def test_a_part_without_any_answer_is_refused(part: str) -> None:
    whole = "user_id,item_id,skill_id,correct\nu,i,a,1\n"
    with pytest.raises(LogInvalid, match="no answers" if part else "no column"):
        read(whole, part)
    with pytest.raises(LogInvalid, match="no answers" if part else "no column"):
        read(part, whole)


@pytest.mark.parametrize("names", [("r-3", "r-2", "r-1"), ("3", "b7e0", "1"), ("3", "2", "inf"), ("9", "nan", "8e999")])
def test_a_column_of_names_is_no_order(names: tuple[str, ...]) -> None:
    rows = "".join(f"{name},u,{item},a,1,60\n" for name, item in zip(names, "xyz", strict=True))
    log = read("row_id,user_id,item_id,skill_id,correct,timestamp\n" + rows)
    assert [a.lesson.item for a in log.users["u"]] == ["x", "y", "z"]
    log = read("log_id,user_id,item_id,skill_id,correct\n" + rows.replace(",60\n", "\n"))
    assert [a.lesson.item for a in log.users["u"]] == ["x", "y", "z"]


def test_an_answer_whose_rows_were_dealt_to_both_sides_is_scored_and_not_trained_on() -> None:
    head = "user_id,item_id,skill_id,correct,timestamp,split\n"
    log = read(f"{head}u,p,7,1,60,train\nu,q,7,1,60,train\nu,p,8,1,60,test\n")
    (trial,) = make_trials(log, make_plan(log, np.random.default_rng(1)), np.random.default_rng(1))
    assert [[a.lesson.item for a in h] for h in (*trial.train, *trial.test)] == [["q"], ["p", "q"]]
    assert trial.scored.tolist() == [True, False]


def test_what_only_numbers_rows_is_no_clock_and_milliseconds_since_the_first_are_seconds() -> None:
    numbered = read(TABLES["ASSISTments 2009, skills joined"])
    assert [a.at for a in numbered.users["u"]] == [NO_CLOCK, NO_CLOCK]
    counted = read("user_id,item_id,skill_id,correct,timestamp\nu,i,a,1,0\nu,j,a,1,87425772049\n")
    assert [a.at for a in counted.users["u"]] == [0.0, pytest.approx(87425772.049)]


def test_where_a_time_is_missing_the_numbers_of_rows_order_all_of_a_student() -> None:
    head = "order_id,user_id,item_id,skill_id,correct,timestamp\n"
    log = read(f"{head}3,u,c,a,1,1565096190\n2,u,b,a,1,\n1,u,a,a,1,1565096100\n9,v,y,a,1,20\n8,v,z,a,1,30\n")
    assert [[a.lesson.item for a in log.users[name]] for name in "uv"] == [["a", "b", "c"], ["y", "z"]]


def test_what_is_missing_is_named_beside_what_is_there() -> None:
    with pytest.raises(LogInvalid, match=r"no column correct\. It has 'user_id', 'question_id', 'user_answer'"):
        read("user_id,question_id,user_answer\nu,1,a\n")
    with pytest.raises(LogInvalid, match="no column user_id, correct, item_id or skill_id"):
        read("0,12661,24,0\n0,12685,24,1\n")


def test_a_log_without_any_skill_can_be_scored() -> None:
    rows = [f"u{n % 6},i{n % 5},{n % 3 % 2}" for n in range(90)]
    report = evaluate_learner(
        read("\n".join(["user_id,item_id,correct", *rows])), np.random.default_rng(1), lambda: 0.0
    )
    assert (report.users, report.items, report.skills, report.test_answers) == (6, 5, 0, 90)


def zipped(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("data/log.csv", data)
    return packed.getvalue()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress, zipped])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_file_opens_by_what_is_in_it(pack: Callable[[bytes], bytes], encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(pack("user_id,item_id,skill_id,correct\r\nZoë,i,a,1\r\nZoé,i,a,1\r\n".encode(encoding)))
    with open_log(path) as lines:
        assert len(parse_log(lines).names) == 2


@pytest.mark.parametrize(
    ("at", "value", "why"), [(6, b"\x01\x00", "password"), (8, b"\x09\x00", "not supported"), (-1, b"x", "CRC")]
)
def test_a_zip_that_cannot_be_unpacked_is_refused_in_words(at: int, value: bytes, why: str, tmp_path: Path) -> None:
    data, path = bytearray(zipped(b"user_id,item_id,correct\nu,i,1\n")), tmp_path / "log.zip"
    central = data.index(b"PK\x01\x02")
    for place in (at, central + at + 2) if at > 0 else (central - 2,):
        data[place : place + len(value)] = value
    path.write_bytes(data)
    with pytest.raises(Malformed, match=why), open_log(path) as lines:
        parse_log(lines)


def test_a_file_that_is_cut_off_or_holds_several_is_refused(tmp_path: Path) -> None:
    cut, several = tmp_path / "cut", tmp_path / "several"
    cut.write_bytes(gzip.compress(b"user_id,item_id,skill_id,correct\n" + b"u,i,a,1\n" * 9)[:-12])
    with zipfile.ZipFile(several, "w") as archive:
        archive.writestr("a.csv", "")
        archive.writestr("b.csv", "")
    for path in (cut, several, tmp_path / "absent"):
        with pytest.raises(Malformed), open_log(path) as lines:
            parse_log(lines)


@pytest.mark.parametrize("at", ["", "KT1"])
@pytest.mark.parametrize("beside", ["", "contents", "../contents"])
def test_a_folder_of_what_each_student_answered_is_joined_with_its_questions(
    at: str, beside: str, tmp_path: Path
) -> None:
    folder = tmp_path / "EdNet"
    for place in (folder / at, folder / beside):
        place.mkdir(parents=True, exist_ok=True)
    (folder / beside / "questions.csv").write_text(
        "question_id,bundle_id,explanation_id,correct_answer,part,tags,deployed_at\n"
        "q1,b1,e1,d,1,8;7,1558093217098\nq2,b2,e2,b,1,7,1558093217098\nq3,b3,e3,a,1,-1,1558093217098\n"
    )
    heading = "timestamp,solving_id,question_id,user_answer,elapsed_time\n"
    (folder / at / "u1.csv").write_text(
        f"{heading}1565332027449,1,q1,d,45000\n1565332057492,2,q2,a,24000\n1565332067492,2,q9,a,1\n1565332077492,3,q2,,1\n"
    )
    (folder / at / "u20.csv").write_text(f"{heading}1565332027449,1,q3,a,45000\n")
    with open_log(folder) as lines:
        log = parse_log(lines)
    assert told(log) == {"u1": [("q1", ("7", "8"), 1.0), ("q2", ("7",), 0.0)], "u20": [("q3", (), 1.0)]}
    assert log.history(0)[0].at == pytest.approx(1565332027.449)


def test_a_folder_that_is_another_is_refused(tmp_path: Path) -> None:
    for name in ("", "questions.csv", "u1.csv"):
        if name:
            (tmp_path / name).write_text("a,b\n")
        with pytest.raises(Malformed), open_log(tmp_path) as lines:
            parse_log(lines)
