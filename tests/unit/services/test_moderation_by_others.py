"""Lists and labels that others made: read as they are meant, refused with the line where they are not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from federation.errors import FetchTimedOut, StreamSilent
from federation.frames import encode_error, encode_info
from federation.keys import SigningKey, VerifyingKey
from federation.labels import Label, encode_labels
from node.errors import Malformed
from node.services.assembly import Services
from node.services.moderating import labelers, labelling, recataloguing
from node.services.moderating.lists import parse_list
from node.services.policy import LOCAL_OPERATOR
from node.store.administration import labels
from node.store.clock import now, parse_time
from node.store.content import catalogue
from node.store.content.catalogue import PUBLIC
from node.store.tables.moderation import LabelerRow
from tests.integration.fixtures.nodes import publish

LABELER, SUBJECT = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_list_is_read_whatever_its_line_ends(ending: str) -> None:
    text = ending.join(
        ["\ufeffeffect\tsubject\tuntil\treason", 'deny\tEvil.example\t\t"said ""so"""', "deny\tb.example\t", ""]
    )
    assert [(rule.subject, rule.reason) for rule in parse_list(text)] == [
        ("evil.example", 'said "so"'),
        ("b.example", ""),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('deny\ta.example\t\t"never closed\ndeny\tb.example\n', "Line 2"),
        ("deny\ta.example\nallow\tA.example\n", "Line 2: a.example has another rule above already"),
        ("deny\ta.example\tsometime", "Line 1: 'sometime' is no day"),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        parse_list(text)


def test_a_moment_without_an_offset_is_the_same_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert (
        parse_time("2027-01-01T00:00:00") == parse_time("2027-01-01T00:00:00Z") == parse_time("2027-01-01T13:00+13:00")
    )


def _said(val: str, cts: str, *, neg: bool = False, about: str = SUBJECT) -> Label:
    return Label(LABELER, about, val, cts, "", neg, "")


def _standing(services: Services) -> set[str]:
    with services.database.read() as session:
        return {row.val for row in labels.list_standing(session, LABELER, now())}


def test_labels_are_taken_back_however_times_are_written_and_however_many_there_are(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labelers, "MOST_LABELS", 2)
    services.database.writer.write(
        lambda session: labels.save_labeler(session, LabelerRow(did=LABELER, added_at=now()))
    )
    take = services.moderation.labelers._take
    take(
        LABELER,
        1,
        [
            _said("spam", "2026-01-01T00:00:00Z"),
            _said("rude", "2026-01-01T02:00:00+02:00"),
            _said("more", "2026-01-01T00:00:00Z"),
        ],
    )
    assert _standing(services) == {"spam", "rude"}
    take(
        LABELER,
        2,
        [_said("spam", "2026-01-01T00:00:00.500Z", neg=True), _said("rude", "2026-01-01T00:00:01Z", neg=True)],
    )
    assert _standing(services) == set()
    take(LABELER, 3, [_said("spam", "2025-12-31T23:59:59.999Z")])
    assert _standing(services) == set()


def test_what_a_label_hid_that_ran_out_is_shown_again_when_its_labeler_is_left(
    services: Services, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = publish(services, anna, "gauge", "Dip the stick.").uri
    labeler = LabelerRow(did=LABELER, effect="hide", added_at=now())
    services.database.writer.write(lambda session: labels.save_labeler(session, labeler))
    ran_out = Label(LABELER, module, "!hide", "2026-01-01T00:00:00Z", "", False, "2026-01-02T00:00:00Z")
    services.moderation.labelers._take(LABELER, 1, [ran_out])
    touched: list[str] = []
    monkeypatch.setattr(services.moderation.labelers, "_recatalogue", touched.extend)
    services.moderation.labelers.unsubscribe(LOCAL_OPERATOR, LABELER)
    assert touched == [module]


def test_a_flood_of_labels_is_taken_in_pieces_and_touches_what_it_hides(
    services: Services, anna: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = publish(services, anna, "gauge", "Dip the stick.").uri
    monkeypatch.setattr(labelers, "PIECE", 10)
    monkeypatch.setattr(recataloguing, "PIECE", 1)
    written, catalogued = _counted(services, monkeypatch)
    made_up = [_said("!hide", "2026-01-01T00:00:00Z", about=f"{module}-{n}") for n in range(50)]
    labeler = LabelerRow(did=LABELER, effect="hide", added_at=now())
    services.database.writer.write(lambda session: labels.save_labeler(session, labeler))
    for number, neg in enumerate((False, True)):
        written.clear()
        catalogued.clear()
        told = [_said(val, f"2026-01-0{number + 1}T00:00:00Z", neg=neg, about=about)
                for val, about in (("rude", anna), ("!hide", module), ("!hide", "did:plc:nobody"))]  # fmt: skip
        services.moderation.labelers._take(LABELER, number, [*made_up, *told])
        assert len(catalogued) == 2, "the module and its version, and nothing for a word that hides nothing"
        assert len(written) == 6 + 1 + 2, "labels by ten, how far it was read, two records"
        with services.database.read() as session:
            assert (catalogue.find_item(session, module, PUBLIC) is None) is not neg


def _counted(services: Services, monkeypatch: pytest.MonkeyPatch) -> tuple[list[object], list[object]]:
    """What is written from now on, and what is catalogued."""
    written: list[object] = []
    catalogued: list[object] = []
    write, apply = services.database.writer.write, services.cataloguer.apply
    monkeypatch.setattr(services.database.writer, "write", lambda work: (written.append(work), write(work))[1])
    monkeypatch.setattr(services.cataloguer, "apply", lambda *given: (catalogued.append(given), apply(*given))[1])
    return written, catalogued


def test_an_author_hears_of_the_newest_labels(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelling, "MOST_OF_AUTHOR", 2)
    for value in ("spam", "unsafe", "outdated", "misleading"):
        services.moderation.labelling.give(LOCAL_OPERATOR, SUBJECT, value, "x")
    services.moderation.labelling.take_back(LOCAL_OPERATOR, SUBJECT, "misleading")
    assert [row.val for row in services.moderation.labelling.given_to(SUBJECT)] == ["outdated", "unsafe"]


def test_a_labeler_that_drips_is_left_until_the_next_time(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    async def endless(*_: object, **__: object) -> AsyncIterator[bytes]:
        while True:
            yield b""

    monkeypatch.setattr(labelers, "subscribe", endless)
    monkeypatch.setattr(labelers, "parse_labels", lambda _: (0, []))
    monkeypatch.setattr(labelers, "LONGEST", 0.0)
    monkeypatch.setattr(labelers, "MOST_FRAMES", 10**9)
    row = LabelerRow(did=LABELER, added_at=now())
    key = VerifyingKey.parse_did_key(SigningKey.generate().did_key)
    assert asyncio.run(services.moderation.labelers._follow(row, "https://labeler.example", key)) == (0, 0)


@pytest.mark.parametrize(("failure", "said"), [(StreamSilent, ""), (FetchTimedOut, "https://labeler.example")])
def test_a_labeler_that_says_nothing_more_was_read_and_one_that_cannot_be_reached_was_not(
    services: Services, monkeypatch: pytest.MonkeyPatch, failure: type[FetchTimedOut], said: str
) -> None:
    async def silent(*_: object, **__: object) -> AsyncIterator[bytes]:
        raise failure("https://labeler.example")
        yield b""

    key = VerifyingKey.parse_did_key(SigningKey.generate().did_key)
    monkeypatch.setattr(labelers, "subscribe", silent)
    monkeypatch.setattr(labelers, "_service", lambda _document: ("https://labeler.example", key))
    monkeypatch.setattr(services.outside, "document", lambda _did: None)
    labeler = LabelerRow(did=LABELER, added_at=now())
    services.database.writer.write(lambda session: labels.save_labeler(session, labeler))
    services.moderation.labelers.read(LABELER)
    (row,) = services.moderation.labelers.subscribed()
    assert said in row.error
    assert bool(row.error) is bool(said)


def _reading(services: Services, monkeypatch: pytest.MonkeyPatch, key: VerifyingKey, *frames: bytes) -> LabelerRow:
    """The labeler after a reading that brought these frames; it had been read up to 7."""

    async def given(*_: object, **__: object) -> AsyncIterator[bytes]:
        for frame in frames:
            yield frame
        raise StreamSilent("https://labeler.example")

    monkeypatch.setattr(labelers, "subscribe", given)
    monkeypatch.setattr(labelers, "_service", lambda _document: ("https://labeler.example", key))
    monkeypatch.setattr(services.outside, "document", lambda _did: None)
    labeler = LabelerRow(did=LABELER, added_at=now(), cursor=7)
    services.database.writer.write(lambda session: labels.save_labeler(session, labeler))
    services.moderation.labelers.read(LABELER)
    (row,) = services.moderation.labelers.subscribed()
    return row


def test_labels_under_a_key_that_the_labelers_document_does_not_name_are_told_of(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    former, key = SigningKey.generate(), SigningKey.generate()
    said = [_said(val, "2026-01-01T00:00:00Z").signed(by) for val, by in (("spam", former), ("rude", key))]
    verifying = VerifyingKey.parse_did_key(key.did_key)
    row = _reading(services, monkeypatch, verifying, encode_labels(8, said))
    assert _standing(services) == {"rude"}
    assert "Not signed with the key" in row.error
    assert "(1)" in row.error
    assert not _reading(services, monkeypatch, verifying, encode_info("Later", "")).error


def test_a_labeler_that_came_back_from_a_backup_is_read_from_its_beginning(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = VerifyingKey.parse_did_key(SigningKey.generate().did_key)
    row = _reading(services, monkeypatch, key, encode_error("FutureCursor"))
    assert (row.cursor, "began to count anew" in row.error) == (0, True)


def test_a_label_given_after_a_restore_comes_after_all_that_were_given_before(services: Services) -> None:
    give = services.moderation.labelling.give
    lost = [give(LOCAL_OPERATOR, SUBJECT, val, "x").seq for val in ("spam", "unsafe", "misleading")]
    own = services.identity.did
    services.database.writer.write(lambda session: labels.delete_labels(session, own))
    assert give(LOCAL_OPERATOR, SUBJECT, "outdated", "x").seq > max(lost)


def test_a_nodes_own_labels_are_no_subscription_that_could_be_ended(services: Services) -> None:
    with pytest.raises(Malformed, match="in any case"):
        services.moderation.labelers.subscribe(LOCAL_OPERATOR, services.identity.did, "warn")


def test_what_a_list_cannot_do_here_is_said_before_it_is_put_in_force(services: Services) -> None:
    here = services.identity.did.removeprefix("did:web:").replace("%3A", ":")
    text = f"deny\t{here}\t\tGone\ndeny\tlate.example\t2020-01-01\tOld\ndeny\twhy.example\ndeny\tbad.example\t\tSpam\n"
    found = services.moderation.decisions.compare(parse_list(text))
    assert [rule.subject for rule in found.added] == ["bad.example"]
    assert dict(found.refused).keys() == {here, "late.example", "why.example"}
    assert asyncio.run(services.moderation.decisions.take_over(LOCAL_OPERATOR, parse_list(text))) == found
    assert [row.subject for row in services.moderation.decisions.rules()] == ["bad.example"]
