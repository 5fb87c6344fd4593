"""`bench search`: the engine beside its rivals, and how soon what is published is found through a whole node."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def measure(documents: int, questions: int) -> Iterator[dict[str, Any]]:
    """Rows of the contract."""
    from node.app.memory import keep_memory_small
    from node.cli.bench.search.visible import bench_visible
    from node.cli.terminal.progress import progress_bar
    from node.search.bench.run import bench_embedded

    keep_memory_small()  # as a serving node does
    servers = [url for url in os.environ.get("SKILLNET_SEARCH_MEILISEARCH_URL", "").split(",") if url]
    key = os.environ.get("SKILLNET_SEARCH_MEILISEARCH_KEY", "")
    with tempfile.TemporaryDirectory() as folder, progress_bar() as progress:
        found = bench_embedded(
            Path(folder),
            size=documents,
            questions=questions,
            servers=servers,
            key=key,
            say=lambda text: progress(text, 0.0),
        )
        progress("through a node", 0.0)
        found.append(bench_visible(Path(folder) / "node"))
    yield from (row.to_json() for row in found)
