"""One server, or several that share the documents: each has those that are dealt to it; all are asked at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from node.search.document import BUCKETS, SearchDocument, key_of
from node.search.errors import SearchServerAway, SearchServerUnreachable
from node.search.meilisearch_engine.outbox import Outbox

T = TypeVar("T")


@contextmanager
def naming_failures() -> Iterator[None]:
    """Raises SearchServerAway when there is no answer, SearchServerUnreachable for what else the client reports."""
    from meilisearch.errors import MeilisearchCommunicationError, MeilisearchError, MeilisearchTimeoutError

    try:
        yield
    except (MeilisearchCommunicationError, MeilisearchTimeoutError) as error:
        raise SearchServerAway(f"The search server does not answer: {str(error)[:300]}") from error
    except MeilisearchError as error:
        raise SearchServerUnreachable(f"The search server did not do that: {str(error)[:300]}") from error


class Server:
    """One of them, with the orders it was given."""

    def __init__(self, url: str, key: str, timeout: int) -> None:
        import meilisearch

        self.url = url
        self.client: Any = meilisearch.Client(url, key or None, timeout=timeout)
        self.outbox = Outbox(self.client)

    def index(self, name: str) -> Any:
        """An index there; nothing is asked yet."""
        return self.client.index(name)


class Servers:
    """The set. The number and order of the addresses decide where a document lives."""

    def __init__(self, urls: Sequence[str], key: str, timeout: int) -> None:
        self._all = [Server(url, key, timeout) for url in urls]
        self._pool = ThreadPoolExecutor(4 * len(urls), "search-server") if len(urls) > 1 else None

    def __iter__(self) -> Iterator[Server]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def each(self, call: Callable[[Server], T]) -> list[T]:
        """What each answers, asked at the same time. Raises SearchServerUnreachable when one does not."""
        with naming_failures():
            return list(self._pool.map(call, self._all)) if self._pool else [call(server) for server in self._all]

    def at(self, document_id: str) -> Server:
        """Where a document lives."""
        return self._all[key_of(document_id) // BUCKETS % len(self._all)]

    def dealt(self, documents: Iterable[SearchDocument]) -> list[tuple[Server, list[SearchDocument]]]:
        """Documents by server."""
        return [(server, found) for server, found in self._deal(documents, lambda d: d.id) if found]

    def dealt_ids(self, ids: Iterable[str]) -> list[tuple[Server, list[str]]]:
        """Ids by server."""
        return [(server, found) for server, found in self._deal(ids, str) if found]

    def close(self) -> None:
        """Ask no more."""
        if self._pool:
            self._pool.shutdown(wait=False)

    def _deal(self, things: Iterable[T], id_of: Callable[[T], str]) -> list[tuple[Server, list[T]]]:
        hands: dict[str, list[T]] = {server.url: [] for server in self._all}
        for thing in things:
            hands[self.at(id_of(thing)).url].append(thing)
        return [(server, hands[server.url]) for server in self._all]
