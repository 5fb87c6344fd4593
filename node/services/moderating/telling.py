"""Operators who gave a mail address hear of reports that wait: once a day at most, and only of something new."""

from __future__ import annotations

from dataclasses import dataclass

from node.errors import Unreachable
from node.services.moderating.reports import MOST_WAITING
from node.services.people.mail import Mail
from node.services.people.registry import Registry
from node.services.policy import Role
from node.store.administration import facts, moderation
from node.store.clock import DAY, as_text, now
from node.store.database import Database
from node.store.tables.moderation import ReportRow

_TOLD = "operators-told"


@dataclass(frozen=True, slots=True)
class Telling:
    """Sends nothing where the node sends no mail."""

    database: Database
    registry: Registry
    mail: Mail

    def run(self) -> int:
        """Tell them where it is time; how many letters went. Raises Unreachable when none did."""
        waiting = self._news() if self.mail.on else []
        sent, refused = 0, None
        for address in self._addresses() if waiting else ():
            try:
                self.mail.send_about_reports(address, len(waiting), as_text(waiting[0].at)[:10])
                sent += 1
            except Unreachable as error:
                refused = error
        if refused is not None and not sent:
            raise refused
        if sent:
            told = {"at": now(), "report": waiting[-1].id}
            self.database.writer.write(lambda session: facts.save_fact(session, _TOLD, told))
        return sent

    def _news(self) -> list[ReportRow]:
        """What waits, oldest first; nothing where it was told already, or word of something went today."""
        with self.database.read() as session:
            told = facts.find_fact(session, _TOLD) or {}
            waiting = moderation.list_reports(session, waiting=True, limit=MOST_WAITING)
        is_new = bool(waiting) and waiting[-1].id > int(told.get("report", 0))
        return waiting if is_new and int(told.get("at", 0)) < now() - DAY else []

    def _addresses(self) -> list[str]:
        people = (row for row in self.registry.list() if Role.OPERATOR in row.roles)
        return sorted({row.email for row in people if row.email})
