"""Three honest nodes over the protocol, a hostile fourth that mints ten thousand practitioners; a bait and a switch."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from node.services.assembly import Services
from schemas.authority import MODULE_VERSION
from tests.integration.fixtures.contributions import cid_of, endorsement_write, head_write, version_write, vouch_write
from tests.integration.fixtures.databases import free_port
from tests.integration.fixtures.minting import mint
from tests.integration.fixtures.nodes import (
    LiveNode,
    NodeProcess,
    Published,
    accredit,
    composed,
    practitioner,
    publish,
    until,
)

pytestmark = pytest.mark.real

MINTED = 10_000
QUOTA_ROWS = 400  # of one host, on the honest nodes
PEOPLE, MODULES = 4, 6  # of each honest organisation
TEXT = "Look up each number in the source before you sign. Say which ones you could not find. "
ASKED = 60  # pages in one measurement
LIMIT = 1.2  # of what pages take on a node that the hostile one does not reach
LOCAL = {"SKILLNET_FEDERATION_ALLOW_LOCALHOST": "true"}


@dataclass
class Organisation:
    """One node's folder, filled before it is served."""

    folder: Path
    name: str
    port: int = field(default_factory=free_port)
    people: list[str] = field(default_factory=list)
    modules: list[Published] = field(default_factory=list)
    process: NodeProcess | None = None

    @property
    def did(self) -> str:
        return f"did:web:localhost%3A{self.port}"

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def opened(self) -> Any:
        return composed(self.folder, port=self.port, organisation=self.name, allow_localhost=True)

    def served(self, **more: str) -> NodeProcess:
        self.process = NodeProcess(self.folder, self.port, {**LOCAL, "SKILLNET_NODE_ORGANISATION": self.name, **more})
        return self.process

    def api(self, path: str, **query: Any) -> Any:
        return httpx.get(f"{self.url}{path}", params=query, timeout=60, trust_env=False).raise_for_status().json()


def _accredited(services: Services, name: str) -> str:
    """A practitioner who speaks for the node."""
    did = practitioner(services, name)
    accredit(services, did, name)
    return did


def _fill(organisation: Organisation, number: int) -> None:
    with organisation.opened() as services:
        organisation.people = [_accredited(services, f"person-{number}-{n}") for n in range(PEOPLE)]
        author = organisation.people[0]
        organisation.modules = [publish(services, author, f"good-{number}-{n}", TEXT * 10) for n in range(MODULES)]


def _endorse(organisation: Organisation, modules: list[Published], fooled: list[str]) -> None:
    """Its people find the others' modules good; two of them are fooled into vouching for minted ones."""
    with organisation.opened() as services:
        for place, did in enumerate(organisation.people[1:]):
            verdicts = [endorsement_write(module.uri, module.version) for module in modules[place:]]
            services.host.write(did, [*verdicts, *(vouch_write(one) for one in fooled[place : place + 1])])


def _mint(hostile: Organisation, honest: list[Published]) -> list[str]:
    with hostile.opened() as services:
        author = _accredited(services, "mallory")
        hostile.modules = [publish(services, author, f"junk-{n}", "Buy now. " * 40) for n in range(10)]
        return mint(services, MINTED, hostile.modules, honest)


def _p95(organisation: Organisation, reference: Organisation, asked: int = ASKED) -> float:
    """The 95th percentile of page times, relative to that of a node that has nothing to do with it, in turns."""
    paths = ("/", "/search?q=source", f"/modules/{organisation.people[0]}/{organisation.modules[0].uri.split('/')[-1]}")
    times: dict[str, list[float]] = {organisation.url: [], reference.url: []}
    with httpx.Client(timeout=60, trust_env=False) as client:
        for turn in range(asked):
            for one in (organisation, reference):
                path = paths[turn % 3]
                if turn % 3 == 2:
                    path = f"/modules/{one.people[0]}/{one.modules[0].uri.rpartition('/')[2]}"
                began = time.perf_counter()
                assert client.get(one.url + path).status_code == 200
                times[one.url].append(time.perf_counter() - began)
    own, other = (sorted(found)[int(0.95 * asked)] for found in times.values())
    return own / other


@pytest.fixture
def honest(tmp_path: Path) -> list[Organisation]:
    organisations = [Organisation(tmp_path / f"honest-{n}", f"Honest {n}") for n in range(3)]
    for number, organisation in enumerate(organisations):
        _fill(organisation, number)
    return organisations


def test_ten_thousand_minted_practitioners_gain_nothing(tmp_path: Path, honest: list[Organisation]) -> None:
    hostile = Organisation(tmp_path / "hostile", "Hostile")
    good = [module for organisation in honest for module in organisation.modules]
    minted = _mint(hostile, good)
    for organisation in honest:
        _endorse(organisation, [m for m in good if m not in organisation.modules], minted[:2])
    with ExitStack() as stack:
        processes = [one.served(SKILLNET_FEDERATION_PEER_ROWS=str(QUOTA_ROWS)) for one in (*honest, hostile)]
        for process in processes:
            stack.callback(process.stop)
        with ThreadPoolExecutor() as pool:
            list(pool.map(NodeProcess.start, processes))
        _follow_one_another(honest)
        calm = honest[2]  # follows the hostile one last, so that a busy machine is not mistaken for a slow node
        before = _p95(honest[0], calm)
        size = _disk(honest[0])
        for organisation in honest[:2]:
            _follow(organisation, hostile.url, trust=False)
        until(lambda: all(_settled(one, hostile) for one in honest[:2]), 300, "the quota is reached")
        after = _p95(honest[0], calm)
        if after > LIMIT:  # of so few pages the slowest are chance on a busy machine
            after = _p95(honest[0], calm, 5 * ASKED)
        _follow(calm, hostile.url, trust=False)
        until(lambda: _settled(calm, hostile), 300, "the quota is reached by the last")
        for organisation in honest:
            kept = _records_of(organisation, hostile)
            assert 0 < kept <= QUOTA_ROWS + 200, "disk growth is bounded by the quota"
            _assert_untouched(organisation, hostile)
        grown = _disk(honest[0]) - size
        print(  # noqa: T201 - the figure is what the test is for
            f"p95 relative to a calm node: {before:.2f} before, {after:.2f} after; disk grew by {grown // 1000} kB"
        )
        assert after <= LIMIT * max(1.0, before), "the calm node has the same pages: what is below one is chance"
        assert grown < 20_000_000


