"""/health, /ready, /metrics, and which names are this node's."""

from __future__ import annotations

from litestar import Response, get
from litestar.datastructures import State
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from node.errors import Unknown
from node.services.assembly import Services
from node.services.hosting.names import node_handle
from node.store.engine.failing import find_trouble
from node.store.repositories.accounts import find_named
from node.web.metrics import Readings, read_all


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
    trouble = find_trouble(services.settings.data)
    facts = {
        "status": "ready" if is_ready else "starting",
        "search": services.finder.progress.sentence(),
        "storage": trouble.message if trouble else "The data folder can be written.",
    }
    return Response(facts, status_code=200 if is_ready else 503)


@get("/health/name", sync_to_thread=True)
def name(services: Services, domain: str) -> dict[str, str]:
    """Is this host name the node's own or an account's handle? A proxy asks before it fetches a certificate for one."""
    host = domain.lower()[:253]
    own = services.settings.public_url.partition("://")[2].partition(":")[0]
    if host not in (own, node_handle(services.settings)):
        with services.database.read() as session:
            account = find_named(session, host)
        if account is None:
            raise Unknown("No account has this name.")
    return {"name": host}


@get("/metrics", sync_to_thread=True)
def metrics(services: Services, state: State) -> Response[bytes]:
    """Prometheus text; counts only, nobody's name."""
    media_type = CONTENT_TYPE_LATEST.removesuffix("; charset=utf-8")  # which the framework adds to any text
    return Response(generate_latest(Readings(read_all(services, state.traffic))), media_type=media_type)
