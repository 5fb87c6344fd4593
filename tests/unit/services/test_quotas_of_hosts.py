"""What a host may bring in all, and what a new one may."""

from typing import Any

import pytest

from node.services.assembly import Services
from node.services.following.doorkeeper import Doorkeeper
from node.services.following.quotas import COUNT_AGAIN, Quota, QuotaReached, Quotas
from node.settings.declared import Settings
from node.store.clock import DAY, SECOND, now
from node.store.repositories.peers import save_peer
from node.store.tables.peers import PeerRow

URL = "https://new.example"
WHOLE = Quota(2_000_000, 2_000_000_000, 100_000)


def test_a_new_host_may_bring_a_tenth_and_a_small_quota_is_not_made_smaller() -> None:
    assert WHOLE.of_new_host() == Quota(200_000, 200_000_000, 10_000)
    small = Quota(50, 5_000, 5)
    assert small.of_new_host() == small


@pytest.mark.parametrize(
    ("days", "row", "settings", "expected"),
    [
        (1, {}, {}, WHOLE.of_new_host()),
        (4, {}, {}, WHOLE),
        (1, {"trusted": True}, {}, WHOLE),
        (1, {}, {"allow_hosts": ["new.example"]}, WHOLE),
    ],
)
def test_a_host_is_new_until_time_trust_or_its_name_on_a_list(
    services: Services, days: int, row: dict[str, Any], settings: dict[str, Any], expected: Quota
) -> None:
    of_node = Settings(data=services.settings.data, **settings)
    quotas = Quotas(of_node, Doorkeeper.of(of_node))
    added = PeerRow(url=URL, added_at=now() - days * DAY, **row)
    services.database.writer.write(lambda session: save_peer(session, added))
    with services.database.read() as session:
        assert quotas.quota_of(session, URL) == expected


def test_accounts_are_counted(services: Services) -> None:
    settings = Settings(data=services.settings.data, peer_accounts=1)
    quotas = Quotas(settings, Doorkeeper.of(settings))
    with services.database.read() as session:
        quotas.charge(session, URL, [b"one"], new_account=True)
        assert not quotas.has_room(URL)
        quotas.charge(session, URL, [b"more of it"], new_account=False)
        with pytest.raises(QuotaReached):
            quotas.charge(session, URL, [b"two"], new_account=True)


def test_records_that_come_together_are_counted_together(services: Services) -> None:
    settings = Settings(data=services.settings.data, peer_rows=3)
    quotas = Quotas(settings, Doorkeeper.of(settings))
    with services.database.read() as session:
        with pytest.raises(QuotaReached):
            quotas.charge(session, URL, [b"of one repository"] * 4, new_account=True)
        quotas.charge(session, URL, [b"of another"] * 3, new_account=True)
        assert not quotas.has_room(URL)


def test_where_little_is_left_nobody_new_is_asked_for_until_it_is_counted_again(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that listed ten thousand accounts of a few records each was asked for all of them, in vain."""
    settings = Settings(data=services.settings.data, peer_rows=100)
    quotas = Quotas(settings, Doorkeeper.of(settings))
    with services.database.read() as session:
        quotas.charge(session, URL, [b"of one repository"] * 97, new_account=True)
        with pytest.raises(QuotaReached):
            quotas.charge(session, URL, [b"of a large one"] * 50, new_account=True)
        assert quotas.has_room(URL), "others may be smaller"
        with pytest.raises(QuotaReached):
            quotas.charge(session, URL, [b"of a small one"] * 4, new_account=True)
        assert not quotas.has_room(URL)
        later = now() + COUNT_AGAIN * SECOND + 1
        monkeypatch.setattr("node.services.following.quotas.now", lambda: later)
        assert quotas.has_room(URL)
