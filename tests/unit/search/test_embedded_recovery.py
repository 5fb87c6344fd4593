"""What the embedded engine does when its files are lost, damaged, of another release, or in use."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from node.search.document import SearchDocument
from node.search.errors import IndexBusy, IndexCorrupt, IndexLost, IndexOutdated
from node.search.request import SearchRequest
from node.search.tantivy_engine.engine import TantivyEngine

GAUGE = SearchDocument("m:gauge", "module", "Gauge reading")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    engine = TantivyEngine.create(tmp_path / "search")
    engine.upsert([GAUGE])
    engine.close()
    return tmp_path / "search"


def found(engine: TantivyEngine, text: str) -> list[str]:
    return [h.id for h in engine.search(SearchRequest(text)).hits]


def test_opens_again_with_its_analyzers(folder: Path) -> None:
    engine = TantivyEngine.open(folder)
    assert found(engine, "gauges readin") == ["m:gauge"]
    engine.upsert([SearchDocument("m:new", "module", "Häusliche Pflege", language="de")])
    assert found(engine, "hausliche") == ["m:new"]
    engine.close()


def test_lost(tmp_path: Path) -> None:
    with pytest.raises(IndexLost):
        TantivyEngine.open(tmp_path / "nothing")


def test_damaged_pointer(folder: Path) -> None:
    (folder / "current.json").write_text("{")
    with pytest.raises(IndexCorrupt):
        TantivyEngine.open(folder)


def test_pointer_out_of_the_folder(folder: Path) -> None:
    (folder / "current.json").write_text(json.dumps({"format": 1, "generation": "../elsewhere"}))
    with pytest.raises((IndexLost, IndexOutdated)):
        TantivyEngine.open(folder)


def test_other_format(folder: Path) -> None:
    (folder / "current.json").write_text(json.dumps({"format": 0, "generation": "g000001"}))
    with pytest.raises(IndexOutdated):
        TantivyEngine.open(folder)


@pytest.mark.parametrize("pattern", ["meta.json", "*.term", "*.idx", "*.store", "*.fast"])
@pytest.mark.parametrize("content", [None, b"", b"rubbish" * 50])
def test_damaged_files_are_named_and_a_new_index_takes_over(folder: Path, pattern: str, content: bytes | None) -> None:
    for file in (folder / "g000001").glob(pattern):
        file.unlink()
        if content is not None:
            file.write_bytes(content)
    with pytest.raises((IndexCorrupt, IndexLost)):
        _use(folder)
    fresh = TantivyEngine.create(folder)
    fresh.upsert([GAUGE])
    assert found(fresh, "gauge") == ["m:gauge"]
    assert [p.name for p in folder.glob("g*")] == ["g000002"]
    fresh.close()


def _use(folder: Path) -> None:
    engine = TantivyEngine.open(folder)
    found(engine, "gauge")
    engine.stats()
    engine.close()


def test_two_writers(folder: Path) -> None:
    first, second = TantivyEngine.open(folder), TantivyEngine.open(folder)
    first.upsert([SearchDocument("m:a", "module", "First")])
    with pytest.raises(IndexBusy):
        second.upsert([SearchDocument("m:b", "module", "Second")])
    first.close()
    second.close()


def test_a_reader_in_another_process_follows_a_swap(folder: Path) -> None:
    writer, reader = TantivyEngine.open(folder), TantivyEngine.open(folder)
    rebuild = writer.rebuild()
    rebuild.upsert([SearchDocument("m:after", "module", "After the swap")])
    rebuild.swap()
    assert found(reader, "swap") == ["m:after"]
    assert found(reader, "gauge ") == []
    writer.close()
    reader.close()


WRITER = """
import sys
from pathlib import Path
from node.search.document import SearchDocument
from node.search.tantivy_engine.engine import TantivyEngine
engine = TantivyEngine.open(Path(sys.argv[1]))
for i in range(100000):
    engine.upsert([SearchDocument(f"m:{i}", "module", f"Document number{i}")])
    print(i, flush=True)
"""


def test_a_killed_writer_leaves_what_it_acknowledged(folder: Path) -> None:
    for _ in range(2):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
        ) as writer:
            assert writer.stdout
            lines = [writer.stdout.readline() for _ in range(8)]
            writer.send_signal(signal.SIGKILL)
            writer.wait()
        engine = TantivyEngine.open(folder)
        assert found(engine, f"number{int(lines[-1])} ") == [f"m:{int(lines[-1])}"]
        engine.upsert([SearchDocument("m:later", "module", "Later")])
        engine.close()
