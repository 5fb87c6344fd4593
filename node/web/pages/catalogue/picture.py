"""Pictures and attached files of modules, under addresses that name their content."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from node.authoring.pictures.picture import PICTURES
from node.errors import Unknown
from node.services.assembly import Services
from node.services.policy import Viewer, audiences_of
from node.store.inside import internal
from node.store.repositories import blobs
from node.web.pages.links import did_of
from node.web.pages.reading import AnyRequest, readable_by
from node.web.xrpc.sync import blob_response


@get("/pictures/{did:str}/{cid:str}", sync_to_thread=True, include_in_schema=False)
def picture(request: AnyRequest, services: Services, viewer: Viewer, did: str, cid: str) -> Response[Any]:
    """A picture; whatever else the bytes are, they are not served here."""
    return _blob(request, services, viewer, did, cid, pictures_only=True)


@get("/files/{did:str}/{cid:str}", sync_to_thread=True, include_in_schema=False)
def attached_file(request: AnyRequest, services: Services, viewer: Viewer, did: str, cid: str) -> Response[Any]:
    """A file that a module carries, as a download."""
    return _blob(request, services, viewer, did, cid, pictures_only=False)


def _blob(
    request: AnyRequest, services: Services, viewer: Viewer, did: str, cid: str, *, pictures_only: bool
) -> Response[Any]:
    readable_by(services, viewer)
    mime, inside = _find_mime(services, viewer, did_of(did), cid)
    if not mime or (pictures_only and mime not in PICTURES):
        raise Unknown("There is no such picture." if pictures_only else "There is no such file.")
    body = services.internal.find_blob(cid) if inside else services.blobs.find(cid)
    if body is None:
        raise Unknown("The bytes are not here.", hint="They are fetched from their host in the background.")
    response = blob_response(body, mime)
    response.headers["ETag"] = f'"{cid}"'
    if inside or not services.settings.open_reading:
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    if not pictures_only:
        response.headers["Content-Disposition"] = "attachment"
    if request.headers.get("if-none-match") == response.headers["ETag"]:
        return Response(None, status_code=304, headers=response.headers)
    return response


def _find_mime(services: Services, viewer: Viewer, did: str, cid: str) -> tuple[str, bool]:
    """(media type, is it kept inside); '' for what this reader may not have.

    What no published record names is a draft of its owner and nobody else's business.
    """
    with services.database.read() as session:
        public = blobs.find_blob(session, did, cid)
        if public is not None and public.used:
            return public.mime, False
        kept = internal.find_blob(session, did, cid)
    member = "organisation" in audiences_of(viewer)
    if kept is not None and member and (kept.used or viewer.did == did):
        return kept.mime, True
    return "", False


HANDLERS = (picture, attached_file)
