"""Column types shared by the tables, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, LargeBinary, Text
from sqlmodel import Field

# Bytewise order on PostgreSQL too: repository keys and paging cursors depend on it.
_TEXT = Text().with_variant(Text(collation="C"), "postgresql")


def text(**options: Any) -> Any:
    """A text of any length; empty unless told otherwise."""
    options.setdefault("default", "")
    return Field(sa_type=_TEXT, **options)


def key(**options: Any) -> Any:
    """A text that is (part of) the primary key."""
    return Field(primary_key=True, sa_type=_TEXT, **options)


def number(**options: Any) -> Any:
    """A 64-bit whole number."""
    options.setdefault("default", 0)
    return Field(sa_type=BigInteger, **options)


def number_key() -> Any:
    """A 64-bit primary key that the core assigns itself, so that it means the same on every database."""
    return Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})


def binary(**options: Any) -> Any:
    """Bytes."""
    options.setdefault("default", b"")
    return Field(sa_type=LargeBinary, **options)


def listing() -> Any:
    """A JSON list."""
    return Field(default_factory=list, sa_type=JSON)


def perhaps_listing() -> Any:
    """A JSON list, or nothing where it was never made."""
    return Field(default=None, sa_type=JSON(none_as_null=True), nullable=True)


def mapping() -> Any:
    """A JSON object."""
    return Field(default_factory=dict, sa_type=JSON)
