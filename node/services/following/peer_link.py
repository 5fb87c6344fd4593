"""One followed host: described, backfilled, then followed live. Its failures delay nobody else."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from federation.addresses import AddressPolicy
from federation.did.document import DidDocument
from federation.errors import FederationError, FetchFailed, Reason, Rejected, StatusUnexpected
from federation.events import AccountEvent, CommitEvent, ErrorEvent, Event, IdentityEvent, InfoEvent, SyncEvent
from federation.frames import parse_frame
from federation.stream import SequenceGuard, subscribe
from federation.verify import VerificationLimits, verify_commit_event, verify_repo_car, verify_sync_event
from federation.xrpc_client import XrpcClient
from node.errors import NodeError
from node.logs import get_logger
from node.services.following.intake import WANTED, Intake, QuotaReached, Refusal, Taken
from node.services.following.pictures import BlobFetcher
from node.services.following.reaching import Identities
from node.store.clock import SECOND, now
from schemas.authority import NODE, RECORD_TYPES
from schemas.identifiers import tid_from_micros

LIMITS = VerificationLimits(collections=WANTED)
AHEAD = 300 * SECOND  # a clock may be this far ahead of ours
MOST_REPOSITORIES = 100_000  # of one host
AT_ONCE = 4  # repositories fetched at a time
CURSOR_EVERY = 100  # events without anything of ours between two savings of the cursor
GONE = ("deleted", "takendown", "suspended", "deactivated")


@dataclass(frozen=True, slots=True)
class Described:
    """What a host says of itself: DID, organisation (empty for one that is no node), its directory."""

    did: str
    organisation: str = ""
    directory: str = ""


class PeerLink:
    """Follows `url` from `cursor` on. Everything is verified before `intake` stores it."""

    def __init__(
        self, client: XrpcClient, policy: AddressPolicy, identities: Identities, intake: Intake, blobs: BlobFetcher
    ) -> None:
        self.url = client.host
        self._client = client
        self._policy = policy
        self._identities = identities
        self._intake = intake
        self._blobs = blobs
        self._announced: tuple[str, ...] = ()
        self._unsaved = 0
        self._log = get_logger("following").bind(peer=self.url)

    async def describe(self) -> Described:
        """Ask the host who it is. Raises FetchFailed."""
        did = (await self._client.describe_server()).did
        try:
            record = (await self._client.get_record(did, NODE, "self"))["value"]
        except FetchFailed:
            return Described(did)  # a personal data server or relay: no node, but it may be followed
        directory = str(record.get("directory", ""))
        self._announced = (directory,) if directory else ()
        return Described(did, str(record.get("name", ""))[:200], directory)

    async def backfill(self) -> int:
        """Fetch every repository that has records of ours and is not up to date; returns how many were fetched."""
        gate = asyncio.Semaphore(AT_ONCE)
        fetched = 0

        async def fetch(did: str) -> None:
            nonlocal fetched
            async with gate:
                fetched += await self.fetch_repository(did)

        async with asyncio.TaskGroup() as group:
            async for did in self._repositories():
                if not self._intake.is_hosted(did):
                    group.create_task(fetch(did))
        return fetched

    async def _repositories(self) -> AsyncIterator[str]:
        """DIDs with records of ours; all DIDs where the host cannot tell."""
        seen: set[str] = set()
        try:
            for collection in RECORD_TYPES:
                cursor: str | None = None
                while True:
                    dids, cursor = await self._client.list_repos_by_collection(collection, cursor)
                    for did in dids:
                        if did not in seen and len(seen) < MOST_REPOSITORIES:
                            seen.add(did)
                            yield did
                    if cursor is None or not dids or len(seen) >= MOST_REPOSITORIES:
                        break
        except StatusUnexpected:
            async for repo in self._client.all_repos(MOST_REPOSITORIES):
                if repo.active and repo.did not in seen:
                    yield repo.did

    async def fetch_repository(self, did: str) -> bool:
        """Fetch, verify and store one whole repository; False when it could not be taken."""
        try:
            state = self._intake.state_of(did)
            if state is not None and (await self._client.get_latest_commit(did)).rev <= state.rev:
                return False
            document = await self._document(did)
            car = await self._client.get_repo(did)
            repo = await asyncio.to_thread(verify_repo_car, car, did, document.verifying_key, LIMITS)
            if not repo.records and state is None:
                return False
            self._settle(await self._intake.take_repository(self.url, repo), did)
        except _NotTaken as error:
            await self._refuse(did, 0, error.refusal)
        except Rejected as problem:
            await self._refuse(did, 0, Refusal.of(problem))
        except QuotaReached as error:
            await self._refuse(did, 0, Refusal("quota-reached", error.message))
        except FederationError as error:
            await self._refuse(did, 0, Refusal("unreachable", str(error)))
        else:
            return True
        return False

    async def follow(self, cursor: int) -> None:
        """Take events after `cursor` until the stream ends with an error."""
        guard = SequenceGuard(cursor if cursor > 0 else None)
        async with contextlib.aclosing(subscribe(self.url, max(cursor, 0), policy=self._policy)) as frames:  # type: ignore[type-var]  # a generator
            async for frame in frames:
                try:
                    event = parse_frame(frame)
                except FederationError as error:
                    await self._refuse("", 0, Refusal(Reason.FRAME_MALFORMED.value, str(error)))
                    continue
                await self._take(event, guard)

    async def _take(self, event: Event, guard: SequenceGuard) -> None:
        match event:
            case ErrorEvent():
                raise StreamRefused(f"{self.url} ended the stream: {event.error}")
            case InfoEvent():
                self._log.info("stream info", name=event.name)
                if event.name == "OutdatedCursor":
                    await self.backfill()
            case CommitEvent() | SyncEvent() | IdentityEvent() | AccountEvent():
                guard.check(event.seq)
                if self._intake.is_hosted(event.did):
                    await self._skip(event.seq)
                else:
                    await self._about(event)

    async def _about(self, event: CommitEvent | SyncEvent | IdentityEvent | AccountEvent) -> None:
        match event:
            case CommitEvent():
                await self._take_commit(event)
            case SyncEvent():
                await self._take_sync(event)
            case IdentityEvent():
                self._identities.forget(event.did)
                await self._skip(event.seq)
            case AccountEvent():
                await self._take_account(event)

    async def _take_commit(self, event: CommitEvent, *, again: bool = False) -> None:
        state = self._intake.state_of(event.did)
        if state is None and all(op.collection not in WANTED for op in event.ops):
            await self._skip(event.seq)
            return
        if state is not None and event.rev <= state.rev:
            await self._skip(event.seq)  # the backfill brought it already
            return
        try:
            document = await self._document(event.did)
            newest = str(tid_from_micros(now() + AHEAD, 0))
            verified = verify_commit_event(event, state, document.verifying_key, LIMITS, newest)
            if state is None and event.since is not None:
                # The first that we hear of it: the events before are missing, so all of it is fetched.
                await self.fetch_repository(event.did)
                await self._skip(event.seq)
                return
            self._settle(await self._intake.take_commit(self.url, event.seq, verified), event.did)
            self._unsaved = 0
        except Rejected as problem:
            await self._mend(event, problem, again=again)
        except _NotTaken as error:
            await self._refuse(event.did, event.seq, error.refusal)
        except QuotaReached as error:
            await self._refuse(event.did, event.seq, Refusal("quota-reached", error.message))
        except FederationError as error:
            await self._refuse(event.did, event.seq, Refusal("identity-unresolved", str(error)))

    async def _document(self, did: str) -> DidDocument:
        """The current document of a repository, which must name this host."""
        document = await self._identities.document(did, self._announced)
        if not document.is_hosted_by(self.url):
            raise _NotTaken(Refusal("host-mismatch", f"its document names {document.pds or 'no host'}"))
        return document

    async def _mend(self, event: CommitEvent, problem: Rejected, *, again: bool) -> None:
        """An event that does not verify: the key may have changed, or we may have missed one; else it is refused."""
        if problem.reason is Reason.SIGNATURE_INVALID and not again:
            self._identities.forget(event.did)
            await self._take_commit(event, again=True)
            return
        await self._refuse(event.did, event.seq, Refusal.of(problem))
        if problem.resync:
            await self.fetch_repository(event.did)

    async def _take_sync(self, event: SyncEvent) -> None:
        state = self._intake.state_of(event.did)
        if state is None or event.rev <= state.rev:
            await self._skip(event.seq)  # nothing of ours is known of it, or the backfill brought it already
            return
        try:
            document = await self._identities.document(event.did, self._announced)
            head = verify_sync_event(event, state, document.verifying_key, LIMITS)
        except Rejected as problem:
            await self._refuse(event.did, event.seq, Refusal.of(problem))
            return
        if head.data_cid != state.data_cid:
            await self.fetch_repository(event.did)
        await self._skip(event.seq)

    async def _take_account(self, event: AccountEvent) -> None:
        if not event.active and event.status in GONE and self._intake.follows(event.did, self.url):
            await self._intake.drop_repository(event.did)
        elif event.active and self._intake.state_of(event.did) is None:
            await self.fetch_repository(event.did)
        await self._skip(event.seq)

    async def _skip(self, seq: int) -> None:
        self._unsaved += 1
        if self._unsaved >= CURSOR_EVERY:
            self._unsaved = 0
            await self._intake.skip(self.url, seq)

    def _settle(self, taken: Taken, did: str) -> None:
        self._blobs.want(self._client, taken.blobs)
        for refusal in taken.refused:
            self._log.info("record refused", did=did, code=refusal.code, detail=refusal.detail[:200])

    async def _refuse(self, did: str, seq: int, refusal: Refusal) -> None:
        self._log.warning("refused", did=did, seq=seq, code=refusal.code, detail=refusal.detail[:200])
        await self._intake.reject(self.url, did, seq, refusal)


class _NotTaken(Exception):
    """Internal: carries a refusal out of a step."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class StreamRefused(NodeError):
    """The host ended the stream with an error."""
