"""What a restore that did not end left in a database that lies elsewhere than in the folder that says so."""

from __future__ import annotations

import json

from sqlalchemy import JSON, Connection, Engine, inspect, text
from sqlmodel import Session

from node.store.administration.facts import delete_fact
from node.store.keeping.dumping import Filling
from node.store.keeping.putting_back import drop_all

_NAME = "restore-unfinished"  # a fact
_FOUND = text("SELECT value FROM fact WHERE name = :name").columns(value=JSON)  # whichever release made the table


def mark_unfinished(filling: Filling, backup: str) -> None:
    """Until `finish`, these are the rows of a backup that is being restored."""
    filling.fill("fact", json.dumps({"name": _NAME, "value": {"backup": backup}, "note": ""}).encode())


def finish(session: Session) -> None:
    """They are a node's."""
    delete_fact(session, _NAME)


def drop_unfinished(engine: Engine, backup: str) -> None:
    """Drop the tables that a restore of this very backup left; those of anything else stay."""
    with engine.begin() as connection:
        if _holds(connection, backup):
            drop_all(connection)


def _holds(connection: Connection, backup: str) -> bool:
    if not inspect(connection).has_table("fact"):
        return False
    found = connection.execute(_FOUND, {"name": _NAME}).scalar()
    return bool(found == {"backup": backup})
