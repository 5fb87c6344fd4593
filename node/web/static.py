"""Theme files under addresses that change with their content."""

from __future__ import annotations

from litestar import Response, get

from node.errors import Unknown
from node.services.assembly import Services
from node.web.presenting import rendering_of


@get("/static/{digest:str}/{path:path}", sync_to_thread=True, include_in_schema=False)
def static_file(services: Services, digest: str, path: str) -> Response[bytes]:
    """One file; for ever, when the address carries its digest."""
    file = rendering_of(services).find_static(path.lstrip("/"))
    if file is None:
        raise Unknown("There is no such file.")
    lasting = "public, max-age=31536000, immutable" if digest == file.digest else "no-cache"
    return Response(file.path.read_bytes(), media_type=file.media_type, headers={"Cache-Control": lasting})


HANDLERS = (static_file,)
