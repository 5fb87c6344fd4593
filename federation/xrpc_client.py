"""What is asked of other hosts over XRPC, as far as following needs it. Every answer's shape and size is checked."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from federation.cids import parse_cid
from federation.did.document import origin_of
from federation.errors import AnswerMalformed, CidInvalid
from federation.safe_http import Request, SafeClient
from schemas.errors import IdentifierInvalid
from schemas.identifiers.account import Did, parse_did
from schemas.identifiers.nsid import parse_nsid
from schemas.identifiers.tid import parse_tid

PAGE = 500
_PAGE_BYTES = 2_000_000
_REPO_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class HostedRepo:
    """A repository as com.atproto.sync.listRepos tells: `status` says why it is not active."""

    did: Did
    head: str
    rev: str
    active: bool
    status: str | None


@dataclass(frozen=True, slots=True)
class RepoStatus:
    """A repository's state at its host; `rev` is None when it is not active."""

    did: Did
    active: bool
    status: str | None
    rev: str | None


@dataclass(frozen=True, slots=True)
class LatestCommit:
    """The head of a repository, as its host claims."""

    cid: str
    rev: str


@dataclass(frozen=True, slots=True)
class HostDescription:
    """What a host says of itself."""

    did: str
    domains: tuple[str, ...]


class XrpcClient:
    """One host (a URL). Raises FetchFailed; errors in XRPC's own shape are StatusUnexpected with their name."""

    def __init__(self, http: SafeClient, host: str) -> None:
        self.host = origin_of(host)
        self._http = http

    async def list_repos(self, cursor: str | None = None, limit: int = PAGE) -> tuple[list[HostedRepo], str | None]:
        """One page of com.atproto.sync.listRepos, and the cursor of the next."""
        value = await self._query("com.atproto.sync.listRepos", _PAGE_BYTES, limit=limit, cursor=cursor)
        return [_hosted_repo(item) for item in _page(value, "repos", limit)], _next_cursor(value, cursor)

    async def list_repos_by_collection(
        self, collection: str, cursor: str | None = None, limit: int = PAGE
    ) -> tuple[list[Did], str | None]:
        """One page of the accounts that have records of a collection, and the cursor of the next."""
        value = await self._query(
            "com.atproto.sync.listReposByCollection", _PAGE_BYTES, collection=collection, limit=limit, cursor=cursor
        )
        return [_did(item) for item in _page(value, "repos", limit)], _next_cursor(value, cursor)

    async def get_repo(self, did: str, since: str | None = None, limit: int = 512_000_000) -> bytes:
        """The CAR of a repository, at most `limit` bytes; not verified yet."""
        return await self._bytes("com.atproto.sync.getRepo", limit, _REPO_SECONDS, did=did, since=since)

    async def get_blob(self, did: str, cid: str, limit: int) -> bytes:
        """A blob's bytes; whoever stores them compares their hash to the CID."""
        return await self._bytes("com.atproto.sync.getBlob", limit, 120.0, did=did, cid=cid)

    async def get_latest_commit(self, did: str) -> LatestCommit:
        """CID and revision of the head."""
        value = await self._query("com.atproto.sync.getLatestCommit", did=did)
        return LatestCommit(_cid(value.get("cid")), _tid(value.get("rev")))

    async def get_repo_status(self, did: str) -> RepoStatus:
        """Whether the repository is active there."""
        value = await self._query("com.atproto.sync.getRepoStatus", did=did)
        if not isinstance(value.get("active"), bool) or value.get("did") != did:
            raise AnswerMalformed("getRepoStatus")
        rev = None if value.get("rev") is None else _tid(value["rev"])
        return RepoStatus(_did(value["did"]), value["active"], _optional_text(value, "status"), rev)

    async def get_host_status(self, hostname: str) -> int:
        """Up to which event this host has read the one at `hostname`."""
        seq = (await self._query("com.atproto.sync.getHostStatus", hostname=hostname)).get("seq")
        if type(seq) is not int:
            raise AnswerMalformed("getHostStatus")
        return seq

    async def describe_server(self) -> HostDescription:
        """The host's own DID and the domains of its handles."""
        value = await self._query("com.atproto.server.describeServer")
        domains = value.get("availableUserDomains")
        if not isinstance(domains, list) or not all(isinstance(domain, str) for domain in domains):
            raise AnswerMalformed("describeServer")
        return HostDescription(_did(value.get("did")), tuple(domains[:100]))

    async def request_crawl(self, hostname: str) -> None:
        """Ask a relay to read the host at `hostname` from now on."""
        headers, body = {"content-type": "application/json"}, json.dumps({"hostname": hostname}).encode()
        await self._http.request(Request(self._url("com.atproto.sync.requestCrawl"), "POST", headers, body))

    async def resolve_handle(self, handle: str) -> Did:
        """The DID that this host knows for a handle."""
        return _did((await self._query("com.atproto.identity.resolveHandle", handle=handle)).get("did"))

    async def get_record(self, repo: str, collection: str, rkey: str) -> dict[str, Any]:
        """A record's JSON as the host shows it: unproven, for looks only."""
        value = await self._query(
            "com.atproto.repo.getRecord", _PAGE_BYTES, repo=repo, collection=collection, rkey=rkey
        )
        if not isinstance(value.get("value"), dict):
            raise AnswerMalformed("getRecord")
        return value

    def _url(self, method: str, **parameters: str | int | None) -> str:
        given = {name: value for name, value in parameters.items() if value is not None}
        return f"{self.host}/xrpc/{parse_nsid(method)}" + ("?" + urlencode(given) if given else "")

    async def _query(self, method: str, size: int = 200_000, /, **parameters: str | int | None) -> dict[str, Any]:
        value = await self._http.get_json(self._url(method, **parameters), limit=size)
        if not isinstance(value, dict):
            raise AnswerMalformed(method)
        return value

    async def _bytes(self, method: str, size: int, seconds: float, /, **parameters: str | None) -> bytes:
        return await self._http.get_bytes(self._url(method, **parameters), limit=size, seconds=seconds)


