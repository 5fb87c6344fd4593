"""Every route of the node."""

from __future__ import annotations

from typing import Any

from node.web import agent_skills, health, static
from node.web.api import (
    examining,
    hosting,
    internal,
    keeping_fresh,
    moderating,
    operating,
    ordering,
    paths,
    reading,
    reference,
    session,
    skills,
    suggesting,
)
from node.web.pages import handlers as pages
from node.web.private import assistant, feeds, further, own
from node.web.private.pages import routes as private_pages
from node.web.xrpc import (
    accounts,
    crawling,
    identity,
    importing,
    inviting,
    operations,
    repo,
    resolving,
    server,
    subscription,
    sync,
)
from node.web.xrpc import moderating as xrpc_moderating
from node.web.xrpc.skillnet import catalogue, curation, task, work

HANDLERS: tuple[Any, ...] = (
    health.health,
    health.ready,
    health.metrics,
    health.name,
    *static.HANDLERS,
    *operating.HANDLERS,
    *examining.HANDLERS,
    *hosting.HANDLERS,
    *session.HANDLERS,
    *reading.HANDLERS,
    *keeping_fresh.HANDLERS,
    *moderating.HANDLERS,
    *paths.HANDLERS,
    *ordering.HANDLERS,
    *suggesting.HANDLERS,
    *internal.HANDLERS,
    *agent_skills.HANDLERS,
    *reference.HANDLERS,
    *skills.HANDLERS,
    *server.HANDLERS,
    *accounts.HANDLERS,
    *identity.HANDLERS,
    *operations.HANDLERS,
    *resolving.HANDLERS,
    *inviting.HANDLERS,
    *crawling.HANDLERS,
    *repo.HANDLERS,
    *importing.HANDLERS,
    *sync.HANDLERS,
    *subscription.HANDLERS,
    *xrpc_moderating.HANDLERS,
    *catalogue.HANDLERS,
    *curation.HANDLERS,
    *task.HANDLERS,
    *work.HANDLERS,
    *pages.HANDLERS,
    *own.HANDLERS,
    *further.HANDLERS,
    *feeds.HANDLERS,
    *assistant.HANDLERS,
    *private_pages.HANDLERS,
)
