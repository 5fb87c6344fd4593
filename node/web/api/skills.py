"""/api/reference/skills: the ids of skills that authors name in their own words."""

from __future__ import annotations

from typing import Any

from litestar import get

from node.errors import Malformed
from node.services.assembly import Services
from node.services.policy import Viewer
from node.web.access.viewing import require_reading

Body = dict[str, Any]
MOST = 500


@get("/api/reference/skills", sync_to_thread=True)
def skill_ids(services: Services, viewer: Viewer, name: list[str] | None = None) -> Body:
    """Name as written → id in the reference data in use; names that it does not have are left out."""
    require_reading(services, viewer)
    if len(name or ()) > MOST:
        raise Malformed(f"At most {MOST} names at once.")
    return {"ids": ids_of(services, name or [])}


def ids_of(services: Services, names: Any) -> dict[str, str]:
    """As `skill_ids`, for what front matter holds."""
    words = [name for name in names if isinstance(name, str) and ":" not in name] if isinstance(names, list) else []
    found = {name: services.reference.words.skill_id(name) for name in dict.fromkeys(words)}
    return {name: code for name, code in found.items() if code}


HANDLERS = (skill_ids,)
