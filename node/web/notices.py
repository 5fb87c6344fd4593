"""What just happened, carried over the redirect after a POST: sealed in a cookie, shown once, then gone."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from node.services.assembly import Services
from node.services.sealing import SealBroken
from node.settings.declared import Settings
from node.web.access.viewing import cookie_name
from node.web.contexts.site import Notice, Page
from node.web.presenting import show

_CONTEXT = "notice"
_LASTS = 120  # seconds; the redirect is followed at once
LONGEST = 1_500  # bytes of a text: browsers drop a cookie of more than 4,096, and what was done would not be said
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Carried:
    """What a redirect carries to the page after it. `link` is a secret to be shown this once."""

    notices: tuple[Notice, ...] = ()
    link: str = ""


def redirect_with(
    services: Services,
    to: str,
    text: str,
    *,
    kind: Literal["done", "attention", "problem"] = "done",
    undo: str | None = None,
    link: str = "",
) -> Redirect:
    """To the page after a POST, which shows `text` at its top."""
    carried = {"kind": kind, "text": _cut(text), "undo": undo, "link": link}
    sealed = services.sealer.seal(json.dumps(carried, ensure_ascii=False).encode(errors="replace"), _CONTEXT)
    value = base64.urlsafe_b64encode(sealed).decode()
    return Redirect(to, status_code=303, cookies=[_cookie(services.settings, value)])


def some_of(refused: Sequence[str]) -> str:
    """The first few things that could not be done, with why: a notice is short."""
    return "; ".join(refused[:MOST_NAMED])


def _cut(text: str) -> str:
    kept = text.encode(errors="replace")[:LONGEST].decode(errors="ignore")
    return kept if len(kept) == len(text) else f"{kept} …"


def carried_by(request: Request[Any, Any, Any], services: Services) -> Carried:
    """What the redirect that led here carried; nothing for a cookie that this node did not seal."""
    value = request.cookies.get(_name(services.settings), "")
    if not value:
        return Carried()
    try:
        carried = json.loads(services.sealer.open(base64.urlsafe_b64decode(value), _CONTEXT))
    except (SealBroken, binascii.Error, ValueError):
        return Carried()
    notices = (Notice(kind=carried["kind"], text=carried["text"], undo=carried["undo"]),) if carried["text"] else ()
    return Carried(notices, carried["link"])


def show_once(request: Request[Any, Any, Any], services: Services, page: Page, *, status: int = 200) -> Response[str]:
    """The page with what was carried to it, which is thereby used up."""
    carried = carried_by(request, services)
    response = show(services, replace(page, notices=(*carried.notices, *page.notices)), status=status)
    if request.cookies.get(_name(services.settings)):
        response.cookies.append(_cookie(services.settings, ""))
    return response


def _name(settings: Settings) -> str:
    return cookie_name(settings, "_notice")


def _cookie(settings: Settings, value: str) -> Cookie:
    return Cookie(
        key=_name(settings),
        value=value,
        path="/",
        max_age=_LASTS if value else 0,
        httponly=True,
        secure=settings.public_url.startswith("https:"),
        samesite="lax",
    )
