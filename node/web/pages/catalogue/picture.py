"""Pictures and attached files of modules, under addresses that name their content."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from node.authoring.pictures.picture import PICTURES
from node.errors import Unknown
from node.services.assembly import Services
from node.services.policy import Viewer
from node.store.tables.internal import InternalBlobRow
from node.web.access.files import find_file
from node.web.pages.links import did_of
from node.web.pages.reading import AnyRequest, readable_by
from node.web.xrpc.sync import CACHED, blob_response


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
    with services.database.read() as session:
        row = find_file(session, viewer, did_of(did), cid)
    if row is None or (pictures_only and row.mime not in PICTURES):
        raise Unknown("There is no such picture." if pictures_only else "There is no such file.")
    inside = isinstance(row, InternalBlobRow)
    body = services.internal.find_blob(cid) if inside else services.blobs.find(cid)
    if body is None:
        raise Unknown("The bytes are not here.", hint="They are fetched from their host in the background.")
    response = blob_response(body, row.mime)
    response.headers["ETag"] = f'"{cid}"'
    if inside or not services.settings.open_reading:
        response.headers["Cache-Control"] = f"private, max-age={CACHED}"
    if not pictures_only:
        response.headers["Content-Disposition"] = "attachment"
    if request.headers.get("if-none-match") == response.headers["ETag"]:
        return Response(None, status_code=304, headers=response.headers)
    return response


HANDLERS = (picture, attached_file)
