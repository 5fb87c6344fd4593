"""DID documents and their resolution, handles both ways."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from federation.did.document import make_document, origin_of, parse_document
from federation.did.handle import HandleResolver
from federation.did.resolver import Resolver, web_origin
from federation.errors import (
    DidDocumentInvalid,
    DidGone,
    DidNotFound,
    DidUnsupported,
    HandleNotFound,
    HostUnreachable,
    PlcRefused,
    StatusUnexpected,
)
from federation.keys import SigningKey
from federation.plc import History, PlcData, make_genesis, make_operation, parse_operation, sign_operation

KEY = SigningKey.generate()
PDS = ("AtprotoPersonalDataServer", "http://localhost:8001")
WEB = "did:web:localhost%3A8001"
START = datetime(2026, 1, 1, tzinfo=UTC)


class FakeHttp:
    """Answers from a dictionary of URLs; what is not there is a 404, an exception is raised."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def get_json(self, url: str, limit: int = 0, seconds: float = 0.0) -> Any:
        self.asked.append(url)
        answer = self.answers.get(url, StatusUnexpected(404, url))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def get_bytes(self, url: str, limit: int = 0, seconds: float = 0.0) -> bytes:
        return await self.get_json(url)


class Mirror:
    def __init__(self) -> None:
        self.kept: dict[str, History] = {}

    async def find(self, did: str) -> History | None:
        return self.kept.get(did)

    async def keep(self, history: History) -> None:
        self.kept[history.did] = history


def resolve(resolver: Resolver, did: str, *announced: str):
    return asyncio.run(resolver.resolve(did, announced))


def account(*extra_handles: str) -> History:
    data = PlcData.for_account((KEY.did_key,), KEY.did_key, "ana.example.com", "https://node.example.com")
    did, genesis = make_genesis(data, KEY)
    history = History(did, ()).extended(parse_operation(genesis), START)
    for handle in extra_handles:
        newer = PlcData.for_account((KEY.did_key,), KEY.did_key, handle, "https://node.example.com")
        history = history.extended(parse_operation(make_operation(newer, history.head.cid, KEY)), START)
    return history


def test_our_own_document_reads_back():
    value = make_document(
        WEB,
        ["at://node.example.com"],
        {"atproto": KEY.did_key},
        {"atproto_pds": PDS, "skillnet": ("SkillNetNode", "http://localhost:8001")},
    )
    document = parse_document(value, WEB)
    assert document.handle == "node.example.com"
    assert document.verifying_key == KEY.verifying_key
    assert document.is_hosted_by("http://localhost:8001/")
    assert not document.is_hosted_by("http://localhost:8002")
    assert document.services["skillnet"] == ("SkillNetNode", "http://localhost:8001")


def test_documents_with_gaps_are_read_as_far_as_they_go():
    document = parse_document({"id": WEB}, WEB)
    assert (document.handle, document.signing_key, document.pds) == (None, None, None)
    with pytest.raises(DidDocumentInvalid):
        _ = document.verifying_key
    strange = {
        "id": WEB,
        "alsoKnownAs": [5, "https://x", "at://-bad-", "at://Good.Example.com"],
        "verificationMethod": [
            "x",
            {"id": "#other"},
            {
                "id": "#atproto",
                "type": "Multikey",
                "controller": "did:web:else",
                "publicKeyMultibase": KEY.verifying_key.did_key.removeprefix("did:key:"),
            },
        ],
        "service": [5, {"id": "#atproto_pds", "type": "Other", "serviceEndpoint": "https://x"}],
    }
    document = parse_document(strange, WEB)
    assert (document.handle, document.signing_key, document.pds) == ("good.example.com", None, None)
    for value in (None, [], {}, {"id": "did:web:else"}):
        with pytest.raises(DidDocumentInvalid):
            parse_document(value, WEB)


def test_origins_have_one_spelling():
    assert origin_of("HTTPS://Node.Example.com:443/path?x") == "https://node.example.com"
    assert origin_of("http://[::1]:80") == "http://[::1]"
    for url in ("ftp://x", "https://", "https://u@x", "x", "https://x:99999", "http://[::1"):
        with pytest.raises(DidDocumentInvalid):
            origin_of(url)


@pytest.mark.parametrize(
    ("did", "origin"),
    [
        ("did:web:node.example.com", "https://node.example.com"),
        ("did:web:localhost%3A8001", "http://localhost:8001"),
        ("did:web:localhost", "http://localhost"),
    ],
)
def test_origins_of_did_web(did: str, origin: str):
    assert web_origin(did) == origin


@pytest.mark.parametrize(
    "did",
    [
        "did:web:",
        "did:web:example.com:user",
        "did:web:example.com%3A8000",
        "did:web:localhost%3Ax",
        "did:web:localhost%3A8000%2Fx",
        "did:web:localhost%40evil.com",
        "did:web:evil.com%2F",
        "did:web:127.0.0.1%3A80",
        "did:web:localhost.evil.com%3A80",
        "did:plc:x",
    ],
)
def test_other_did_webs_are_refused(did: str):
    with pytest.raises(DidUnsupported):
        web_origin(did)


