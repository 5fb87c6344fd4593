"""What an operator does on the page of the node: the doctor, peers."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Response, post

from node.errors import NodeError
from node.services.assembly import Services
from node.services.audit import Deed
from node.services.policy import Action, Viewer, require
from node.web.notices import redirect_with
from node.web.pages.forms import Form, is_ticked

HOME = "/admin"
HEARD = ("backfill", "live")  # states of a host that has answered


@post("/admin/doctor", sync_to_thread=True, include_in_schema=False)
def look_again(services: Services, viewer: Viewer) -> Response[Any]:
    """Let the doctor look now; it takes some seconds."""
    require(viewer, Action.OPERATE)
    seen = services.doctor.look(asked=True)
    words = f"{len(seen.findings)} things looked at, {len(seen.wrong) or 'none'} wrong."
    return redirect_with(services, f"{HOME}#doctor", words, kind="problem" if seen.wrong else "done")


@post("/admin/peers", include_in_schema=False)
async def follow(services: Services, viewer: Viewer, data: Form) -> Response[Any]:
    """Follow a host; with `trust` this node also vouches for it."""
    require(viewer, Action.OPERATE)
    url = data.get("url", "").strip()
    try:
        row = await services.follower.follow(url, trust=is_ticked(data, "trust"))
    except NodeError as error:
        return redirect_with(services, HOME, error.words, kind="problem")
    await asyncio.to_thread(services.audit.note, viewer, Deed.FOLLOWED, row.url, "trusted" if row.trusted else "")
    name = row.organisation or row.url
    if row.state in HEARD:
        return redirect_with(services, f"{HOME}#peers", f"This node follows {name} from now on.")
    why = f": {row.error}" if row.error else ""
    words = f"{name} does not answer yet{why}. It is tried again; unfollow it if that was a slip of the keys."
    return redirect_with(services, f"{HOME}#peers", words, kind="problem")


@post("/admin/peers/unfollow", include_in_schema=False)
async def unfollow(services: Services, viewer: Viewer, url: str) -> Response[Any]:
    """Follow no more, and forget what came from there."""
    require(viewer, Action.OPERATE)
    await services.follower.unfollow(url)
    await asyncio.to_thread(services.audit.note, viewer, Deed.UNFOLLOWED, url)
    done = f"This node no longer follows {url}; what came from there is forgotten."
    return redirect_with(services, f"{HOME}#peers", done)


HANDLERS = (look_again, follow, unfollow)
