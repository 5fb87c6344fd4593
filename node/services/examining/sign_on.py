"""The single sign-on, where one is set: it answers, and is who the settings say."""

from __future__ import annotations

from collections.abc import Iterator

from node.services.examining.finding import Finding, tried
from node.services.people.provider import BACK, describe_provider
from node.settings.declared import Settings


def examine_sign_on(settings: Settings) -> Iterator[Finding]:
    """As somebody who presses the button; whether it knows this node by its name and secret only a sign-in shows."""
    issuer = settings.sign_on_issuer
    if not issuer:
        return
    seen = f"{issuer} answers; it must send people back to {settings.public_url}{BACK}"
    mend = "Is sign_on.issuer its address to the letter, and can this machine reach it?"
    yield tried("single sign-on", lambda: describe_provider(issuer), seen, mend)
