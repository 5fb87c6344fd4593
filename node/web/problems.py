"""Errors as answers: RFC 9457 problem documents, the protocol's own shape under /xrpc, a page for browsers."""

from __future__ import annotations

import errno
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException

from federation.errors import FederationError
from node.errors import NodeError, ShortOfMemory, TooMany, TooSlow
from node.logs import get_logger
from node.store.engine.failing import find_storage_error, is_beyond_range
from node.store.processes.elsewhere import DoneElsewhere
from node.web.traced import route_of
from schemas.errors import SchemaError

_log = get_logger("web")


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Any error as the caller understands it; what nobody foresaw is logged whole and shown as little."""
    try:
        return _answer(request, error)
    finally:
        _let_go(error)


def _let_go(error: BaseException | None) -> None:
    """An error and the frames that it came through hold each other, and the request's body with them, until the
    collector comes by: strangers' large forms that were refused filled the memory.
    """
    while error is not None and error.__traceback__ is not None:
        error.__traceback__ = None
        error = error.__cause__ or error.__context__


def _answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    if isinstance(error, DoneElsewhere):
        return Response("", status_code=error.status)  # the core answers in its place
    error = _find_shortage(error) or find_storage_error(error) or error
    status, code, detail, hint = _facts(error)
    if status >= 500:
        unforeseen = error if status == 500 else None
        _log.error("request failed", route=route_of(request.scope), error=type(error).__name__, exc_info=unforeseen)
    headers = _headers(error)
    if request.url.path.startswith("/xrpc/"):
        if isinstance(error, HTTPException) and status == 404:
            status, code, detail = 501, "MethodNotImplemented", "Method Not Implemented"
        return Response({"error": code, "message": detail}, status_code=status, headers=headers)
    if "text/html" in request.headers.get("accept", ""):
        from node.web.pages.problem import answer_problem_page

        page = answer_problem_page(request, status, (detail, hint), error)
        page.headers.update(headers)
        return page
    problem = {"type": f"about:blank#{code}", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return Response(
        problem | ({"hint": hint} if hint else {}),
        status_code=status,
        media_type="application/problem+json",
        headers=headers,
    )


def _find_shortage(error: Exception) -> ShortOfMemory | None:
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
        return ShortOfMemory("The node has no more files to open at the moment; nothing was done with this.")
    return ShortOfMemory() if isinstance(error, MemoryError) else None


def _headers(error: Exception) -> dict[str, str]:
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.retry_after), **error.headers}
    if isinstance(error, TooSlow):
        return {"Connection": "close"}  # the rest of it would be taken for the next request, or waited for
    if isinstance(error, MethodNotAllowedException):
        return {"Allow": _methods((error.headers or {}).get("allow", ""))}
    return {"Retry-After": "2"} if isinstance(error, NodeError) and error.status == 503 else {}


def _methods(names: str) -> str:
    """What `Allow` says (RFC 9110, section 15.5.6) of what the framework names; a WebSocket is none of them."""
    found = [name for name in names.split(", ") if name.isupper()]
    return ", ".join([*found, "HEAD"] if "GET" in found else found)


def _facts(error: Exception) -> tuple[int, str, str, str]:
    if isinstance(error, NodeError):
        return error.status, error.code, error.message, error.hint
    if words := _find_fault_of_input(error):
        return 400, "InvalidRequest", words, ""
    if isinstance(error, (FederationError, SchemaError)):
        return 400, "InvalidRequest", str(error), getattr(error, "hint", "")
    if isinstance(error, HTTPException):
        return error.status_code, _CODES.get(error.status_code, "InvalidRequest"), str(error.detail), _hint_of(error)
    return 500, "InternalServerError", "Something went wrong inside this node.", "The operator's log says what."


def _find_fault_of_input(error: Exception) -> str:
    """What was wrong with what was sent, when it was that which libraries stumbled over."""
    if isinstance(error, RecursionError):
        return "The JSON is nested too deeply."
    if isinstance(error, UnicodeDecodeError):
        return "What was sent as text is no text in UTF-8."
    return "A number is too large." if is_beyond_range(error) else ""


def _hint_of(error: HTTPException) -> str:
    extra = error.extra
    return "; ".join(f"{item.get('key')}: {item.get('message')}" for item in extra) if isinstance(extra, list) else ""


_CODES = {404: "NotFound", 405: "MethodNotAllowed", 413: "PayloadTooLarge", 429: "RateLimitExceeded"}
