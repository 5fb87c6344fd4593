"""Verdicts that are worth another look by who gave them, and renewing one: the same words, signed anew, on what is
current."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from federation.codec import decode
from federation.repository import Write
from node.errors import Conflict, Unknown
from node.services.hosting.repositories import RepositoryHost
from node.services.ranking.freshening import Freshening
from node.store.clock import DAY, as_text, now
from node.store.content import catalogue, contributions
from node.store.content.catalogue import PUBLIC
from node.store.database import Database
from node.store.repositories import records
from node.store.sessions import Session
from node.store.tables.catalogue import EndorsementRow, ItemRow
from schemas.authority import ENDORSEMENT

OLD = 300 * DAY  # a verdict is asked for again before it weighs half
FRESH_ENOUGH = 0.95


@dataclass(frozen=True, slots=True)
class Renewal:
    """A verdict of one's own that may no longer hold. `changed`: the text differs in what matters, so it must be read
    before anything is said of it."""

    rkey: str
    item: ItemRow
    task: str
    verdict: str
    at: int
    reasons: Sequence[str]
    changed: bool


class Renewing:
    """What practitioners of this node may confirm again."""

    def __init__(self, database: Database, host: RepositoryHost, freshening: Freshening) -> None:
        self._database = database
        self._host = host
        self._freshening = freshening

    def due(self, did: str) -> list[Renewal]:
        """Somebody's positive verdicts that need another look, the stalest first."""
        with self._database.read() as session:
            said = [row for row in contributions.list_endorsements(session, PUBLIC, did=did) if row.verdict != "fails"]
            items = catalogue.find_items(session, {row.item_uri for row in said}, PUBLIC)
            majors = catalogue.majors_of(session, {row.version_uri for row in said})
        fresh = self._freshening.of(list(items))
        found = []
        for row in said:
            item = items.get(row.item_uri)
            if item is None or item.retired or row.outdated:
                continue
            reasons = _reasons(row, item, fresh[item.uri].sentences() if item.uri in fresh else [])
            stale = item.uri in fresh and fresh[item.uri].value < FRESH_ENOUGH
            changed = majors.get(row.version_uri, 0) != item.major
            if stale or changed or _is_old(row):
                rkey = row.uri.rpartition("/")[2]
                found.append(Renewal(rkey, item, row.task, row.verdict, row.given_at, reasons, changed))
        return sorted(found, key=lambda one: (fresh[one.item.uri].value if one.item.uri in fresh else 1.0, one.at))

    def renew(self, did: str, rkey: str, *, outdated: bool = False) -> str:
        """Say the same again of the current version, or that it is outdated; the item's at-uri. Raises Unknown."""
        item_uri = ""

        def decide(session: Session) -> Sequence[Write]:
            nonlocal item_uri
            known = records.find_record(session, did, ENDORSEMENT, rkey)
            if known is None:
                raise Unknown("There is no verdict of yours here.", hint="It may have been withdrawn already.")
            value: dict[str, Any] = decode(known.block)
            item_uri = str(value["module"])
            return [Write("update", ENDORSEMENT, rkey, _renewed(session, value, outdated=outdated))]

        self._host.write_decided(did, decide, validate=True)
        return item_uri


def _renewed(session: Session, value: dict[str, Any], *, outdated: bool) -> dict[str, Any]:
    item = catalogue.find_item(session, str(value["module"]), PUBLIC)
    endorsed = catalogue.find_version(session, str(value["subject"]["uri"]), PUBLIC)
    if item is None or item.retired:
        raise Unknown("It is no longer in use here, so there is nothing to confirm.")
    if not outdated and endorsed is not None and endorsed.major != item.major:
        raise Conflict("What matters in it has changed since you used it.", hint="Read it, then say what you find.")
    kept = {name: entry for name, entry in value.items() if name != "outdated"}
    current = {"uri": item.version_uri, "cid": item.version_cid}
    return {**kept, "subject": current, "createdAt": as_text(now()), **({"outdated": True} if outdated else {})}


def _reasons(row: EndorsementRow, item: ItemRow, stale: list[str]) -> list[str]:
    newer = ["There is a newer version than the one that you used."] if row.version_uri != item.version_uri else []
    days = int((now() - row.given_at) // DAY)
    old = [f"You said so {days} days ago; it counts less and less."] if _is_old(row) else []
    return [*stale, *newer, *old]


def _is_old(row: EndorsementRow) -> bool:
    return now() - row.given_at > OLD
