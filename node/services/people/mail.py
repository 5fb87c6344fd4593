"""Mail, where the operator set a server: links to who asked or is invited, and word of reports to operators."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from node.errors import Unreachable
from node.services.audit import SYSTEM, Audit, Deed
from node.services.people.invitations import OPEN_DAYS
from node.services.people.registry import Registry
from node.services.people.tokens import link_with
from node.settings.declared import Settings
from node.store.tables.people import PersonRow

TIMEOUT = 20  # seconds
LINK_HOURS = 2
_ADDRESS = re.compile(r"[^@\s<>,;:\"]{1,64}@[^@\s<>,;:\"]{1,190}\.[^@\s<>,;:\"]{2,63}")


def is_address(text: str) -> bool:
    """May mail go there, as far as its form tells?"""
    return _ADDRESS.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Mail:
    """Sends by SMTP (RFC 5321), by TLS unless the server is on this machine."""

    settings: Settings
    registry: Registry
    audit: Audit

    @property
    def on(self) -> bool:
        """Is there a server?"""
        return bool(self.settings.mail_server)

    def send_links(self, named: str) -> int:
        """A link for a new password to each who is meant by a name or address, as far as they gave one; how many.

        Raises Unreachable.
        """
        known = [person for person in self.registry.find_all(named) if person.email] if self.on else []
        for person in known:
            self._send_link(person)
        return len(known)

    def _send_link(self, person: PersonRow) -> None:
        token = self.registry.tokens.issue(person.name, "link", days=LINK_HOURS / 24)
        organisation, url = self.settings.organisation or "SkillNet", self.settings.public_url
        self.send(
            person.email,
            f"A new password at {organisation}",
            f"Somebody, probably you, asked for a new password for {person.name} at {url}.\n\n"
            f"Choose it here within {LINK_HOURS} hours:\n{link_with(url, token)}\n\n"
            "If it was not you, do nothing: the old password goes on working.\n",
        )
        self.audit.note(SYSTEM, Deed.LINK_MAILED, person.name)

    def send_invitation(self, to: str, token: str, able: Sequence[str]) -> None:
        """Somebody new may make an account, and be able to do this. Raises Unreachable."""
        organisation, url = self.settings.organisation or "SkillNet", self.settings.public_url
        lines = "".join(f"- {one}\n" for one in able)
        self.send(
            to,
            f"Your account at {organisation}",
            f"Whoever runs {url} for {organisation} invites you. With an account there you can\n{lines}\n"
            f"Make it here within {OPEN_DAYS} days:\n{link_with(url, token)}\n\n"
            "The link is for you alone and works once. If you expected nothing of the kind, do nothing.\n",
        )

    def send_about_reports(self, to: str, count: int, since: str) -> None:
        """Word of reports that wait, the oldest since that day. Raises Unreachable."""
        organisation = self.settings.organisation or "SkillNet"
        waits = "1 report waits" if count == 1 else f"{count} reports wait"
        self.send(
            to,
            f"{waits} at {organisation}",
            f"{waits}, the oldest since {since}:\n{self.settings.public_url}/admin/moderation\n\n"
            "This comes once a day at most, and only when something new was reported.\n",
        )

    def send(self, to: str, subject: str, text: str) -> None:
        """One plain text. Raises Unreachable."""
        message = EmailMessage()
        sender = self.settings.mail_sender
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain=sender.rpartition("@")[2] or None)
        message.set_content(text)
        with _signed_in(self.settings) as server:
            server.send_message(message)


def try_server(settings: Settings) -> None:
    """Go as far as one can without sending anything. Raises Unreachable."""
    with _signed_in(settings) as server:
        server.noop()


@contextmanager
def _signed_in(settings: Settings) -> Iterator[smtplib.SMTP]:
    try:
        with _connected(settings) as server:
            if settings.mail_user:
                server.login(settings.mail_user, settings.mail_password)
            yield server
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(f"The mail server refused or does not answer: {_kind_of(error)}") from None


def _connected(settings: Settings) -> smtplib.SMTP:
    host, _, port = settings.mail_server.partition(":")
    trusted = ssl.create_default_context()
    if settings.mail_security == "tls":
        return smtplib.SMTP_SSL(host, int(port or 465), timeout=TIMEOUT, context=trusted)
    server = smtplib.SMTP(host, int(port or 587), timeout=TIMEOUT)
    if settings.mail_security == "starttls":
        try:
            server.starttls(context=trusted)
        except BaseException:
            server.close()
            raise
    return server


def _kind_of(error: OSError | smtplib.SMTPException) -> str:
    """Its kind and the server's code, but not its words: they name who the mail is for, and go into the log."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in error.recipients.values()})
        return " ".join(["SMTPRecipientsRefused", *map(str, codes)])
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{type(error).__name__} {error.smtp_code}"
    return f"{type(error).__name__}: {error}" if not isinstance(error, smtplib.SMTPException) else type(error).__name__
