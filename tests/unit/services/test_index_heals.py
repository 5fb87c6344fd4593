"""The index follows the catalogue, and is mended when it lost the thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from node.errors import DiskFull
from node.search.document import fingerprint
from node.search.request import SearchRequest
from node.services.cataloguing.changes import CatalogueChange
from node.services.finding.documents import Documents
from node.services.finding.engines import Embedded
from node.services.finding.families import Families
from node.services.finding.indexer import Indexer
from node.store.content import catalogue
from node.store.database import Database
from node.store.sessions import Session
from node.store.tables.catalogue import ItemRow, VersionRow


def fresh(uris: Sequence[str]) -> list[float]:
    return [0.2 if "stale" in uri else 1.0 for uri in uris]


def head(name: str) -> str:
    return f"at://did:plc:ana/org.skillnet.module/{name}"


def version(name: str) -> str:
    return f"at://did:plc:ana/org.skillnet.moduleVersion/{name}"


@pytest.fixture
def put(database: Database) -> Callable[..., CatalogueChange]:
    """Write a module into the catalogue; what has changed then."""

    def inside(session: Session, name: str, body: str, made_from: str, cid: str) -> None:
        catalogue.save_version(
            session,
            VersionRow(
                uri=version(name), cid=cid, item_uri=head(name), did="did:plc:ana", value={"body": body}, first_seen=1
            ),
        )
        row = ItemRow(
            uri=head(name), kind="module", did="did:plc:ana", name=name, version_uri=version(name), version_cid=cid,
            title=f"Module {name}", language="en", derived_from=version(made_from) if made_from else "", updated_at=1,
        )  # fmt: skip
        catalogue.save_item(session, row)

    def write(name: str, body: str = "torque wrench", made_from: str = "", cid: str = "") -> CatalogueChange:
        database.writer.write(lambda session: inside(session, name, body, made_from, cid or f"cid-{name}-{body}"))
        return CatalogueChange(items={head(name)})

    return write


@pytest.fixture
def indexer(database: Database, tmp_path: Path) -> Iterator[Indexer]:
    made = Indexer(Documents(database, fresh), Embedded(tmp_path / "search"))
    yield made
    made.stop()


def again(indexer: Indexer, database: Database, tmp_path: Path) -> Indexer:
    """Another start on the same folder."""
    indexer.stop()
    made = Indexer(Documents(database, fresh), Embedded(tmp_path / "search"))
    made.start()
    assert made.settle(60)
    return made


def found(indexer: Indexer, text: str, *, apart: bool = False) -> list[tuple[str, int]]:
    assert indexer.settle(60)
    assert indexer.engine is not None
    hits = indexer.engine.search(SearchRequest(text, group_forks=not apart)).hits
    return [(hit.id.rsplit("/", 1)[1], hit.versions) for hit in hits]


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_follows_what_is_published_and_withdrawn(
    indexer: Indexer, put: Callable[..., CatalogueChange], database: Database
) -> None:
    put("before")
    indexer.start()
    indexer.hear(put("after", "gauge"))
    assert found(indexer, "torque wrench ") == [("before", 1)]
    assert found(indexer, "gauge ") == [("after", 1)]
    database.writer.write(lambda session: catalogue.delete_item(session, head("after")))
    indexer.hear(CatalogueChange(items={head("after")}))
    assert found(indexer, "gauge ") == []
    assert indexer.progress.state == "ready"


def test_words_of_what_was_removed_leave_the_files_too(
    indexer: Indexer, put: Callable[..., CatalogueChange], database: Database, tmp_path: Path
) -> None:
    def on_disk(word: str) -> bool:
        return any(word.encode() in path.read_bytes() for path in (tmp_path / "search").rglob("*") if path.is_file())

    for number in range(10):  # so that they lie in segments together, whichever thread wrote those
        put(f"goes-{number}", "zqxwvkjqz")
        put(f"stays-{number}")
    indexer.start()
    assert len(found(indexer, "zqxwvkjqz ")) == 10
    indexer.renew(10)  # nothing was removed
    gone = {head(f"goes-{number}") for number in range(10)}
    database.writer.write(lambda session: [catalogue.delete_item(session, uri) for uri in gone])
    indexer.hear(CatalogueChange(items=gone))
    assert found(indexer, "zqxwvkjqz ") == []
    indexer.renew(9)  # too large to be built anew at any time
    assert indexer.settle(60)
    assert on_disk("zqxwvkjqz")
    indexer.renew(10)
    assert len(found(indexer, "torque wrench ")) == 10
    assert not on_disk("zqxwvkjqz")


def test_forks_stand_as_one_hit(indexer: Indexer, put: Callable[..., CatalogueChange]) -> None:
    put("original")
    put("grandchild", made_from="child")
    indexer.start()
    assert sorted(found(indexer, "torque wrench ")) == [("grandchild", 1), ("original", 1)]
    # What stood between them arrives last.
    indexer.hear(put("child", made_from="original"))
    assert [versions for _, versions in found(indexer, "torque wrench ")] == [3]
    assert len(found(indexer, "torque wrench ", apart=True)) == 3
    indexer.hear(put("child"))
    assert sorted(versions for _, versions in found(indexer, "torque wrench ")) == [1, 2]


def test_two_that_name_each_other_are_one_family(database: Database, put: Callable[..., CatalogueChange]) -> None:
    put("a", made_from="b")
    put("b", made_from="a")
    families = Families()
    with database.read() as session:
        families.load(session)
    assert families.root(head("a")) == families.root(head("b")) == head("a")


def test_what_a_killed_process_did_not_index_is_indexed_at_the_next_start(
    indexer: Indexer, put: Callable[..., CatalogueChange], database: Database, tmp_path: Path
) -> None:
    put("kept")
    put("gone", "gauge")
    indexer.start()
    assert len(found(indexer, "module")) == 2
    indexer.stop()
    # The catalogue changes, and nobody is told.
    put("missed", "barometer")
    put("kept", "thermometer")
    database.writer.write(lambda session: catalogue.delete_item(session, head("gone")))
    indexer = again(indexer, database, tmp_path)
    assert found(indexer, "barometer ") == [("missed", 1)]
    assert found(indexer, "thermometer ") == [("kept", 1)]
    assert found(indexer, "gauge ") == []
    indexer.stop()


@pytest.mark.parametrize("damage", ["lost", "damaged"])
def test_a_lost_or_damaged_index_is_built_anew_while_the_node_runs(
    indexer: Indexer, put: Callable[..., CatalogueChange], tmp_path: Path, damage: str
) -> None:
    for number in range(30):
        put(f"m{number}")
    indexer.start()
    assert indexer.settle(60)
    for file in (tmp_path / "search").rglob("*.*"):
        file.unlink() if damage == "lost" else file.write_bytes(b"rubbish")
    before = indexer.engine
    assert before is not None
    indexer.lose(before, "a search found it damaged")
    indexer.lose(before, "and another one too")
    assert len(found(indexer, "torque wrench ")) == 10
    assert indexer.engine is not before
    assert indexer.engine is not None
    assert indexer.engine.count() == 30


def test_a_full_disk_costs_nothing_of_what_is_indexed(
    indexer: Indexer, put: Callable[..., CatalogueChange], monkeypatch: pytest.MonkeyPatch
) -> None:
    from node.search.tantivy_engine import generation
    from node.services.finding import indexer as under_test

    def fail(*_: object) -> None:
        raise ValueError("An index writer was killed")

    def full(*_: object) -> None:
        raise DiskFull

    put("before")
    indexer.start()
    before = len(found(indexer, "torque wrench ")), indexer.engine
    monkeypatch.setattr(under_test, "LONGEST_REST", 0.01)
    with monkeypatch.context() as patch:
        patch.setattr(generation, "row_of", fail)
        patch.setattr(generation, "require_room", full)
        indexer.hear(put("after"))
        assert (len(found(indexer, "torque wrench ")), indexer.engine) == before
        until(lambda: "once there is room" in indexer.progress.sentence())
    until(lambda: indexer.progress.state == "ready")
    assert sorted(found(indexer, "torque wrench ")) == [("after", 1), ("before", 1)]


def test_a_new_form_of_documents_is_built_aside(
    indexer: Indexer,
    put: Callable[..., CatalogueChange],
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from node.services.finding import indexer as under_test
    from node.services.finding import items

    put("one")
    put("two")
    indexer.start()
    assert indexer.settle(60)
    monkeypatch.setattr(items, "FORM", items.FORM + 1)
    monkeypatch.setattr(under_test, "SWAP_FROM", -1000.0)
    monkeypatch.setattr(under_test, "SWAP_AT_LEAST", 0)
    generation = next((tmp_path / "search").glob("g*")).name
    indexer = again(indexer, database, tmp_path)
    assert next((tmp_path / "search").glob("g*")).name != generation
    assert len(found(indexer, "torque")) == 2
    indexer.stop()


def test_outlines_tell_whether_what_is_indexed_is_still_so(
    database: Database, put: Callable[..., CatalogueChange]
) -> None:
    put("plain")
    put("stale-one")
    documents = Documents(database, fresh)
    documents.load()
    whole = [document for page in documents.of([head("plain"), head("stale-one")]) for document in page]
    assert documents.prints() == {document.id: fingerprint(document) for document in whole}
    assert [document.facet_values("freshness") for document in whole] == [("fresh",), ("stale",)]


def test_a_server_that_does_not_answer_is_said_and_tried_again(database: Database) -> None:
    from node.services.finding.engines import Servers

    made = Indexer(Documents(database, fresh), Servers(("http://127.0.0.1:9",), "", "skillnet"))
    made.start()
    for _ in range(100):
        if made.progress.state == "unreachable":
            break
        made.wait_open(0.05)
    assert "does not answer" in made.progress.sentence()
    made.stop()


def test_an_index_that_lacks_nearly_all_is_filled_in_place_and_says_so(
    indexer: Indexer, put: Callable[..., CatalogueChange], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from node.services.finding import documents
    from node.services.finding import indexer as under_test

    put("one")
    indexer.start()
    assert indexer.settle(60)
    generation = next((tmp_path / "search").glob("g*")).name
    seen: list[tuple[bool, int]] = []
    follow = indexer._follow_meanwhile

    def look() -> None:
        assert indexer.engine is not None
        seen.append((indexer.progress.is_whole, indexer.engine.count()))
        follow()

    monkeypatch.setattr(documents, "PAGE", 2)
    monkeypatch.setattr(under_test, "SWAP_AT_LEAST", 0)
    monkeypatch.setattr(indexer, "_follow_meanwhile", look)
    for number in range(6):
        put(f"later-{number}")
    indexer.mend()
    assert indexer.settle(60)
    assert seen == [(False, 3), (False, 5), (False, 7)]
    assert next((tmp_path / "search").glob("g*")).name == generation
    assert indexer.progress.is_whole
