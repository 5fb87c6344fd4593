"""Makes a rule true: what it denies goes, from records, catalogue, index, files and the stored stream."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from federation.did.document import web_did
from federation.repository import Write
from node.batches import batches
from node.errors import Malformed, NodeError
from node.logs import get_logger
from node.services.following.follower import Follower
from node.services.hosting.lifecycle import Lifecycle
from node.services.hosting.names import handle_domain, node_did
from node.services.hosting.repositories import RepositoryHost
from node.services.hosting.writable import MAX_WRITES
from node.services.internal.records import InternalRecords
from node.services.leaving import Leaving
from node.services.moderating.recataloguing import paths_of
from node.services.moderating.subjects import Subject
from node.settings.declared import Settings
from node.store.administration import facts
from node.store.database import Database
from node.store.inside import internal
from node.store.repositories import accounts, records
from node.store.sessions import Session
from node.store.tables.hosting import AccountRow

_ENDED = "following that was ended|"  # and the host: a fact of the node


class Takedown:
    """Removes and, where that is possible, brings back."""

    def __init__(  # noqa: PLR0913, PLR0917  wired in one place, by name of type
        self,
        database: Database,
        host: RepositoryHost,
        lifecycle: Lifecycle,
        leaving: Leaving,
        follower: Follower,
        internal_records: InternalRecords,
        settings: Settings,
    ) -> None:
        self._database = database
        self._host = host
        self._lifecycle = lifecycle
        self._leaving = leaving
        self._follower = follower
        self._internal = internal_records
        self._node_did = node_did(settings)
        self._domain = handle_domain(settings)

    def check(self, subject: Subject) -> None:
        """Raises Malformed for what cannot be denied: this node itself, a record of an account not served now.

        Nor the name that this node gave an account: as a host's, it would stand in the log and take nothing down.
        """
        if subject.kind == "account" and subject.did == self._node_did:
            raise Malformed("A node does not take down its own account.")
        if subject.kind == "host" and web_did(f"https://{subject.text.removesuffix(':443')}") == self._node_did:
            raise Malformed("A node does not shut itself out.")
        is_own = subject.kind == "host" and subject.text.endswith(f".{self._domain}")
        if is_own and (named := self._hosted(subject.text)) is not None:
            raise Malformed(f"{subject.text} is the name of an account here, not of a host.", hint=f"Say {named.did}")
        account = self._hosted(subject.did)
        if subject.kind == "record" and account is not None and account.status != "active":
            raise Malformed(f"{account.handle} is {account.status}: nothing of it is served.")

    async def remove(self, subject: Subject, *, erase: bool = False) -> None:
        """Take it down. An account of this node is served no longer; with `erase` it is deleted for good.

        The database as it was before an upgrade holds it too, and goes.
        """
        is_kept = subject.kind == "account" and self._hosted(subject.did) is not None
        if subject.kind == "host":
            await asyncio.to_thread(self._remember, subject.text, await self._follower.drop_denied())
        elif subject.kind == "account":
            await self._remove_account(subject.did, erase=erase)
        else:
            await self._remove_record(subject)
        if not is_kept:
            await asyncio.to_thread(self._database.drop_former)
        await asyncio.to_thread(self._database.scrub)

    async def delete_again(self, subject: Subject, *, erase: bool) -> None:
        """What a takedown deletes here for good, a record and with `erase` an account, where a restore brought it."""
        if (subject.kind == "record" or erase) and self._hosted(subject.did) is not None:
            await self.remove(subject, erase=erase)

    async def bring_back(self, subject: Subject) -> None:
        """Serve an account again, fetch again what was followed. What was deleted here stays deleted."""
        account = self._hosted(subject.did)
        if subject.kind == "host":
            for url, trust in (await asyncio.to_thread(self._recall, subject.text)).items():
                await self._follow_again(url, trust=bool(trust))
            await self._follower.list_again()
        elif account is None:
            await self._follower.fetch_again([subject.did])
        elif subject.kind == "account" and account.status == "takendown":
            await asyncio.to_thread(self._lifecycle.activate, subject.did)

    def _remember(self, host: str, ended: Mapping[str, bool]) -> None:
        """Whom this node followed there, and whether it vouched for them, until the rule ends."""

        def work(session: Session) -> None:
            known = facts.find_fact(session, _ENDED + host) or {}
            facts.save_fact(session, _ENDED + host, known | dict(ended))

        if ended:
            self._database.writer.write(work)

    def _recall(self, host: str) -> dict[str, bool]:
        def work(session: Session) -> dict[str, bool]:
            known = facts.find_fact(session, _ENDED + host) or {}
            facts.delete_fact(session, _ENDED + host)
            return known

        return self._database.writer.write(work)

    async def _follow_again(self, url: str, *, trust: bool) -> None:
        try:
            await self._follower.follow(url, trust=trust)
        except NodeError as error:  # another rule, or a setting, keeps it out by now
            get_logger("moderation").warning("a host is not followed again", host=url, why=error.message)

    async def _remove_account(self, did: str, *, erase: bool) -> None:
        account = self._hosted(did)
        if account is None:
            await self._follower.drop_account(did)
        elif erase and account.status != "deleted":
            await asyncio.to_thread(self._leaving.end_account, did)
        elif account.status == "active":
            await asyncio.to_thread(self._lifecycle.deactivate, did, "takendown")

    async def _remove_record(self, subject: Subject) -> None:
        if self._hosted(subject.did) is None:
            with self._database.read() as session:
                paths = paths_of(session, subject)
            await self._follower.drop_records(subject.did, paths)
            return
        await asyncio.to_thread(self._delete_hosted, subject)

    def _delete_hosted(self, subject: Subject) -> None:
        with self._database.read() as session:
            paths = paths_of(session, subject)
            public = _held(session, records.find_record, subject.did, paths)
            inside = _held(session, internal.find_record, subject.did, paths)
        for part in batches(public, MAX_WRITES):
            self._host.write(subject.did, part)
        for part in batches(inside, MAX_WRITES):
            self._internal.write(subject.did, part)
        if inside:
            self._internal.collect()  # their files, for which nothing else runs within the minute

    def _hosted(self, name: str) -> AccountRow | None:
        with self._database.read() as session:
            return accounts.find_account(session, name) if name else None


def _held(session: Session, find: Callable[..., object], did: str, paths: Sequence[str]) -> list[Write]:
    """Deletions of those of `paths` that `find` finds."""
    parts = [path.partition("/") for path in paths]
    return [Write("delete", name, key) for name, _, key in parts if find(session, did, name, key) is not None]
