"""Sealed entries: unreadable, unmovable, gone for good."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from node.services.erasures import Entries, Erasures, NotThisLog, count_entries
from node.services.examining.folder import examine_folder
from node.services.learning.feed.offers import drop_old
from node.services.learning.sealed.ledger import DAY, OFFER, RECEIPT
from node.services.learning.sealed.vault import Drawer, Vault
from node.services.sealing import SealBroken, Sealer
from node.store.clock import SECOND, micros_of
from node.store.database import Database
from node.store.private import workers
from node.store.tables.worker import WorkerRow
from tests.unit.examining.findings import wrong

texts = st.text(st.characters(categories=["L", "N", "P"]), min_size=12, max_size=60)
values = st.dictionaries(st.text(max_size=8), st.one_of(texts, st.integers(), st.booleans()), max_size=4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=values, secret=texts)
def test_what_is_put_comes_back_and_is_never_stored_readably(
    vault: Vault, database: Database, value: dict[str, object], secret: str
) -> None:
    vault.change("ann", lambda drawer: drawer.put("note", "", {**value, "secret": secret}))
    with vault.read("ann") as drawer:
        assert drawer.find("note") == {**value, "secret": secret}
    with database.read() as session:
        sealed = [row.sealed for row in workers.list_all_entries(session, "ann")]
    assert not any(secret.encode() in row for row in sealed)


def test_no_file_holds_the_plain_text(vault: Vault, database: Database, folder: Path) -> None:
    planted = f"planted-{secrets.token_hex(8)}"
    vault.change("ben", lambda drawer: drawer.put("profile", "", {"role": planted}))
    database.scrub()
    for path in folder.rglob("*"):
        if path.is_file():
            assert planted.encode() not in path.read_bytes(), path.name


def test_an_entry_opens_only_where_it_was_sealed(vault: Vault, database: Database) -> None:
    vault.change("cora", lambda drawer: drawer.put("outcome", "one", {"how": "alone"}))
    vault.change("dan", lambda drawer: drawer.put("outcome", "one", {"how": "not"}))

    def move(session: object) -> None:
        row = workers.find_entry(session, "cora", "outcome", "one")  # type: ignore[arg-type]  # the writer's session
        assert row is not None
        for person, kind, slot in (("cora", "outcome", "two"), ("cora", "feedback", "one"), ("dan", "outcome", "two")):
            workers.put_entry(session, person, kind, slot, row.sealed)  # type: ignore[arg-type]  # the writer's session

    database.writer.write(move)
    for person, kind, slot in (("cora", "outcome", "two"), ("cora", "feedback", "one"), ("dan", "outcome", "two")):
        with vault.read(person) as drawer, pytest.raises(SealBroken):
            drawer.find(kind, slot)


def test_a_failed_change_leaves_nothing(vault: Vault) -> None:
    def fail(drawer: object) -> None:
        drawer.put("note", "", {"half": 1})  # type: ignore[attr-defined]  # a drawer
        raise RuntimeError("halfway")

    with pytest.raises(RuntimeError):
        vault.change("eve", fail)
    with vault.read("eve") as drawer:
        assert drawer.find("note") is None


def test_erasing_destroys_key_and_rows_in_every_file(vault: Vault, database: Database, folder: Path) -> None:
    vault.change("finn", lambda drawer: drawer.put("note", "", {"a": 1}))
    with database.read() as session:
        row = workers.find_worker(session, "finn")
        assert row is not None
        wrapped = row.wrapped_key
    vault.erase("finn")
    with vault.read("finn") as drawer:
        assert list(drawer.all()) == []
    assert all(wrapped not in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert "finn" not in (folder / "erasures.log").read_text()


def test_a_restored_backup_brings_nobody_back(vault: Vault, database: Database, sealer: Sealer, folder: Path) -> None:
    for person in ("gil", "hana"):
        vault.change(person, lambda drawer: drawer.put("note", "", {"a": 1}))
    with database.read() as session:
        kept = {person: workers.find_worker(session, person) for person in ("gil", "hana")}
    vault.erase("gil")
    backup = kept["gil"]
    assert backup is not None
    restored = WorkerRow(person=backup.person, wrapped_key=backup.wrapped_key, created_at=backup.created_at)
    database.writer.write(lambda session: workers.save_worker(session, restored))
    Vault(database, sealer, Erasures(folder, sealer)).open()
    with database.read() as session:
        assert workers.find_worker(session, "gil") is None
        assert workers.find_worker(session, "hana") is not None


def test_who_comes_again_after_an_erasure_stays(
    vault: Vault, database: Database, sealer: Sealer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the clock ran ahead at the erasure: it is not the clock that tells them apart."""
    vault.change("ida", lambda drawer: drawer.put("note", "", {"a": 1}))
    with monkeypatch.context() as ahead:
        ahead.setattr("node.services.erasures.now", lambda: 4_000_000_000 * SECOND)
        vault.erase("ida")
    vault.change("ida", lambda drawer: drawer.put("note", "", {"a": 2}))
    Vault(database, sealer, Erasures(folder, sealer)).open()
    with vault.read("ida") as drawer:
        assert drawer.find("note") == {"a": 2}


