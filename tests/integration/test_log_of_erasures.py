"""A restore takes the log of erasures of this node, all of it, or nothing: nobody comes back for a mistyped name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from node.app.restoring import restore_node
from node.services.erasures import ERASURE_LOG, Erasures, NotThisLog
from node.services.keeping.backing_up import back_up
from node.services.keeping.restoring import Restoring
from node.services.sealing import Sealer
from tests.integration.fixtures.kept import PHRASE, WIM, ZOE, add_workers
from tests.integration.fixtures.nodes import composed


@dataclass(frozen=True)
class Kept:
    """A backup with two workers, and the log after the first and after both of them were erased."""

    backup: Path
    older: bytes
    newer: bytes


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("erased")
    with composed(folder / "old") as services:
        add_workers(services, WIM, ZOE)
        back_up(services.settings, folder / "node.backup", PHRASE, lambda _: None)
        log = services.settings.data / ERASURE_LOG
        services.learning.forget(ZOE)
        older = log.read_bytes()
        services.learning.forget(WIM)
        yield Kept(folder / "node.backup", older, log.read_bytes())


def _restore(kept: Kept, folder: Path, log: Path) -> set[str]:
    """Whose private role came back."""
    restored, _ = restore_node(Restoring(kept.backup, PHRASE, folder, log), {}, lambda _: None)
    with composed(folder, port=restored.settings.port, url=restored.settings.url) as services:
        return {worker.name for worker in (WIM, ZOE) if services.learning.profile(worker).role}


def test_the_logs_of_the_folder_and_of_the_copy_are_both_replayed(kept: Kept, tmp_path: Path) -> None:
    (copy := tmp_path / "copy.log").write_bytes(kept.older)
    assert _restore(kept, tmp_path / "with the older", copy) == {"wim"}
    (data := tmp_path / "in place").mkdir()
    (data / ERASURE_LOG).write_bytes(kept.newer)
    assert _restore(kept, data, copy) == set()
    assert (data / ERASURE_LOG).read_bytes() == kept.newer


@pytest.mark.parametrize("content", [b"five random words\n", b"", b"another node's"])
def test_another_file_is_refused_and_the_folder_as_it_was(kept: Kept, tmp_path: Path, content: bytes) -> None:
    copy = tmp_path / ERASURE_LOG
    if content == b"another node's":
        Erasures(tmp_path, Sealer(b"k" * 32)).add("jo", 5)
    else:
        copy.write_bytes(content)
    (data := tmp_path / "new").mkdir()
    with pytest.raises(NotThisLog):
        restore_node(Restoring(kept.backup, PHRASE, data, copy), {}, lambda _: None)
    assert {path.name for path in data.iterdir()} <= {"node.lock"}
    (data / ERASURE_LOG).write_bytes(kept.newer)
    if content:
        with pytest.raises(NotThisLog):
            restore_node(Restoring(kept.backup, PHRASE, data, copy), {}, lambda _: None)
    assert (data / ERASURE_LOG).read_bytes() == kept.newer
