"""Rows that pages read again and again, past the mapper, whose own work costs several times theirs.

What is found looks like what the mapper finds, but belongs to no session: it is to be read, never changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from string import Formatter
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import JSON, Boolean, text
from sqlalchemy.orm import class_mapper
from sqlmodel import Session, SQLModel

from node.store.engine.straight import driver_of

R = TypeVar("R", bound=SQLModel)
_decode = msgspec.json.Decoder().decode


class Reading(Generic[R]):
    """A query of one table whose text is made once; `{uris}` in it stands for being one of the values `uris`.

    SQLite takes these as one JSON list, so that its statement stays prepared however many there are.
    """

    def __init__(self, table: type[R], rest: str, *, only: Sequence[str] = ()) -> None:
        """`only`: the columns that are read, where that are not all; the others are not to be looked at."""
        self._table = table
        self._only = frozenset(only)
        self._rest = rest
        self._many = [name for _, name, _, _ in Formatter().parse(rest) if name]

    def all(self, session: Session, **values: Any) -> list[R]:
        """The rows found."""
        session.flush()
        driver = driver_of(session)
        if driver is None:
            given = {name: list(value) if name in self._many else value for name, value in values.items()}
            return self._made(session.connection().execute(self._for_postgresql, given), {})
        given = {name: json.dumps(list(value)) if name in self._many else value for name, value in values.items()}
        return self._made(driver.execute(self._for_sqlite, given), self._kept_otherwise)

    def first(self, session: Session, **values: Any) -> R | None:
        """The first of them."""
        return next(iter(self.all(session, **values)), None)

    def _made(self, found: Iterable[Any], kept_otherwise: dict[str, Any]) -> list[R]:
        rows, names, new = [], self._names, self._new
        for values in found:
            given = dict(zip(names, values, strict=True))
            for name, load in kept_otherwise.items():
                given[name] = load(given[name])
            row = new()
            row.__dict__.update(given)
            rows.append(row)
        return rows

    @cached_property
    def _columns(self) -> list[Any]:
        columns = class_mapper(self._table).local_table.columns
        return [column for column in columns if not self._only or column.name in self._only]

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self._columns)

    @cached_property
    def _new(self) -> Any:
        """Makes an instance as the mapper does, which sets what was read without asking the model."""
        return class_mapper(self._table).class_manager.new_instance

    @cached_property
    def _kept_otherwise(self) -> dict[str, Any]:
        """Columns that SQLite has no type for."""
        loads = {column.name: _load_json for column in self._columns if isinstance(column.type, JSON)}
        return loads | {column.name: bool for column in self._columns if isinstance(column.type, Boolean)}

    @cached_property
    def _for_sqlite(self) -> str:
        return self._statement("IN (SELECT value FROM json_each(:{}))")

    @cached_property
    def _for_postgresql(self) -> Any:
        return text(self._statement("= ANY(:{})"))

    def _statement(self, among: str) -> str:
        rest = self._rest.format(**{name: among.format(name) for name in self._many})
        table = str(self._table.__tablename__)
        return f"SELECT {', '.join(self._names)} FROM {table} {rest}"  # noqa: S608 - no word of it comes from outside


def _load_json(kept: str | None) -> Any:
    return None if kept is None else _decode(kept)
