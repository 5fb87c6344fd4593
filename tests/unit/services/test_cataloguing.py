"""Records become catalogue rows, whatever the order they come in; what is not sound is not counted."""

from __future__ import annotations

from typing import Any

import pytest

from federation.repository import Write
from node.services.assembly import Services
from node.services.cataloguing.changes import CatalogueChange
from node.store.clock import as_text, now
from node.store.content import catalogue, contributions
from node.store.content.catalogue import MEMBERS, PUBLIC
from node.store.tables.catalogue import ItemRow, VersionRow
from schemas.authority import CREDENTIAL, ENDORSEMENT, MODULE, MODULE_VERSION, NODE, PROFILE, VOUCH
from tests.integration.fixtures.contributions import cid_of, endorsement_write, head_write, version_write
from tests.integration.fixtures.nodes import Published, practitioner, publish

TEXT = "Take the drafted answer and look up each number in the source. " * 6


def item(services: Services, uri: str) -> ItemRow | None:
    with services.database.read() as session:
        return catalogue.find_item(session, uri, PUBLIC)


def version(services: Services, uri: str) -> VersionRow | None:
    with services.database.read() as session:
        return catalogue.find_version(session, uri, PUBLIC)


def next_version(services: Services, did: str, module: Published, name: str, body: str, **more: Any) -> Published:
    write = version_write(name, body, previous=module.version, **more)
    cid = cid_of(services.host.write(did, [write]), write)
    reference = {"uri": f"at://{did}/{MODULE_VERSION}/{write.rkey}", "cid": cid}
    services.host.write(did, [head_write(name, reference["uri"], cid, action="update")])
    return Published(module.uri, reference)


def test_a_published_module_is_an_item_of_its_current_version(services: Services, anna: str) -> None:
    module = publish(services, anna, "check-numbers", TEXT, occupations=["onet:43-3031.00"], minutes=7)
    row = item(services, module.uri)
    assert (row.kind, row.title, row.minutes, row.major) == ("module", "How to check-numbers", 7, 1)
    assert (row.version_uri, row.version_cid) == (module.version["uri"], module.version["cid"])
    assert row.occupations == ["onet:43-3031.00"]


def test_a_head_waits_for_its_version_and_shows_it_when_it_comes_late(services: Services, anna: str) -> None:
    write = version_write("late", TEXT)
    uri = f"at://{anna}/{MODULE_VERSION}/{write.rkey}"
    cid = "bafyreib2rxk3rybk3aobmv5cjuql3bm2twh4jo5uxgf5kpqcsgz7soitae"
    services.host.write(anna, [head_write("late", uri, cid)])
    assert item(services, f"at://{anna}/{MODULE}/late") is None
    services.host.write(anna, [write])
    assert item(services, f"at://{anna}/{MODULE}/late").version_uri == uri


def test_version_and_head_in_one_commit_in_either_order(services: Services, anna: str) -> None:
    write = version_write("together", TEXT)
    uri = f"at://{anna}/{MODULE_VERSION}/{write.rkey}"
    head = head_write("together", uri, "bafyreib2rxk3rybk3aobmv5cjuql3bm2twh4jo5uxgf5kpqcsgz7soitae")
    services.host.write(anna, [head, write])
    assert item(services, f"at://{anna}/{MODULE}/together") is not None


def test_a_head_cannot_show_another_items_version(services: Services, anna: str) -> None:
    module = publish(services, anna, "mine", TEXT)
    boris = practitioner(services, "boris")
    services.host.write(boris, [head_write("mine", module.version["uri"], module.version["cid"])])
    services.host.write(anna, [head_write("other", module.version["uri"], module.version["cid"])])
    assert item(services, f"at://{boris}/{MODULE}/mine") is None
    assert item(services, f"at://{anna}/{MODULE}/other") is None


def test_majorness_is_computed_and_the_authors_word_only_raises_it(services: Services, anna: str) -> None:
    first = publish(services, anna, "steps", TEXT)
    small = next_version(services, anna, first, "steps", TEXT.replace("number", "figure", 1))
    assert version(services, small.version["uri"]).major == 1
    large = next_version(services, anna, small, "steps", "Something else entirely. " * 9)
    assert version(services, large.version["uri"]).major == 5, "more than half is another: four at once"
    declared = next_version(services, anna, large, "steps", "Something else entirely. " * 9, major=True)
    assert version(services, declared.version["uri"]).major == 6
    assert item(services, first.uri).major == 6


def test_a_version_that_claims_a_strangers_past_begins_at_one(services: Services, anna: str) -> None:
    module = publish(services, anna, "mine", TEXT)
    boris = practitioner(services, "boris")
    write = version_write("mine", "Entirely new words here.", previous=module.version)
    services.host.write(boris, [write])
    assert version(services, f"at://{boris}/{MODULE_VERSION}/{write.rkey}").major == 1


def test_deleting_head_and_version_takes_the_item_away(services: Services, anna: str) -> None:
    module = publish(services, anna, "gone", TEXT)
    services.host.write(anna, [Write("delete", MODULE_VERSION, module.version["uri"].rpartition("/")[2])])
    assert version(services, module.version["uri"]) is None
    assert item(services, module.uri) is None
    again = publish(services, anna, "gone2", TEXT)
    services.host.write(anna, [Write("delete", MODULE, "gone2")])
    assert item(services, again.uri) is None


def test_retirement_is_shown(services: Services, anna: str) -> None:
    module = publish(services, anna, "old", TEXT)
    head = head_write(
        "old", module.version["uri"], module.version["cid"], action="update",
        retired={"reason": "The product is gone.", "at": as_text(now())},
    )  # fmt: skip
    services.host.write(anna, [head])
    assert item(services, module.uri).retired == "The product is gone."