def _page(value: dict[str, Any], name: str, limit: int) -> list[Any]:
    items = value.get(name)
    if not isinstance(items, list) or len(items) > max(limit, PAGE) or not all(isinstance(i, dict) for i in items):
        raise AnswerMalformed(f"{name} is not a page of at most {limit}")
    return items


def _next_cursor(value: dict[str, Any], cursor: str | None) -> str | None:
    following = _optional_text(value, "cursor")
    if following is not None and following == cursor:
        raise AnswerMalformed("the cursor does not move")
    return following


def _hosted_repo(item: dict[str, Any]) -> HostedRepo:
    return HostedRepo(
        did=_did(item),
        head=_cid(item.get("head")),
        rev=_tid(item.get("rev")),
        active=item.get("active") is not False,
        status=_optional_text(item, "status"),
    )


def _did(value: object) -> Did:
    text = value.get("did") if isinstance(value, dict) else value
    try:
        return parse_did(text)  # type: ignore[arg-type]  # a TypeError is caught
    except (IdentifierInvalid, TypeError) as error:
        raise AnswerMalformed("not a DID") from error


def _cid(value: object) -> str:
    try:
        parse_cid(value)  # type: ignore[arg-type]  # refuses what is no text
    except CidInvalid as error:
        raise AnswerMalformed("not a CID") from error
    return str(value)


def _tid(value: object) -> str:
    try:
        return str(parse_tid(value))  # type: ignore[arg-type]  # a TypeError is caught
    except (IdentifierInvalid, TypeError) as error:
        raise AnswerMalformed("not a revision") from error


def _optional_text(value: dict[str, Any], name: str) -> str | None:
    text = value.get(name)
    if text is not None and (not isinstance(text, str) or len(text) > 2000):
        raise AnswerMalformed(name)
    return text
