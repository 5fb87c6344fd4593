"""The web application over a node's services."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from litestar import Litestar, Router
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig

from node.app.running import RunningNode
from node.errors import ConfigurationError
from node.services.assembly import Services
from node.services.room import find_room
from node.web.access.viewing import PROGRAM_PATHS, cookie_name, is_known, provide_services, provide_viewer
from node.web.bodies import Bodies
from node.web.cross_origin import open_to_browsers
from node.web.headers import secure
from node.web.heads import answer_heads
from node.web.host_header import refuse_odd_hosts
from node.web.large_forms import FormAside
from node.web.memories import remember_little
from node.web.overload import Overload
from node.web.own_forms import refuse_foreign
from node.web.problems import answer_error
from node.web.rendering import Rendering, ThemeMissing
from node.web.resolvers import answer_resolvers
from node.web.routes import HANDLERS
from node.web.traced import trace_requests


def build_app(services: Services, *, alone: bool = False) -> Litestar:
    """The ASGI application of one node; its lifespan starts and stops the services."""
    node = RunningNode(services, alone=alone)

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        await node.start()
        try:
            yield
        finally:
            await node.stop()

    settings = services.settings
    by_tls = settings.public_url.startswith("https:")
    _check_theme(settings.theme)
    app = Litestar(
        route_handlers=[_Routes(path="/", route_handlers=HANDLERS)],
        lifespan=[lifespan],
        state=State({"services": services}),
        dependencies={
            "services": Provide(provide_services, sync_to_thread=False),
            "viewer": Provide(provide_viewer),
        },
        exception_handlers={Exception: answer_error},
        before_request=refuse_foreign,
        request_class=FormAside,
        csrf_config=_only_own_forms(services, by_tls=by_tls),
        request_max_body_size=settings.max_body,
        openapi_config=OpenAPIConfig(
            title=f"SkillNet node of {settings.organisation or 'an organisation'}", version="1"
        ),
        logging_config=None,
        debug=False,
    )
    remember_little(app)
    room = find_room()
    within = Overload(app.asgi_handler, settings.most_at_once, room.passwords)
    app.state.traffic = within.traffic

    bounded = Bodies(within, room.bodies, knows=partial(is_known, services=services))
    outside = open_to_browsers(secure(refuse_odd_hosts(bounded), by_tls=by_tls))
    app.asgi_handler = answer_heads(answer_resolvers(trace_requests(outside)))
    return app


def _only_own_forms(services: Services, *, by_tls: bool) -> CSRFConfig:
    return CSRFConfig(
        secret=_csrf_secret(services),
        cookie_name=cookie_name(services.settings, "_csrf"),
        cookie_secure=by_tls,
        cookie_samesite="lax",
        exclude=[f"^{path}" for path in PROGRAM_PATHS],
    )


class _Routes(Router):
    """All at once: registered singly, a path's handlers would be wrapped anew with each of its methods."""

    def __deepcopy__(self, _memo: object) -> _Routes:
        """Made for one application: the copy that the framework takes, lest two share it, is a third of the work."""
        return self


def _check_theme(name: str) -> None:
    try:
        Rendering(name)
    except ThemeMissing as error:
        raise ConfigurationError(
            "pages.theme", f"there is no theme {name!r}", hint="`default` is always there."
        ) from error


def _csrf_secret(services: Services) -> str:
    """Derived from the sealing key, so that forms survive a restart."""
    return services.sealer.derive("csrf").hex()
