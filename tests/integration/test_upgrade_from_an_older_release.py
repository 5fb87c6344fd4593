"""A data folder of an older release opens with all that was in it; what was before is kept and can be put back.

The folder in `fixtures/older` was made by the release of revision 0002 (commit f099cf9): a practitioner `ana` with two
modules and a picture, a worker `wim` with a profile.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import tarfile
from collections import namedtuple
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from node.app.compose import compose
from node.errors import DataFolderError, Unknown
from node.services.assembly import Services
from node.services.policy import Role, Viewer
from node.settings.declared import Settings
from node.store.clock import now
from node.store.database import Database
from node.store.keeping.former import KEPT_FOR, SUFFIX
from node.store.keeping.revision import newest_revision
from node.store.repositories import accounts, events, records
from schemas.authority import MODULE, MODULE_VERSION
from tests.integration.fixtures.contributions import version_write
from tests.integration.fixtures.nodes import PASSWORD

OLDER = Path(__file__).parent / "fixtures" / "older" / "data-folder-0002.tar.xz"
REVISION = "0002"
WIM = Viewer(name="wim", roles=frozenset({Role.WORKER}))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of the older folder; where this run keeps its tables elsewhere, they are copied there."""
    with tarfile.open(OLDER) as archive:
        archive.extractall(tmp_path, filter="data")
    made = Settings(data=tmp_path, url="http://localhost:18431", port=18431, organisation="Test")
    database = Database(made.store_url)
    if not database.is_sqlite:
        _copy_tables(tmp_path / "skillnet.db", database)
        (tmp_path / "skillnet.db").unlink()
    database.close()
    return made


def _copy_tables(file: Path, database: Database) -> None:
    from tests.integration.fixtures.databases import empty_again

    empty_again(database)
    with closing(sqlite3.connect(file)) as old, database.filling(REVISION) as filling:
        old.row_factory = sqlite3.Row
        for (name,) in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            rows = old.execute(f"SELECT * FROM {name}").fetchall() if name != "alembic_version" else []
            if rows:
                filling.fill(name, b"\n".join(_line(name, dict(row)) for row in rows))


def _line(table: str, row: dict[str, Any]) -> bytes:
    """As a backup of that release had it."""
    for key, value in row.items():
        if isinstance(value, bytes):
            row[key] = base64.b64encode(value).decode()
        elif key in {"roles", "value", "document", "operation", "arguments"} and isinstance(value, str):
            row[key] = json.loads(value)
        elif (table, key) in {("head", "hosted"), ("directory_operation", "nullified")}:
            row[key] = bool(value)
    return json.dumps(row).encode()


def what_is_there(services: Services) -> dict[str, Any]:
    with services.database.read() as session:
        did = next(row.did for row in accounts.list_accounts(session) if row.handle.startswith("ana."))
        rows = records.iterate_records(session, [MODULE, MODULE_VERSION], did)
        kept = {(row.collection, row.cid) for row in rows}
    return {"did": did, "records": kept, "role": services.learning.profile(WIM).role}


def test_all_is_there_and_the_way_back_is_open(settings: Settings) -> None:
    services = compose(settings)
    found = what_is_there(services)
    assert len(found["records"]) == 3
    assert found["role"] == "the private role of wim"
    assert services.registry.sign_in("ana", PASSWORD, "127.0.0.1")
    assert services.blobs.find("bafkreifnmikh7lgzhbfhx2pgan62hfnmztfenpfsteng6abrfgvpi6prra")
    services.stream.start()
    services.identity.ensure(services.keyring)
    services.host.write(found["did"], [version_write("later", "# Written with the newer release\n")])
    given = services.stream.last_seq
    assert services.database.former_age() is not None
    services.database.close()

    database = Database(settings.store_url)
    assert database.put_back() == REVISION
    assert not database.is_current
    with pytest.raises(Unknown, match="no copy"):
        database.put_back()
    with database.read() as session:
        assert events.last_seq(session) > given
    database.close()

    again = compose(settings)  # in the place of the older release, which would open it as it was
    assert what_is_there(again) == found
    again.database.close()


def test_what_was_before_goes_with_whom_is_erased_and_when_it_is_old(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = compose(settings)
    services.database.drop_old_former()
    assert services.database.former_age() is not None
    erased = services.learning.forget(WIM)
    assert (services.database.former_age(), erased.left) == (None, ())
    services.database.close()


def test_it_is_kept_for_three_days(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    services = compose(settings)
    monkeypatch.setattr("node.store.keeping.former.time.time", lambda: now() / 1e6 + KEPT_FOR + 60)
    services.database.drop_old_former()
    assert services.database.former_age() is None
    services.database.close()


@pytest.mark.sqlite("PostgreSQL keeps what was before inside, and refuses by itself when there is no room")
def test_without_room_for_a_copy_nothing_is_changed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")(10**9, 10**9, 10**6)
    monkeypatch.setattr("node.store.keeping.former.shutil.disk_usage", lambda _: usage)
    with pytest.raises(DataFolderError, match=r"needs 5\d MB of free disk"):
        compose(settings)
    file = settings.data / "skillnet.db"
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(REVISION,)]
    assert not file.with_name(file.name + SUFFIX).exists()


def test_an_upgrade_that_fails_leaves_what_was(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("the plug was pulled")

    with monkeypatch.context() as patch:
        patch.setattr("node.store.keeping.migrating._upgrade", fail)
        with pytest.raises(DataFolderError, match="plug"):
            compose(settings)
    services = compose(settings)
    assert services.database.is_current
    assert newest_revision() > REVISION
    assert what_is_there(services)["role"] == "the private role of wim"
    services.database.close()
