"""Too much to do, a full disk, one that can only be read, a damaged page, a clock that jumps."""

from __future__ import annotations

import asyncio
import errno
import json
import sqlite3
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from node.app.compose import compose
from node.errors import DataFolderError, DiskFull, ShortOfMemory, StoreDamaged, StoreReadOnly
from node.services.assembly import Services
from node.services.people.registration import Registration
from node.settings.declared import Settings
from node.store import clock
from node.store.administration.jobs import list_jobs, save_job
from node.store.database import Database
from node.store.engine.failing import find_storage_error
from node.store.repositories.records import find_head
from node.store.sessions import Session
from node.store.tables.jobs import JobRow
from node.web.access.viewing import LOCAL_MARK
from node.web.overload import Overload
from tests.integration.fixtures.nodes import app_of, composed, free_port, practitioner, publish


class Busy:
    """An application that answers when told; a body is read before the work begins."""

    def __init__(self) -> None:
        self.done = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["method"] == "POST":
            await receive()
        await self.done.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def _ask(app: Any, path: str, method: str = "GET", receive: Any = None, **scope: Any) -> list[Any]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await app({"type": "http", "path": path, "method": method, "headers": [], **scope}, receive, send)
    return sent


def test_what_is_too_much_is_told_to_come_back() -> None:
    async def story() -> None:
        work = Busy()
        app = Overload(work, most=3)
        within = [asyncio.create_task(_ask(app, "/search")) for _ in range(3)]
        await asyncio.sleep(0)
        for path, code in (("/search", "detail"), ("/xrpc/com.atproto.sync.listRepos", "error")):
            start, body = await _ask(app, path)
            assert start["status"] == 503
            assert int(dict(start["headers"])[b"retry-after"]) > 0
            assert code in json.loads(body["body"])
        work.done.set()
        spared = [await _ask(app, "//health/"), await _ask(app, "/admin", **{LOCAL_MARK: True})]
        answers = await asyncio.gather(*within)
        assert {answer[0]["status"] for answer in [*spared, *answers]} == {200}
        assert (app.traffic.under_way, app.traffic.shed) == (0, 2)
        assert (await _ask(app, "/search"))[0]["status"] == 200

    asyncio.run(story())


def test_who_asks_much_leaves_places_to_others() -> None:
    async def story() -> None:
        work = Busy()
        app = Overload(work, most=8)
        pages = [asyncio.create_task(_ask(app, "/search")) for _ in range(8)]
        await asyncio.sleep(0)
        programs = [asyncio.create_task(_ask(app, "/xrpc/com.atproto.sync.listRepos")) for _ in range(3)]
        await asyncio.sleep(0)
        work.done.set()
        statuses = [[answer[0]["status"] for answer in await asyncio.gather(*asked)] for asked in (pages, programs)]
        assert statuses == [[200] * 6 + [503] * 2, [200] * 2 + [503]], "a quarter is kept for each"

    asyncio.run(story())


def test_a_whole_repository_holds_its_place_until_it_is_taken() -> None:
    async def story() -> None:
        taken, begun = asyncio.Event(), asyncio.Event()

        async def send(_message: Any) -> None:
            begun.set()
            await taken.wait()

        work = Busy()
        work.done.set()
        app, path = Overload(work, most=25), "/xrpc/com.atproto.sync.getRepo"
        first = asyncio.create_task(app({"type": "http", "path": path, "method": "GET"}, None, send))
        await begun.wait()
        assert (await _ask(app, path))[0]["status"] == 503
        assert (await _ask(app, "/search"))[0]["status"] == 200
        taken.set()
        await first
        assert (await _ask(app, path))[0]["status"] == 200

    asyncio.run(story())


def test_who_leaves_a_piece_of_a_repository_lying_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        async def send(_message: Any) -> None:
            await asyncio.Event().wait()

        work = Busy()
        work.done.set()
        app = Overload(work, most=25)
        with pytest.raises(TimeoutError):
            await app({"type": "http", "path": "/xrpc/com.atproto.sync.getRepo", "method": "GET"}, None, send)
        assert app.traffic.under_way == 0

    monkeypatch.setattr("node.web.overload.PATIENCE", 0.01)
    asyncio.run(story())


def test_a_person_who_is_told_to_come_back_reads_a_page() -> None:
    browser = [(b"accept", b"text/html,application/xhtml+xml,*/*;q=0.8")]
    start, body = asyncio.run(_ask(Overload(Busy(), most=0), "/", headers=browser))
    assert start["status"] == 503
    assert dict(start["headers"])[b"content-type"] == b"text/html; charset=utf-8"
    assert b"<p>This node has more to do than it can" in body["body"]
    assert b"Try again in 2 seconds." in body["body"]


