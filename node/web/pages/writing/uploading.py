"""Pictures and attachments of a draft: uploaded beside it, named in the text by a path of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from litestar import Response, post
from litestar.datastructures import UploadFile

from node.errors import Malformed, TooLarge
from node.services.assembly import Services
from node.services.policy import Viewer
from node.services.writing.drafting import DraftFile
from node.web.contexts.writing.write import UploadedFile, WriteFiles
from node.web.notices import redirect_with
from node.web.pages.authors import require_author
from node.web.pages.forms import Multipart
from node.web.pages.links import href_of_picture, query_of
from node.web.pages.reading import AnyRequest
from node.web.pages.writing.desk import typed
from node.web.presenting import show, site_of


@post("/write/files", include_in_schema=False)
async def upload_file(request: AnyRequest, services: Services, viewer: Viewer, data: Multipart) -> Response[Any]:
    """Add a file to the draft that the form names; the draft is kept with it."""
    require_author(viewer)
    given = data.pop("file", None)
    if not isinstance(given, UploadFile):
        raise Malformed("Choose a file first.")
    largest = services.settings.max_blob
    body = await given.read(largest + 1)
    if len(body) > largest:
        raise TooLarge(f"A file has at most {largest / 1_000_000:.3g} MB.", hint="Make the picture smaller.")
    fields = {name: value for name, value in data.items() if isinstance(value, str)}
    return await asyncio.to_thread(_add, request, services, viewer, (fields, given.filename, body))


def _add(
    request: AnyRequest, services: Services, viewer: Viewer, sent: tuple[dict[str, str], str, bytes]
) -> Response[Any]:
    fields, name, body = sent
    draft = services.drafting.keep(viewer.name, typed(services, viewer, fields))
    services.drafting.add_file(viewer.name, viewer.did, draft, name, body)
    if request.headers.get("hx-request") == "true":
        files = uploaded(viewer.did, services.drafting.get(viewer.name, draft.id).files)
        return show(services, WriteFiles(site=site_of(request, services, viewer), files=files))
    return redirect_with(services, "/write?" + query_of(draft=draft.id), "The file is with the draft.")


def uploaded(did: str, files: Iterable[DraftFile]) -> tuple[UploadedFile, ...]:
    """For the page."""
    return tuple(
        UploadedFile(
            path=file.path,
            size=file.size,
            insert=f"![]({file.path})" if file.is_picture else "",
            picture=href_of_picture(did, file.cid) if file.is_picture else "",
        )
        for file in files
    )


HANDLERS = (upload_file,)
