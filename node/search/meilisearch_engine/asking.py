"""Questions in the server's terms."""

from __future__ import annotations

from collections.abc import Sequence

from node.search.filters import Filters
from node.search.query.question import Question


def query_text(question: Question) -> str:
    """Words, then phrases, then what is excluded; everything is folded already and cannot break out of its quotes."""
    words = [w.text for w in question.words]
    phrases = [f'"{" ".join(p)}"' for p in question.phrases]
    excluded = [f'-"{" ".join(p)}"' for p in question.excluded]
    # The last word is completed only at the very end: phrases go before it.
    return " ".join([*excluded, *phrases, *words])


def filter_expression(filters: Filters) -> str:
    """The audience always, then what is asked for. Values are quoted and escaped."""
    parts = [_any("audience", filters.audiences)]
    parts += [_any(name, values) for name, values in filters.only]
    parts += [f"NOT {_any(name, values)}" for name, values in filters.without]
    return " AND ".join(parts)


def _any(name: str, values: Sequence[str]) -> str:
    return f"{name} IN [{', '.join(map(quoted, values))}]"


def quoted(value: str) -> str:
    """A value as a string of the filter language."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
