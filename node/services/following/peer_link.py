"""One followed host: described, backfilled, then followed live. Its failures delay nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from federation.addresses import AddressPolicy
from federation.did.document import DidDocument
from federation.errors import (
    FederationError,
    FetchTimedOut,
    HostUnreachable,
    Reason,
    Rejected,
    StatusUnexpected,
    TooMuchAtOnce,
)
from federation.events import AccountEvent, CommitEvent, ErrorEvent, Event, IdentityEvent, InfoEvent, SyncEvent
from federation.frames import parse_frame
from federation.stream import SequenceGuard, subscribe
from federation.verify import verify_commit_event, verify_repo_car, verify_sync_event
from federation.xrpc_client import XrpcClient
from node.errors import NodeError
from node.logs import get_logger
from node.services.following.backfill import Backfill, Listing
from node.services.following.budget import Budget
from node.services.following.describing import Described, describe
from node.services.following.doorkeeper import Doorkeeper
from node.services.following.intake import LIMITS, WANTED, Intake, StateMoved, Taken
from node.services.following.pictures import BlobFetcher
from node.services.following.quotas import QuotaReached
from node.services.following.reaching import Identities
from node.services.following.refusals import GRAVE, SLIGHT, Refusal
from node.store.clock import SECOND, now
from node.tracing import span
from schemas.identifiers import tid_from_micros

AHEAD = 300 * SECOND  # a clock may be this far ahead of ours
TRY_AGAIN, TRIES = 20.0, 10  # seconds between tries of a repository that could not be fetched; how many
CURSOR_EVERY, CURSOR_SECONDS = 100, 5.0  # events, or seconds, without anything of ours between savings of the cursor
GONE = ("deleted", "takendown", "suspended", "deactivated")


@dataclass(frozen=True, slots=True)
class Means:
    """What every link works with. `reach` gives a client for a host's address."""

    reach: Callable[[str], XrpcClient]
    policy: AddressPolicy
    identities: Identities
    intake: Intake
    blobs: BlobFetcher
    doorkeeper: Doorkeeper