def test_did_web_is_fetched_once_and_forgotten_on_request():
    now = [0.0]
    http = FakeHttp(
        {
            "http://localhost:8001/.well-known/did.json": make_document(
                WEB, [], {"atproto": KEY.did_key}, {"atproto_pds": PDS}
            )
        }
    )
    resolver = Resolver(http, clock=lambda: now[0])
    assert resolve(resolver, WEB).pds == "http://localhost:8001"
    resolve(resolver, WEB)
    assert len(http.asked) == 1
    resolver.forget(WEB)
    resolve(resolver, WEB)
    now[0] = 601
    resolve(resolver, WEB)
    assert len(http.asked) == 3


def test_what_is_unknown_is_remembered_for_a_while():
    http = FakeHttp({})
    resolver = Resolver(http, clock=lambda: 0.0)
    for _ in range(2):
        with pytest.raises(DidNotFound):
            resolve(resolver, "did:web:gone.example.com")
    assert len(http.asked) == 1
    for did in ("did:example:x", "nonsense", "did:web:a:b"):
        with pytest.raises(DidUnsupported):
            resolve(resolver, did)
    resolver = Resolver(FakeHttp({"https://down.example.com/.well-known/did.json": HostUnreachable("x")}))
    with pytest.raises(HostUnreachable):
        resolve(resolver, "did:web:down.example.com")


def test_did_plc_is_proven_by_its_log():
    history = account()
    http = FakeHttp({f"https://one.example/{history.did}/log/audit": history.audit_log()})
    document = resolve(Resolver(http, ["https://one.example/"]), history.did)
    assert (document.handle, document.pds, document.signing_key) == (
        "ana.example.com",
        "https://node.example.com",
        KEY.did_key,
    )
    http.answers[f"https://one.example/{history.did}/log/audit"] = account().audit_log()
    with pytest.raises(PlcRefused):
        resolve(Resolver(http, ["https://one.example"]), history.did)


def test_directories_are_asked_in_order_and_then_those_announced():
    history = account()
    url = f"/{history.did}/log/audit"
    http = FakeHttp(
        {"https://one.example" + url: HostUnreachable("x"), "https://three.example" + url: history.audit_log()}
    )
    resolver = Resolver(http, ["https://one.example", "https://two.example"])
    with pytest.raises(HostUnreachable):
        resolve(resolver, history.did)
    assert resolve(resolver, history.did, "https://three.example").did == history.did


def test_a_mirror_outlives_the_directory_and_is_never_set_back():
    history = account("new.example.com")
    url = f"https://one.example/{history.did}/log/audit"
    http, mirror = FakeHttp({url: history.audit_log()}), Mirror()
    assert resolve(Resolver(http, ["https://one.example"], mirror=mirror), history.did).handle == "new.example.com"
    for answer in (StatusUnexpected(404, url), HostUnreachable("x"), history.audit_log()[:1], "no list"):
        http.answers[url] = answer
        assert resolve(Resolver(http, ["https://one.example"], mirror=mirror), history.did).handle == "new.example.com"


def test_a_tombstone_is_honoured():
    history = account()
    tombstone = sign_operation({"type": "plc_tombstone", "prev": history.head.cid}, KEY)
    history = history.extended(parse_operation(tombstone), START)
    http = FakeHttp({f"https://one.example/{history.did}/log/audit": history.audit_log()})
    with pytest.raises(DidGone):
        resolve(Resolver(http, ["https://one.example"]), history.did)


def find_handle(resolver: HandleResolver, handle: str) -> str:
    return asyncio.run(resolver.resolve(handle))


def test_handles_by_dns_by_host_and_locally():
    async def txt(name: str) -> list[str]:
        return {
            "_atproto.dns.example.com": ["v=spf1", "did=did:plc:ewvi7nxzyoun6zhxrhs64oiz"],
            "_atproto.two.example.com": ["did=did:web:a.com", "did=did:web:b.com"],
            "_atproto.bad.example.com": ["did=nonsense"],
        }.get(name, [])

    async def local(handle: str) -> str | None:
        return "did:plc:ewvi7nxzyoun6zhxrhs64oiz" if handle == "ana.test" else None

    http = FakeHttp({"https://host.example.com/.well-known/atproto-did": b"did:web:host.example.com\n"})
    resolver = HandleResolver(http, txt, local)
    assert find_handle(resolver, "DNS.example.com") == "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
    assert find_handle(resolver, "host.example.com") == "did:web:host.example.com"
    assert find_handle(resolver, "ana.test") == "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
    for handle in ("two.example.com", "bad.example.com", "ben.test", "nonsense", "localhost"):
        with pytest.raises(HandleNotFound):
            find_handle(resolver, handle)
    assert not any(".test" in url for url in http.asked)


def test_a_handle_counts_only_if_it_leads_back():
    http = FakeHttp({"https://host.example.com/.well-known/atproto-did": b"did:web:host.example.com"})
    resolver = HandleResolver(http)

    def confirmed(did: str, handle: str | None) -> bool:
        names = [] if handle is None else [f"at://{handle}"]
        return asyncio.run(resolver.confirms(parse_document({"id": did, "alsoKnownAs": names}, did)))

    assert confirmed("did:web:host.example.com", "host.example.com")
    assert not confirmed("did:web:evil.example.com", "host.example.com")
    assert not confirmed("did:web:host.example.com", "other.example.com")
    assert not confirmed("did:web:host.example.com", None)
