"""Text on PostgreSQL cannot hold the character NUL, which a stranger's record or request may: it becomes U+FFFD there."""

from __future__ import annotations

from typing import Any

NUL, SHOWN = "\x00", "\N{REPLACEMENT CHARACTER}"


def replace_nul(connection: Any, _record: object) -> None:
    """Let a new connection of psycopg write texts so; an engine's `connect` listener."""
    from psycopg.adapt import PyFormat

    known = connection.adapters.get_dumper(str, PyFormat.AUTO)

    class TextDumper(known):  # type: ignore[misc]  # which class it is, psycopg knows when it runs
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace(NUL, SHOWN) if NUL in obj else obj)

    connection.adapters.register_dumper(str, TextDumper)
