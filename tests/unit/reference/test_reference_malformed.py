"""Whatever is wrong with published files is told with its file and line, and nothing is half imported."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from node.services.reference.importing import errors
from node.services.reference.importing.importer import Importer
from node.store.content import reference_releases
from node.store.database import Database

Spoil = Callable[[Path], None]


def replaced(name: str, old: str, new: str) -> Spoil:
    def spoil(folder: Path) -> None:
        path = folder / f"{name}.tsv"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return spoil


def raw(name: str, change: Callable[[bytes], bytes]) -> Spoil:
    def spoil(folder: Path) -> None:
        path = folder / f"{name}.tsv"
        path.write_bytes(change(path.read_bytes()))

    return spoil


CASES: list[tuple[Spoil, type[errors.ReferenceInvalid], str]] = [
    (raw("occupation_data", lambda b: b.replace(b"care.", b"caf\xe9.")), errors.EncodingWrong, "occupation_data.tsv:2"),
    (raw("task_statements", lambda b: b.decode().encode("utf-16")), errors.EncodingWrong, r"task_statements\.tsv:1"),
    (raw("occupation_data", lambda _: b""), errors.RowCutOff, r"occupation_data\.tsv:1: The file is empty"),
    (raw("task_statements", lambda b: b[:-30]), errors.RowCutOff, r"task_statements\.tsv:6"),
    (raw("task_statements", lambda b: b[: b.index(b"51-4041.00\t202")]), errors.ReleasesMixed, r"tasks_to_dwas\.tsv:5"),
    (raw("alternate_titles", lambda b: b.splitlines(keepends=True)[0]), errors.RowCutOff, "no rows"),
    (replaced("task_statements", "Task ID", "TaskID"), errors.ColumnMissing, r"task_statements\.tsv:1.*'Task ID'"),
    (replaced("dwa_reference", "DWA Title", "Title"), errors.ColumnMissing, r"dwa_reference\.tsv:1"),
    (replaced("task_statements", "\t102\t", "\t101\t"), errors.IdTwice, r"task_statements\.tsv:3.*second time"),
    (replaced("occupation_data", "51-4041.00", "29-1141.00"), errors.IdTwice, r"occupation_data\.tsv:3"),
    (replaced("tasks_to_dwas", "I01.D02", "I01.D01"), errors.IdTwice, r"tasks_to_dwas\.tsv:3"),
    (replaced("task_statements", "29-1141.00", "29-1141"), errors.ValueWrong, r"task_statements\.tsv:2.*O\*NET-SOC"),
    (replaced("task_statements", "Core", "Chore"), errors.ValueWrong, r"task_statements\.tsv:2.*task type"),
    (replaced("job_zones", "\t3", "\t9"), errors.ValueWrong, r"job_zones\.tsv:2"),
    (replaced("tasks_to_dwas", "\t201\t", "\t299\t"), errors.ReleasesMixed, r"tasks_to_dwas\.tsv:4"),
    (replaced("alternate_titles", "29-1141.00", "29-1142.00"), errors.ReleasesMixed, r"alternate_titles\.tsv:2"),
    (lambda folder: (folder / "task_statements.tsv").unlink(), errors.FilesMissing, "task_statements"),
    (lambda folder: (folder / "occupation_data.tsv").unlink(), errors.FilesMissing, "occupation_data"),
    (lambda folder: (folder / "Read_Me.txt").write_text("O*NET 25.1 Database"), errors.ReleasesMixed, "25.1, 29.3"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "error", "said"), CASES)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    importer: Importer, database: Database, folder: Path, spoil: Spoil, error: type[Exception], said: str
) -> None:
    spoil(folder)
    with pytest.raises(error, match=said):
        importer.run("onet", folder, "", lambda _stage, _share: None)
    with database.read() as session:
        assert reference_releases.list_current(session) == []


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("29-1141.00\tTeach.\tOld", errors.ValueWrong),
        ("29-1141.00\t\tNew", errors.ValueWrong),
        ("29-1142.00\tTeach.\tNew", errors.ReleasesMixed),
        ("29-1141.00\tTeach.\tNew\n29-1141.00\tteach\tNew", errors.IdTwice),
    ],
)
def test_emerging_tasks_are_checked_like_the_others(
    importer: Importer, folder: Path, row: str, error: type[Exception]
) -> None:
    (folder / "emerging_tasks.tsv").write_text(f"O*NET-SOC Code\tTask\tCategory\n{row}\n", "utf-8")
    with pytest.raises(error, match=r"emerging_tasks\.tsv:\d"):
        importer.run("onet", folder, "", lambda _stage, _share: None)


def test_an_unnumbered_release_asks_for_its_number(importer: Importer, folder: Path) -> None:
    (folder / "Read_Me.txt").unlink()
    plain = folder.rename(folder.with_name("files"))
    with pytest.raises(errors.ReleaseUnknown):
        importer.run("onet", plain, "", lambda _stage, _share: None)
    assert importer.run("onet", plain, "30.2", lambda _stage, _share: None)[0].version == "30.2"
    with pytest.raises(errors.ReleaseUnknown, match=r"19\.0"):
        importer.run("onet", plain, "19.0", lambda _stage, _share: None)


def test_a_file_cut_anywhere_is_refused_or_whole(importer: Importer, folder: Path) -> None:
    """Only a cut that leaves every reference intact may pass: it says nothing that is not so."""
    path = folder / "tasks_to_dwas.tsv"
    whole = path.read_bytes()
    for _ in range(40):
        place = random.randrange(len(whole) - 2)
        if b"\n" in whole[:place] and b"\n" in whole[place - 1 : place + 1]:
            continue
        path.write_bytes(whole[:place])
        with pytest.raises(errors.ReferenceInvalid):
            importer.run("onet", folder, "", lambda _stage, _share: None)


def test_errors_come_back_whole_from_another_process() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(errors.IdTwice("a.tsv:3", "twice")))
    assert (str(error), error.hint, error.code) == ("a.tsv:3: twice", errors.IdTwice.hint, "IdTwice")
