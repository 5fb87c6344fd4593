"""Moderation of one node, in one place: rules, reports, labels, labelers, the public log."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from node.services.cataloguing.cataloguer import Cataloguer
from node.services.moderating.decisions import Decisions
from node.services.moderating.labelers import Labelers
from node.services.moderating.labelling import Labelling
from node.services.moderating.recataloguing import recatalogue
from node.services.moderating.reports import Reports
from node.services.moderating.subjects import parse_subject
from node.services.moderating.telling import Telling
from node.services.withholding import Withholding
from node.store.administration import facts, labels, moderation
from node.store.clock import now
from node.store.content.catalogue import Audiences
from node.store.database import Database
from node.store.tables.moderation import LabelRow, ModerationRow

_TIDIED = "moderation-tidied"


@dataclass(frozen=True, slots=True)
class Moderation:
    """What handlers and chores call."""

    database: Database
    cataloguer: Cataloguer
    withholding: Withholding
    decisions: Decisions
    reports: Reports
    labelling: Labelling
    labelers: Labelers
    telling: Telling

    def log(self, audiences: Audiences, limit: int, before: int = 0) -> list[ModerationRow]:
        """The public log, newest first, as these readers may see it."""
        with self.database.read() as session:
            return moderation.list_lines(session, audiences, limit=limit, before=before)

    def labels_of(self, *uris: str, cid: str = "") -> list[LabelRow]:
        """Labels in force about any of `uris`, for the version `cid` where a label names one."""
        with self.database.read() as session:
            return [row for row in labels.list_labels_of(session, uris, now()) if row.cid in ("", cid)]

    async def tidy(self) -> None:
        """End rules and labels that ran out, forget what was answered long ago."""
        await self.decisions.expire()
        await asyncio.to_thread(self._show_again)
        await asyncio.to_thread(self.reports.sweep)

    def _show_again(self) -> None:
        """Catalogue what labels hid that ran out since the last time."""
        with self.database.read() as session:
            since, until = int(str((facts.find_fact(session, _TIDIED) or {}).get("at", 0))), now()
            gone = labels.list_run_out(session, since, until)
        recatalogue(self.database, self.cataloguer, map(parse_subject, gone))
        self.database.writer.write(lambda session: facts.save_fact(session, _TIDIED, {"at": until}))
