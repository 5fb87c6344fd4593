"""/health, /ready and /metrics."""

from __future__ import annotations

from litestar import Response, get
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from node.services.assembly import Services
from node.web.metrics import observe


@get("/health", sync_to_thread=False, include_in_schema=True)
def health() -> dict[str, str]:
    """The process lives."""
    return {"status": "ok"}


@get("/ready", sync_to_thread=True)
def ready(services: Services) -> Response[dict[str, str]]:
    """The node can serve: its database answers and its ranking is built. Search answers all along, whole or not."""
    with services.database.read() as session:
        session.connection()
    is_ready = services.rankings.is_built
    facts = {"status": "ready" if is_ready else "starting", "search": services.finder.progress.sentence()}
    return Response(facts, status_code=200 if is_ready else 503)


@get("/metrics", sync_to_thread=True)
def metrics(services: Services) -> Response[bytes]:
    """Prometheus text; counts only, nobody's name."""
    return Response(generate_latest(observe(services)), media_type=CONTENT_TYPE_LATEST)
