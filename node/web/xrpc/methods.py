"""How a method of the protocol becomes a route: its lexicon is held against every request before the handler runs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, get, post
from litestar.exceptions import SerializationException

from node.web.xrpc.inputs import NotJson, read_input
from node.web.xrpc.limits import add_limit_headers, begin_limits
from schemas.parameters import parse_parameters

Check = Callable[[Request[Any, Any, Any]], Awaitable[None]]


def query(nsid: str, **options: Any) -> get:
    """A GET of `nsid`; its parameters must fit the lexicon. Runs in a thread unless told otherwise."""
    options.setdefault("sync_to_thread", True)
    return get(f"/xrpc/{nsid}", before_request=_check_parameters(nsid), after_request=add_limit_headers, **options)


def procedure(nsid: str, **options: Any) -> post:
    """A POST of `nsid` whose JSON input must fit the lexicon. Runs in a thread unless told otherwise."""
    options.setdefault("sync_to_thread", True)
    check = _check_input(nsid)
    return post(f"/xrpc/{nsid}", status_code=200, before_request=check, after_request=add_limit_headers, **options)


def without_input(nsid: str, **options: Any) -> post:
    """A POST of `nsid` that takes nothing. Runs in a thread unless told otherwise."""
    options.setdefault("sync_to_thread", True)
    return post(f"/xrpc/{nsid}", status_code=200, before_request=_begin, after_request=add_limit_headers, **options)


def upload(nsid: str, **options: Any) -> post:
    """A POST of `nsid` whose body is bytes that the handler reads itself, on the event loop."""
    return post(f"/xrpc/{nsid}", status_code=200, before_request=_begin, after_request=add_limit_headers, **options)


def _check_parameters(nsid: str) -> Check:
    async def check(request: Request[Any, Any, Any]) -> None:
        begin_limits()
        parse_parameters(request.query_params.multi_items(), nsid)

    return check


def _check_input(nsid: str) -> Check:
    async def check(request: Request[Any, Any, Any]) -> None:
        begin_limits()
        try:
            read_input(await request.json(), nsid)
        except SerializationException as error:
            raise NotJson(f"The input is not JSON: {error}") from error

    return check


async def _begin(_request: Request[Any, Any, Any]) -> None:
    begin_limits()
