"""com.atproto.sync.*: repositories, proofs and blobs as other hosts read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar import Response, get
from litestar.response import Stream

from node.errors import Malformed
from node.services.assembly import Services
from node.services.hosting.blob_folder import PICTURES
from node.store import blobs, records
from node.store.accounts import find_account
from node.store.tables.hosting import AccountRow
from node.web.xrpc.naming import RepoNotFound, account_named

Body = dict[str, Any]
CAR = "application/vnd.ipld.car"


class RepoUnavailable(Malformed):
    """The repository is not served at the moment."""


def _active(services: Services, did: str) -> AccountRow:
    account = account_named(services, did)
    if account.status != "active":
        raise RepoUnavailable(f"The repository is {account.status}.", code=f"Repo{account.status.capitalize()}")
    return account


@get("/xrpc/com.atproto.sync.getRepo", sync_to_thread=True)
def get_repo(services: Services, did: str, since: str = "") -> Stream:
    """The whole repository as a CAR; with `since`, only records of later revisions and the tree."""
    account = _active(services, did)

    def chunks() -> Iterator[bytes]:
        with services.database.read() as session:
            repository = services.host.open_for_reading(session, account.did)
            rows = records.iterate_records(session, did=account.did)
            blocks = {row.cid: row.block for row in rows if row.rev > since}
            yield from repository.export(blocks.get, partial=bool(since))

    return Stream(chunks(), media_type=CAR)


@get("/xrpc/com.atproto.sync.getRecord", sync_to_thread=True)
def get_record(services: Services, did: str, collection: str, rkey: str) -> Response[bytes]:
    """A record with the proof that it is, or is not, in the repository."""
    account = _active(services, did)
    with services.database.read() as session:
        repository = services.host.open_for_reading(session, account.did)
        row = records.find_record(session, account.did, collection, rkey)
        car = repository.record_proof(f"{collection}/{rkey}", row.block if row else None)
    return Response(car, media_type=CAR)


@get("/xrpc/com.atproto.sync.getLatestCommit", sync_to_thread=True)
def get_latest_commit(services: Services, did: str) -> Body:
    """Where the repository stands."""
    account = _active(services, did)
    with services.database.read() as session:
        head = records.find_head(session, account.did)
    if head is None:
        raise RepoNotFound
    return {"cid": head.commit_cid, "rev": head.rev}


def _status(account: AccountRow, rev: str) -> Body:
    active = account.status == "active"
    return {"active": active, **({"rev": rev} if active else {"status": account.status})}


@get("/xrpc/com.atproto.sync.getRepoStatus", sync_to_thread=True)
def get_repo_status(services: Services, did: str) -> Body:
    """Is the repository served?"""
    account = account_named(services, did)
    with services.database.read() as session:
        head = records.find_head(session, account.did)
    return {"did": account.did, **_status(account, head.rev if head else "")}


def _limit(limit: int, most: int) -> int:
    if not 1 <= limit <= most:
        raise Malformed(f"limit is 1 to {most}.")
    return limit


@get("/xrpc/com.atproto.sync.listRepos", sync_to_thread=True)
def list_repos(services: Services, limit: int = 500, cursor: str = "") -> Body:
    """Hosted repositories, in DID order."""
    with services.database.read() as session:
        heads = records.list_heads(session, hosted=True, after=cursor, limit=_limit(limit, 1000))
        accounts = {head.did: find_account(session, head.did) for head in heads}
    repos = [
        {"did": head.did, "head": head.commit_cid, **_status(account, head.rev), "rev": head.rev}
        for head in heads
        if (account := accounts[head.did]) is not None
    ]
    return {"repos": repos, **({"cursor": heads[-1].did} if len(heads) == limit else {})}


@get("/xrpc/com.atproto.sync.listReposByCollection", sync_to_thread=True)
def list_repos_by_collection(services: Services, collection: str, limit: int = 500, cursor: str = "") -> Body:
    """Hosted repositories that have a record in the collection."""
    with services.database.read() as session:
        dids = records.list_dids_with(session, collection, after=cursor, limit=_limit(limit, 2000))
    return {"repos": [{"did": did} for did in dids], **({"cursor": dids[-1]} if len(dids) == limit else {})}


@get("/xrpc/com.atproto.sync.listBlobs", sync_to_thread=True)
def list_blobs(services: Services, did: str, limit: int = 500, cursor: str = "") -> Body:
    """Blobs that records of the repository name."""
    account = _active(services, did)
    with services.database.read() as session:
        cids = blobs.list_blobs(session, account.did, after=cursor, limit=_limit(limit, 1000))
    return {"cids": cids, **({"cursor": cids[-1]} if len(cids) == limit else {})}


@get("/xrpc/com.atproto.sync.getBlob", sync_to_thread=True)
def get_blob(services: Services, did: str, cid: str) -> Response[bytes]:
    """A blob's bytes: never as a page, never sniffed by a browser."""
    account = _active(services, did)
    with services.database.read() as session:
        row = blobs.find_blob(session, account.did, cid)
    body = services.blobs.find(cid) if row is not None else None
    if row is None or body is None:
        raise Malformed("Blob not found.", code="BlobNotFound")
    return blob_response(body, row.mime)


def blob_response(body: bytes, mime: str) -> Response[bytes]:
    """Bytes of a stranger: pictures are shown, the rest is a download."""
    headers = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "public, max-age=31536000, immutable",
    }
    if mime not in PICTURES:
        headers["Content-Disposition"] = "attachment"
    return Response(body, media_type=mime, headers=headers)


HANDLERS = (
    get_repo, get_record, get_latest_commit, get_repo_status, list_repos, list_repos_by_collection, list_blobs,
    get_blob,
)  # fmt: skip
