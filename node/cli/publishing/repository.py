"""An account's repository on any host of the protocol, through its standard interface."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from node.cli.reaching.client import Answered, NodeClient

_PAGE = 100
_LONGEST_WAIT = 300.0  # seconds that a host may ask for before it is told to the person instead
_MOST_WAITS = 10
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Record:
    """One record as the host gave it; `value` is in JSON form."""

    uri: str
    cid: str
    value: dict[str, Any]

    @property
    def key(self) -> str:
        """Its record key."""
        return self.uri.rpartition("/")[2]

    @property
    def reference(self) -> dict[str, str]:
        """A strong reference to exactly this state."""
        return {"uri": self.uri, "cid": self.cid}


class Repository:
    """Reads and writes the records of `did` as `client`'s sign-in may."""

    def __init__(self, client: NodeClient, did: str) -> None:
        self.client = client
        self.did = did

    def records(self, collection: str) -> Iterator[Record]:
        """Every record of a collection."""
        cursor = ""
        while True:
            page = self._get("repo.listRecords", collection=collection, limit=_PAGE, cursor=cursor)
            for entry in page["records"]:
                yield Record(entry["uri"], entry["cid"], entry["value"])
            cursor = page.get("cursor", "")
            if not cursor:
                return

    def find(self, collection: str, key: str) -> Record | None:
        """One record."""
        try:
            found = self._one(collection, key)
        except Answered as error:
            if error.code == "RecordNotFound":
                return None
            raise
        return Record(found["uri"], found["cid"], found["value"])

    def latest_commit(self) -> str:
        """CID of the newest commit."""
        return str(self.client.get("/xrpc/com.atproto.sync.getLatestCommit", did=self.did)["cid"])

    def upload(self, body: bytes, mime: str) -> dict[str, Any]:
        """Keep a blob until a record names it; answers with the reference that the record must hold."""
        answer = _patiently(lambda: self.client.upload("/xrpc/com.atproto.repo.uploadBlob", body, mime))
        blob: dict[str, Any] = answer["blob"]
        return blob

    def put(self, collection: str, key: str, value: dict[str, Any]) -> Record:
        """Create or replace one record."""
        body = {"repo": self.did, "collection": collection, "rkey": key, "record": {"$type": collection, **value}}
        answer = self.client.post("/xrpc/com.atproto.repo.putRecord", body)
        return Record(answer["uri"], answer["cid"], value)

    def delete(self, collection: str, key: str) -> None:
        """Delete one record; deleting what is not there succeeds."""
        body = {"repo": self.did, "collection": collection, "rkey": key}
        self.client.post("/xrpc/com.atproto.repo.deleteRecord", body)

    def apply(self, writes: Sequence[dict[str, Any]], swap: str) -> tuple[list[dict[str, Any]], str]:
        """Several writes in one commit on top of the commit `swap`: their results, and the new commit's CID."""
        body = {"repo": self.did, "writes": list(writes), "swapCommit": swap}
        answer = _patiently(lambda: self.client.post("/xrpc/com.atproto.repo.applyWrites", body))
        return answer.get("results", []), str(answer.get("commit", {}).get("cid", ""))

    def _one(self, collection: str, key: str) -> Any:
        return self._get("repo.getRecord", collection=collection, rkey=key)

    def _get(self, method: str, **query: Any) -> Any:
        return self.client.get(f"/xrpc/com.atproto.{method}", repo=self.did, **query)


def _patiently(ask: Callable[[], T]) -> T:
    """Ask again when a host that was asked too often says that it listens again. Raises Answered."""
    for _ in range(_MOST_WAITS):
        try:
            return ask()
        except Answered as error:
            if error.wait is None or error.wait > _LONGEST_WAIT:
                raise
            time.sleep(error.wait)
    return ask()
