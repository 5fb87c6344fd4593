"""From the desk to a signed record: published, kept inside, sent as a suggestion, or taken up with credit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from node.authoring import limits
from node.authoring.compatibility import UNSTATED, find_obstacle
from node.authoring.value import body_of, origin_of
from node.errors import Conflict, Malformed
from node.services.assembly import Services
from node.services.hosting.blobs.files import blob_json, keep_file
from node.services.policy import Action, Viewer, audiences_of, require
from node.services.writing.drafting import Draft
from node.services.writing.publishing import publish, publish_inside
from node.services.writing.suggesting import credit
from node.store.content import catalogue, suggestions
from node.web.api.skills import ids_of
from node.web.pages.links import href_of_item
from node.web.pages.writing.desk import find_work
from node.web.pages.writing.drafting import Desk


@dataclass(frozen=True, slots=True)
class Done:
    """Where to go, and what to say there."""

    href: str
    said: str


def send(services: Services, viewer: Viewer, desk: Desk) -> Done:
    """Do what the draft is for. Raises NodeError, BodyTooLong."""
    suggests = desk.kept.purpose == "suggest"
    done = _suggest(services, viewer, desk.kept) if suggests else _publish(services, viewer, desk)
    services.drafting.discard(viewer.name, desk.kept.id)
    return done


def _suggest(services: Services, viewer: Viewer, draft: Draft) -> Done:
    item, version = find_work(services, viewer, draft.about)
    if services.suggesting.source_of(version) == draft.body:
        raise Conflict("That is what is published already.", hint="Change the text, then send it.")
    services.suggesting.suggest(viewer.did, version, draft.body, draft.note)
    return Done(href_of_item(item.uri) or "/", "Signed and sent. The author sees it, and answers on this page.")


def _publish(services: Services, viewer: Viewer, desk: Desk) -> Done:
    draft, inside = desk.kept, desk.is_inside
    _check_kind(draft, inside=inside)
    _check_audience(desk, inside=inside)
    _check_origin(services, viewer, desk)
    if inside:
        require(viewer, Action.KEEP_INSIDE)
    skills = ids_of(services, desk.document.front.data.get("skills"))
    value = desk.value(_long_body(services, viewer, desk, inside=inside), skills) | _credit(services, viewer, draft)
    if inside:
        published = publish_inside(services.database, services.internal, viewer.did, value, draft.note)
        return Done(href_of_item(published.uri) or "/write", "Kept inside: only members of this node can read it.")
    for file in draft.files:
        body = services.internal.find_blob(file.cid)
        if body is not None and file.path in _named(value):
            keep_file(services.database, services.blobs, viewer.did, body, file.mime)
    published = publish(services.database, services.host, viewer.did, value, draft.note)
    said = "Signed and published. Nodes that follow this one see it within seconds."
    return Done(href_of_item(published.uri) or "/write", said)


def _check_kind(draft: Draft, *, inside: bool) -> None:
    if draft.kind == "path" and inside:
        raise Malformed("A path cannot be kept inside.", hint="Choose “Everybody”; its modules stay what they are.")


def _named(value: dict[str, Any]) -> set[str]:
    return {str(one["path"]) for one in (*(value.get("pictures") or ()), *(value.get("attachments") or ()))}


def _check_audience(desk: Desk, *, inside: bool) -> None:
    current = desk.current
    if current is None:
        return
    if current.audience == "organisation" and not inside:
        raise Malformed("This is kept inside.", hint="“Make it public” on its page shows what would become public.")
    if current.audience == "public" and inside:
        raise Conflict("It is public already.", hint="What stays inside needs a name of its own.")


def _check_origin(services: Services, viewer: Viewer, desk: Desk) -> None:
    """A fork keeps to the licence of what it was made from."""
    origin = origin_of(desk.document)
    if origin is None:
        return
    with services.database.read() as session:
        made_from = catalogue.find_version(session, origin["uri"], audiences_of(viewer))
    original = str(made_from.value.get("license", UNSTATED)) if made_from else UNSTATED
    obstacle = find_obstacle(original, desk.document.front.text("license") or UNSTATED) if made_from else ""
    if obstacle:
        raise Malformed(obstacle[:1].upper() + obstacle[1:] + ".")


def _long_body(services: Services, viewer: Viewer, desk: Desk, *, inside: bool) -> dict[str, Any] | None:
    """A text that is too long for a record goes beside it."""
    body = body_of(desk.document).encode()
    if len(body) <= limits.INLINE_BODY_BYTES:
        return None
    if inside:
        return blob_json(services.internal.put_blob(viewer.did, body, "text/markdown"))
    return blob_json(keep_file(services.database, services.blobs, viewer.did, body, "text/markdown"))


def _credit(services: Services, viewer: Viewer, draft: Draft) -> dict[str, Any]:
    if draft.purpose != "accept":
        return {}
    _, version = find_work(services, viewer, draft.about)
    with services.database.read() as session:
        row = suggestions.find_suggestion(session, draft.answers, audiences_of(viewer))
    if row is None or row.author != viewer.did or row.item_uri != draft.about:
        raise Malformed("The suggestion is gone.", hint="Publish the text as your own change.")
    return credit(version, row)
