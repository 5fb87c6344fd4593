"""The audit log only grows, and shows when somebody changed it in spite of that."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from node.services import audit
from node.services.assembly import Services
from node.services.audit import SYSTEM, Deed
from node.services.policy import LOCAL_OPERATOR, Viewer


@pytest.fixture
def noted(services: Services) -> Services:
    services.audit.note(Viewer("olga"), Deed.ACCOUNT_MADE, "wim", "worker")
    services.audit.note(LOCAL_OPERATOR, Deed.FOLLOWED, "https://node.example")
    services.audit.note(SYSTEM, Deed.SLOWED, "wim", "6 failures")
    return services


def test_entries_are_chained(noted: Services) -> None:
    rows = noted.audit.list(10)
    assert [row.actor for row in rows] == ["the node itself", "operator at the machine", "olga"]
    assert [row.seq for row in noted.audit.list(10, before=3)] == [2, 1]
    checked = noted.audit.check()
    assert (checked.ok, checked.entries, checked.head) == (True, 3, rows[0].hash)
    assert noted.audit.check(rows[2].hash).ok
    assert not noted.audit.check("0" * 64).met


_OVER = "SELECT {seq}, at, 'mallory', action, subject, detail, hash FROM audit WHERE seq = 1"
_OWN_WAYS = {
    True: ["INSERT OR REPLACE INTO audit " + _OVER.format(seq="seq"),
           "INSERT OR REPLACE INTO audit (rowid, seq, at, actor, action, subject, detail, hash) "
           + _OVER.format(seq="rowid, 4")],
    False: ["TRUNCATE audit"],
}  # fmt: skip


@pytest.mark.parametrize("change", ["UPDATE audit SET detail = 'x' WHERE seq = 1", "DELETE FROM audit WHERE seq = 3"])
def test_the_database_refuses_changes(noted: Services, change: str) -> None:
    for way in (change, *_OWN_WAYS[noted.database.is_sqlite]):
        with pytest.raises(Exception, match="only grows"):
            noted.database.writer.write(lambda session, way=way: session.execute(text(way)))
    assert noted.audit.check().entries == 3


def unguard(session) -> None:
    """What somebody with the file, or with the database server's password, can do."""
    if session.bind.dialect.name == "postgresql":
        session.execute(text("DROP TRIGGER audit_only_grows ON audit"))
        return
    for event in ("update", "delete", "insert_over"):
        session.execute(text(f"DROP TRIGGER audit_no_{event}"))


@pytest.mark.parametrize(
    ("change", "broken"),
    [("UPDATE audit SET actor = 'mallory' WHERE seq = 2", 2), ("DELETE FROM audit WHERE seq = 1", 1)],
)
def test_a_change_behind_its_back_is_found(noted: Services, change: str, broken: int) -> None:
    def work(session):
        unguard(session)
        session.execute(text(change))

    noted.database.writer.write(work)
    assert noted.audit.check().broken == broken


@pytest.mark.parametrize("number", [0, -7])
def test_an_entry_put_before_the_first_is_found(noted: Services, number: int) -> None:
    """It would stand in the list and, as a link that an operator made, on a worker's page."""
    columns = "seq, at, actor, action, subject, detail, hash"
    made = text(f"INSERT INTO audit ({columns}) VALUES (:seq, 1, 'olga', :deed, 'wim', '', '')")
    said = {"seq": number, "deed": Deed.LINK_MADE.value}
    noted.database.writer.write(lambda session: session.execute(made, said))
    assert [row.seq for row in noted.audit.doors_opened("wim")] == [number]
    assert noted.audit.check().broken == 1


@pytest.mark.parametrize("lost", [1, 3])
def test_a_log_cut_short_is_found_by_the_hash_that_was_kept(noted: Services, lost: int) -> None:
    """In the data folder, where whoever has the database server alone does not come; or elsewhere."""
    kept = noted.audit.check().head

    def work(session):
        unguard(session)
        session.execute(text(f"DELETE FROM audit WHERE seq > {3 - lost}"))

    noted.database.writer.write(work)
    assert not noted.audit.check().ok
    noted.audit.note(Viewer("olga"), Deed.OPERATOR_SIGNED_IN, "olga")
    assert not noted.audit.check().ok  # what comes after does not hide it
    noted.audit.let_go()
    assert noted.audit.check().ok
    noted.audit.note(Viewer("olga"), Deed.OPERATOR_SIGNED_IN, "olga")
    assert noted.audit._find_kept() == noted.audit.check().head
    assert not noted.audit.check(kept).ok


def test_the_newest_entries_are_checked_without_reading_the_old_again(
    noted: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed, whole = [], audit._hash

    def count(row, before):
        hashed.append(row.seq)
        return whole(row, before)

    monkeypatch.setattr(audit, "_hash", count)
    looks = [noted.audit.check_newest(), noted.audit.check_newest()]
    assert hashed == [1, 2, 3]
    noted.audit.note(SYSTEM, Deed.SLOWED, "wim", "16 failures")
    hashed.clear()
    looks.append(noted.audit.check_newest())
    assert ([look.entries for look in looks], hashed) == ([3, 3, 4], [4])

    def work(session):
        unguard(session)
        session.execute(text("DELETE FROM audit WHERE seq = 4"))
        session.execute(text("UPDATE audit SET actor = 'mallory' WHERE seq = 2"))

    noted.database.writer.write(work)
    assert noted.audit.check_newest().broken == 2, "an end that is gone has all of it read"


def test_all_entries_are_read_when_somebody_asks(noted: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(session):
        unguard(session)
        session.execute(text("UPDATE audit SET actor = 'mallory' WHERE seq = 2"))

    assert noted.audit.check_newest().ok
    noted.database.writer.write(work)
    monkeypatch.setattr(audit, "WHOLE_EVERY", 9e9)
    assert noted.audit.check_newest().ok, "what came since"
    assert noted.audit.check_newest(whole=True).broken == 2
    assert noted.audit.check_newest().broken == 2, "what is broken stays so"


def test_all_entries_are_read_each_hour(noted: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    def work(session):
        unguard(session)
        session.execute(text("UPDATE audit SET actor = 'mallory' WHERE seq = 2"))

    assert noted.audit.check_newest().ok
    noted.database.writer.write(work)
    monkeypatch.setattr(audit, "WHOLE_EVERY", 0)
    assert noted.audit.check_newest().broken == 2


def test_failures_of_a_known_name_are_noted_without_filling_the_log(services: Services) -> None:
    for failures in range(1, 31):
        services.registry._failed(failures, "wim")
        services.registry._failed(failures, "")
    slowed = [row for row in services.audit.list(100) if row.action == Deed.SLOWED]
    assert [row.detail for row in slowed] == ["26 failures", "6 failures"]
