"""All rows of all tables as lines of JSON, and back: the same from SQLite and from PostgreSQL, into either."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, LargeBinary, MetaData, func, insert, select
from sqlmodel import Session

from node.store.clock import now
from node.store.keeping import schema

SEQUENCE_GAP = 10_000_000  # events
BATCH = 2_000  # rows in a piece, and at once
LONGEST = 8_000_000  # bytes of a piece


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
        """Insert a piece; returns how many rows. Raises ValueError when it does not fit the table."""
        table = self._tables.get(name)
        if table is None:
            raise ValueError(f"no table {name}")
        binary = {column.name for column in table.columns if isinstance(column.type, LargeBinary)}
        rows = [_row(json.loads(line), binary) for line in lines.split(b"\n") if line]
        if rows:
            self._connection.execute(insert(table), rows)
        return len(rows)

    def leave_gap(self, given: int | None = None) -> None:
        """Make sure that no number of the event stream is given twice: consumers know some given since.

        `given` is the last one, where it is known.
        """
        events = self._tables["event"]
        last = self._connection.execute(select(func.max(events.c.seq))).scalar_one() or 0
        empty = {"seq": max(last, given or 0) + SEQUENCE_GAP, "did": "", "kind": "gap", "frame": b"", "at": now()}
        self._connection.execute(insert(events), [empty])


def _plain(value: Any) -> Any:
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes | memoryview) else value


def _row(values: dict[str, Any], binary: Iterable[str]) -> dict[str, Any]:
    for name in binary:
        if values.get(name) is not None:
            values[name] = base64.b64decode(values[name], validate=True)
    return values