def test_a_torn_line_of_the_log_takes_no_other_with_it(tmp_path: Path, sealer: Sealer) -> None:
    erasures = Erasures(tmp_path, sealer)
    erasures.add("jo", 5)
    with (tmp_path / "erasures.log").open("a") as file:
        file.write('{"person": "ab')
    erasures.add("kit", 6)
    log = erasures.load()
    assert len(log) == 2
    assert erasures.is_erased(log, "jo", 5)
    assert erasures.is_erased(log, "kit", 6)
    assert not erasures.is_erased(log, "kit", 5), "who had that name before"


def test_opaque_names_differ_between_workers_and_stay(vault: Vault) -> None:
    names = [
        vault.change(person, lambda drawer: drawer.opaque("2026-11-22|lesson|x")) for person in ("kim", "lea", "kim")
    ]
    assert names[0] == names[2] != names[1]


def test_what_was_offered_long_ago_and_never_opened_goes_by_whichever_door(vault: Vault) -> None:
    today = date(2026, 11, 22)

    def work(drawer: Drawer) -> None:
        for days, names in ((40, ("ignored", "opened")), (20, ("lately",))):
            at = micros_of(datetime(2026, 11, 22, 7, tzinfo=UTC) - timedelta(days=days))
            drawer.put_all(OFFER, {name: {} for name in names}, at)
        drawer.put(RECEIPT, "opened", {})
        drawer.put(DAY, "2026-10-13", {})
        drawer.put(DAY, "2026-11-02", {})
        drop_old(drawer, today)
        assert drawer.slots(OFFER) == ["opened", "lately"]
        assert drawer.slots(DAY) == ["2026-11-02"]

    vault.change("mia", work)
    with vault.read("mia") as drawer:
        assert len(drawer.slots(OFFER)) == 2


def test_what_is_no_log_of_this_node_is_not_taken_for_one(tmp_path: Path, sealer: Sealer) -> None:
    """It would bring back everybody who was erased, and say nothing."""
    log = tmp_path / "erasures.log"
    other = Erasures(tmp_path, Sealer(b"k" * 32))
    other.add("jo", 5)
    foreign = log.read_text()
    log.write_text("")
    other.add_decision({"subject": "at://x"})
    sealed_elsewhere = json.dumps({**json.loads(log.read_text()), "node": None})
    unmarked = json.loads(sealed_elsewhere)
    del unmarked["node"]
    for text, words in {
        "": "empty", "\n \n": "empty", "a passphrase\n": "none of its", '{"name": "jo"}\n': "none of its",
        "[1]\n": "none of its", '{\n  "person": "x"\n}': "none of its", '{"person": "x"}': "none of its",
        foreign: "another node", json.dumps(unmarked): "another node",
    }.items():  # fmt: skip
        log.write_text(text)
        with pytest.raises(NotThisLog, match=words):
            Erasures(tmp_path, sealer).check()
    log.write_bytes(b"\xff\n")
    with pytest.raises(NotThisLog, match="none of its"):
        Erasures(tmp_path, sealer).check()


def test_a_log_of_an_earlier_release_and_a_torn_one_are_this_nodes(tmp_path: Path, sealer: Sealer) -> None:
    log, erasures = tmp_path / "erasures.log", Erasures(tmp_path, sealer)
    erasures.add("jo", 5)
    erasures.add_decision({"subject": "at://x"})
    unmarked = [json.loads(line) for line in log.read_text().splitlines()]
    assert len({entry.pop("node") for entry in unmarked}) == 1
    log.write_text("".join(json.dumps(entry) + "\n" for entry in unmarked) + '{"person": "ab\n\0\0\0')
    erasures.add("kit", 6)
    erasures.check()
    assert len(erasures.load()) == 2
    assert [decision for _, decision in erasures.decisions()] == [{"subject": "at://x"}]


def test_entries_that_are_gone_stay_noticed_whatever_is_added(tmp_path: Path, sealer: Sealer) -> None:
    log, erasures = tmp_path / "erasures.log", Erasures(tmp_path, sealer)
    for person in ("jo", "kit", "lea"):
        erasures.add(person, 5)
    copy = log.read_text()
    assert wrong(examine_folder(tmp_path)).isdisjoint({"log of erasures"})
    log.unlink()
    erasures.remember()
    for person in ("max", "nan", "ole", "pia"):
        assert "log of erasures" in wrong(examine_folder(tmp_path))
        erasures.add(person, 6)
    assert count_entries(tmp_path) == Entries(there=4, remembered=7)
    log.write_text(copy + log.read_text())
    assert count_entries(tmp_path).lost == 0
    log.write_text(log.read_text() + copy)  # of another machine's
    erasures.remember()
    assert count_entries(tmp_path) == Entries(there=10, remembered=10)
    (tmp_path / "erasures.count").write_text("rubbish")
    assert count_entries(tmp_path).lost == 0
