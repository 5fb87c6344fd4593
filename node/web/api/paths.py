"""/api for who curates paths."""

from __future__ import annotations

from typing import Any

from litestar import post

from node.errors import Malformed
from node.services.assembly import Services
from node.services.policy import Action, Viewer, require
from node.services.writing.publishing import publish
from schemas.authority import PATH_VERSION

Body = dict[str, Any]


@post("/api/paths", status_code=201, sync_to_thread=True)
def publish_path(services: Services, viewer: Viewer, data: Body) -> Body:
    """Publish `value`, a pathVersion: a new version and its head in one signed commit; `change` says what is new."""
    require(viewer, Action.PUBLISH)
    value = data.get("value")
    if not isinstance(value, dict) or value.get("$type") != PATH_VERSION:
        raise Malformed(f"value is a record of {PATH_VERSION}.")
    made = publish(services.database, services.host, viewer.did, value, str(data.get("change", ""))[:2000])
    url = f"{services.settings.public_url}/paths/{viewer.did}/{value['name']}"
    return {"uri": made.uri, "version": made.version_uri, "url": url}


HANDLERS = (publish_path,)
