"""What a host may cost, whom the operator lets in, whom followed nodes know, what is listed, what stays awaited."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from federation.errors import Reason, Rejected, StatusUnexpected
from node.services.assembly import Services
from node.services.following import backfill
from node.services.following.backfill import Backfill, Listing
from node.services.following.budget import BURST, Budget, Quarantined, quarantine_seconds
from node.services.following.discovery import suggest_peers
from node.services.following.doorkeeper import Doorkeeper
from node.services.following.follower import Follower
from node.services.following.refusals import GRAVE, SLIGHT, Refusal
from node.services.moderating.subjects import parse_subject
from node.services.policy import LOCAL_OPERATOR
from node.settings.declared import Settings
from node.store.administration import moderation
from node.store.content import contributions
from node.store.repositories import blobs, peers, records
from node.store.sessions import Session
from node.store.tables.catalogue import OrganisationRow
from node.store.tables.hosting import HeadRow
from node.store.tables.moderation import RuleRow
from node.store.tables.peers import PeerRow
from node.web.api.operating import suggestions


def test_a_host_may_send_much_at_once_and_its_rate_on_average() -> None:
    budget = Budget(100.0)
    assert all(budget.spend(0.0) == 0 for _ in range(int(BURST)))
    assert budget.spend(0.0) == pytest.approx(0.01)
    assert budget.spend(BURST / 100) == 0, "later there is room again"


def test_grave_refusals_end_in_quarantine_slight_ones_and_old_ones_do_not() -> None:
    grave, slight = Refusal("x", "", GRAVE), Refusal("y", "", SLIGHT)
    budget = Budget(1.0)
    for second in range(20):
        budget.refused(grave, float(second))  # those of twenty seconds ago are a little forgotten
    with pytest.raises(Quarantined, match="21 refusals in a short time, the last: x"):
        budget.refused(grave, 20.0)
    patient = Budget(1.0)
    for number in range(200):
        patient.refused(grave, number * 60.0)
        patient.refused(slight, number * 60.0)
    assert [quarantine_seconds(n) for n in (1, 2, 9)] == [3600, 7200, 86_400]


def test_what_befalls_the_honest_weighs_little() -> None:
    assert Refusal.of(Rejected(Reason.PREV_DATA_MISMATCH)).weight == SLIGHT
    assert Refusal.of(Rejected(Reason.RECORD_MALFORMED)).weight == SLIGHT
    assert Refusal.of(Rejected(Reason.SIGNATURE_INVALID)).weight == GRAVE


def test_the_operators_lists() -> None:
    anybody = Doorkeeper()
    assert anybody.admits_host("https://any.example")
    listed = Doorkeeper(frozenset({"good.example", "localhost:8001"}), frozenset({"bad.example", "did:web:evil"}))
    assert listed.admits_host("https://good.example")
    assert listed.admits_host("http://localhost:8001")
    assert not listed.admits_host("http://localhost:8002")
    denying = Doorkeeper(denied=listed.denied)
    assert denying.admits_host("https://good.example")
    assert not denying.admits_host("https://BAD.example:8443")
    assert not denying.admits_account("did:web:evil")
    assert not denying.admits_account("did:web:x", "https://bad.example")


def test_a_host_is_the_same_with_the_port_that_its_address_does_not_say(tmp_path: Path) -> None:
    """An operator pastes an address; a rule that stands in the log and holds nobody back would be a lie."""
    denying = Doorkeeper.of(Settings(data=tmp_path, deny=["https://bad.example:443"]))
    assert not denying.admits_host("https://bad.example")
    assert denying.admits_host("https://bad.example:8443"), "that is another server"
    assert not Doorkeeper(denied=frozenset({"localhost:80"})).admits_host("http://localhost")
    listed = Doorkeeper.of(Settings(data=tmp_path, allow_hosts=["https://good.example:443"]))
    assert listed.admits_host("https://good.example")


@pytest.mark.parametrize("address", ["https://bad.example.", "https://Bad.Example.:8443", "https://bad.example.:443/x"])
def test_a_host_is_the_same_with_the_dot_of_the_root(address: str, tmp_path: Path) -> None:
    denied = ("bad.example", "bad.example.", "https://bad.example./")
    assert not any(
        Doorkeeper.of(Settings(data=tmp_path, deny=[one])).admits_account("did:web:x", address) for one in denied
    )
    assert parse_subject("https://BAD.example.:8443/x").text == "bad.example:8443"
    assert parse_subject("bad.example.").text == "bad.example"
    assert Follower.origin(address) in ("https://bad.example", "https://bad.example:8443")


def test_hosts_two_hops_away_with_who_knows_them(services: Services) -> None:
    near = [("https://clinic.example", "Clinic", True), ("https://guild.example", "Guild", False)]
    far = {"did": "did:web:harbour.example", "url": "https://harbour.example/"}
    lone = {"did": "did:web:lone.example", "url": "https://lone.example"}
    own = {"did": services.identity.did, "url": services.settings.public_url}
    odd = {"did": "did:web:x", "url": "javascript:alert(1)"}

    def work(session: Session) -> None:
        for url, name, trusted in near:
            did = "did:web:" + url.partition("://")[2]
            peers.save_peer(session, PeerRow(url=url, did=did, organisation=name, trusted=trusted))
            known = [far, own, odd, {"did": "d", "url": near[0][0]}] + ([lone] if name == "Guild" else [])
            contributions.save_contribution(session, OrganisationRow(did=did, name=name, url=url, peers=known))
        harbour = OrganisationRow(did=far["did"], name="Harbour", url="https://harbour.example")
        contributions.save_contribution(session, harbour)

    services.database.writer.write(work)
    with services.database.read() as session:
        harbour, alone = suggest_peers(session, services.settings, services.withholding)
    assert (harbour.url, harbour.organisation, harbour.known_by, harbour.trusted) == (
        "https://harbour.example", "Harbour", ["Clinic", "Guild"], 1,
    )  # fmt: skip
    assert (alone.url, alone.organisation, alone.known_by) == ("https://lone.example", "", ["Guild"])
    rule = RuleRow(subject="lone.example", effect="deny", reason="It sends advertising.", made_at=1, expires_at=0)
    services.database.writer.write(lambda session: moderation.save_rule(session, rule))
    services.withholding.forget()
    assert [one["url"] for one in suggestions.fn(services, LOCAL_OPERATOR)] == ["https://harbour.example"]


class Pages:
    """A host's listing: pages of DIDs; without any it does not know the question."""

    def __init__(self, *pages: list[str], repeat: bool = False) -> None:
        self._pages, self._repeat, self.asked = pages, repeat, 0

    async def list_repos_by_collection(self, collection: str, cursor: str | None) -> tuple[list[Any], str | None]:
        if not self._pages:
            raise StatusUnexpected(501, "here")
        self.asked += 1
        number = int(cursor or 0)
        page = self._pages[min(number, len(self._pages) - 1)]
        return page, str(number + 1) if self._repeat or number + 1 < len(self._pages) else None


