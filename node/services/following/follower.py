"""Follows every peer in a task of its own; a dead one is tried ever more rarely and says when next."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable, Collection, Sequence
from urllib.parse import urlsplit

from federation.did.document import origin_of
from federation.did.resolver import Resolver
from federation.errors import AddressRefused, FederationError
from federation.safe_http import SafeClient
from federation.xrpc_client import XrpcClient
from node.errors import Malformed, NodeError
from node.logs import get_logger
from node.services.cataloguing.cataloguer import Cataloguer
from node.services.directory import Directory
from node.services.following.budget import Budget, Quarantined, quarantine_seconds
from node.services.following.describing import Described
from node.services.following.doorkeeper import Doorkeeper
from node.services.following.intake import Intake
from node.services.following.peer_link import Means, PeerLink
from node.services.following.pictures import BlobFetcher
from node.services.following.quotas import Quotas
from node.services.following.reaching import Identities
from node.services.hosting.blob_store import BlobStore
from node.services.outside import DirectoryMirror, policy_of
from node.services.withholding import Withholding
from node.settings.checks import directory_url
from node.settings.declared import Settings
from node.store import peers, records
from node.store.clock import SECOND, now
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.peers import PeerRow

FIRST_DELAY, LONGEST_DELAY = 1.0, 600.0

# Called with a peer's DID once it is known: whether the operator trusts it.
Greeting = Callable[[str, bool], None]


def delay_after(failures: int, jitter: float) -> float:
    """Seconds until the next try: doubling from one second to ten minutes, ± a quarter (`jitter` in 0..1)."""
    steady = min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(failures - 1, 20))
    return steady * (0.75 + jitter / 2)


class Follower:
    """The peers of one node."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        cataloguer: Cataloguer,
        blobs: BlobStore,
        directory: Directory,
        withholding: Withholding,
    ) -> None:
        self._settings = settings
        self._database = database
        self._directory = directory
        self._policy = policy_of(settings)
        self._doorkeeper = Doorkeeper.of(settings, withholding)
        self._intake = Intake(database, cataloguer, blobs, Quotas(settings, self._doorkeeper), withholding)
        self._fetcher = BlobFetcher(database, blobs, settings.max_blob)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._nudges: dict[str, asyncio.Event] = {}
        self._http: SafeClient | None = None
        self._identities: Identities | None = None
        self._budgets: dict[str, Budget] = {}
        self._greet: Greeting = lambda _did, _trusted: None
        self._part: Callable[[str], None] = lambda _did: None
        self._log = get_logger("following")

    def on_described(self, greet: Greeting) -> None:
        """Call `greet` when a peer has said who it is."""
        self._greet = greet

    def on_unfollowed(self, part: Callable[[str], None]) -> None:
        """Call `part` with the DID of a peer that is followed no more."""
        self._part = part

    async def start(self) -> None:
        """Take up every peer again."""
        self._http = SafeClient(policy=self._policy)
        directories = tuple(filter(None, (directory_url(self._settings),)))
        resolver = Resolver(self._http, directories, mirror=DirectoryMirror(self._directory, self._database))
        self._identities = Identities(resolver, self._http, self._database)
        await self._drop_denied()
        with self._database.read() as session:
            rows = peers.list_peers(session)
        for row in sorted(rows, key=lambda row: row.failures):  # those that lived are asked before those that did not
            if self._doorkeeper.admits_host(row.url):
                self._begin(row.url)
            else:
                await self._mark(row.url, state="waiting", error="Settings or rules allow nothing of this host.")

    async def _drop_denied(self) -> None:
        """What settings and rules deny goes, whenever it came."""
        with self._database.read() as session:
            denied = [did for did in self._doorkeeper.denied_by_name() if did.startswith("did:")]
            heads = [head for did in denied if (head := records.find_head(session, did)) is not None]
            gone = {head.did for head in heads if not head.hosted}
            for row in peers.list_peers(session):
                if not self._doorkeeper.admits_host(row.url):
                    gone.update(peers.dids_of_peer(session, row.url))
        for did in sorted(gone):
            await self._intake.drop_repository(did)

    async def stop(self) -> None:
        """Let go of every peer; cursors are saved as events are taken."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._fetcher.stop()
        if self._identities is not None:
            self._identities.stop()
        if self._http is not None:
            await self._http.close()

    async def follow(self, url: str, *, trust: bool) -> PeerRow:
        """Follow the host at `url`; a host that does not answer yet is tried again. Raises Malformed."""
        origin = self.origin(url)
        if origin == self._settings.public_url:
            raise Malformed("A node does not follow itself.")
        if not self._doorkeeper.admits_host(origin):
            hint = "`skillnet moderate rules`; federation.deny and federation.allow_hosts in skillnet.toml"
            raise Malformed(f"This node allows nothing of {origin}.", hint=hint)
        await self._check_address(origin)

        def work(session: Session) -> PeerRow:
            row = peers.find_peer(session, origin) or PeerRow(url=origin, added_at=now())
            row.trusted = row.trusted or trust
            peers.save_peer(session, row)
            return row

        await self._database.writer.awrite(work)
        self._begin(origin)
        return await self.wait_for(origin)

    async def _check_address(self, origin: str) -> None:
        """Refuse what this node would never connect to; a name that does not resolve yet may do so later."""
        parts = urlsplit(origin)
        host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
        try:
            self._policy.check_scheme(parts.scheme, host, port)
            await self._policy.resolve(host, port)
        except AddressRefused as error:
            hint = f"If it is meant, add {host}:{port} to federation.allow_private."
            raise Malformed(f"{origin} is not an address that this node connects to: {error}.", hint=hint) from error
        except FederationError:
            return

    async def unfollow(self, url: str) -> None:
        """Follow no more and forget what came from there. Raises Unknown."""
        origin = self.origin(url)
        with self._database.read() as session:
            did = peers.get_peer(session, origin).did
            dids = peers.dids_of_peer(session, origin)
        task = self._tasks.pop(origin, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        for did in dids:
            await self._intake.drop_repository(did)
        await self._database.writer.awrite(lambda session: session.delete(peers.get_peer(session, origin)))
        if did:
            await asyncio.to_thread(self._part, did)

    async def drop_account(self, did: str) -> bool:
        """Forget everything of a followed account; False where this node follows no such one."""
        with self._database.read() as session:
            head = records.find_head(session, did)
        if head is None or head.hosted:
            return False
        await self._intake.drop_repository(did)
        return True

    async def drop_records(self, did: str, paths: Sequence[str]) -> None:
        """Forget single records of a followed account."""
        await self._intake.drop_records(did, paths)

    async def drop_denied(self) -> None:
        """Stop following hosts that a new rule denies, and drop what they and denied accounts brought."""
        with self._database.read() as session:
            denied = [row.url for row in peers.list_peers(session) if not self._doorkeeper.admits_host(row.url)]
        for url in denied:
            await self.unfollow(url)
        await self._drop_denied()

    async def fetch_again(self, dids: Collection[str]) -> None:
        """Take up followed repositories anew: a rule that kept something of them out was lifted."""

        def work(session: Session) -> set[str]:
            heads = [head for did in dids if (head := records.find_head(session, did)) and not head.hosted]
            for head in heads:
                head.rev = ""
            return {head.peer for head in heads}

        urls = await self._database.writer.awrite(work)
        with self._database.read() as session:
            known = {row.url for row in peers.list_peers(session)}
        # An account that was dropped whole is found by listing its host again, whichever that is.
        for url in known & urls if urls else known:
            await self._begin_anew(url)

    async def _begin_anew(self, url: str) -> None:
        task = self._tasks.pop(url, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if self._doorkeeper.admits_host(url):
            self._begin(url)

    async def wait_for(self, origin: str, patience: float = 5.0) -> PeerRow:
        """The peer's row once it is live or has failed, at the latest after `patience` seconds."""
        for _ in range(int(patience * 20)):
            with self._database.read() as session:
                row = peers.get_peer(session, origin)
            if row.state in ("live", "waiting", "quarantined"):
                break
            await asyncio.sleep(0.05)
        return row

    def sync_now(self) -> None:
        """Try every waiting peer at once; those in quarantine get another chance."""
        for nudge in self._nudges.values():
            nudge.set()

    @staticmethod
    def origin(url: str) -> str:
        """Scheme, host and port of what an operator typed. Raises Malformed."""
        try:
            return origin_of(url if "://" in url else f"https://{url}")
        except FederationError as error:
            raise Malformed(f"{url!r} is not an address of a host.", hint="Like https://node.example") from error

    def _begin(self, url: str) -> None:
        task = self._tasks.get(url)
        if task is None or task.done():
            self._nudges[url] = asyncio.Event()
            self._tasks[url] = asyncio.create_task(self._keep_following(url), name=f"follow {url}")

    async def _keep_following(self, url: str) -> None:
        failures = 0
        await self._serve_out(url)
        while True:
            try:
                await self._session(url)
            except Exception as error:  # noqa: BLE001 - whatever a host does, it is tried again and its words are shown
                if (reason := _quarantine_in(error)) is not None:
                    await self._quarantine(url, reason)
                    continue
                failures = 1 if await self._was_live(url) else failures + 1
                delay = delay_after(failures, random.random())  # noqa: S311 - spreads retries, no secret
                await self._mark(url, state="waiting", error=_words(error), failures=failures, delay=delay)
                self._log.info("peer unreachable", peer=url, error=_words(error), next_in=round(delay, 1))
                await self._sleep(url, delay)

    async def _serve_out(self, url: str) -> None:
        """A quarantine outlives a restart of the node."""
        with self._database.read() as session:
            row = peers.get_peer(session, url)
        if row.state == "quarantined" and row.next_try > now():
            await self._sleep(url, (row.next_try - now()) / SECOND)

    async def _quarantine(self, url: str, reason: Quarantined) -> None:
        """Leave the host alone: an hour at first, twice as long each time, up to a day."""
        with self._database.read() as session:
            strikes = peers.get_peer(session, url).strikes + 1
        delay = quarantine_seconds(strikes)
        await self._mark(url, state="quarantined", error=reason.message, failures=strikes, delay=delay, strikes=strikes)
        self._log.warning("peer quarantined", peer=url, reason=reason.message, seconds=delay)
        await self._sleep(url, delay)

    async def _was_live(self, url: str) -> bool:
        with self._database.read() as session:
            return peers.get_peer(session, url).state == "live"

    async def _sleep(self, url: str, delay: float) -> None:
        nudge = self._nudges[url]
        nudge.clear()
        # Not wait_for: before Python 3.12 it forgets a cancellation that comes with the nudge.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(delay):
                await nudge.wait()

    async def _session(self, url: str) -> None:
        """Describe, backfill, follow."""
        if self._http is None or self._identities is None:
            raise NodeError("The follower has not started.")
        budget = self._budgets.setdefault(url, Budget(self._settings.peer_events))
        link = PeerLink(url, self._means(self._http, self._identities), budget)
        described = await link.describe()
        await self._mark(url, state="backfill", described=described)
        fetched = await link.backfill()
        self._log.info("backfill done", peer=url, repositories=fetched)
        with self._database.read() as session:
            row = peers.get_peer(session, url)
        if described.kind != "relay":
            await asyncio.to_thread(self._greet, described.did, row.trusted)
        await self._mark(url, state="live")
        await link.follow(row.cursor)

    def _means(self, http: SafeClient, identities: Identities) -> Means:
        return Means(
            reach=lambda host: XrpcClient(http, host),
            policy=self._policy,
            identities=identities,
            intake=self._intake,
            blobs=self._fetcher,
            doorkeeper=self._doorkeeper,
        )

    async def _mark(  # noqa: PLR0913  the columns of one row, named
        self,
        url: str,
        *,
        state: str,
        described: Described | None = None,
        error: str = "",
        failures: int = 0,
        delay: float = 0.0,
        strikes: int | None = None,
    ) -> None:
        def work(session: Session) -> None:
            row = peers.find_peer(session, url)
            if row is None:
                return
            row.state, row.error, row.failures = state, error[:500], failures
            row.next_try = now() + int(delay * SECOND) if delay else 0
            row.strikes = row.strikes if strikes is None else strikes
            if described is not None:
                row.did, row.organisation, row.kind = described.did, described.organisation, described.kind
                row.seen_at, row.expected, row.fetched = now(), 0, 0

        await self._database.writer.awrite(work)


def _quarantine_in(error: BaseException) -> Quarantined | None:
    """The quarantine that an error is, or that a group of them holds."""
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(_quarantine_in, error.exceptions)), None)
    return error if isinstance(error, Quarantined) else None


def _words(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return _words(error.exceptions[0])
    return str(error) or type(error).__name__
