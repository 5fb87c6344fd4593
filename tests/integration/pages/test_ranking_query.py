"""What a program reads of the order: places that are there to be tried say so, as pages do."""

from __future__ import annotations

from typing import Any

from federation.repository import Write
from node.store.clock import as_text, now
from schemas.authority import VOUCH
from schemas.validation import validate_output
from schemas.vouch_key import vouch_key

TEXT = "---\nname: n{0}\ntitle: Number {0}\ndescription: One of many.\nlanguage: en\nlicense: CC-BY-4.0\n---\nText.\n"
QUERY = "org.skillnet.curation.getRanking"


def test_places_for_the_little_known_say_so_once_there_is_a_ranking(stage: Any) -> None:
    def asked() -> Any:
        answer = stage.client.get(f"/xrpc/{QUERY}").json()
        validate_output(answer, QUERY)
        return answer

    for number in range(8):
        stage.publish("wei", TEXT.format(number))
    stage.settle()
    before = asked()
    assert before["ranked"] is False
    assert not any("explored" in place for place in before["items"])
    services, friend = stage.services, stage.add_practitioner("outsider")
    key = str(vouch_key(friend))
    value = {"$type": VOUCH, "subject": friend, "createdAt": as_text(now())}
    services.host.write(services.identity.did, [Write("create", VOUCH, key, value)])
    try:
        stage.settle()
        found = asked()
        assert found["ranked"] is True
        listed = [(place["entry"]["uri"], place.get("explored", False)) for place in found["items"]]
        assert listed == services.rankings.explore([uri for uri, _ in listed])
        assert any(explored for _, explored in listed)
    finally:
        services.host.write(services.identity.did, [Write("delete", VOUCH, key, None)])
        stage.settle()
