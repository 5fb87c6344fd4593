"""What every search engine holds, while it is written to, rebuilt beside itself, and held against the catalogue."""

from __future__ import annotations

import threading
from dataclasses import replace

from node.search.document import SearchDocument, fingerprint
from node.search.drift import find_drift
from node.search.engine import SearchEngine
from tests.unit.search.asking import ids


def test_replace_and_remove(filled: SearchEngine, modules: list[SearchDocument]) -> None:
    filled.upsert([replace(modules[2], title="Barometer reading")])
    assert ids(filled, "barometer") == ["m:calibration"]
    assert filled.stats().documents == len(modules)
    filled.remove(["m:calibration", "m:never-there"])
    assert ids(filled, "barometer") == []
    assert filled.stats().documents == len(modules) - 1


def test_rebuild_aside_and_swap(filled: SearchEngine, modules: list[SearchDocument]) -> None:
    fresh = filled.rebuild()
    fresh.upsert(modules[:3])
    assert filled.stats().documents == len(modules)
    filled.upsert([SearchDocument("m:during", "module", "Written during the rebuild")])
    filled.remove(["m:torque"])
    fresh.upsert([modules[0], modules[3]])
    fresh.swap()
    assert ids(filled, "gauge") == ["m:calibration"]
    assert ids(filled, "written during") == ["m:during"]
    assert "m:torque" not in ids(filled, "torque", group_forks=False)
    assert filled.stats().documents == 4


def test_an_abandoned_rebuild_leaves_no_trace(filled: SearchEngine, modules: list[SearchDocument]) -> None:
    fresh = filled.rebuild()
    fresh.upsert(modules[:1])
    fresh.abandon()
    assert filled.stats().documents == len(modules)


def test_drift_is_found_where_it_is(filled: SearchEngine, modules: list[SearchDocument]) -> None:
    prints = {d.id: fingerprint(d) for d in modules}
    assert not find_drift(filled, prints)
    changed = replace(modules[0], title="Another title")
    expected = {**prints, changed.id: fingerprint(changed), "m:missing": 5}
    del expected["m:ja"]
    drift = find_drift(filled, expected)
    assert set(drift.stale) == {"m:torque", "m:missing"}
    assert drift.surplus == ("m:ja",)


def test_readers_beside_a_writer(filled: SearchEngine) -> None:
    failures: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                assert ids(filled, "torque wrench")[0] == "m:torque"
            except BaseException as error:  # noqa: BLE001 - every failure of a thread is wanted
                failures.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for i in range(10):
        filled.upsert([SearchDocument("m:moving", "module", f"Moving title number{i}")])
        assert ids(filled, f"number{i} ") == ["m:moving"]
    stop.set()
    for reader in readers:
        reader.join()
    assert not failures
