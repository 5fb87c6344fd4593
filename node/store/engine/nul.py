"""Text on PostgreSQL cannot hold the character NUL, which a stranger's record or request may: U+FFFD stands for it."""

from __future__ import annotations

from typing import Any

NUL, SHOWN = "\x00", "\N{REPLACEMENT CHARACTER}"


def replace_nul(connection: Any, _record: object) -> None:
    """Let a new connection of psycopg write texts so; an engine's `connect` listener."""
    from psycopg.types.string import StrDumperUnknown

    class TextDumper(StrDumperUnknown):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace(NUL, SHOWN))

    connection.adapters.register_dumper(str, TextDumper)
