"""The single sign-on, where one is set: it answers, is who the settings say, and knows this node."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from math import inf

from node.errors import NodeError
from node.services.examining.finding import Finding
from node.services.people.provider import BACK, Provider, SignOnRefused, describe_provider
from node.settings.declared import Settings

NAME = "single sign-on"
TRIED_EVERY = 86_400.0  # seconds: there it looks like a sign-in that failed


def examine_sign_on(settings: Settings, *, asked: bool = False) -> Iterator[Finding]:
    """As somebody who presses the button; whether it takes this node's secret only when somebody `asked`."""
    return _examine(settings, lambda: _refusal(settings) if asked else None)


class Acquaintance:
    """Whether it knows this node: tried at the start, once a day and when somebody asks. Until then its word holds."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tried = -inf
        self._said: str | None = None

    def examine(self, *, asked: bool) -> Iterator[Finding]:
        """As `examine_sign_on`, by what is remembered."""
        return _examine(self._settings, lambda: self._remember(asked=asked))

    def _remember(self, *, asked: bool) -> str | None:
        if asked or time.monotonic() - self._tried > TRIED_EVERY:
            self._said = _refusal(self._settings)
            self._tried = time.monotonic()
        return self._said


def _refusal(settings: Settings) -> str:
    """Why it does not know this node; empty when it does. Raises Unreachable."""
    try:
        Provider(settings).check_name_and_secret()
    except SignOnRefused as refused:
        return refused.message
    return ""


def _examine(settings: Settings, refusal: Callable[[], str | None]) -> Iterator[Finding]:
    """`refusal` says None where that is not tried."""
    issuer = settings.sign_on_issuer
    if not issuer:
        return
    try:
        describe_provider(issuer)
        refused = refusal()
    except NodeError as error:
        mend = "Is sign_on.issuer its address to the letter, and can this machine reach it?"
        yield Finding(NAME, ok=False, detail=error.message, mend=mend)
        return
    if refused:
        mend = "Copy both once more from where this node is registered there, and restart the node."
        yield Finding(NAME, ok=False, detail=f"{issuer}: {refused}", mend=mend)
        return
    does = "answers" if refused is None else "answers and knows this node"
    to = f"{settings.public_url}{BACK}"
    yield Finding(NAME, ok=True, detail=f"{issuer} {does}; it must send people back to {to}")
