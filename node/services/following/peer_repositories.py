"""The repositories of one followed host: whose they are, fetched and verified whole, and what was refused of them."""

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
from federation.verify import verify_repo_car
from federation.xrpc_client import XrpcClient
from node.errors import NodeError
from node.logs import get_logger
from node.services.following.budget import Budget
from node.services.following.describing import Described, describe
from node.services.following.doorkeeper import Doorkeeper
from node.services.following.intake import LIMITS, Intake, Taken
from node.services.following.pictures import BlobFetcher
from node.services.following.quotas import QuotaReached
from node.services.following.reaching import Identities
from node.services.following.refusals import SLIGHT, Refusal
from node.services.following.trailing import Trailing
from node.tracing import span

TRY_AGAIN, TRIES = 20.0, 10  # seconds between tries of a repository that could not be fetched; how many


@dataclass(frozen=True, slots=True)
class Means:
    """What every link works with. `reach` gives a client for a host's address."""

    reach: Callable[[str], XrpcClient]
    policy: AddressPolicy
    identities: Identities
    intake: Intake
    blobs: BlobFetcher
    doorkeeper: Doorkeeper
    trailing: Trailing


class NotTaken(Exception):
    """Internal: carries a refusal out of a step."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class PeerRepositories:
    """The repositories that `url` serves or, being a relay, tells of."""

    def __init__(self, url: str, means: Means, budget: Budget) -> None:
        self.client = means.reach(url)
        self.url = self.client.host
        self.is_relay = False
        self._means = means
        self._intake = means.intake
        self._budget = budget
        self._announced: tuple[str, ...] = ()
        self._later: dict[str, int] = {}  # repositories that could not be fetched: how often tried
        self._log = get_logger("following").bind(peer=self.url)

    async def describe(self) -> Described:
        """Ask the host who it is. Raises FetchFailed."""
        described = await describe(self.client)
        self.is_relay = described.kind == "relay"
        self._announced = (described.directory,) if described.directory else ()
        return described

    async def document(self, did: str) -> DidDocument:
        """The current document of a repository, which must name this host, unless it relays others'."""
        document = await self._means.identities.document(did, self._announced)
        if not self.is_relay and not document.is_hosted_by(self.url):
            raise NotTaken(Refusal("host-mismatch", f"its document names {document.pds or 'no host'}", SLIGHT))
        if not self._means.doorkeeper.admits_account(did, document.pds or ""):
            raise NotTaken(Refusal("denied", "the operator takes nothing of it"))
        return document

    async def server_of(self, did: str) -> XrpcClient:
        """Where the repository itself is: this host, or for a relay the one that the account's document names."""
        return self._means.reach((await self.document(did)).pds or self.url) if self.is_relay else self.client

    async def is_served(self, did: str) -> bool:
        """Does the account's own host still serve it? A relay's word alone ends nobody."""
        try:
            return (await (await self.server_of(did)).get_repo_status(did)).active
        except (FederationError, NotTaken):
            return False

    async def fetch(self, did: str) -> bool:
        """Fetch, verify and store one whole repository; False when it could not be taken."""
        try:
            with span("peer repository", server__address=self.url):
                fetched = await self._fetch(did)
        except NotTaken as error:
            await self.refuse(did, 0, error.refusal)
        except Rejected as problem:
            await self.refuse(did, 0, Refusal.of(problem))
        except QuotaReached as error:
            await self.refuse(did, 0, Refusal("quota-reached", error.message))
        except FederationError as error:
            if _may_pass(error) and self._later.get(did, 0) < TRIES:
                self._later[did] = self._later.get(did, 0) + 1
                return False
            await self.refuse(did, 0, Refusal("unreachable", str(error), SLIGHT))
        else:
            self._later.pop(did, None)
            return fetched
        self._later.pop(did, None)
        return False

    async def _fetch(self, did: str) -> bool:
        state = self._intake.state_of(did)
        client = await self.server_of(did)
        if state is not None and (await client.get_latest_commit(did)).rev <= state.rev:
            return False
        document = await self.document(did)
        car = await client.get_repo(did, limit=self._intake.largest_repository)
        repo = await asyncio.to_thread(verify_repo_car, car, did, document.verifying_key, LIMITS)
        if state is not None and repo.rev < state.rev:
            raise Rejected(Reason.REV_NOT_NEWER, f"the repository is of {repo.rev}, known is {state.rev}")
        if not repo.records and state is None:
            return False
        await self.settle(await self._intake.take_repository(self.url, repo), did, client)
        return True

    async def keep_trying(self) -> None:
        """Fetch what could not be fetched before; what the host does meanwhile is none of its business."""
        while True:
            await asyncio.sleep(TRY_AGAIN)
            for did in list(self._later):
                with contextlib.suppress(NodeError):
                    await self.fetch(did)

    async def settle(self, taken: Taken, did: str, client: XrpcClient) -> None:
        """Ask for the blobs that new records name; record what of them was refused."""
        self._means.blobs.want(client, taken.blobs)
        for refusal in taken.refused:
            self._log.info("record refused", code=refusal.code)  # what exactly, and whose, stands on /admin
        await self._intake.reject_all(self.url, did, taken.refused)

    async def refuse(self, did: str, seq: int, refusal: Refusal) -> None:
        """Record it, move on; a host that is refused too often is left alone. Raises Quarantined."""
        self._log.warning("refused", seq=seq, code=refusal.code)
        await self._intake.reject(self.url, did, seq, refusal)
        self._budget.refused(refusal, time.monotonic())


def _may_pass(error: FederationError) -> bool:
    """A trouble of the moment: busy, slow or not there just now."""
    if isinstance(error, StatusUnexpected):
        return error.status == 429 or error.status >= 500
    return isinstance(error, (FetchTimedOut, HostUnreachable, TooMuchAtOnce))
