"""A running node imports reference data, by command, while pages stay fast; on both databases; then all uses it."""

from __future__ import annotations

import csv
import io
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from node.services.heavy import HeavyWork
from node.services.reference.importing.importer import Importer
from node.store.content import reference
from node.store.database import Database
from schemas.catalog import get_lexicon
from schemas.validation import validate_output
from tests.integration.fixtures.databases import new_database, postgresql_cluster
from tests.integration.fixtures.nodes import LiveNode, live, practitioner, publish, until
from tests.unit.reference.conftest import TABLES, write_table
from tests.unit.reference.shared_data import onet_folder

OPERATOR = {"x-test-operator": "yes"}


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A small release."""
    made = tmp_path / "db_29_3"
    made.mkdir()
    for name, rows in TABLES.items():
        write_table(made, name, rows)
    return made


@pytest.fixture
def node(tmp_path: Path) -> Iterator[LiveNode]:
    with live(tmp_path / "node") as running:
        yield running


def start(node: LiveNode, folder: Path, **more: Any) -> httpx.Response:
    body = {"kind": "onet", "folder": str(folder), **more}
    return httpx.post(f"{node.url}/api/reference/imports", json=body, headers=OPERATOR, trust_env=False, timeout=60)


def finished(node: LiveNode, patience: float = 60.0) -> dict[str, Any]:
    def asked() -> Any:
        url = f"{node.url}/api/reference/imports"
        status = httpx.get(url, headers=OPERATOR, trust_env=False, timeout=60).json()
        return status if status["state"] != "running" else None

    return dict(until(asked, patience, "the import"))


def read(node: LiveNode, path: str, **query: str) -> httpx.Response:
    return httpx.get(f"{node.url}{path}", params=query, trust_env=False, timeout=60)


def test_what_is_imported_has_names_pages_and_a_place_in_the_graph(node: LiveNode, release: Path) -> None:
    author = practitioner(node.services, "mara")
    nurses = publish(node.services, author, "write-it-down", "Write it down.", tasks=["onet:29-1141.00/101"])
    assert start(node, release).status_code == 202
    status = finished(node)
    assert (status["state"], status["reports"][0]["counts"]["tasks"]) == ("done", 5)

    page = read(node, "/occupations/onet:51-4041.00")
    assert page.status_code == 200
    assert "Machinists" in page.text
    assert "no module yet" in page.text
    assert page.headers["etag"]
    own = read(node, "/occupations", q="I chek the finished part with a gauge").text
    assert 'href="/tasks/onet:51-4041.00/201"' in own
    assert 'href="/occupations/onet:51-4041.00"' in own
    task = read(node, "/tasks/onet:51-4041.00/202")
    assert "From other trades" in task.text
    assert "because both are “Record information”" in task.text
    assert read(node, "/skills/onet:4.A.1.I01.D01").status_code == 200
    assert read(node, "/occupations/onet:99-9999.99").status_code == 404

    until(lambda: read(node, "/api/search", q="ward nurse").json()["hits"], what="the occupation among what is found")
    found = read(node, "/api/search", q="ward nurse").json()["hits"][0]
    assert (found["kind"], found["uri"]) == ("occupation", "onet:29-1141.00")
    assert 'href="/occupations/onet:29-1141.00"' in read(node, "/search", q="ward nurse").text

    sheet = read(node, "/occupations/onet:29-1141.00/coverage.csv")
    assert sheet.headers["content-type"].startswith("text/csv")
    rows = {row["task"]: row for row in csv.DictReader(io.StringIO(sheet.text))}
    assert (rows["onet:29-1141.00/101"]["modules"], rows["onet:29-1141.00/102"]["hole"]) == ("1", "yes")

    answer = read(node, "/xrpc/org.skillnet.task.getTask", id="onet:51-4041.00/202").json()
    assert set(answer) <= set(
        get_lexicon("org.skillnet.task.getTask")["defs"]["main"]["output"]["schema"]["properties"]
    )
    assert answer["modules"][0]["entry"]["uri"] == nurses.uri
    assert answer["modules"][0]["bridge"] == ["onet:4.A.1.I01.D01", "onet:29-1141.00/101"]
    assert answer["related"] == [
        {"id": "onet:29-1141.00/101", "title": "Record patients' medical information and vital signs"}
    ]
    listed = read(node, "/xrpc/org.skillnet.task.listTasks", occupation="onet:51-4041.00", limit="1").json()
    assert [task["uri"] for task in listed["tasks"]] == ["onet:51-4041.00/201"]
    rest = read(node, "/xrpc/org.skillnet.task.listTasks", occupation="onet:51-4041.00", cursor=listed["cursor"]).json()
    assert [task["title"] for task in rest["tasks"]] == ["Record measurements and production data."]
    hit = read(node, "/api/search", q="verify dimensions of finished parts").json()["hits"][0]
    assert (hit["kind"], hit["uri"]) == ("occupation-task", "onet:51-4041.00/201")
    assert 'href="/tasks/onet:51-4041.00/201"' in read(node, "/search", q="verify dimensions").text

    found = read(node, "/xrpc/org.skillnet.task.findTasks", q="I check the finished part with a gauge").json()
    validate_output(found, "org.skillnet.task.findTasks")
    assert found["found"][0]["id"] == "onet:51-4041.00/201"
    found = read(node, "/xrpc/org.skillnet.task.findTasks", q="ward nurse", kind="occupation").json()["found"][0]
    assert (found["id"], found["nearest"]) == ("onet:29-1141.00", "Ward Nurse")
    covered = read(node, "/xrpc/org.skillnet.task.getCoverage", occupation="onet:29-1141.00", limit="1").json()
    validate_output(covered, "org.skillnet.task.getCoverage")
    assert (covered["title"], covered["holes"], covered["cursor"]) == ("Registered Nurses", 2, "1")
    assert covered["tasks"][0]["modules"] == 1
    offered = read(node, "/xrpc/org.skillnet.task.listModules", id="onet:51-4041.00/202").json()
    validate_output(offered, "org.skillnet.task.listModules")
    assert offered["modules"] == answer["modules"]

    missing = read(node, "/xrpc/org.skillnet.task.getTask", id="onet:51-4041.00/999")
    assert (missing.status_code, missing.json()["error"]) == (400, "NotFound")


def test_a_wrong_folder_is_told_and_only_operators_import(node: LiveNode, release: Path) -> None:
    refused = httpx.post(f"{node.url}/api/reference/imports", json={}, trust_env=False, timeout=60)
    assert refused.status_code == 401
    assert start(node, Path("relative")).status_code == 400
    (release / "tasks_to_dwas.tsv").write_bytes(b"O*NET-SOC Code\tTask ID\xff\n")
    start(node, release)
    status = finished(node)
    assert (status["state"], status["code"]) == ("failed", "EncodingWrong")
    assert "tasks_to_dwas.tsv:1" in status["error"]
    assert "Nothing was imported" in status["hint"]
    assert read(node, "/api/reference/releases").json() == []


@pytest.mark.real
def test_pages_stay_fast_while_all_of_onet_is_imported(node: LiveNode) -> None:
    began = time.monotonic()
    assert start(node, onet_folder("db_29_3")).status_code == 202
    taken: list[float] = []
    done = threading.Event()

    def look() -> None:
        with httpx.Client(trust_env=False, timeout=60) as client:
            while not done.is_set():
                asked = time.monotonic()
                client.get(f"{node.url}/")
                taken.append(time.monotonic() - asked)
                time.sleep(0.02)

    reader = threading.Thread(target=look)
    reader.start()
    status = finished(node, 120)
    done.set()
    reader.join()
    assert status["state"] == "done", status
    assert time.monotonic() - began <= 60
    assert sorted(taken)[int(len(taken) * 0.95)] <= 0.4  # seconds; .10 on two cores that others use too


def told_by_the_files(older: Path, newer: Path) -> dict[str, int]:
    """The same counts from the two files alone; 21, 21 and 5 between all of 29.3 and all of 30.1."""
    with (older / "task_statements.tsv").open(encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    place = {name: rows[0].index(name) for name in ("O*NET-SOC Code", "Task ID", "Task")}
    before = {(row[place["O*NET-SOC Code"]], row[place["Task ID"]]): row[place["Task"]] for row in rows[1:]}
    with (newer / "task_statements.csv").open(encoding="utf-8-sig", newline="") as lines:
        after = {(row["O*NET-SOC Code"], row["Task ID"]): row["Task"] for row in csv.DictReader(lines)}
    return {
        "added": len(after.keys() - before.keys()),
        "removed": len(before.keys() - after.keys()),
        "reworded": sum(before[key] != after[key] for key in before.keys() & after.keys()),
    }


@pytest.mark.real
@pytest.mark.needs("PostgreSQL")
def test_all_of_onet_on_postgresql() -> None:
    folder = onet_folder("db_29_3")
    with postgresql_cluster() as cluster:
        database, heavy = Database(new_database(cluster, "reference")).open(), HeavyWork()
        try:
            importer = Importer(database, heavy, lambda: None)
            began = time.monotonic()
            first = importer.run("onet", folder, "", lambda _stage, _share: None)[0]
            assert time.monotonic() - began <= 60
            assert first.state == "imported"
            assert importer.run("onet", folder, "", lambda _stage, _share: None)[0].state == "unchanged"
            newer = importer.run("onet", folder.parent / "db_30_1", "", lambda _stage, _share: None)[0]
            found = {name: len(newer.changes[name]) for name in ("added", "removed", "reworded")}
            assert found == told_by_the_files(folder, folder.parent / "db_30_1")
            with database.read() as session:
                assert sum(task.kind != "emerging" for task in reference.list_tasks(session)) == newer.counts["tasks"]
        finally:
            heavy.stop()
            database.close()
