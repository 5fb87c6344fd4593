"""Sign-ins are kept for their owner alone and found by name."""

from pathlib import Path

import pytest

from node.cli.reaching.logins import Login, LoginBook, normal_url
from node.cli.reaching.recovery import key_path, make_recovery_key
from node.errors import Malformed, NotSignedIn, Unknown

ANA = Login("ana", "https://a.example", "secret-a", "did:plc:ana")
ELSEWHERE = Login("ana", "https://b.example", "secret-b", "did:plc:other")


def test_the_newest_sign_in_is_the_current_one_and_names_find_it() -> None:
    LoginBook().keep(ANA)
    LoginBook().keep(Login("ben", "https://a.example", "secret"))
    assert LoginBook().get().name == "ben"
    assert LoginBook().get("ana") == ANA
    assert LoginBook().get("did:plc:ana") == ANA


def test_a_name_on_two_nodes_must_be_told_apart() -> None:
    LoginBook().keep(ANA)
    LoginBook().keep(ELSEWHERE)
    with pytest.raises(Unknown) as caught:
        LoginBook().get("ana")
    assert ": ana@https://b.example" in caught.value.hint
    assert LoginBook().get("ana@https://a.example/") == ANA
    assert LoginBook().get("ana@a.example") == ANA


def test_nobody_else_reads_tokens_or_recovery_keys(config_home: Path) -> None:
    LoginBook().keep(ANA)
    assert (config_home / "logins.json").stat().st_mode & 0o777 == 0o600
    public = make_recovery_key(None, "ana")
    path = key_path(None, "ana")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.is_relative_to(config_home / "recovery-keys")
    assert public.startswith("did:key:zDn")
    assert make_recovery_key(None, "ana") == public, "a second attempt uses the same key"


def test_signing_out_forgets_the_token(config_home: Path) -> None:
    book = LoginBook()
    book.keep(ANA)
    book.drop(ANA)
    assert "secret-a" not in (config_home / "logins.json").read_text()
    with pytest.raises(NotSignedIn):
        LoginBook().get("ana")


def test_a_damaged_file_is_named(config_home: Path) -> None:
    config_home.mkdir()
    (config_home / "logins.json").write_text("[{")
    with pytest.raises(Malformed, match=r"logins\.json is damaged"):
        LoginBook()


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("node.example", "https://node.example"),
        ("https://Node.example/", "https://node.example"),
        ("localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://node.example/skillnet/", "https://node.example/skillnet"),
    ],
)
def test_addresses_are_completed(given: str, url: str) -> None:
    assert normal_url(given) == url


@pytest.mark.parametrize("given", ["", "ftp://a.example", "https://", "https://a:b@c.example", "https://a:x", "a b"])
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(Malformed):
        normal_url(given)
