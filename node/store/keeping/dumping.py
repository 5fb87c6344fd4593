"""All rows of all tables as lines of JSON, and back: the same from SQLite and from PostgreSQL, into either."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, MetaData, func, insert, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlmodel import Session

from node.errors import Malformed
from node.store.clock import now
from node.store.engine.failing import find_storage_error
from node.store.keeping import schema

SEQUENCE_GAP = 10_000_000  # events
BATCH = 2_000  # rows in a piece, and at once
LONGEST = 8_000_000  # bytes of a piece
LAST_NUMBER = 2**63 - 1
_KINDS = (str, int, bytes, bool)  # of columns; any other holds JSON


class RowsUnfit(Malformed):
    """Rows do not fit their table."""

    hint = "They are no rows of a node: is the backup one that `skillnet backup` made?"

    def __init__(self, table: str, why: str) -> None:
        super().__init__(f"Rows of a backup do not fit the table {table[:80]!r}: {why[:200]}.")


def table_names() -> list[str]:
    """Every table of this release."""
    return [table.name for table in schema.METADATA.sorted_tables]


def dump_table(session: Session, name: str, without: Collection[str] = ()) -> Iterator[tuple[bytes, int]]:
    """Pieces (lines of JSON, how many) of one table, `without` some columns, as the session sees it."""
    columns = [column for column in schema.METADATA.tables[name].columns if column.name not in without]
    lines, size = [], 0
    with session.execute(select(*columns).execution_options(yield_per=BATCH)) as found:
        for row in found.mappings():
            line = json.dumps({key: _plain(value) for key, value in row.items()}, ensure_ascii=False).encode()
            lines.append(line)
            size += len(line)
            if len(lines) == BATCH or size > LONGEST:
                yield b"\n".join(lines), len(lines)
                lines, size = [], 0
    if lines:
        yield b"\n".join(lines), len(lines)


class Filling:
    """Fills the empty tables of a database, inside the transaction of `connection`."""

    def __init__(self, connection: Connection) -> None:
        found = MetaData()
        found.reflect(connection)  # whichever release made them
        self._connection = connection
        self._tables = {name: table for name, table in found.tables.items() if name != "alembic_version"}

    def is_empty(self) -> bool:
        """Does no table hold a row?"""
        counts = (select(func.count()).select_from(table) for table in self._tables.values())
        return not any(self._connection.execute(count).scalar_one() for count in counts)

    def fill(self, name: str, lines: bytes) -> int:
        """Insert a piece; returns how many rows. Raises RowsUnfit."""
        table = self._tables.get(name)
        if table is None:
            raise RowsUnfit(name, "there is no such table")
        kinds = {column.name: column.type.python_type for column in table.columns}
        try:
            rows = [_row(json.loads(line), kinds) for line in lines.split(b"\n") if line]
            if rows:
                self._connection.execute(insert(table), rows)
        except (ValueError, TypeError, RecursionError, OverflowError, SQLAlchemyError) as error:
            if find_storage_error(error) is not None:
                raise
            raise RowsUnfit(name, _reason(error)) from error
        return len(rows)

    def leave_gap(self, given: int | None = None) -> None:
        """Make sure that no number of the event stream is given twice: consumers know some given since.

        `given` is the last one, where it is known.
        """
        events = self._tables["event"]
        last = self._connection.execute(select(func.max(events.c.seq))).scalar_one() or 0
        number = max(last, given or 0) + SEQUENCE_GAP
        if number > LAST_NUMBER:
            raise RowsUnfit("event", "its numbers are used up")
        empty = {"seq": number, "did": "", "kind": "gap", "frame": b"", "at": now()}
        self._connection.execute(insert(events), [empty])


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes | memoryview) else value


def _row(values: dict[str, Any], kinds: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is inserted: every column has a value, of its kind. Raises ValueError, TypeError."""
    if not isinstance(values, dict) or values.keys() != kinds.keys():
        raise ValueError("a row has other columns")
    for name, kind in kinds.items():
        value = values[name]
        if value is None or kind not in _KINDS:
            continue
        values[name] = base64.b64decode(value, validate=True) if kind is bytes else value
        if type(values[name]) is not kind:
            raise ValueError(f"{name} is of another kind")
    return values


def _reason(error: Exception) -> str:
    """In one line, without the statement."""
    said = str(error.orig if isinstance(error, DBAPIError) else error)
    return said.splitlines()[0].rstrip(".") if said else type(error).__name__
