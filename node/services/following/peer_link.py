"""One followed host: described, backfilled, then followed live. Its failures delay nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import time

from federation.errors import FederationError, Reason, Rejected
from federation.events import AccountEvent, CommitEvent, ErrorEvent, Event, IdentityEvent, InfoEvent, SyncEvent
from federation.frames import parse_frame
from federation.stream import SequenceGuard, subscribe
from federation.verify import verify_commit_event, verify_sync_event
from node.errors import NodeError
from node.logs import get_logger
from node.services.following.backfill import Backfill, Listing
from node.services.following.budget import Budget
from node.services.following.describing import Described
from node.services.following.intake import LIMITS, WANTED, StateMoved
from node.services.following.peer_repositories import Means, NotTaken, PeerRepositories
from node.services.following.quotas import QuotaReached
from node.services.following.refusals import GRAVE, SLIGHT, Refusal
from node.store.clock import SECOND, now
from node.tracing import span
from schemas.identifiers import tid_from_micros

AHEAD = 300 * SECOND  # a clock may be this far ahead of ours
CURSOR_EVERY, CURSOR_SECONDS = 100, 5.0  # events, or seconds, without anything of ours between savings of the cursor
GONE = ("deleted", "takendown", "suspended", "deactivated")


class StreamRefused(NodeError):
    """The host ended the stream with an error."""


class PeerLink:
    """Follows `url` from a cursor on. Everything is verified before `intake` stores it."""

    def __init__(self, url: str, means: Means, budget: Budget) -> None:
        self._repositories = PeerRepositories(url, means, budget)
        self.url = self._repositories.url
        self._means = means
        self._identities, self._intake = means.identities, means.intake
        self._budget = budget
        self._unsaved, self._saved_at = 0, time.monotonic()
        self._log = get_logger("following").bind(peer=self.url)

    async def describe(self) -> Described:
        """Ask the host who it is. Raises FetchFailed."""
        return await self._repositories.describe()

    async def backfill(self) -> int:
        """Fetch every repository that has records of ours and is not up to date; returns how many were fetched."""
        client, is_relay = self._repositories.client, self._repositories.is_relay
        listing = Listing(client, whole=not is_relay)

        async def tell(done: int, expected: int) -> None:
            await self._intake.tell(self.url, done, expected)

        with span("peer backfill", server__address=self.url):
            fetched = await Backfill(listing, self._repositories.fetch, tell).run(self._wants)
        if listing.endless:
            refusal = Refusal("listing-endless", "its list of accounts names nobody new", GRAVE)
            await self._repositories.refuse("", 0, refusal)
        self._means.blobs.want(client, [] if is_relay else self._intake.awaited(self.url))
        return fetched

    def _wants(self, did: str) -> bool:
        """Not hosted here, and not somebody new of a host that has brought as much as this node keeps of one."""
        if not self._means.doorkeeper.admits_account(did) or self._intake.is_hosted(did):
            return False
        return self._intake.has_room(self.url) or self._intake.state_of(did) is not None

    async def follow(self, cursor: int) -> None:
        """Take events after `cursor` until the stream ends with an error."""
        again = asyncio.create_task(self._repositories.keep_trying(), name=f"again {self.url}")
        try:
            await self._listen(cursor)
        except Rejected as problem:
            await self._repositories.refuse("", 0, Refusal.of(problem))
            raise
        finally:
            again.cancel()

    async def _listen(self, cursor: int) -> None:
        guard = SequenceGuard(cursor if cursor > 0 else None)
        # A relay's window holds the whole network's days: without a cursor it is heard from now on.
        after = None if self._repositories.is_relay and cursor < 0 else max(cursor, 0)
        async with contextlib.aclosing(subscribe(self.url, after, policy=self._means.policy)) as frames:
            async for frame in frames:
                try:
                    event = parse_frame(frame)
                except FederationError as error:
                    await self._repositories.refuse("", 0, Refusal(Reason.FRAME_MALFORMED.value, str(error), GRAVE))
                    continue
                await self._take(event, guard)

    async def _take(self, event: Event, guard: SequenceGuard) -> None:
        match event:
            case ErrorEvent() if event.error == "FutureCursor":
                await self._intake.restart(self.url)
                await self._repositories.refuse(
                    "", 0, Refusal("sequence-restarted", "the host knows no such cursor", SLIGHT)
                )
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
                self._means.trailing.note(self.url, event.time)

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
            document = await self._repositories.document(event.did)
            newest = str(tid_from_micros(now() + AHEAD, 0))
            verified = verify_commit_event(event, state, document.verifying_key, LIMITS, newest)
            if state is None and event.since is not None:
                # The first that we hear of it: the events before are missing, so all of it is fetched.
                await self._repositories.fetch(event.did)
                await self._skip(event.seq)
                return
            with span("peer commit", server__address=self.url):
                taken = await self._intake.take_commit(self.url, event.seq, verified, state)
            self._unsaved = 0
            await self._repositories.settle(taken, event.did, await self._repositories.server_of(event.did))
        except StateMoved:
            await self._take_commit(event, again=again)
        except Rejected as problem:
            await self._mend(event, problem, again=again)
        except NotTaken as error:
            await self._repositories.refuse(event.did, event.seq, error.refusal)
        except QuotaReached as error:
            await self._repositories.refuse(event.did, event.seq, Refusal("quota-reached", error.message))
        except FederationError as error:
            await self._repositories.refuse(event.did, event.seq, Refusal("identity-unresolved", str(error), SLIGHT))

    async def _mend(self, event: CommitEvent, problem: Rejected, *, again: bool) -> None:
        """An event that does not verify: the key may have changed, or we may have missed one; else it is refused."""
        if problem.reason is Reason.SIGNATURE_INVALID and not again:
            self._identities.forget(event.did)
            await self._take_commit(event, again=True)
            return
        await self._repositories.refuse(event.did, event.seq, Refusal.of(problem))
        if problem.resync:
            await self._repositories.fetch(event.did)

    async def _take_sync(self, event: SyncEvent) -> None:
        state = self._intake.state_of(event.did)
        if state is None or event.rev <= state.rev:
            await self._skip(event.seq)  # nothing of ours is known of it, or the backfill brought it already
            return
        try:
            document = await self._repositories.document(event.did)
            head = verify_sync_event(event, state, document.verifying_key, LIMITS)
        except NotTaken as error:
            await self._repositories.refuse(event.did, event.seq, error.refusal)
            return
        except Rejected as problem:
            await self._repositories.refuse(event.did, event.seq, Refusal.of(problem))
            return
        except FederationError as error:
            await self._repositories.refuse(event.did, event.seq, Refusal("identity-unresolved", str(error), SLIGHT))
            return
        if head.data_cid != state.data_cid:
            await self._repositories.fetch(event.did)
        else:
            await self._intake.take_head(self.url, head)
        await self._skip(event.seq)

    async def _take_account(self, event: AccountEvent) -> None:
        if not event.active and event.status in GONE and self._intake.follows(event.did, self.url):
            if not (self._repositories.is_relay and await self._repositories.is_served(event.did)):
                await self._intake.drop_repository(event.did)
        elif event.active and self._intake.state_of(event.did) is None:
            await self._repositories.fetch(event.did)
        await self._skip(event.seq)

    async def _skip(self, seq: int) -> None:
        self._unsaved += 1
        if self._unsaved >= CURSOR_EVERY or time.monotonic() - self._saved_at > CURSOR_SECONDS:
            self._unsaved, self._saved_at = 0, time.monotonic()
            await self._intake.skip(self.url, seq)
