"""What is erased leaves no old version of its row; a table that somebody reads just now is not waited for."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from node.store import database as database_module
from node.store.database import Database
from node.store.tables.worker import WorkerRow


def test_a_small_table_is_written_anew(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    row = WorkerRow(person="wim", wrapped_key=b"a key that goes", created_at=1)
    database.writer.write(lambda session: session.add(row))
    database.writer.write(lambda session: session.execute(text("DELETE FROM worker")))
    assert database.write_anew("worker")
    monkeypatch.setattr(database_module, "LOCK_PATIENCE", "50ms")
    with database.read() as session:
        session.execute(text("SELECT count(*) FROM worker")).all()
        assert database.write_anew("worker") is database.is_sqlite
    assert database.size() > 0
