"""What `Reading` finds is what the mapper finds, on both databases."""

from __future__ import annotations

from sqlmodel import col, select

from node.store.database import Database
from node.store.engine.reading import Reading
from node.store.tables.catalogue import EndorsementRow, ItemRow, VersionRow

_ITEMS = Reading(ItemRow, "WHERE uri {uris} AND kind = :kind ORDER BY uri")


def _items(database: Database) -> None:
    rows = [
        ItemRow(uri=f"at://{name}", kind="module", skills=["naïve \N{SNOWMAN}", "b"], tools=[{"name": "x"}])
        for name in ("a", "b", "c")
    ]
    database.writer.write(lambda session: session.add_all(rows))


def test_every_kind_of_column_comes_as_the_mapper_gives_it(database: Database) -> None:
    _items(database)
    more = [
        EndorsementRow(uri="e", outdated=True, first_seen=7),
        VersionRow(uri="v", value={"minutes": 9, "steps": [{"by": "person"}]}, hidden=None),
        VersionRow(uri="w", hidden=["comment"]),
    ]
    database.writer.write(lambda session: session.add_all(more))
    for table in (ItemRow, EndorsementRow, VersionRow):
        with database.read() as session:
            found = Reading(table, "ORDER BY uri").all(session)
            mapped = session.exec(select(table).order_by(col(table.uri))).all()
            assert [row.model_dump() for row in found] == [row.model_dump() for row in mapped]
            assert [type(row) for row in found] == [table] * len(mapped)


def test_many_values_or_none_are_asked_for_with_one_statement(database: Database) -> None:
    _items(database)
    with database.read() as session:
        for asked in (["at://a", "at://c", "at://nowhere"], ["at://b"], []):
            found = _ITEMS.all(session, uris=asked, kind="module")
            assert [row.uri for row in found] == [uri for uri in asked if uri != "at://nowhere"]
        assert _ITEMS.first(session, uris={"at://a"}, kind="task") is None


def test_what_the_session_holds_back_is_found(database: Database) -> None:
    def work(session: object) -> list[str]:
        session.add(ItemRow(uri="at://new", kind="module"))  # type: ignore[attr-defined]  # the writer's session
        return [row.uri for row in _ITEMS.all(session, uris=["at://new"], kind="module")]  # type: ignore[arg-type]  # as above

    assert database.writer.write(work) == ["at://new"]