def endorsements(services: Services, uri: str) -> list[Any]:
    with services.database.read() as session:
        return contributions.list_endorsements(session, MEMBERS, item_uri=uri)


def test_an_endorsement_counts_once_and_is_replaced_and_withdrawn(services: Services, anna: str) -> None:
    module = publish(services, anna, "good", TEXT)
    boris = practitioner(services, "boris")
    write = endorsement_write(module.uri, module.version, "works", note="On the ward, twice.")
    services.host.write(boris, [write])
    (row,) = endorsements(services, module.uri)
    assert (row.did, row.verdict, row.version_uri) == (boris, "works", module.version["uri"])
    services.host.write(boris, [Write("update", write.collection, write.rkey, {**write.value, "verdict": "fails"})])
    (row,) = endorsements(services, module.uri)
    assert row.verdict == "fails"
    services.host.write(boris, [Write("delete", write.collection, write.rkey)])
    assert endorsements(services, module.uri) == []


def test_an_endorsement_under_a_wrong_key_is_not_counted(services: Services, anna: str) -> None:
    module = publish(services, anna, "good", TEXT)
    boris = practitioner(services, "boris")
    write = endorsement_write(module.uri, module.version)
    for rkey in ("again1", "again2", "a" * 32):
        services.host.write(boris, [Write("create", ENDORSEMENT, rkey, write.value)], validate=False)
    assert endorsements(services, module.uri) == []
    services.host.write(boris, [write])
    assert len(endorsements(services, module.uri)) == 1


def test_an_endorsement_may_come_before_its_version(services: Services, anna: str) -> None:
    boris = practitioner(services, "boris")
    write = version_write("early", TEXT)
    uri = f"at://{anna}/{MODULE_VERSION}/{write.rkey}"
    reference = {"uri": uri, "cid": "bafyreib2rxk3rybk3aobmv5cjuql3bm2twh4jo5uxgf5kpqcsgz7soitae"}
    services.host.write(boris, [endorsement_write(f"at://{anna}/{MODULE}/early", reference)])
    heard: list[CatalogueChange] = []
    services.rankings.hear = heard.append
    services.host.write(anna, [write, head_write("early", uri, reference["cid"])])
    with services.database.read() as session:
        assert contributions.uris_of_versions(session, [uri]) != []


@pytest.mark.parametrize("validate", [None, True])
def test_a_record_against_its_lexicon_is_refused_with_its_path(
    services: Services, anna: str, validate: bool | None
) -> None:
    from node.errors import Malformed

    write = version_write("bad", TEXT, minutes="ten")
    with pytest.raises(Malformed, match="minutes"):
        services.host.write(anna, [write], validate=validate)


def test_people_vouches_and_credentials_get_their_rows_and_lose_them(services: Services, anna: str) -> None:
    node, at = services.identity.did, as_text(now())
    services.host.write(node, [
        Write("create", CREDENTIAL, "3jzfcijpj2z2a", {
            "$type": CREDENTIAL, "subject": anna, "occupation": "onet:43-3031.00", "from": at, "createdAt": at,
        }),
    ])  # fmt: skip
    uri = f"at://{node}/{CREDENTIAL}/3jzfcijpj2z2a"
    profile = {"$type": PROFILE, "displayName": "Anna", "credentials": [uri], "createdAt": at}
    services.host.write(anna, [Write("create", PROFILE, "self", profile)])
    services.identity.vouch(anna, "We work together.")
    with services.database.read() as session:
        assert contributions.find_profile(session, anna).credentials == [uri]
        (credential,) = contributions.list_credentials(session, subject=anna)
        assert (credential.did, credential.revoked_at) == (node, 0)
        (vouch,) = contributions.list_vouches(session, subject=anna)
        assert vouch.note == "We work together."
        assert contributions.find_organisation(session, node).name == "Test"
    services.identity.unvouch(anna)
    services.host.write(anna, [Write("delete", PROFILE, "self")])
    with services.database.read() as session:
        assert contributions.list_vouches(session, subject=anna) == []
        assert contributions.find_profile(session, anna) is None
    assert VOUCH


def test_only_who_serves_an_address_is_an_organisation_there(services: Services, anna: str) -> None:
    """A practitioner would stand in the list, and in the names of who issued a credential, as the hospital."""
    own, url = services.identity.did, services.settings.public_url
    for claimed in (url, "https://hospital.example", "https://[", "at://" + anna):
        value = {"$type": NODE, "name": "The hospital", "url": claimed, "createdAt": as_text(now())}
        services.host.write(anna, [Write("create", NODE, "self", value)])
        with services.database.read() as session:
            assert [row.did for row in contributions.list_organisations(session)] == [own]
        services.host.write(anna, [Write("delete", NODE, "self")])


def test_listeners_hear_of_a_change_once_it_is_durable_and_never_of_a_failed_one(services: Services, anna: str) -> None:
    heard: list[tuple[frozenset[str], bool]] = []

    def listen(change: CatalogueChange) -> None:
        heard.append((frozenset(change.items), all(item(services, uri) is not None for uri in change.items)))

    module = publish(services, anna, "first", TEXT)
    services.host._cataloguer.listen(listen)
    publish(services, anna, "second", TEXT)
    assert heard[-1] == (frozenset({f"at://{anna}/{MODULE}/second"}), True)
    count = len(heard)
    with pytest.raises(Exception, match=r"."):
        services.host.write(anna, [head_write("first", module.version["uri"], module.version["cid"])])
    assert len(heard) == count
