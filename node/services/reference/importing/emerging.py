"""Tasks that O*NET sees coming (`emerging_tasks`): new ones, and revisions of old ones. The files give them no ids.

Their id is made of their words, `onet:11-9021.00/emerging-0c56b9ab`: the same words are the same task in every release.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

from node.services.reference.importing.errors import IdTwice, ReleasesMixed, ValueWrong
from node.services.reference.importing.onet_codes import COLUMN
from node.services.reference.importing.tabular import Table, unquoted

KIND = "emerging"
_CATEGORIES = ("new", "revision")


def emerging_tasks(table: Table, occupations: Collection[str]) -> dict[str, dict[str, Any]]:
    """Rows of the section `task`; `earlier` holds what a revision revises. Raises ReferenceInvalid."""
    found: dict[str, dict[str, Any]] = {}
    columns = (COLUMN, "Task", "Category")
    for row in table.rows(*columns, optional=("Original Task", "Date", "Domain Source")):
        soc, text, category, original, date, source = row.values
        code, words = f"onet:{soc}", unquoted(text)
        if code not in occupations:
            raise ReleasesMixed(row.place, f"{soc[:40]} is not among this release's occupations.")
        if not words:
            raise ValueWrong(row.place, "A task without words.")
        if category.lower() not in _CATEGORIES:
            raise ValueWrong(row.place, f"{category[:40]!r} is no category (New or Revision).")
        key = f"{code}/{KIND}-{_digest(words)}"
        if key in found:
            raise IdTwice(row.place, f"The task {words[:60]!r} of {soc} stands here a second time.")
        found[key] = {
            "id": key, "occupation": code, "statement": words, "published": "", "kind": KIND, "date": date,
            "source": source, "earlier": unquoted(original), "gone": "",
        }  # fmt: skip
    return found


def _digest(words: str) -> str:
    plain = " ".join(words.lower().split()).rstrip(".")
    return hashlib.sha256(plain.encode()).hexdigest()[:8]
