"""An index whose files another user owns is not damaged: it is left as it is, and said to be what it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from node.search.errors import IndexCorrupt, IndexForbidden
from node.search.tantivy_engine.damage import noticing_damage
from node.search.tantivy_engine.folder import IndexFolder


def _refused(*_arguments: Any, **_named: Any) -> Any:
    raise PermissionError(13, "Permission denied")


def _made(path: Path) -> IndexFolder:
    folder = IndexFolder(path)
    generation = folder.create()
    (generation / "meta.json").write_text("{}")
    folder.choose(generation)
    assert folder.current() == generation
    return folder


@pytest.mark.parametrize(
    ("what", "do"),
    [("read_text", IndexFolder.current), ("is_file", IndexFolder.current), ("mkdir", IndexFolder.create)],
)
def test_what_the_system_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, do: Callable[[IndexFolder], Path]
) -> None:
    folder = _made(tmp_path / "search")
    monkeypatch.setattr(Path, what, _refused)
    with pytest.raises(IndexForbidden, match="may not be read or written by the user"):
        do(folder)


@pytest.mark.parametrize(
    "said", [PermissionError(13, "Permission denied"), ValueError("IoError { io_error: PermissionDenied, … }")]
)
def test_what_the_library_says_of_it(said: Exception) -> None:
    with pytest.raises(IndexForbidden), noticing_damage():
        raise said
    with pytest.raises(IndexCorrupt), noticing_damage():
        raise ValueError("a segment is short")