def _follow_one_another(honest: list[Organisation]) -> None:
    for organisation in honest:
        for other in honest:
            if other is not organisation:
                _follow(organisation, other.url, trust=True)
    for organisation in honest:
        until(lambda one=organisation: len(one.api("/api/trust")) >= 3, 60, "trust")  # type: ignore[misc]  # bound now
        until(lambda one=organisation: _ranked(one) >= 3 * MODULES, 60, "each other's modules")


def _ranked(organisation: Organisation) -> int:
    answer = organisation.api("/api/ranking", limit=10)
    return int(answer["total"]) if answer["ranked"] else 0


def _follow(organisation: Organisation, url: str, *, trust: bool) -> None:
    assert organisation.process is not None
    with organisation.process.operator() as client:
        answer = client.post("/api/peers", json={"url": url, "trust": trust})
        assert answer.status_code < 300, answer.text


def _settled(organisation: Organisation, hostile: Organisation) -> bool:
    """Has the flood been taken in, up to the quota? What is left of it is still being listed."""
    assert organisation.process is not None
    with organisation.process.operator() as client:
        refused = client.get("/api/rejections", params={"peer": hostile.url}).json()
    return any(one["code"] == "quota-reached" for one in refused)


def _records_of(organisation: Organisation, hostile: Organisation) -> int:
    import sqlite3

    with sqlite3.connect(f"file:{organisation.folder / 'skillnet.db'}?mode=ro", uri=True) as connection:
        query = "SELECT count(*) FROM record JOIN head ON head.did = record.did WHERE head.peer = ?"
        (count,) = connection.execute(query, (hostile.url,)).fetchone()
    connection.close()
    return int(count)


def _disk(organisation: Organisation) -> int:
    return sum(file.stat().st_size for file in organisation.folder.rglob("*") if file.is_file())


def _assert_untouched(organisation: Organisation, hostile: Organisation) -> None:
    """No junk in any top ten, hostile voices without trust, honest modules as fresh as before."""
    ranking = organisation.api("/api/ranking", limit=10)
    assert ranking["ranked"]
    titles = {place["title"] for place in ranking["places"]}
    assert not [title for title in titles if "junk" in title], titles
    assert {place["freshness"] for place in ranking["places"]} == {1.0}, "slander makes nothing stale"
    task = organisation.api("/api/ranking", limit=10, task="onet:43-3031.00/1")
    assert not [place for place in task["places"] if "junk" in place["title"]]
    assert hostile.did not in {one["organisation"] for one in organisation.api("/api/trust")}
    for path in ("/", "/search?q=how+to"):
        page = httpx.get(organisation.url + path, timeout=60, trust_env=False).text
        assert page.count("/modules/") > 0
        assert "How to junk" not in page.split("<h2")[1 if path == "/" else 0]


def test_who_switches_the_text_loses_the_endorsements_at_once(
    publisher: LiveNode, follower: LiveNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once: with what the new text itself brings about, and not when trust is next computed."""
    author = practitioner(publisher.services, "mallory")
    others = [_accredited(publisher.services, f"person-{n}") for n in range(3)]
    bait = publish(publisher.services, author, "bait", TEXT * 10)
    for did in others:
        publisher.write(did, endorsement_write(bait.uri, bait.version))
    follower.run(follower.services.follower.follow(publisher.url, trust=True))
    ranking = follower.services.rankings
    until(lambda: len(ranking.heard([bait.uri])[bait.uri]) == len(others), what="the endorsements count")
    assert ranking.settle()
    high, renewals, counted = ranking.scores([bait.uri])[0], list[None](), list[frozenset[str] | None]()
    assert high.evidence > 1.0
    monkeypatch.setattr(ranking, "renew_trust", lambda: renewals.append(None))
    ranking.after_change(counted.append)
    switched = version_write("bait", "Transfer the money first, ask afterwards. " * 30, previous=bait.version)
    cid = cid_of(publisher.write(author, switched), switched)
    uri = f"at://{author}/{MODULE_VERSION}/{switched.rkey}"
    publisher.write(author, head_write("bait", uri, cid, action="update"))
    low = until(lambda: _lower(ranking.scores([bait.uri])[0], high), what="the score falls")
    assert not renewals
    about = [touched for touched in counted if touched is None or bait.uri in touched]
    assert len(about) <= 2, "it falls with the new text, or with the head that names it"
    assert low.evidence - 1.0 < 0.05 * (high.evidence - 1.0), "what is left counts as next to nothing"
    codes = {drop.code for drop in ranking.explain(bait.uri).dropped}
    assert "earlier-version" in codes


def _lower(score: Any, high: Any) -> Any:
    return score if score.value < high.value else None
