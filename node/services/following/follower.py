"""The peers of one node: taken up again, followed, followed no more, each in a task of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from functools import partial
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
from node.services.following.budget import Budget
from node.services.following.describing import Described
from node.services.following.doorkeeper import Doorkeeper
from node.services.following.intake import Intake
from node.services.following.peer_repositories import Means
from node.services.following.peer_task import PeerTask
from node.services.following.pictures import BlobFetcher
from node.services.following.quotas import Quotas
from node.services.following.reaching import Identities
from node.services.following.trailing import Trailing
from node.services.hosting.blobs.store import BlobStore
from node.services.outside import DirectoryMirror, policy_of
from node.services.withholding import Withholding
from node.settings.checks import directory_url
from node.settings.declared import Settings
from node.store.clock import now
from node.store.database import Database
from node.store.repositories import peers, records
from node.store.sessions import Session
from node.store.tables.peers import PeerRow

# Called with a peer's DID once it is known: whether the operator trusts it.
Greeting = Callable[[str, bool], None]


class HostBanned(Malformed):
    """This node allows nothing of that host."""

    code = "HostBanned"


class HostNotFollowed(Malformed):
    """This node reads the hosts that its operator chose, and that one is not among them."""

    code = "HostNotFollowed"


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
        self._tasks: dict[str, PeerTask] = {}
        self.trailing = Trailing()
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
                await self._database.writer.awrite(partial(_keep_waiting, url=row.url))

    async def _drop_denied(self) -> None:
        """What settings and rules deny goes, whenever it came, a denied host's also where a relay brought it."""
        for did in sorted(await asyncio.to_thread(self._find_denied)):
            await self._intake.drop_repository(did)

    def _find_denied(self) -> set[str]:
        with self._database.read() as session:
            denied = [did for did in self._doorkeeper.denied_by_name() if did.startswith("did:")]
            heads = [head for did in denied if (head := records.find_head(session, did)) is not None]
            gone = {head.did for head in heads if not head.hosted}
            for row in peers.list_peers(session):
                if not self._doorkeeper.admits_host(row.url):
                    gone.update(peers.dids_of_peer(session, row.url))
            homes = [home for home in peers.list_homes(session) if not self._doorkeeper.admits_host(home)]
            return gone.union(peers.dids_of_homes(session, homes))

    async def stop(self) -> None:
        """Let go of every peer; cursors are saved as events are taken."""
        await asyncio.gather(*(task.stop() for task in self._tasks.values()))
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

        row = await self._database.writer.awrite(work)
        if self._http is None:  # a command on a stopped node's folder: it is read from the next start on
            return row
        if origin not in self._tasks:
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
        await self._end(origin)
        for did in dids:
            await self._intake.drop_repository(did)
        await self._database.writer.awrite(lambda session: session.delete(peers.get_peer(session, origin)))
        if did:
            await asyncio.to_thread(self._part, did)
        await asyncio.to_thread(self._database.scrub)

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

    async def drop_denied(self) -> dict[str, bool]:
        """Stop following hosts that a new rule denies, and drop what they and denied accounts brought.

        Address of each that was followed → was it trusted?
        """
        with self._database.read() as session:
            followed = {row.url: row.trusted for row in peers.list_peers(session)}
        denied = {url: trusted for url, trusted in followed.items() if not self._doorkeeper.admits_host(url)}
        for url in denied:
            await self.unfollow(url)
        await self._drop_denied()
        return denied

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

    async def list_again(self) -> None:
        """Ask relays anew whom they know: a rule that kept a host's accounts out was lifted."""
        with self._database.read() as session:
            relays = [row.url for row in peers.list_peers(session) if row.kind == "relay"]
        for url in relays:
            await self._begin_anew(url)

    async def _begin_anew(self, url: str) -> None:
        await self._end(url)
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
        for task in self._tasks.values():
            task.nudge()

    @staticmethod
    def origin(url: str) -> str:
        """Scheme, host and port of what an operator typed. Raises Malformed."""
        try:
            return origin_of(url if "://" in url else f"https://{url}")
        except FederationError as error:
            raise Malformed(f"{url!r} is not an address of a host.", hint="Like https://node.example") from error

    def hear_of(self, hostname: str) -> None:
        """A host, or somebody in its name, says that it has news: tried at once if it is only being waited for.

        Nobody is followed because of it. Raises HostBanned, HostNotFollowed, Malformed.
        """
        origin = self.origin(hostname)
        url = next((url for url in self._tasks if urlsplit(url).netloc == urlsplit(origin).netloc), None)
        if url is None:
            raise HostNotFollowed if self._doorkeeper.admits_host(origin) else HostBanned
        with self._database.read() as session:
            state = peers.get_peer(session, url).state
        if state == "waiting":
            self._tasks[url].nudge()

    def _begin(self, url: str) -> None:
        if self._http is None or self._identities is None:
            raise NodeError("The follower has not started.")
        budget = self._budgets.setdefault(url, Budget(self._settings.peer_events))
        means = self._means(self._http, self._identities)
        self._tasks[url] = PeerTask(url, self._database, means, budget, self._met)

    async def _end(self, url: str) -> None:
        task = self._tasks.pop(url, None)
        if task is not None:
            await task.stop()

    async def _met(self, described: Described, row: PeerRow) -> None:
        if described.kind != "relay":
            await asyncio.to_thread(self._greet, described.did, row.trusted)

    def _means(self, http: SafeClient, identities: Identities) -> Means:
        return Means(
            reach=lambda host: XrpcClient(http, host),
            policy=self._policy,
            identities=identities,
            intake=self._intake,
            blobs=self._fetcher,
            doorkeeper=self._doorkeeper,
            trailing=self.trailing,
        )


def _keep_waiting(session: Session, url: str) -> None:
    row = peers.get_peer(session, url)
    row.state, row.error = "waiting", "Settings or rules allow nothing of this host."
    row.failures = row.next_try = 0
