"""The mail server, where one is set: it answers, by TLS where that is asked for, and lets the node sign in."""

from __future__ import annotations

from collections.abc import Iterator

from node.services.examining.finding import Finding, tried
from node.services.people.mail import try_server
from node.settings.declared import Settings


def examine_mail(settings: Settings) -> Iterator[Finding]:
    """As far as one can go without sending anything; whom it takes mail for only a letter shows."""
    if not settings.mail_server:
        return
    mend = "Are mail.server, mail.security, mail.user and mail.password what the server wants? Links are not sent."
    yield tried("mail", lambda: try_server(settings), f"{settings.mail_server} takes mail from this node", mend)
