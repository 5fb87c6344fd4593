"""Lists and labels that others made: read as they are meant, refused with the line where they are not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from federation.keys import SigningKey, VerifyingKey
from federation.labels import Label
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
    assert asyncio.run(services.moderation.labelers._follow(row, "https://labeler.example", key)) == 0
