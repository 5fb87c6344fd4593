"""A node behind the proxy of deploy/Caddyfile: its people's handles lead to them, and nobody notices a restart."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import httpx
import pytest

from tests.integration.fixtures.asking import asking, goes_on
from tests.integration.fixtures.company import NOTE, PATIENCE, Company, running_company
from tests.integration.fixtures.databases import find_postgresql
from tests.integration.fixtures.nodes import NodeProcess, until
from tests.integration.fixtures.proxy import CADDY, DOMAIN, Proxy, proxy_before

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(CADDY is None or find_postgresql() is None, reason="Caddy and PostgreSQL are not installed"),
]
OF_A_HANDLE = "/.well-known/atproto-did"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    settings = {"SKILLNET_IDENTITY_HANDLE_DOMAIN": DOMAIN, "SKILLNET_SERVER_DRAIN": "3"}
    with running_company(2, tmp_path_factory.mktemp("company"), **settings) as made:
        yield made


@pytest.fixture(params=["on_demand", "issuer internal"])
def proxy(company: Company, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Proxy]:
    with proxy_before([process.port for process in company.processes], tmp_path, request.param) as made:
        yield made


def test_handles_lead_to_their_accounts(company: Company, proxy: Proxy, request: pytest.FixtureRequest) -> None:
    assert proxy.ask(f"anna.{DOMAIN}", OF_A_HANDLE) == (200, company.did.encode())
    assert proxy.ask(f"anna.{DOMAIN}", "/search")[0] == 302
    assert proxy.ask(DOMAIN, "/metrics")[0] == 404
    is_wildcard = "issuer" in request.node.name
    assert _names(proxy) == (("DNS", f"*.{DOMAIN}" if is_wildcard else f"anna.{DOMAIN}"),)
    if is_wildcard:
        assert proxy.ask(f"nobody.{DOMAIN}", OF_A_HANDLE)[0] == 404
    else:
        with pytest.raises(ssl.SSLError):
            proxy.ask(f"nobody.{DOMAIN}", OF_A_HANDLE)


def _names(proxy: Proxy) -> object:
    """What the certificate is for that a handle is answered with."""
    with proxy.connect(f"anna.{DOMAIN}") as channel:
        return (channel.getpeercert() or {}).get("subjectAltName")


@pytest.mark.parametrize("proxy", ["on_demand"], indirect=True)
def test_each_process_is_replaced_and_nobody_notices(company: Company, proxy: Proxy) -> None:
    """Readers and writers go on; every write that is acknowledged is there."""
    keys, written, refused = count(), set[str](), list[str]()

    def write(_port: int, _path: str) -> int:
        key = f"behind-{next(keys)}"
        body = json.dumps({"repo": company.did, "collection": NOTE, "rkey": key, "record": {"text": key}})
        said = {"authorization": f"Bearer {company.token}", "content-type": "application/json"}
        began = time.monotonic()
        status, answer = proxy.ask(DOMAIN, "/xrpc/com.atproto.repo.createRecord", "POST", body, **said)
        written.add(key)
        if status != 200:  # what was answered says who refused: Caddy, the relay, or the core
            refused.append(f"{key}: {status} after {time.monotonic() - began:.1f} s: {answer[:300]!r}")
        return status

    with asking(0, "", write) as writing, asking(0, "/", lambda _, path: proxy.ask(DOMAIN, path)[0]) as reading:
        for process in company.processes:
            goes_on(writing, reading)
            process.stop()
            goes_on(writing, reading)
            process.start(PATIENCE)
            until(lambda process=process: _is_asked(company, proxy, process), PATIENCE)  # type: ignore[misc]  # bound at once
        goes_on(writing, reading)
    assert refused == [], company.core.log.read_text()[-6000:]
    assert writing.failures == reading.failures == []
    assert set(writing.statuses) == set(reading.statuses) == {200}
    assert len(written & company.keys(company.core)) >= min(len(written), 100)


def _is_asked(company: Company, proxy: Proxy, process: NodeProcess) -> bool:
    """Does the proxy send to a process that was restarted? Only then the next one is, as the how-to says."""
    proxy.ask(DOMAIN, f"/xrpc/com.atproto.repo.listRecords?repo={company.did}&collection={NOTE}&limit=1")
    told = httpx.get(f"{process.url}/metrics", timeout=PATIENCE, trust_env=False).text
    return 'skillnet_request_seconds_count{lane="programs"}' in told
