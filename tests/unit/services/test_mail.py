"""A link for a new password by mail, through a real small SMTP server."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from node.errors import ConfigurationError, TooMany, Unreachable
from node.services.audit import Deed
from node.services.examining.mail import examine_mail
from node.services.people import mail
from node.services.people.mail import Mail
from node.services.policy import Role, Viewer
from node.settings.checks import check_settings
from node.settings.declared import Settings
from node.web.pages.operator.people_actions import _send_all
from tests.integration.fixtures.databases import free_port
from tests.integration.fixtures.nodes import composed

# On this machine nobody listens in; the rule that mail elsewhere goes by TLS has a test of its own.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


class Box:
    """Keeps what is delivered."""

    def __init__(self) -> None:
        self.letters: list[str] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        self.letters.append(f"to {envelope.rcpt_tos}\n{envelope.content.decode()}")
        return "250 OK"


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    kept = Box()
    controller = Controller(
        kept, hostname="127.0.0.1", port=free_port(), auth_require_tls=False, auth_required=True,
        authenticator=lambda server, session, envelope, mechanism, said: AuthResult(
            success=(said.login, said.password) == (b"node", b"secret")
        ),
    )  # fmt: skip
    controller.start()
    yield kept, controller.port
    controller.stop()


def _mail(port: int, password: str = "secret") -> dict[str, str]:
    return {
        "mail_server": f"127.0.0.1:{port}", "mail_security": "none", "mail_user": "node", "mail_password": password,
        "mail_sender": "node@works.example",
    }  # fmt: skip


def test_a_link_comes_by_mail_and_sets_a_password(tmp_path: Path, box: tuple[Box, int]) -> None:
    kept, port = box
    with composed(tmp_path, **_mail(port)) as services:
        registry = services.registry
        registry.add("wim", (Role.WORKER,))
        assert not services.mail.send_links("wim")  # no address
        assert not services.mail.send_links("nobody")
        assert not services.mail.send_links("")
        registry.set_email("wim", "wim@works.example")
        assert services.mail.send_links("Wim@Works.example") == 1
        (letter,) = kept.letters
        assert letter.startswith("to ['wim@works.example']")
        token = re.search(r"/link/([\w-]{40,})", letter).group(1)
        registry.use_link(token, "a long enough sentence")
        assert registry.sign_in("wim", "a long enough sentence", "::1").name == "wim"
        assert [registry.count_mail("wim", "10.0.0.1") for _ in range(6)] == [True] * 6
        with pytest.raises(TooMany):
            registry.count_mail("zoe", "10.0.0.1")
        assert not registry.count_mail("wim", "10.0.0.2"), "a stranger's asking is not held against who is meant"


def test_the_doctor_says_whether_links_can_be_sent(tmp_path: Path, box: tuple[Box, int]) -> None:
    _, port = box
    assert list(examine_mail(Settings(data=tmp_path))) == []
    (well,) = examine_mail(Settings(data=tmp_path, **_mail(port)))
    assert well.ok
    (bare,) = examine_mail(Settings(data=tmp_path, **{**_mail(port), "mail_security": "starttls"}))
    assert (bare.ok, "mail.security" in bare.mend) == (False, True)
    (gone,) = examine_mail(Settings(data=tmp_path, **_mail(free_port())))
    assert "does not answer" in gone.detail


@pytest.mark.real  # the server lets whoever fails wait
def test_a_server_that_refuses_is_said(tmp_path: Path, box: tuple[Box, int]) -> None:
    _, port = box
    with composed(tmp_path, **_mail(port, password="wrong")) as services, pytest.raises(Unreachable, match="refused"):
        services.mail.send("wim@works.example", "subject", "text")


def test_what_a_server_says_of_an_address_is_not_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(settings: Settings) -> None:
        raise smtplib.SMTPRecipientsRefused({"wim@works.example": (550, b"no wim@works.example here")})

    monkeypatch.setattr(mail, "_connected", refuse)
    with composed(tmp_path, **_mail(1)) as services, pytest.raises(Unreachable) as refused:
        services.mail.send("wim@works.example", "subject", "text")
    assert refused.value.message.endswith(": SMTPRecipientsRefused 550")


def test_mail_to_another_machine_goes_by_tls(tmp_path: Path) -> None:
    away = {"mail_server": "mail.example:25", "mail_sender": "a@works.example", "mail_security": "none"}
    with pytest.raises(ConfigurationError, match="TLS"):
        check_settings(Settings(data=tmp_path, url="https://node.example", **away))


def test_who_is_invited_by_mail_can_have_a_link_for_a_new_password(tmp_path: Path, box: tuple[Box, int]) -> None:
    kept, port = box
    with composed(tmp_path, **_mail(port)) as services:
        invitations = services.invitations
        token = invitations.make((Role.WORKER,), to="ana@works.example")
        services.mail.send_invitation("ana@works.example", token, ["learn here"])
        (letter,) = kept.letters
        assert f"/link/{token}" in letter
        assert "- learn here" in letter
        assert [made.to for made in invitations.list()] == ["ana@works.example"]
        invitations.accept(token, "ana", "a long enough sentence")
        assert services.mail.send_links("ana") == 1


def test_operators_hear_of_reports_once_a_day_and_only_of_something_new(tmp_path: Path, box: tuple[Box, int]) -> None:
    kept, port = box
    with composed(tmp_path, **_mail(port)) as services:
        telling, reports = services.moderation.telling, services.moderation.reports
        services.registry.add("olga", (Role.OPERATOR,))
        services.registry.add("wim", (Role.WORKER,))
        spam, wim = "com.atproto.moderation.defs#reasonSpam", Viewer(name="wim")
        reports.make(wim, "did:plc:7iza6de2dwap2sbkpav7c6c6", spam, "a secret remark")
        assert telling.run() == 0  # nobody gave an address
        for name in ("olga", "wim"):
            services.registry.set_email(name, f"{name}@works.example")
        assert (telling.run(), telling.run()) == (1, 0)
        (letter,) = kept.letters
        assert "to ['olga@works.example']" in letter
        assert "1 report waits" in letter
        assert "secret" not in letter
        reports.make(wim, "did:plc:6iza6de2dwap2sbkpav7c6c6", spam)
        assert telling.run() == 0  # word went today


def test_whom_the_server_refuses_is_not_invited_and_the_others_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(self: Mail, to: str, *_: str) -> None:
        if to.startswith("nobody"):
            raise Unreachable("The mail server refused.")

    monkeypatch.setattr(Mail, "send", send)
    with composed(tmp_path, **_mail(1)) as services:
        _send_all(services, Viewer(name="olga"), {Role.WORKER}, ["nobody@works.example", "ana@works.example"])
        assert [made.to for made in services.invitations.list()] == ["ana@works.example"]
        assert [entry.action for entry in services.audit.list(2)].count(Deed.INVITED) == 1


def test_addresses_are_told_apart_in_whatever_letters_and_length(tmp_path: Path) -> None:
    with composed(tmp_path) as services:
        registry, long = services.registry, "a" * 64
        registry.add("ute", (Role.WORKER,), email="Ü@Works.example")
        assert [person.name for person in registry.find_all("ü@works.EXAMPLE")] == ["ute"]
        for place in range(7):
            registry.count_mail(f"{long}@{place}.example", f"10.0.{place}.1")
