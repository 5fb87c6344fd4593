"""Options that several commands share, and the node that a command talks to because of them."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from node.cli.reaching.client import NodeClient, connect, operate
from node.cli.reaching.folders import data_folder
from node.cli.reaching.logins import Login, LoginBook, normal_url
from node.errors import Malformed, NotSignedIn

Data = Annotated[Path | None, Parameter(name="--data", help="The node's data folder.")]
AsJson = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]
As = Annotated[str, Parameter(name="--as", help="Who you are: NAME, or NAME@URL when signed in to several nodes.")]
DryRun = Annotated[bool, Parameter(name="--dry-run", negative="", help="Show what would happen; change nothing.")]
Flag = Parameter(negative="")
Some = Parameter(validator=Number(gte=1))
NoneOrMore = Parameter(validator=Number(gte=0))


class Misused(Malformed):
    """The command does not fit together."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Where:
    """Which node is read, in this order: --node, --data, --as, the current sign-in, a node on this machine."""

    login: As = ""
    node: Annotated[str, Parameter(name="--node", help="Address of a node to read without signing in.")] = ""
    data: Data = None

    @contextlib.contextmanager
    def reading(self) -> Iterator[NodeClient]:
        """A client to read with."""
        if self.node:
            yield _reader(normal_url(self.node))
        elif self.data is not None:
            with operate(self.data) as client:
                yield client
        elif self.login or LoginBook().current is not None:
            yield signed_in(self.login)[0]
        else:
            with _node_here() as client:
                yield client


@contextlib.contextmanager
def _node_here() -> Iterator[NodeClient]:
    folder = data_folder(None)
    if not folder.exists():
        raise NotSignedIn(
            "Which node? You are not signed in and there is none on this machine.",
            hint="`skillnet login URL`, or name one with --node URL or --data DIR.",
        )
    with operate(folder) as client:
        yield client


def _reader(url: str) -> NodeClient:
    known = [login for login in LoginBook().logins if login.url == url and not login.refresh]
    return connect(url, known[-1].token if known else "")


def signed_in(named: str = "") -> tuple[NodeClient, Login]:
    """A client that acts as the person `--as` names, or as the current sign-in. Raises NotSignedIn."""
    from node.cli.reaching.sessions import renewed

    login = renewed(LoginBook().get(named))
    return connect(login.url, login.token), login


def confirm_by_name(name: str, question: str, *, yes: bool) -> None:
    """Let a person at a terminal type `name` before what nobody can undo. Raises Misused."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise Misused("Nothing was erased.", hint="Add --yes to erase without being asked.")
    if input(question).strip() != name:
        raise Misused("Nothing was erased.")


def as_practitioner(named: str = "") -> tuple[NodeClient, Login]:
    """As `signed_in`, for what is signed in somebody's repository. Raises NotSignedIn."""
    client, login = signed_in(named)
    if not login.did:
        # Someone may have become a practitioner since they signed in.
        facts = client.get("/api/session")
        login = Login(login.name, login.url, login.token, facts.get("did", ""), login.refresh)
    if not login.did:
        raise NotSignedIn(
            f"{login.name} has no identity on {login.url} to publish under.",
            hint=f"`skillnet account create {login.name}` makes one.",
        )
    return client, login
