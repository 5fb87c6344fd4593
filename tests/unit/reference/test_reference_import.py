"""An import is whole or not at all, twice changes nothing, and a newer release says what it changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from node.services.reference.importing.errors import FilesMissing, ReleaseOlder
from node.services.reference.importing.importer import Importer, Report
from node.store.content import reference, reference_releases
from node.store.content.catalogue import PUBLIC
from node.store.database import Database
from node.store.tables.catalogue import ItemRow
from tests.unit.reference.conftest import TABLES, write_table


def run(importer: Importer, folder: Path, kind: str = "onet", **options: Any) -> Report:
    return importer.run(kind, folder, "", lambda _stage, _share: None, **options)[0]


def test_a_release_is_imported_whole(importer: Importer, database: Database, folder: Path) -> None:
    report = run(importer, folder)
    assert (report.state, report.version) == ("imported", "29.3")
    assert report.counts == {"occupations": 2, "tasks": 5, "skills": 7, "links": 4, "titles": 2}
    with database.read() as session:
        nurse = reference.find_occupation(session, "onet:29-1141.00")
        task = reference.find_task(session, "onet:29-1141.00/103")
        skills = reference.skills_of(session, ["onet:29-1141.00/101"])["onet:29-1141.00/101"]
        release = reference_releases.find_current(session, "onet")
    assert nurse is not None
    assert (nurse.aliases, nurse.zone) == (["Ward Nurse", "RN"], 3)
    assert task is not None
    assert task.statement == 'Post "do not disturb" signs.'
    assert [skill.title for skill in skills] == ["Record information.", "Record medical information."]
    assert release is not None
    assert release.date == "May 2025"
    assert "CC BY 4.0" in release.attribution


def test_a_second_import_changes_nothing(importer: Importer, database: Database, folder: Path) -> None:
    run(importer, folder)
    with database.read() as session:
        before = reference_releases.list_current(session)[0]
    assert run(importer, folder).state == "unchanged"
    with database.read() as session:
        assert reference_releases.list_current(session)[0] == before


def test_a_newer_release_says_what_it_changed_and_drops_nothing(
    importer: Importer, database: Database, folder: Path, tmp_path: Path
) -> None:
    run(importer, folder)
    newer = tmp_path / "db_30_1"
    newer.mkdir()
    header, *tasks = TABLES["task_statements"]
    changed = [row for row in tasks if row[1] != "202"]
    changed[0] = (*changed[0][:2], "Record patients' vital signs.", "Core")
    changed[2] = (*changed[2][:2], 'Post "do not disturb" signs.', "Supplemental")
    rows = [(*header, "Title"), *((*row, "Nurses") for row in [*changed, ("29-1141.00", "104", "Teach.", "Core")])]
    write_table(newer, "task_statements", rows)
    report = run(importer, newer)
    assert report.before == "29.3"
    assert report.changes["added"] == ["onet:29-1141.00/104"]
    assert report.changes["removed"] == ["onet:51-4041.00/202"]
    assert report.changes["reworded"] == ["onet:29-1141.00/101", "onet:29-1141.00/103"]
    assert report.changes["requoted"] == ["onet:29-1141.00/103"]
    with database.read() as session:
        gone = reference.find_task(session, "onet:51-4041.00/202")
        reworded = reference.find_task(session, "onet:29-1141.00/101")
        nurse = reference.find_occupation(session, "onet:29-1141.00")
        shared = reference.tasks_with(session, "onet:4.A.1.I01.D01", 10)
        generations = [row.generation for row in reference_releases.list_current(session)]
        left = reference_releases.list_left(session)
    assert gone is not None
    assert gone.gone == "30.1"
    assert reworded is not None
    assert reworded.earlier == "Record patients' medical information and vital signs."
    assert nurse is not None
    assert nurse.aliases == ["Ward Nurse", "RN"]
    assert [task.id for task in shared] == ["onet:29-1141.00/101"]
    assert len(generations) == 1
    assert left == []


EMERGING = [
    ("O*NET-SOC Code", "Title", "Task", "Category", "Original Task ID", "Original Task", "Date", "Domain Source"),
    ("29-1141.00", "Nurses", "Check what an assistant drafted.", "New", "", "", "05/2025", "AI/SME"),
    ("51-4041.00", "Machinists", "Record data by voice.", "Revision", "202", "Record data.", "05/2025", "Incumbent"),
]


def test_emerging_tasks_are_counted_apart_and_outlast_a_release_without_them(
    importer: Importer, database: Database, folder: Path, tmp_path: Path
) -> None:
    write_table(folder, "emerging_tasks", EMERGING)
    counts = run(importer, folder).counts
    assert (counts["tasks"], counts["emerging tasks"]) == (5, 2)
    newer = tmp_path / "db_30_1"
    newer.mkdir()
    for name in ("task_statements", "occupation_data"):
        write_table(newer, name, TABLES[name])
    changes = run(importer, newer).changes
    assert not any(changes.values())
    with database.read() as session:
        tasks = reference.list_tasks(session, "onet:51-4041.00")
        assert sum(task.kind != "emerging" for task in reference.list_tasks(session)) == 5
    assert [(task.kind, task.earlier) for task in tasks][-1] == ("emerging", "Record data.")
    newest = tmp_path / "db_30_2"
    newest.mkdir()
    for name in ("task_statements", "occupation_data"):
        write_table(newest, name, TABLES[name])
    write_table(newest, "emerging_tasks", EMERGING[:2])
    changes = run(importer, newest).changes
    assert [code.startswith("onet:51-4041.00/emerging-") for code in changes["emerging_removed"]] == [True]
    assert changes["removed"] == []


def test_decompositions_of_what_is_dropped_or_reworded_stay_attached_and_are_told(
    importer: Importer, database: Database, folder: Path, tmp_path: Path
) -> None:
    run(importer, folder)
    for name, source in (("record", "onet:51-4041.00/202"), ("gauge", "onet:51-4041.00/201")):
        uri = f"at://did:plc:mara/org.skillnet.task/{name}"
        row = ItemRow(uri=uri, kind="task", did="did:plc:mara", name=name, title=f"How I {name}", source=source,
                      version_uri=uri, version_cid="bafy")  # fmt: skip
        database.writer.write(lambda session, row=row: session.add(row))
    newer = tmp_path / "db_30_1"
    newer.mkdir()
    write_table(newer, "task_statements", [row for row in TABLES["task_statements"] if row[1] != "202"])
    write_table(newer, "occupation_data", TABLES["occupation_data"])
    told = run(importer, newer).attached
    assert told == [{"uri": "at://did:plc:mara/org.skillnet.task/record", "title": "How I record",
                     "task": "onet:51-4041.00/202", "what": "removed"}]  # fmt: skip
    with database.read() as session:
        assert [uri for uri, _, _ in reference.decompositions(session, ["onet:51-4041.00/202"], PUBLIC)]
        assert reference.find_task(session, "onet:51-4041.00/202") is not None


def test_an_older_release_is_refused_unless_asked_for(importer: Importer, folder: Path) -> None:
    run(importer, folder)
    older = folder.rename(folder.with_name("db_28_0"))
    (older / "Read_Me.txt").write_text("O*NET 28.0 Database\n", "utf-8")
    with pytest.raises(ReleaseOlder, match=r"28\.0; 29\.3 is in use"):
        run(importer, older)
    assert run(importer, older, older=True).version == "28.0"


def test_an_interrupted_import_goes_on_where_it_stopped(
    importer: Importer, database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    whole = reference_releases.write_batch

    def dies(session: Session, **more: Any) -> None:
        if more["section"] == "skill" and not written:
            written.append(more["place"])
            raise OSError("the power went")
        whole(session, **more)

    monkeypatch.setattr(reference_releases, "write_batch", dies)
    with pytest.raises(OSError, match="power"):
        run(importer, folder)
    with database.read() as session:
        assert reference_releases.list_current(session) == []
        assert reference.find_task(session, "onet:29-1141.00/101") is None
    assert run(importer, folder).state == "imported"
    with database.read() as session:
        assert [row.generation for row in reference_releases.list_current(session)] == [1]
        assert sum(task.kind != "emerging" for task in reference.list_tasks(session)) == 5


def test_a_study_needs_its_files(importer: Importer, tmp_path: Path) -> None:
    with pytest.raises(FilesMissing):
        run(importer, tmp_path, "exposure")


def test_studies_are_joined_by_id_and_by_wording(importer: Importer, database: Database, folder: Path) -> None:
    run(importer, folder)
    study = folder.parent / "studies"
    study.mkdir()
    columns = ("O*NET-SOC Code", "Task ID", "human_exposure_agg", "gpt4_exposure", "beta", "automation")
    judged = [columns, ("29-1141.00", "101.0", "E1", "E1", "1.0", "0.75"), ("29-1141.00", "102", "E0", "E1", "0", "0")]
    write_table(study, "full_labelset", judged)
    (study / "automation_vs_augmentation_by_task_v5.csv").write_text(
        "task,directive,feedback_loop,learning,task_iteration,validation\n"
        "record measurements and production data.,0.1,,0.2,0.3,\n",
        "utf-8",
    )
    run(importer, study, "exposure")
    assert run(importer, study, "exposure").state == "unchanged"
    with database.read() as session:
        found = reference.exposures_of(session, ["onet:29-1141.00/101", "onet:51-4041.00/202", "onet:29-1141.00/102"])
    assert {task: [row.finding for _, row in rows] for task, rows in found.items()} == {
        "onet:29-1141.00/101": ["automate"],
        "onet:29-1141.00/102": ["not"],
        "onet:51-4041.00/202": ["augment"],
    }
    assert "17 % handed over" in found["onet:51-4041.00/202"][0][1].words


def test_crosswalks_lead_from_older_codes(importer: Importer, database: Database, folder: Path) -> None:
    walks = folder.parent / "walks"
    walks.mkdir()
    (walks / "2010_to_2019_crosswalk.csv").write_text(
        "O*NET-SOC 2010 Code,O*NET-SOC 2019 Code\r\n29-1111.00,29-1141.00\r\n51-4041.00,51-4041.00\r\n", "utf-8"
    )
    uri = "http://data.europa.eu/esco/isco/C2221"
    (walks / "esco_crosswalk.csv").write_text(
        f"O*NET Id,ESCO or ISCO URI,Type of Match\n29-1141.00,{uri},broadMatch\n", "utf-8"
    )
    assert importer.run("crosswalk", walks, "", lambda _stage, _share: None)[0].counts == {"crosswalks": 1}
    assert run(importer, walks, "crosswalk").state == "unchanged"
    with database.read() as session:
        assert reference.find_successor(session, "onet:29-1111.00") == "onet:29-1141.00"
        assert reference.find_successor(session, "onet:29-1141.00") is None
        assert ("isco:2221", "broader") in reference.across(session, "onet:29-1141.00")
