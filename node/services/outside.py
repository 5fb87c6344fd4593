"""The world outside, for what is asked rarely: documents of other hosts' accounts, and the did:plc directory in use.

Calls block; they run in threads, each on an event loop of its own. Following keeps its own connections.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from federation.addresses import AddressPolicy
from federation.did.dns import look_up_txt
from federation.did.document import DidDocument
from federation.did.handle import HandleResolver
from federation.did.resolver import Resolver
from federation.errors import FederationError, FetchFailed, StatusUnexpected
from federation.plc import History
from federation.safe_http import Request, Response, SafeClient
from federation.xrpc_client import XrpcClient
from node.errors import Malformed, Unreachable
from node.services.directory import Directory
from node.settings.checks import directory_url
from node.settings.declared import Settings
from node.store.database import Database
from node.store.repositories import accounts, peers
from schemas.identifiers import Handle

T = TypeVar("T")


@dataclass(frozen=True)
class _LocalPolicy(AddressPolicy):
    """Also lets in what lives at `localhost`, on any port: demonstrations and tests."""

    def allows_private(self, host: str, port: int) -> bool:
        return host == "localhost" or super().allows_private(host, port)


def policy_of(settings: Settings) -> AddressPolicy:
    """Where this node may connect to."""
    allowed = frozenset(settings.allow_private)
    return _LocalPolicy(allowed) if settings.allow_localhost else AddressPolicy(allowed)


class DirectoryMirror:
    """Keeps proven histories in this node's own directory, so that an account outlives its host's."""

    def __init__(self, directory: Directory, database: Database) -> None:
        self._directory = directory
        self._database = database

    async def find(self, did: str) -> History | None:
        """The history that was kept."""
        return await asyncio.to_thread(self._directory.find_history, did)

    async def keep(self, history: History) -> None:
        """Keep it."""
        await self._database.writer.awrite(lambda session: self._directory.mirror(session, history))


class Outside:
    """Resolves and publishes identities, always anew."""

    def __init__(self, settings: Settings, database: Database, directory: Directory) -> None:
        self._settings = settings
        self._database = database
        self.directory = directory
        self._mirror = DirectoryMirror(directory, database)

    def document(self, did: str) -> DidDocument:
        """The current document of any account. Raises Malformed when nobody knows it, Unreachable."""
        return self._ask(lambda resolver, _: resolver.resolve(did, self._announced()))

    def document_for_strangers(self, did: str) -> DidDocument:
        """As `document`, but whoever asks does not hear which names this machine's own network knows."""
        try:
            return self.document(did)
        except Unreachable as error:
            raise Unreachable("Its host or directory does not answer.") from error

    def history(self, did: str) -> History:
        """The proven history of a did:plc, from the directory in use or from those of followed hosts."""
        return self._ask(lambda resolver, _: resolver.history(did, self._announced()))

    def find_handle(self, handle: str) -> str | None:
        """The DID that a handle leads to: one given out here, or what DNS and the handle's own host say."""

        async def local(name: Handle) -> str | None:
            return await asyncio.to_thread(self._find_here, str(name))

        async def look(_resolver: Resolver, http: SafeClient) -> str | None:
            try:
                return str(await HandleResolver(http, look_up_txt, local).resolve(handle))
            except FederationError:
                return None

        return self._ask(look)

    def publish(self, did: str, operation: dict[str, Any], *, former_host: str = "") -> None:
        """Send an operation to the directory in use; without one, to the former host's, which may no longer care.

        Raises Malformed with the directory's words, Unreachable.
        """
        remote = directory_url(self._settings)

        async def post(_resolver: Resolver, http: SafeClient) -> None:
            try:
                await _post(http, f"{remote or former_host + '/plc'}/{did}", operation)
            except (FetchFailed, Malformed):
                if remote:
                    raise  # else its followers learn the operation from this node's directory

        if remote or former_host:
            self._ask(post)

    def register(self, did: str, operations: list[dict[str, Any]], directory: str) -> int:
        """Send a directory the operations of an identity that it lacks, oldest first; how many.

        Raises Malformed with the directory's words, Unreachable.
        """

        async def send(_resolver: Resolver, http: SafeClient) -> int:
            try:
                known = await http.get_json(f"{directory}/{did}/log")
            except StatusUnexpected as error:
                if error.status not in (404, 410):
                    raise
                known = []
            missing = [operation for operation in operations if operation not in known]
            for operation in missing:
                await _post(http, f"{directory}/{did}", operation)
            return len(missing)

        return self._ask(send)

    def reading_of(self, url: str, hostname: str) -> int:
        """Up to which event a host has read the one at `hostname`. Raises Malformed, Unreachable."""
        return self._ask(lambda _, http: XrpcClient(http, url).get_host_status(hostname))

    def request_crawl(self, relay: str, hostname: str) -> None:
        """Ask a relay to read the host at `hostname`. Raises Malformed, Unreachable."""
        self._ask(lambda _, http: XrpcClient(http, relay).request_crawl(hostname))

    def get(self, url: str) -> Response:
        """A small answer that comes soon, with its headers. Raises Malformed, Unreachable."""
        return self._ask(lambda _, http: http.request(Request(url, limit=100_000, seconds=5.0)))

    def _find_here(self, handle: str) -> str | None:
        with self._database.read() as session:
            row = accounts.find_account(session, handle)
        return row.did if row else None

    def _announced(self) -> list[str]:
        with self._database.read() as session:
            return [f"{row.url}/plc" for row in peers.list_peers(session)]

    def _ask(self, question: Callable[[Resolver, SafeClient], Awaitable[T]]) -> T:
        async def run() -> T:
            async with SafeClient(policy=policy_of(self._settings)) as http:
                configured = tuple(filter(None, (directory_url(self._settings),)))
                return await question(Resolver(http, configured, mirror=self._mirror), http)

        try:
            return asyncio.run(run())
        except FetchFailed as error:
            raise Unreachable(str(error)) from error
        except FederationError as error:
            raise Malformed(str(error)) from error


async def _post(http: SafeClient, url: str, operation: dict[str, Any]) -> None:
    """Give a directory one operation. Raises Malformed with its words, FetchFailed."""
    try:
        headers = {"content-type": "application/json"}
        await http.request(Request(url, "POST", headers, json.dumps(operation).encode()))
    except StatusUnexpected as error:
        raise Malformed(f"The directory refuses: {error}", code="InvalidOperation") from error
