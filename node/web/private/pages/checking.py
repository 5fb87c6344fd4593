"""The draft while somebody types: kept, checked, and shown as the chosen reader would see it.

It stands among the private pages because it asks the lesson's own rules; no worker's data is read.
"""

from __future__ import annotations

from dataclasses import replace

from litestar import Response, post
from markupsafe import Markup

from node.services.assembly import Services
from node.services.learning.lessons.previewing import READERS, seen_by
from node.services.policy import Viewer
from node.store.clock import moment_of
from node.web.contexts.writing.write import Seen, WriteDraft
from node.web.pages.authors import require_author
from node.web.pages.forms import Form
from node.web.pages.reading import AnyRequest
from node.web.pages.writing.desk import is_worth_keeping, typed
from node.web.pages.writing.drafting import Desk
from node.web.pages.writing.stops import stop_lines
from node.web.pages.writing.write import READERS as CHOICES
from node.web.pages.writing.write import desk_of
from node.web.presenting import show, site_of


@post("/write/check", sync_to_thread=True, include_in_schema=False, status_code=200)
def check(request: AnyRequest, services: Services, viewer: Viewer, data: Form) -> Response[str]:
    """What was found in the text; the draft is kept as it stands."""
    require_author(viewer)
    draft = typed(services, viewer, data)
    kept = services.drafting.keep(viewer.name, draft) if is_worth_keeping(draft) else None
    desk = desk_of(services, viewer, draft)
    seen = replace(desk.draft(), kept=moment_of(kept.updated_at) if kept else None)
    reader = data.get("reader", "")
    if reader in READERS:
        seen = replace(seen, adapted=_adapted(desk, reader))
    stops = None if desk.stops is None else stop_lines(services, viewer.did, desk.stops)
    return show(services, WriteDraft(site=site_of(request, services, viewer), draft=seen, stops=stops))


def _adapted(desk: Desk, reader: str) -> Seen:
    rendered, changes = seen_by(desk.document, reader, desk.view)
    title = next(choice.label for choice in CHOICES if choice.value == reader)
    return Seen(title=title, body=Markup(rendered.html), changes=tuple(changes))  # noqa: S704 - sanitised


HANDLERS = (check,)
