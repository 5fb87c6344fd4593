"""Names of imported ids. All occupations and skills are kept once read; task statements as they are asked for."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Mapping

from node.store.content import reference
from node.store.database import Database

KEPT_TASKS = 4096
_BETWEEN_WORDS = re.compile(r"[\W_]+")


class Words:
    """Reads are cheap and never fail: an id that nothing is known of has no name, None."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reading = threading.Lock()
        self._names: dict[str, Mapping[str, str]] = {}
        self._statements: dict[str, str | None] = {}
        self._ids: dict[str, str] | None = None

    def forget(self) -> None:
        """Reference data changed."""
        with self._reading:
            self._names, self._statements, self._ids = {}, {}, None

    def occupation(self, code: str) -> str | None:
        """The title of an occupation or ISCO group."""
        return self._all("occupation").get(code)

    def skill(self, code: str) -> str | None:
        """The title of a work activity or ESCO skill, without its full stop."""
        found = self._all("skill").get(code)
        return found.removesuffix(".") if found else None

    def task(self, code: str) -> str | None:
        """A task statement, without its full stop."""
        return self.tasks([code])[code]

    def tasks(self, codes: Collection[str]) -> dict[str, str | None]:
        """Several task statements, read at once."""
        kept = self._statements
        unread = [code for code in codes if code not in kept]
        if unread and self._database.writer.is_running:
            with self._database.read() as session:
                rows = reference.find_tasks(session, unread)
            if len(kept) > KEPT_TASKS:
                kept = self._statements = {}
            kept.update({code: rows[code].statement.removesuffix(".") if code in rows else None for code in unread})
        return {code: kept.get(code) for code in codes}

    def occupations(self) -> Mapping[str, str]:
        """Every occupation's title, by id."""
        return self._all("occupation")

    def skills(self) -> Mapping[str, str]:
        """Every skill's title, by id."""
        return self._all("skill")

    def skill_id(self, text: str) -> str | None:
        """The id of a skill that is named as free text: `record-information` is “Record information.”"""
        known = self._ids
        if known is None:
            known = self._ids = {_plain(title): code for code, title in sorted(self.skills().items(), reverse=True)}
        return known.get(_plain(text))

    def _all(self, kind: str) -> Mapping[str, str]:
        names = self._names.get(kind)
        if names is None and not self._database.writer.is_running:
            return {}  # the node has stopped; whoever still asks for words gets none
        if names is None:
            with self._reading, self._database.read() as session:
                names = self._names[kind] = reference.names(session, kind)
        return names


def _plain(text: str) -> str:
    """Words alone: no case, marks or hyphens."""
    return _BETWEEN_WORDS.sub(" ", text.casefold()).strip()
