"""com.atproto.sync.requestCrawl: a host says that it has news."""

from __future__ import annotations

from typing import Any

from litestar import Request

from node.services.assembly import Services
from node.web.access.viewing import address_of
from node.web.xrpc.limits import LOOKUPS, Allowance, charge
from node.web.xrpc.methods import procedure

Body = dict[str, Any]
CRAWLS = Allowance("crawls", 10, 600)  # of one host, whoever asks


@procedure("com.atproto.sync.requestCrawl", sync_to_thread=None)
async def request_crawl(request: Request[Any, Any, Any], services: Services, data: Body) -> Body:
    """Ask a followed host at once that is only tried from time to time; whom to follow is the operator's to say."""
    charge(LOOKUPS, address_of(request))
    hostname = data["hostname"].lower()
    charge(CRAWLS, hostname)
    services.follower.hear_of(hostname)
    return {}


HANDLERS = (request_crawl,)
