"""Offers across trades say why; circles among prerequisites are found; occupations are alike for a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from node.services.cataloguing.changes import CatalogueChange
from node.services.reference.coverage import as_csv, coverage_of
from node.services.reference.graph.prerequisites import circles_in
from node.services.reference.reference import Reference
from node.store.content.catalogue import MEMBERS, PUBLIC, save_item
from node.store.database import Database
from node.store.tables.catalogue import ItemRow
from tests.unit.reference.conftest import HereAndNow

RECORDING = "onet:4.A.1.I01.D01"


def item(name: str, kind: str = "module", **facts: Any) -> ItemRow:
    blank = dict.fromkeys(("did", "version_uri", "version_cid", "description", "language", "licence", "layer"), "")
    uri = f"at://did:plc:x/org.skillnet.{kind}/{name}"
    return ItemRow(**{**blank, "uri": uri, "kind": kind, "name": name, "title": name, "level": "novice", **facts})


@pytest.fixture
def reference(database: Database, folder: Path) -> Reference:
    made = Reference(database, HereAndNow(), folder)  # type: ignore[arg-type]  # a stand-in with the same method
    made.imports._importer.run("onet", folder, "", lambda _stage, _share: None)
    return made


def put(database: Database, reference: Reference, *rows: ItemRow) -> None:
    uris = {row.uri for row in rows}
    for row in rows:
        database.writer.write(lambda session, row=row: save_item(session, row))
    reference.shelves.hear(CatalogueChange(items=uris))


def test_offers_come_nearest_first_with_their_reason(database: Database, reference: Reference) -> None:
    put(
        database, reference,
        item("for-it", tasks=["onet:51-4041.00/202"]),
        item("builds-it", skills=[RECORDING]),
        item("other-trade", tasks=["onet:29-1141.00/101"]),
        item("unrelated", tasks=["onet:51-4041.00/201"]),
    )  # fmt: skip
    offers = reference.bridges.offers("onet:51-4041.00/202", PUBLIC)
    assert [(offer.uri.rpartition("/")[2], offer.bridges) for offer in offers] == [
        ("for-it", 0), ("builds-it", 1), ("other-trade", 1),
    ]  # fmt: skip
    assert offers[1].reason == "It builds “Record information”, which this task takes."
    assert "(Registered Nurses), because both are “Record information”" in offers[2].reason
    assert offers[2].bridge == (RECORDING, "onet:29-1141.00/101")


def test_a_sibling_activity_is_two_bridges_away(database: Database, reference: Reference) -> None:
    put(database, reference, item("medical", skills=["onet:4.A.1.I01.D02"]))
    [offer] = reference.bridges.offers("onet:51-4041.00/202", PUBLIC)
    assert offer.bridges == 2
    assert offer.reason == "It builds “Record medical information”, which like this task is part of “Keep records”."


def test_decompositions_stand_for_their_reference_task(database: Database, reference: Reference) -> None:
    own = item("take-notes", "task", source="onet:51-4041.00/202", skills=["note-taking"])
    put(database, reference, own, item("for-the-steps", tasks=[own.uri]), item("notes", skills=["note-taking"]))
    names = [offer.uri.rpartition("/")[2] for offer in reference.bridges.offers("onet:51-4041.00/202", PUBLIC)]
    assert names == ["for-the-steps", "notes"]
    over = [offer.uri.rpartition("/")[2] for offer in reference.bridges.offers("onet:29-1141.00/101", PUBLIC)]
    assert over == ["for-the-steps"]


def test_what_an_organisation_keeps_to_itself_is_offered_to_members_only(
    database: Database, reference: Reference
) -> None:
    put(database, reference, item("inside", tasks=["onet:51-4041.00/202"], audience="organisation"))
    assert reference.bridges.offers("onet:51-4041.00/202", PUBLIC) == []
    assert len(reference.bridges.offers("onet:51-4041.00/202", MEMBERS)) == 1


def test_what_is_gone_is_offered_no_more(database: Database, reference: Reference) -> None:
    row = item("for-it", tasks=["onet:51-4041.00/202"])
    put(database, reference, row)
    assert reference.bridges.offers("onet:51-4041.00/202", PUBLIC)
    put(database, reference, item("for-it", tasks=["onet:51-4041.00/202"], retired="too old"))
    assert reference.bridges.offers("onet:51-4041.00/202", PUBLIC) == []


def test_circles_among_prerequisites_are_reported(database: Database, reference: Reference) -> None:
    put(
        database, reference,
        item("a", skills=["reading"], requires=["counting"]),
        item("b", skills=["counting"], requires=["writing"]),
        item("c", skills=["writing"], requires=["reading"]),
        item("d", skills=["singing"], requires=["reading"]),
    )  # fmt: skip
    [circle] = circles_in(reference.shelves.all(PUBLIC))
    assert circle.skills == ("counting", "writing", "reading")
    assert sorted(uri[-1] for uri in circle.modules) == ["a", "b", "c"]


def test_coverage_shows_holes_and_is_harmless_to_spreadsheets(database: Database, reference: Reference) -> None:
    put(database, reference, item("for-it", tasks=["onet:51-4041.00/202"]))
    with database.read() as session:
        rows = coverage_of(session, reference.shelves, lambda uris: [0.5] * len(uris), "onet:51-4041.00", PUBLIC)
    assert [(row.task.id[-3:], row.is_hole, row.freshest) for row in rows] == [("201", True, 0.0), ("202", False, 0.5)]
    rows[0].task.statement = "=HYPERLINK(1)"
    assert "'=HYPERLINK(1)" in as_csv(rows)
    assert as_csv(rows).splitlines()[2].startswith("onet:51-4041.00/202,Record measurements")


def test_occupations_are_alike_for_a_reason(reference: Reference) -> None:
    [alike] = reference.likeness.of("onet:29-1141.00")
    assert alike.occupation == "onet:51-4041.00"
    assert alike.shared["activities"] == (RECORDING,)


def test_free_text_stands_for_the_skill_of_that_name(database: Database, reference: Reference) -> None:
    put(database, reference, item("builds-it", skills=["record-information"]))
    [offer] = reference.bridges.offers("onet:51-4041.00/202", PUBLIC)
    assert offer.bridge == (RECORDING,)


def test_a_stopped_node_has_no_words_and_does_not_fail(database: Database, reference: Reference) -> None:
    assert reference.words.task("onet:51-4041.00/202") == "Record measurements and production data"
    database.close()
    reference.words.forget()
    assert reference.words.occupation("onet:51-4041.00") is None
    assert reference.words.task("onet:51-4041.00/202") is None
