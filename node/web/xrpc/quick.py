"""Answers to what is asked most, before the framework's machinery runs. What is not plain goes on to the handler."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from federation.errors import BlockMissing, TreeInvalid
from federation.repository import Repository
from node.services.assembly import Services
from node.services.hosting.trees import STORED_FROM, Trees
from node.store.engine.quick_reads import QuickReads
from node.web.asgi import App
from schemas.cbor import decode_dag_cbor
from schemas.parameters import parse_parameters

Answer = Callable[[Services, QuickReads, dict[str, Any]], tuple[bytes, bytes] | None]
JSON, CAR = b"application/json", b"application/vnd.ipld.car"
BUILT_AT_ONCE = 300  # records of a tree that is built on the event loop, within two milliseconds
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
]
_encode = msgspec.json.Encoder().encode


def quickly(nsid: str, answer: Answer) -> Callable[[App], App]:
    """Middleware of one route: `answer` gives (body, media type), or None where the handler must look."""

    def wrap(app: App) -> App:
        async def serve(scope: Any, receive: Any, send: Any) -> None:
            services: Services = scope["litestar_app"].state.services
            quick = services.database.quick
            found = None
            if quick is not None and scope["method"] == "GET":
                pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
                found = answer(services, quick, parse_parameters(pairs, nsid))
            if found is None:
                await app(scope, receive, send)
                return
            await send_answer(send, *found)

        return serve

    return wrap


async def send_answer(send: Any, body: bytes, media: bytes, more: Sequence[tuple[bytes, bytes]] = ()) -> None:
    """A whole answer of success, with `more` headers."""
    headers = [(b"content-type", media), (b"content-length", str(len(body)).encode()), *_HEADERS, *more]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def record(_services: Services, quick: QuickReads, params: dict[str, Any]) -> tuple[bytes, bytes] | None:
    """com.atproto.repo.getRecord."""
    collection, rkey = params["collection"], params["rkey"]
    row = quick.find_record(params["repo"], collection, rkey)
    if row is None or params.get("cid", row[1]) != row[1]:
        return None
    did, cid, block = row
    return _encode(_item(did, f"{collection}/{rkey}", cid, block)), JSON


def records(_services: Services, quick: QuickReads, params: dict[str, Any]) -> tuple[bytes, bytes] | None:
    """com.atproto.repo.listRecords."""
    collection, limit = params["collection"], params["limit"]
    cursor, reverse = params.get("cursor", ""), params.get("reverse", False)
    standing = quick.find_standing(params["repo"])
    if standing is None:
        return None
    key = (*standing, collection, limit, cursor, reverse)
    page = quick.pages.get(key)
    if page is None:
        page = _page(
            quick, collection, limit, quick.list_records(standing[0], collection, limit, cursor, reverse=reverse)
        )
        quick.keep_page(key, page)
    return (page, JSON) if page else None


def _page(quick: QuickReads, collection: str, limit: int, rows: list[tuple[str, str, str]]) -> bytes:
    if not rows:
        return b""
    start, kept = f"at://{rows[0][0]}/{collection}/", quick.kept
    items = [kept.get((start + rkey, cid)) or _shown(quick, did, collection, rkey) for did, rkey, cid in rows]
    more = b',"cursor":' + _encode(rows[-1][1]) if len(rows) == limit else b""
    return b'{"records":[' + b",".join(filter(None, items)) + b"]" + more + b"}"


def proof(services: Services, quick: QuickReads, params: dict[str, Any]) -> tuple[bytes, bytes] | None:
    """com.atproto.sync.getRecord."""
    did, collection, rkey = params["did"], params["collection"], params["rkey"]
    row = quick.find_proven(did, collection, rkey)
    if row is None:
        return None
    try:
        trees = services.host.trees
        repository = (
            trees.find_reader(did, row[0]) or trees.find_opened(did, row[0]) or _opened(trees, quick, did, row[0])
        )
        return (repository.record_proof(f"{collection}/{rkey}", row[1]), CAR) if repository is not None else None
    except (BlockMissing, TreeInvalid):
        return None  # it changed meanwhile


def _opened(trees: Trees, quick: QuickReads, did: str, commit_cid: str) -> Repository | None:
    """A repository that is not in memory, where opening it takes no longer than an answer may; else None."""
    head = quick.find_head(did)
    if head is None or head.commit_cid != commit_cid:
        return None
    if head.records > STORED_FROM:
        repository = Repository.open(head.commit_block, partial(quick.find_vertex, did))
        trees.keep_opened(did, repository)
        return repository
    if head.records > BUILT_AT_ONCE:
        return None
    repository = Repository.load(head.commit_block, quick.list_paths(did))
    trees.keep_reader(did, repository, head.records)
    return repository


def _shown(quick: QuickReads, did: str, collection: str, rkey: str) -> bytes:
    """A record as a listing shows it, kept for the next one; empty when it went meanwhile."""
    row = quick.find_record(did, collection, rkey)
    if row is None:
        return b""
    item = _item(did, f"{collection}/{rkey}", row[1], row[2])
    shown = _encode(item)
    quick.keep(item["uri"], row[1], shown)
    return shown


def _item(did: str, path: str, cid: str, block: bytes) -> dict[str, Any]:
    # The block was verified when it was stored; the codec's own JSON mode spares a walk through the value.
    return {"uri": f"at://{did}/{path}", "cid": cid, "value": decode_dag_cbor(block, atjson_mode=True)}
