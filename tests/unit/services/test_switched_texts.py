"""Endorsements belong to a text: however an author replaces it, they are not kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from node.services.assembly import Services
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC
from schemas.authority import MODULE_VERSION
from tests.integration.fixtures.contributions import cid_of, head_write, version_write
from tests.integration.fixtures.nodes import Published, composed, practitioner, publish

WORDS = [f"word{n}" for n in range(200)]


@pytest.fixture
def services(tmp_path: Path):  # type: ignore[no-untyped-def]  # a generator of services
    with composed(tmp_path / "node") as made:
        yield made


def _next(services: Services, did: str, of: Published, body: str, **more: object) -> int:
    """Publish another version; how many major changes it stands at."""
    write = version_write("text", body, **more)
    cid = cid_of(services.host.write(did, [write]), write)
    uri = f"at://{did}/{MODULE_VERSION}/{write.rkey}"
    services.host.write(did, [head_write("text", uri, cid, action="update")])
    of.version.update(uri=uri, cid=cid)
    with services.database.read() as session:
        item = catalogue.find_item(session, of.uri, PUBLIC)
    assert item is not None
    return item.major


def test_small_steps_add_up(services: Services) -> None:
    anna = practitioner(services, "anna")
    made = publish(services, anna, "text", " ".join(WORDS))
    majors = []
    for step in range(1, 6):
        words = [f"other{n}" if n < step * 14 else word for n, word in enumerate(WORDS)]
        majors.append(_next(services, anna, made, " ".join(words), previous=dict(made.version)))
    assert majors[0] == 1, "seven words in a hundred are a correction"
    assert majors[-1] > 1, "a third of the text is not"


def test_a_version_without_a_predecessor_follows_the_newest(services: Services) -> None:
    anna = practitioner(services, "anna")
    made = publish(services, anna, "text", " ".join(WORDS))
    assert _next(services, anna, made, " ".join(WORDS) + " more") == 1
    assert _next(services, anna, made, "Quite another thing. " * 50) == 5, "more than half is another: four at once"
    assert _next(services, anna, made, " ".join(WORDS)) == 9, "nor does going back restore anything"
