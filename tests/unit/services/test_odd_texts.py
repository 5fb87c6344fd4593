"""Characters and numbers that a database may not hold come from strangers: none may stop a repository or a request."""

from __future__ import annotations

import pytest

from federation.repository import Write
from node.errors import Malformed
from node.services.assembly import Services
from node.services.moderating.subjects import parse_reason, parse_subject
from node.store.engine.failing import is_beyond_range
from node.store.repositories import accounts, events, records
from schemas.authority import MODULE
from tests.integration.fixtures.nodes import publish


def test_the_character_nul_is_taken_and_asked_for(services: Services, anna: str) -> None:
    published = publish(services, anna, "first", "# First\n\nA \x00 text.\n", title="How \x00 to")
    services.host.write(anna, [Write("create", "com.example.note", "k", {"text": "\x00", "n": 2**62})])
    with services.database.read() as session:
        assert records.find_record(session, anna, MODULE, "first") is not None
        assert accounts.find_account(session, "a\x00b") is None
    assert services.registry.find("a\x00b") is None
    assert published.uri.endswith("/first")


def test_a_number_that_no_column_holds_is_known_as_such(services: Services) -> None:
    with services.database.read() as session, pytest.raises(Exception, match=r"out of range|too large") as caught:
        events.list_frames(session, 2**70, 1)
    assert is_beyond_range(caught.value)
    assert not is_beyond_range(OverflowError("of something else"))


@pytest.mark.parametrize("address", ["https://[", "http://[::1", "https://[v9.x]/?y", "https:// /", "a..b", "a.-b"])
def test_half_an_address_is_no_host_to_decide_about(address: str) -> None:
    with pytest.raises(Malformed):
        parse_subject(address)


def test_a_reason_is_what_everybody_reads() -> None:
    """It stands in a public log, in letters and in lists that others import."""
    assert parse_reason(" Advert\nfor \u202ecod.exe\u202c\x1b[31m \u2067x ") == "Advert for cod.exe[31m x"
    persian = "می\u200cخواهم"
    assert parse_reason(persian) == persian
    with pytest.raises(Malformed, match="Say why"):
        parse_reason("\u200b \u2060")
