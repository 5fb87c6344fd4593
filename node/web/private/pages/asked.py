"""The task that a worker asked help with, kept sealed in their browser between the question and the answer.

It stands in no address, and so in no log and no history; nothing of it is stored here.
"""

from __future__ import annotations

import base64
import binascii

from litestar.datastructures import Cookie

from node.errors import Malformed
from node.services.assembly import Services
from node.services.policy import Viewer
from node.services.sealing import SealBroken
from node.web.access.viewing import cookie_name
from node.web.private.pages.door import AnyRequest

LONGEST = 500
_LASTS = 12 * 3600


def check_asked(text: str) -> str:
    """The question as it may be asked. Raises Malformed."""
    plain = " ".join(text.split())
    if not plain:
        raise Malformed("Say what you are facing.", hint="A sentence about the work is best.")
    if len(plain) > LONGEST:
        raise Malformed(f"That is longer than {LONGEST} characters.", hint="One or two sentences are enough.")
    return plain


def asked_cookie(services: Services, viewer: Viewer, text: str) -> Cookie:
    """The cookie that keeps the question; '' ends it."""
    sealed = services.sealer.seal(text.encode(), _context(viewer)) if text else b""
    return Cookie(
        key=_name(services),
        value=base64.urlsafe_b64encode(sealed).decode(),
        path="/me",
        max_age=_LASTS if text else 0,
        httponly=True,
        secure=services.settings.public_url.startswith("https:"),
        samesite="lax",
    )


def find_asked(request: AnyRequest, services: Services, viewer: Viewer) -> str:
    """What this viewer asked; '' for nothing, or what another asked in the same browser."""
    value = request.cookies.get(_name(services), "")
    try:
        return services.sealer.open(base64.urlsafe_b64decode(value), _context(viewer)).decode() if value else ""
    except (SealBroken, binascii.Error, ValueError):
        return ""


def _name(services: Services) -> str:
    return cookie_name(services.settings, "_asked", everywhere=False)


def _context(viewer: Viewer) -> str:
    return f"asked|{viewer.name}"
