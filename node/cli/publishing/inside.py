"""An author's internal records on their own node, through the same interface as a repository."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from node.cli.publishing.repository import Record, Repository
from node.cli.reaching.client import NodeClient


class Inside(Repository):
    """Reads and writes what stays on the node; nothing of it is in a repository."""

    def records(self, collection: str) -> Iterator[Record]:
        """Every internal record of a collection."""
        for entry in self.client.get("/api/internal/records", collection=collection)["records"]:
            yield Record(entry["uri"], entry["cid"], entry["value"])

    def latest_commit(self) -> str:
        """There are no commits inside."""
        return ""

    def upload(self, body: bytes, mime: str) -> dict[str, Any]:
        """Keep a file inside."""
        blob: dict[str, Any] = self.client.upload("/api/internal/blobs", body, mime)["blob"]
        return blob

    def put(self, collection: str, key: str, value: dict[str, Any]) -> Record:
        """Create or replace one internal record."""
        results, _ = self.apply([_write("update", collection, key, {"$type": collection, **value})], "")
        return Record(results[0]["uri"], results[0]["cid"], value)

    def delete(self, collection: str, key: str) -> None:
        """Delete one internal record; deleting what is not there succeeds."""
        self.apply([_write("delete", collection, key, None)], "")

    def apply(self, writes: Sequence[dict[str, Any]], swap: str) -> tuple[list[dict[str, Any]], str]:  # noqa: ARG002  as in a repository
        """Several writes in one step."""
        return self.client.post("/api/internal/writes", {"writes": list(writes)})["results"], ""

    def _one(self, collection: str, key: str) -> Any:
        return self.client.get("/api/internal/record", collection=collection, rkey=key)


def repository_of(client: NodeClient, did: str, found: dict[str, Any]) -> Repository:
    """Where what is said about an item goes: about what is kept inside it stays inside. `found` as `/api/item` says."""
    return (Inside if found["item"]["audience"] == "organisation" else Repository)(client, did)


def _write(action: str, collection: str, key: str, value: dict[str, Any] | None) -> dict[str, Any]:
    written = {} if value is None else {"value": value}
    return {"$type": f"com.atproto.repo.applyWrites#{action}", "collection": collection, "rkey": key, **written}
