"""What each private page begins with: who asks, what the form sent, and no store anywhere."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request
from litestar.enums import RequestEncodingType
from litestar.params import Body

from node.services.assembly import Services
from node.services.policy import Viewer, require_worker
from node.web.contexts.site import Site
from node.web.presenting import site_of

AnyRequest = Request[Any, Any, Any]
Form = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.URL_ENCODED)]

LONGEST = 4_000


def worker_site(request: AnyRequest, services: Services, viewer: Viewer) -> Site:
    """The site facts of a private page. Raises NotSignedIn, NotAllowed."""
    require_worker(viewer)
    return site_of(request, services, viewer)


def text_of(form: dict[str, Any], name: str) -> str:
    """One field, trimmed; '' when it was not sent, the first when it was sent twice."""
    return next(iter(texts_of(form, name)), "")


def texts_of(form: dict[str, Any], name: str) -> list[str]:
    """A field that may repeat."""
    value = form.get(name, [])
    values = value if isinstance(value, list) else [value]
    return [str(entry).strip()[:LONGEST] for entry in values]


def lines_of(form: dict[str, Any], name: str) -> list[str]:
    """A field of one entry a line; empty lines aside."""
    return [line.strip() for line in text_of(form, name).splitlines() if line.strip()]
