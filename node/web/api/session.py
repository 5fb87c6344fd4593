"""/api/session: signing in from the command line."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, delete, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body as FormBody

from node.errors import NotSignedIn, Unknown
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.examining.release import RUNNING
from node.services.people.tokens import digest_of
from node.services.policy import Viewer, require_place
from node.web.access.viewing import address_of, bearer_of
from node.web.xrpc.limits import SESSIONS, charge_failures

Body = dict[str, Any]
LogoutForm = Annotated[dict[str, Any], FormBody(media_type=RequestEncodingType.URL_ENCODED)]


@post("/api/session", status_code=201, sync_to_thread=True)
def sign_in(request: Request[Any, Any, Any], services: Services, data: Body) -> Body:
    """A token for a name and password, and `code` where there is a second factor."""
    address = address_of(request)
    name, password, code = (str(data.get(key, "")) for key in ("name", "password", "code"))
    viewer = services.registry.sign_in(name, password, address, code=code)
    require_place(viewer)
    token = services.registry.tokens.issue(viewer.name, "api", str(data.get("label", "command line")))
    services.audit.note_sign_in(viewer)
    services.audit.note(viewer, Deed.KEY_MADE, viewer.name, "by signing in")
    return {"token": token, **_who(services, viewer)}


@get("/api/session", sync_to_thread=True)
def who_am_i(services: Services, viewer: Viewer) -> Body:
    """Whose token this is."""
    if not viewer.signed_in:
        raise NotSignedIn
    return _who(services, viewer)


@delete("/api/session", status_code=200, sync_to_thread=True)
def sign_out(request: Request[Any, Any, Any], services: Services, viewer: Viewer) -> Body:
    """End the token."""
    if not (token := bearer_of(request)):
        raise NotSignedIn
    if services.registry.tokens.end(viewer.name, digest_of(token)):
        services.audit.note(viewer, Deed.KEY_ENDED, viewer.name)
    return {}


@post("/api/sign-on/ended", status_code=200, sync_to_thread=True, include_in_schema=False)
def sign_on_ended(request: Request[Any, Any, Any], services: Services, data: LogoutForm) -> Body:
    """The single sign-on says that somebody signed out there (OpenID Connect Back-Channel Logout 1.0)."""
    if not services.sign_on.name:
        raise Unknown("This node has no single sign-on.")
    with charge_failures(SESSIONS, address_of(request)):
        services.sign_on.sign_off.end(str(data.get("logout_token", "")))
    return {}


def _who(services: Services, viewer: Viewer) -> Body:
    return {
        "name": viewer.name,
        "displayName": viewer.display_name,
        "roles": sorted(viewer.roles),
        "did": viewer.did,
        "node": services.identity.did,
        "url": services.settings.public_url,
    }


@get("/api/node", sync_to_thread=False)
def about(services: Services) -> Body:
    """Which node this is, and of which release."""
    settings = services.settings
    return {
        "did": services.identity.did,
        "url": settings.public_url,
        "organisation": settings.organisation,
        "release": RUNNING,
    }


HANDLERS = (about, sign_in, who_am_i, sign_out, sign_on_ended)