def test_a_slow_body_holds_no_place() -> None:
    async def story() -> None:
        work, comes = Busy(), asyncio.Event()
        app = Overload(work, most=1)

        async def receive() -> Any:
            await comes.wait()
            return {"type": "http.request", "body": b""}

        slow = asyncio.create_task(_ask(app, "/write", "POST", receive))
        await asyncio.sleep(0)
        assert app.traffic.under_way == 0
        comes.set()
        await asyncio.sleep(0.01)
        assert app.traffic.under_way == 1
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
        assert app.traffic.under_way == 0

    asyncio.run(story())


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, TestClient[Any]]]:
    port = free_port()
    services = compose(Settings(data=tmp_path_factory.mktemp("node"), url=f"http://localhost:{port}", port=port))
    with TestClient(app_of(services), raise_server_exceptions=False) as client:
        practitioner(services, "anna")
        yield services, client


def _upload(services: Services, client: TestClient[Any]) -> Any:
    headers = {"authorization": f"Bearer {services.registry.tokens.issue('anna', 'api')}", "content-type": "image/png"}
    return client.post("/xrpc/com.atproto.repo.uploadBlob", content=b"\x89PNG\r\n\x1a\n", headers=headers)


@pytest.mark.parametrize(
    ("number", "status", "code"),
    [
        (errno.ENOSPC, 507, "DiskFull"), (errno.EROFS, 503, "StoreReadOnly"),
        (errno.EMFILE, 503, "ServiceUnavailable"),
    ],
)  # fmt: skip
def test_a_disk_that_takes_no_file(
    served: tuple[Services, TestClient[Any]], monkeypatch: pytest.MonkeyPatch, number: int, status: int, code: str
) -> None:
    services, client = served

    def fail(_handle: int) -> None:
        raise OSError(number, "the disk")

    with monkeypatch.context() as patch:
        patch.setattr("node.services.half_written.os.fsync", fail)
        answer = _upload(services, client)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert _upload(services, client).status_code == 200, "room was made: it goes on by itself"


def test_a_browser_too_is_told_when_to_come_back(
    served: tuple[Services, TestClient[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_registration: Registration) -> None:
        raise ShortOfMemory

    monkeypatch.setattr(Registration, "require_open", fail)
    answer = served[1].get("/register", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "<html" in answer.text


def test_a_full_database_loses_nothing_and_goes_on(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'node.db'}").open()
    writer = database.writer

    def limit(pages: int) -> None:
        with database._writing.connect() as connection:  # the one connection that writes
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def fill(session: Session) -> None:
        session.add(JobRow(key="big", error="x" * 500_000))

    def named(session: Session) -> int:
        return len(list_jobs(session))

    try:
        limit(1)  # SQLite: never fewer than there are
        go = threading.Event()
        writer.submit(lambda _session: go.wait(10))
        small = [lambda session, key=key: save_job(session, JobRow(key=key)) for key in "ab"]
        group = [writer.submit(work) for work in (small[0], fill, small[1])]  # one transaction for the three
        go.set()
        for future in group:
            assert isinstance(future.exception(10), DiskFull)
        assert "xxx" not in "".join(traceback.format_exception(group[1].exception())), "nobody's words in the log"
        with database.read() as session:
            assert named(session) == 0, "nothing is there that was not acknowledged, nothing acknowledged is missing"
        limit(1_000_000)
        writer.write(fill)
        assert writer.write(named) == 1
    finally:
        database.close()


def test_a_database_that_can_only_be_read(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'node.db'}").open()
    with database.read() as session, pytest.raises(Exception, match="readonly") as failure:
        session.connection().exec_driver_sql("DELETE FROM job")
    database.close()
    assert isinstance(find_storage_error(failure.value), StoreReadOnly)
    assert find_storage_error(sqlite3.OperationalError("no such table: x")) is None
    assert find_storage_error(FileNotFoundError(errno.ENOENT, "x")) is None


def test_a_damaged_page_is_named_and_the_rest_is_served(tmp_path: Path) -> None:
    file = tmp_path / "node.db"
    Database(f"sqlite:///{file}").open().close()
    with sqlite3.connect(file) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'job'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with file.open("r+b") as raw:
        raw.seek((page - 1) * size)
        raw.write(b"\xff" * size)
    database = Database(f"sqlite:///{file}").open()
    try:
        with database.read() as session:
            assert session.connection().exec_driver_sql("SELECT count(*) FROM peer").scalar_one() == 0
            with pytest.raises(Exception, match="malformed") as failure:
                session.connection().exec_driver_sql("SELECT * FROM job")
        assert isinstance(find_storage_error(failure.value), StoreDamaged)
        assert database.damage()
    finally:
        database.close()


def test_a_file_that_is_no_database_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "node.db").write_bytes(b"something else entirely" * 1000)
    with pytest.raises(DataFolderError) as failure:
        Database(f"sqlite:///{tmp_path / 'node.db'}").open()
    assert "restore" in failure.value.hint


def test_a_clock_that_jumps_back_breaks_no_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with composed(tmp_path / "node") as services:
        did = practitioner(services, "anna")
        publish(services, did, "before", "One sentence.")
        before = _rev(services, did)
        real = clock.time.time_ns
        monkeypatch.setattr("node.store.clock.time.time_ns", lambda: real() - 86_400 * 10**9)
        publish(services, did, "after", "Another sentence.")
        assert _rev(services, did) > before


def _rev(services: Services, did: str) -> str:
    with services.database.read() as session:
        head = find_head(session, did)
    assert head is not None
    return head.rev
