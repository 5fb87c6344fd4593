"""Eight readers beside a writer, the writer killed now and then: no error, nothing stale, nothing lost.

Half a minute when slow tests run; `SKILLNET_TEST_SEARCH_SECONDS=600` takes ten minutes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from node.search.document import SearchDocument
from node.search.request import SearchRequest
from node.search.tantivy_engine.engine import TantivyEngine

SECONDS = float(os.environ.get("SKILLNET_TEST_SEARCH_SECONDS", "25"))
READERS = 8
LIFE = 6.0  # seconds after which a writer is killed
DOCUMENTS = 2_000

WRITER = """
import sys, time
from pathlib import Path
from node.search.document import SearchDocument
from node.search.tantivy_engine.engine import TantivyEngine
engine = TantivyEngine.open(Path(sys.argv[1]))
number = int(sys.argv[2])
while True:
    number += 1
    engine.upsert([
        SearchDocument("m:newest", "module", f"Newest number{number}", updated=number),
        SearchDocument(f"m:{number % 2000}", "module", f"Torque wrench {number % 97}", updated=number),
    ])
    print(number, flush=True)
    time.sleep(0.05)
"""


@dataclass
class Ledger:
    """What the writer said is on disk, and what readers saw."""

    written: int = 0
    searches: int = 0
    failures: list[str] = field(default_factory=list)


def read(folder: Path, ledger: Ledger, stop: threading.Event) -> None:
    """A reader with an engine of its own, as another process would have.

    A search finds what was written before it began: that is a matter of order, which no load changes.
    """
    engine = TantivyEngine.open(folder)
    while not stop.is_set():
        written = ledger.written
        try:
            hits = engine.search(SearchRequest("newest ", limit=1)).hits
            engine.search(SearchRequest("torq wrench", facets=("kind",)))
            seen = int(hits[0].title.rsplit("number", 1)[1])
        except Exception as error:  # noqa: BLE001 - every failure of a reader is wanted
            ledger.failures.append(repr(error))
            return
        ledger.searches += 1
        if seen < written:
            ledger.failures.append(f"saw {seen} in a search that began after {written} was written")
        time.sleep(0.02)


def write_until_killed(folder: Path, ledger: Ledger, until: float) -> None:
    command = [sys.executable, "-c", WRITER, str(folder), str(ledger.written)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()) as writer:
        assert writer.stdout is not None
        while time.monotonic() < until and (line := writer.stdout.readline()):
            ledger.written = int(line)
        writer.send_signal(signal.SIGKILL)
        writer.wait()


@pytest.mark.real
def test_eight_readers_beside_a_writer_that_is_killed(tmp_path: Path) -> None:
    engine = TantivyEngine.create(tmp_path / "search")
    engine.upsert([SearchDocument(f"m:{i}", "module", f"Torque wrench {i % 97}") for i in range(DOCUMENTS)])
    engine.upsert([SearchDocument("m:newest", "module", "Newest number0")])
    engine.close()
    ledger, stop = Ledger(), threading.Event()
    readers = [threading.Thread(target=read, args=(tmp_path / "search", ledger, stop)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    end, killed = time.monotonic() + SECONDS, 0
    try:
        while time.monotonic() < end and not ledger.failures:
            write_until_killed(tmp_path / "search", ledger, min(end, time.monotonic() + LIFE))
            killed += 1
            left = TantivyEngine.open(tmp_path / "search")
            kept = int(left.search(SearchRequest("newest ", limit=1)).hits[0].title.rsplit("number", 1)[1])
            assert kept >= ledger.written, "a killed writer lost what it had acknowledged"
            assert left.count() == DOCUMENTS + 1
            left.close()
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    print(f"{ledger.searches} searches, {ledger.written} writes, {killed} kills")  # noqa: T201 - the figures are the result
    assert not ledger.failures, ledger.failures[:5]
    assert ledger.searches > 100
