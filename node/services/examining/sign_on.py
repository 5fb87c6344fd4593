"""The single sign-on, where one is set: it answers, is who the settings say, and knows this node."""

from __future__ import annotations

from collections.abc import Iterator

from node.errors import NodeError
from node.services.examining.finding import Finding
from node.services.people.provider import BACK, Provider, SignOnRefused, describe_provider
from node.settings.declared import Settings

NAME = "single sign-on"


def examine_sign_on(settings: Settings, *, asked: bool = False) -> Iterator[Finding]:
    """As somebody who presses the button. Whether it takes this node's secret is tried when somebody `asked` for it
    alone: there it looks like a sign-in that failed."""
    issuer, does = settings.sign_on_issuer, "answers"
    if not issuer:
        return
    mend = "Is sign_on.issuer its address to the letter, and can this machine reach it?"
    try:
        describe_provider(issuer)
        if asked:
            Provider(settings).check_name_and_secret()
            does = "answers and knows this node"
    except SignOnRefused as refused:
        mend = "Copy both once more from where this node is registered there, and restart the node."
        yield Finding(NAME, ok=False, detail=f"{issuer}: {refused.message}", mend=mend)
    except NodeError as error:
        yield Finding(NAME, ok=False, detail=error.message, mend=mend)
    else:
        to = f"{settings.public_url}{BACK}"
        yield Finding(NAME, ok=True, detail=f"{issuer} {does}; it must send people back to {to}")