def everything(listing: Listing) -> list[str]:
    async def collect() -> list[str]:
        return [did async for did in listing.dids()]

    return asyncio.run(collect())


def test_a_listing_ends_however_the_host_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert everything(Listing(Pages(["a", "b"], ["b", "c"]), whole=False)) == ["a", "b", "c"]  # type: ignore[arg-type]  # a stand-in
    endless = Listing(Pages(["a"], repeat=True), whole=False)  # type: ignore[arg-type]  # a stand-in
    assert everything(endless) == ["a"]
    assert endless.endless
    monkeypatch.setattr(backfill, "MOST_REPOSITORIES", 5)
    many = Listing(Pages(*([f"d{n}-{i}" for i in range(3)] for n in range(100))), whole=False)  # type: ignore[arg-type]  # a stand-in
    assert len(everything(many)) == 5
    assert everything(Listing(Pages(), whole=False)) == []  # type: ignore[arg-type]  # a stand-in


def test_a_backfill_counts_as_it_goes() -> None:
    told: list[tuple[int, int]] = []

    async def fetch(did: str) -> bool:
        return did != "up to date"

    async def tell(done: int, expected: int) -> None:
        told.append((done, expected))

    listing = Listing(Pages(["a", "up to date", "mine", "b"]), whole=False)  # type: ignore[arg-type]  # a stand-in
    assert asyncio.run(Backfill(listing, fetch, tell).run(lambda did: did != "mine")) == 2
    assert told[-1] == (3, 3)


def test_pictures_that_did_not_come_are_asked_for_again(services: Services) -> None:
    def work(session: Session) -> None:
        records.save_head(session, HeadRow(did="did:web:a", peer="https://a.example", rev="1"))
        blobs.await_blob(session, "did:web:a", "bafyawaited")
        blobs.await_blob(session, "did:web:other", "bafyother")

    services.database.writer.write(work)
    intake = services.follower._intake
    assert intake.awaited("https://a.example") == [("did:web:a", "bafyawaited")]
