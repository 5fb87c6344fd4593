"""com.atproto.sync.*: repositories, proofs and blobs as other hosts read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response
from litestar.response import Stream

from federation.car import write_car
from federation.cids import parse_cid
from node.authoring.pictures.picture import PICTURES
from node.errors import Malformed
from node.services.assembly import Services
from node.services.hosting.exporting import RepoUnavailable, export_repository
from node.store.repositories import blobs, peers, records
from node.store.repositories.accounts import find_account
from node.store.tables.hosting import AccountRow
from node.web.access.viewing import address_of
from node.web.xrpc import quick
from node.web.xrpc.limits import EXPORTS, charge
from node.web.xrpc.methods import query
from node.web.xrpc.naming import RepoNotFound, account_named
from node.web.xrpc.quick import quickly

Body = dict[str, Any]
CAR = "application/vnd.ipld.car"
MOST_BLOCKS = 200
CACHED = 3600  # seconds that others may keep what may be taken down meanwhile
GET_RECORD = "com.atproto.sync.getRecord"


def _active(services: Services, did: str) -> AccountRow:
    account = account_named(services, did)
    if account.status != "active":
        if account.status == "deleted":
            raise RepoNotFound(f"Could not find repo: {did[:200]}")
        raise RepoUnavailable(f"The repository is {account.status}.", code=f"Repo{account.status.capitalize()}")
    return account


def _charge(request: Request[Any, Any, Any]) -> None:
    """Whole repositories cost work: a stranger may ask for so many."""
    charge(EXPORTS, address_of(request))


@query("com.atproto.sync.getRepo")
def get_repo(services: Services, request: Request[Any, Any, Any], did: str, since: str = "") -> Stream:
    """The whole repository as a CAR; with `since`, only records of later revisions and the tree."""
    _charge(request)
    return Stream(export(services, _active(services, did).did, since), media_type=CAR)


def export(services: Services, did: str, since: str) -> Iterator[bytes]:
    """A repository as a CAR, in pieces, all of one state."""
    with services.database.read() as session:
        yield from export_repository(session, services.host.trees, did, since)


@query(GET_RECORD, middleware=[quickly(GET_RECORD, quick.proof)])
def get_record(services: Services, did: str, collection: str, rkey: str) -> Response[bytes]:
    """A record with the proof that it is, or is not, in the repository."""
    account = _active(services, did)
    with services.database.read() as session:
        repository = services.host.trees.open_for_proof(session, account.did)
        row = records.find_record(session, account.did, collection, rkey)
        car = repository.record_proof(f"{collection}/{rkey}", row.block if row else None)
    return Response(car, media_type=CAR)


@query("com.atproto.sync.getLatestCommit")
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


@query("com.atproto.sync.getRepoStatus")
def get_repo_status(services: Services, did: str) -> Body:
    """Is the repository served?"""
    account = account_named(services, did)
    with services.database.read() as session:
        head = records.find_head(session, account.did)
    return {"did": account.did, **_status(account, head.rev if head else "")}


@query("com.atproto.sync.listRepos")
def list_repos(services: Services, limit: int = 500, cursor: str = "") -> Body:
    """Hosted repositories, in DID order."""
    with services.database.read() as session:
        heads = records.list_heads(session, hosted=True, after=cursor, limit=limit)
        accounts = {head.did: find_account(session, head.did) for head in heads}
    repos = [
        {"did": head.did, "head": head.commit_cid, **_status(account, head.rev), "rev": head.rev}
        for head in heads
        if (account := accounts[head.did]) is not None
    ]
    return {"repos": repos, **({"cursor": heads[-1].did} if len(heads) == limit else {})}


@query("com.atproto.sync.listReposByCollection")
def list_repos_by_collection(services: Services, collection: str, limit: int = 500, cursor: str = "") -> Body:
    """Hosted repositories that have a record in the collection."""
    with services.database.read() as session:
        dids = records.list_dids_with(session, collection, after=cursor, limit=limit)
    return {"repos": [{"did": did} for did in dids], **({"cursor": dids[-1]} if len(dids) == limit else {})}


@query("com.atproto.sync.listBlobs")
def list_blobs(services: Services, did: str, limit: int = 500, cursor: str = "") -> Body:
    """Blobs that records of the repository name."""
    account = _active(services, did)
    with services.database.read() as session:
        cids = blobs.list_blobs(session, account.did, after=cursor, limit=limit)
    return {"cids": cids, **({"cursor": cids[-1]} if len(cids) == limit else {})}


@query("com.atproto.sync.getBlocks")
def get_blocks(services: Services, request: Request[Any, Any, Any], did: str) -> Response[bytes]:
    """Blocks of the current repository by CID: records, vertices, the commit."""
    _charge(request)
    account = _active(services, did)
    cids = request.query_params.getall("cids", [])
    if len(cids) > MOST_BLOCKS:
        raise Malformed(f"At most {MOST_BLOCKS} blocks at a time.")
    wanted = {parse_cid(cid): cid for cid in cids}
    with services.database.read() as session:
        repository = services.host.trees.open_whole(session, account.did)
        found = {parse_cid(cid): block for cid, block in records.find_blocks(session, account.did, cids).items()}
    known = {parse_cid(repository.commit_cid): repository.commit_block}
    if len(found) < len(wanted):
        known |= {cid: block for cid, block in repository.vertices() if cid in wanted}
    found |= {cid: block for cid, block in known.items() if cid in wanted}
    missing = [text for cid, text in wanted.items() if cid not in found]
    if missing:
        raise Malformed(f"Could not find blocks: {', '.join(missing[:5])}", code="BlockNotFound")
    return Response(write_car([], ((cid, found[cid]) for cid in wanted)), media_type=CAR)


@query("com.atproto.sync.getHostStatus")
def get_host_status(services: Services, hostname: str) -> Body:
    """How far this node has followed a host."""
    with services.database.read() as session:
        row = next((peer for peer in peers.list_peers(session) if urlsplit(peer.url).netloc == hostname), None)
        counts = peers.count_repositories(session)
    if row is None:
        raise Malformed("This host is not followed here.", code="HostNotFound")
    status = {"live": "active", "quarantined": "throttled", "waiting": "offline"}.get(row.state, "idle")
    return {"hostname": hostname, "seq": max(row.cursor, 0), "accountCount": counts.get(row.url, 0), "status": status}


@query("com.atproto.sync.getBlob")
def get_blob(services: Services, did: str, cid: str) -> Response[bytes]:
    """A blob's bytes: never as a page, never sniffed by a browser."""
    account = _active(services, did)
    with services.database.read() as session:
        row = blobs.find_blob(session, account.did, cid)
    body = services.blobs.find(cid) if row is not None and row.used else None
    if row is None or body is None:
        raise Malformed("Blob not found.", code="BlobNotFound")
    return blob_response(body, row.mime)


def blob_response(body: bytes, mime: str) -> Response[bytes]:
    """Bytes of a stranger: pictures are shown, the rest is a download.

    They never change, and may go: caches between here and the reader ask again, or a takedown would not reach them.
    """
    headers = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": f"public, max-age={CACHED}",
    }
    if mime not in PICTURES:
        headers["Content-Disposition"] = "attachment"
    return Response(body, media_type=mime, headers=headers)


HANDLERS = (
    get_repo, get_record, get_latest_commit, get_repo_status, list_repos, list_repos_by_collection, list_blobs,
    get_blob, get_blocks, get_host_status,
)  # fmt: skip