class PeerLink:
    """Follows `url` from `cursor` on. Everything is verified before `intake` stores it."""

    def __init__(self, url: str, means: Means, budget: Budget) -> None:
        self._client = means.reach(url)
        self.url = self._client.host
        self._means = means
        self._identities, self._intake = means.identities, means.intake
        self._budget = budget
        self._announced: tuple[str, ...] = ()
        self._is_relay = False
        self._unsaved, self._saved_at = 0, time.monotonic()
        self._later: dict[str, int] = {}  # repositories that could not be fetched: how often tried
        self._log = get_logger("following").bind(peer=self.url)

    async def describe(self) -> Described:
        """Ask the host who it is. Raises FetchFailed."""
        described = await describe(self._client)
        self._is_relay = described.kind == "relay"
        self._announced = (described.directory,) if described.directory else ()
        return described

    async def backfill(self) -> int:
        """Fetch every repository that has records of ours and is not up to date; returns how many were fetched."""
        listing = Listing(self._client, whole=not self._is_relay)

        async def tell(done: int, expected: int) -> None:
            await self._intake.tell(self.url, done, expected)

        with span("peer backfill", server__address=self.url):
            fetched = await Backfill(listing, self.fetch_repository, tell).run(self._wants)
        if listing.endless:
            await self._refuse("", 0, Refusal("listing-endless", "its list of accounts names nobody new", GRAVE))
        self._means.blobs.want(self._client, [] if self._is_relay else self._intake.awaited(self.url))
        return fetched

    def _wants(self, did: str) -> bool:
        """Not hosted here, and not somebody new of a host that has brought as much as this node keeps of one."""
        if not self._means.doorkeeper.admits_account(did) or self._intake.is_hosted(did):
            return False
        return self._intake.has_room(self.url) or self._intake.state_of(did) is not None

    async def fetch_repository(self, did: str) -> bool:
        """Fetch, verify and store one whole repository; False when it could not be taken."""
        try:
            fetched = await self._fetch(did)
        except _NotTaken as error:
            await self._refuse(did, 0, error.refusal)
        except Rejected as problem:
            await self._refuse(did, 0, Refusal.of(problem))
        except QuotaReached as error:
            await self._refuse(did, 0, Refusal("quota-reached", error.message))
        except FederationError as error:
            if _may_pass(error) and self._later.get(did, 0) < TRIES:
                self._later[did] = self._later.get(did, 0) + 1
                return False
            await self._refuse(did, 0, Refusal("unreachable", str(error), SLIGHT))
        else:
            self._later.pop(did, None)
            return fetched
        self._later.pop(did, None)
        return False

    async def _fetch(self, did: str) -> bool:
        with span("peer repository", server__address=self.url):
            return await self._fetch_timed(did)

    async def _fetch_timed(self, did: str) -> bool:
        state = self._intake.state_of(did)
        client = await self._server_of(did)
        if state is not None and (await client.get_latest_commit(did)).rev <= state.rev:
            return False
        document = await self._document(did)
        car = await client.get_repo(did, limit=self._intake.largest_repository)
        repo = await asyncio.to_thread(verify_repo_car, car, did, document.verifying_key, LIMITS)
        if state is not None and repo.rev < state.rev:
            raise Rejected(Reason.REV_NOT_NEWER, f"the repository is of {repo.rev}, known is {state.rev}")
        if not repo.records and state is None:
            return False
        await self._settle(await self._intake.take_repository(self.url, repo), did, client)
        return True

    async def _server_of(self, did: str) -> XrpcClient:
        """Where the repository itself is: this host, or for a relay the one that the account's document names."""
        return self._means.reach((await self._document(did)).pds or self.url) if self._is_relay else self._client

    async def follow(self, cursor: int) -> None:
        """Take events after `cursor` until the stream ends with an error."""
        again = asyncio.create_task(self._try_again(), name=f"again {self.url}")
        try:
            await self._listen(cursor)
        except Rejected as problem:
            await self._refuse("", 0, Refusal.of(problem))
            raise
        finally:
            again.cancel()

    async def _listen(self, cursor: int) -> None:
        guard = SequenceGuard(cursor if cursor > 0 else None)
        # A relay's window holds the whole network's days: without a cursor it is heard from now on.
        after = None if self._is_relay and cursor < 0 else max(cursor, 0)
        async with contextlib.aclosing(subscribe(self.url, after, policy=self._means.policy)) as frames:  # type: ignore[type-var]  # a generator
            async for frame in frames:
                try:
                    event = parse_frame(frame)
                except FederationError as error:
                    await self._refuse("", 0, Refusal(Reason.FRAME_MALFORMED.value, str(error), GRAVE))
                    continue
                await self._take(event, guard)

    async def _try_again(self) -> None:
        """Fetch what could not be fetched before; what the host does meanwhile is none of its business."""
        while True:
            await asyncio.sleep(TRY_AGAIN)
            for did in list(self._later):
                with contextlib.suppress(NodeError):
                    await self.fetch_repository(did)

    async def _take(self, event: Event, guard: SequenceGuard) -> None:
        match event:
            case ErrorEvent() if event.error == "FutureCursor":
                await self._intake.restart(self.url)
                await self._refuse("", 0, Refusal("sequence-restarted", "the host knows no such cursor", SLIGHT))
                raise StreamRefused(f"{self.url} began to count anew.")
            case ErrorEvent():
                raise StreamRefused(f"{self.url} ended the stream: {event.error}")
            case InfoEvent():
                self._log.info("stream info", name=event.name)
                if event.name == "OutdatedCursor":
                    await self.backfill()
            case CommitEvent() | SyncEvent() | IdentityEvent() | AccountEvent():
                guard.check(event.seq)
                if self._wants(event.did):
                    await self._about(event)
                else:
                    await self._skip(event.seq)

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
        if (pause := self._budget.spend(time.monotonic())) > 0:
            await asyncio.sleep(pause)
        try:
            document = await self._document(event.did)
            newest = str(tid_from_micros(now() + AHEAD, 0))
            verified = verify_commit_event(event, state, document.verifying_key, LIMITS, newest)
            if state is None and event.since is not None:
                # The first that we hear of it: the events before are missing, so all of it is fetched.
                await self.fetch_repository(event.did)
                await self._skip(event.seq)
                return
            with span("peer commit", server__address=self.url):
                taken = await self._intake.take_commit(self.url, event.seq, verified, state)
            self._unsaved = 0
            await self._settle(taken, event.did, await self._server_of(event.did))
        except StateMoved:
            await self._take_commit(event, again=again)
        except Rejected as problem:
            await self._mend(event, problem, again=again)
        except _NotTaken as error:
            await self._refuse(event.did, event.seq, error.refusal)
        except QuotaReached as error:
            await self._refuse(event.did, event.seq, Refusal("quota-reached", error.message))
        except FederationError as error:
            await self._refuse(event.did, event.seq, Refusal("identity-unresolved", str(error), SLIGHT))

    async def _document(self, did: str) -> DidDocument:
        """The current document of a repository, which must name this host, unless it relays others'."""
        document = await self._identities.document(did, self._announced)
        if not self._is_relay and not document.is_hosted_by(self.url):
            raise _NotTaken(Refusal("host-mismatch", f"its document names {document.pds or 'no host'}", SLIGHT))
        if not self._means.doorkeeper.admits_account(did, document.pds or ""):
            raise _NotTaken(Refusal("denied", "the operator takes nothing of it"))
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
            document = await self._document(event.did)
            head = verify_sync_event(event, state, document.verifying_key, LIMITS)
        except _NotTaken as error:
            await self._refuse(event.did, event.seq, error.refusal)
            return
        except Rejected as problem:
            await self._refuse(event.did, event.seq, Refusal.of(problem))
            return
        except FederationError as error:
            await self._refuse(event.did, event.seq, Refusal("identity-unresolved", str(error), SLIGHT))
            return
        if head.data_cid != state.data_cid:
            await self.fetch_repository(event.did)
        else:
            await self._intake.take_head(self.url, head)
        await self._skip(event.seq)

    async def _take_account(self, event: AccountEvent) -> None:
        if not event.active and event.status in GONE and self._intake.follows(event.did, self.url):
            if not (self._is_relay and await self._is_served(event.did)):
                await self._intake.drop_repository(event.did)
        elif event.active and self._intake.state_of(event.did) is None:
            await self.fetch_repository(event.did)
        await self._skip(event.seq)

    async def _is_served(self, did: str) -> bool:
        """Does the account's own host still serve it? A relay's word alone ends nobody."""
        try:
            return (await (await self._server_of(did)).get_repo_status(did)).active
        except (FederationError, _NotTaken):
            return False

    async def _skip(self, seq: int) -> None:
        self._unsaved += 1
        if self._unsaved >= CURSOR_EVERY or time.monotonic() - self._saved_at > CURSOR_SECONDS:
            self._unsaved, self._saved_at = 0, time.monotonic()
            await self._intake.skip(self.url, seq)

    async def _settle(self, taken: Taken, did: str, client: XrpcClient) -> None:
        self._means.blobs.want(client, taken.blobs)
        for refusal in taken.refused:
            self._log.info("record refused", did=did, code=refusal.code, detail=refusal.detail[:200])
        await self._intake.reject_all(self.url, did, taken.refused)

    async def _refuse(self, did: str, seq: int, refusal: Refusal) -> None:
        """Record it, move on; a host that is refused too often is left alone. Raises Quarantined."""
        self._log.warning("refused", did=did, seq=seq, code=refusal.code, detail=refusal.detail[:200])
        await self._intake.reject(self.url, did, seq, refusal)
        self._budget.refused(refusal, time.monotonic())


class _NotTaken(Exception):
    """Internal: carries a refusal out of a step."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def _may_pass(error: FederationError) -> bool:
    """A trouble of the moment: busy, slow or not there just now."""
    if isinstance(error, StatusUnexpected):
        return error.status == 429 or error.status >= 500
    return isinstance(error, (FetchTimedOut, HostUnreachable, TooMuchAtOnce))


class StreamRefused(NodeError):
    """The host ended the stream with an error."""
