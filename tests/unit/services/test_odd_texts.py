"""Characters that a database may not hold come from strangers: none of them may stop a repository or a request."""

from __future__ import annotations

from federation.repository import Write
from node.services.assembly import Services
from node.store import accounts, records
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
