"""Sign-in: login, logout, whoami."""

from __future__ import annotations

import contextlib
from typing import Annotated

from cyclopts import App, Parameter

from node.cli.reaching.client import Answered
from node.cli.reaching.logins import Login, LoginBook, normal_url
from node.cli.reaching.options import As, AsJson, Flag
from node.cli.terminal.output import show
from node.errors import Malformed, Unreachable

PasswordStdin = Annotated[
    bool, Parameter(name="--password-stdin", negative="", help="Read the password from standard input.")
]

Key = Annotated[
    bool,
    Flag,
    Parameter(help="With a key from the page *Signing in*, for who has no password here."),
]


def register(app: App) -> None:
    """Add the commands."""
    app.command(login)
    app.command(logout)
    app.command(whoami)


def login(
    url: str, /, *, name: As = "", key: Key = False, password_stdin: PasswordStdin = False, json: AsJson = False
) -> None:
    """Sign in to a node, or any other host of the protocol. The token is kept where only you can read it."""
    from node.cli.reaching.sessions import describe

    address = normal_url(url)
    made = _by_key(address, stdin=password_stdin) if key else _by_password(address, name, stdin=password_stdin)
    LoginBook().keep(made)
    facts = describe(made)
    show(facts, as_json=json, lines=[f"Signed in to {address} as {made.name}.", *_identity(facts)])


def _by_password(address: str, name: str, *, stdin: bool) -> Login:
    import sys

    from node.cli.reaching.sessions import sign_in
    from node.cli.terminal.passwords import read_password

    if not name and not sys.stdin.isatty():
        raise Malformed("Who are you?", hint=f"`skillnet login {address} --as NAME`")
    name = name or input("Name: ").strip()
    password = read_password(stdin=stdin, prompt=f"Password of {name} at {address}: ")
    return sign_in(address, name, password, lambda: input("Code: ").strip() if sys.stdin.isatty() else "")


def _by_key(address: str, *, stdin: bool) -> Login:
    from node.cli.reaching.sessions import with_key
    from node.cli.terminal.passwords import read_password

    return with_key(address, read_password(stdin=stdin, prompt=f"Key from {address}/account: ", what="key"))


def logout(*, name: As = "", json: AsJson = False) -> None:
    """End a sign-in, here and at the node."""
    from node.cli.reaching.sessions import sign_out

    book = LoginBook()
    ended = book.get(name)
    with contextlib.suppress(Unreachable, Answered):  # a node that is gone, or knows the token no more, keeps nothing
        sign_out(ended)
    book.drop(ended)
    show({"name": ended.name, "url": ended.url}, as_json=json, lines=[f"Signed out of {ended.url}."])


def whoami(*, name: As = "", json: AsJson = False) -> None:
    """Show who you are, and every other sign-in kept here."""
    from node.cli.reaching.sessions import describe, renewed

    book = LoginBook()
    login = renewed(book.get(name))
    facts = describe(login)
    others = [known.key for known in book.logins if known.key != login.key]
    lines = [f"{facts['name']} at {login.url} ({', '.join(facts['roles']) or 'no roles'})", *_identity(facts)]
    lines += [f"also signed in: {other}" for other in others]
    show({**facts, "others": others}, as_json=json, lines=lines)


def _identity(facts: dict[str, object]) -> list[str]:
    return [f"Identity: {facts['did']}"] if facts.get("did") else []
