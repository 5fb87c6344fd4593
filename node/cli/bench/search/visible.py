"""How soon what is published is found: through repository, catalogue and index of a node that does nothing else."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from node.search.bench.rows import Row
    from node.services.assembly import Services

PUBLISHED = 40
PATIENCE = 10.0


def bench_visible(folder: Path) -> Row:
    """Publish one module after another; each time until a search finds it."""
    from node.app.compose import compose
    from node.logs import configure_logs
    from node.search.bench.goals import VISIBLE_MS
    from node.search.bench.rows import row_of
    from node.settings.declared import Settings

    configure_logs("error", as_json=False)
    folder.mkdir()
    services = compose(Settings(data=folder, url="http://localhost:18300", organisation="Bench", log_level="error"))
    try:
        author = _author(services)
        services.rankings.start()
        services.finder.start()
        services.finder.settle()
        took = sorted(_published(services, author, number) for number in range(PUBLISHED))
    finally:
        services.finder.stop()
        services.rankings.stop()
        services.heavy.stop()
        services.database.close()
    return row_of("published to found through a node p95", "ms", took[int(PUBLISHED * 0.95)] * 1000, VISIBLE_MS)


def _author(services: Services) -> str:
    from federation.keys import SigningKey
    from node.services.hosting.accounts import load_rotation_key
    from node.services.policy import Role

    services.identity.ensure(services.keyring)
    services.registry.add("ana", (Role.PRACTITIONER,), display_name="Ana", password="")
    rotation = load_rotation_key(services.database, services.sealer)
    return services.accounts.create_practitioner("ana", SigningKey.generate().did_key, rotation, services.stream).did


def _published(services: Services, author: str, number: int) -> float:
    from node.search.request import SearchRequest
    from node.services.writing.publishing import publish

    began = time.perf_counter()
    publish(services.database, services.host, author, _module(number))
    while time.perf_counter() - began < PATIENCE:
        if services.finder.search(SearchRequest(f"barometer{number} ")).hits:
            break
        time.sleep(0.005)
    return time.perf_counter() - began


def _module(number: int) -> dict[str, Any]:
    from schemas.authority import MODULE_VERSION

    return {
        "$type": MODULE_VERSION, "name": f"module-{number}", "title": f"Reading of barometer{number}",
        "description": "Published to be found.", "language": "en", "license": "CC0-1.0", "layer": "concept",
        "level": "novice", "minutes": 5, "body": "Look, note, compare.\n",
    }  # fmt: skip
