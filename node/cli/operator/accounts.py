"""Accounts: create, list; credentials: issue, revoke, accept."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import App, Parameter

from node.cli.anybody.signing_in import PasswordStdin
from node.cli.operator import account_life
from node.cli.operator.account_life import did_named
from node.cli.reaching.client import operate
from node.cli.reaching.folders import data_folder
from node.cli.reaching.options import As, AsJson, Data, as_practitioner, signed_in
from node.cli.reaching.recovery import key_path, make_recovery_key
from node.cli.terminal.output import show, show_rows
from node.cli.terminal.passwords import read_password
from node.errors import Unknown

Occupation = Annotated[str, Parameter(help="onet:…, esco:…, isco:… or a plain name.")]


def register(app: App) -> None:
    """Add the commands."""
    accounts = App(name="account", help="People's accounts, and what a node states about them.")
    accounts.command(create)
    accounts.command(list_accounts, name="list")
    credentials = App(name="credential", help="A node's word that somebody practises an occupation there.")
    credentials.command(issue)
    credentials.command(revoke)
    credentials.command(accept)
    accounts.command(credentials)
    account_life.register(accounts)
    app.command(accounts)


def create(
    name: str,
    /,
    *,
    display_name: Annotated[str, Parameter(help="Name that others see.")] = "",
    data: Data = None,
    login: As = "",
    password_stdin: PasswordStdin = False,
    json: AsJson = False,
) -> None:
    """Give somebody an identity of their own to publish under, as the operator; with --as, give it to yourself.

    The recovery key is made here and stays here: only its public half is sent. Keep the file safe; with it the person
    can take their identity to another host.
    """
    if login:
        client, known = signed_in(login)
        body, label = {"name": known.name}, f"{known.name}@{_host(known.url)}"
        made = client.post("/api/accounts", {**body, "recoveryKey": make_recovery_key(None, label)})
    else:
        password = read_password(stdin=password_stdin, optional=True)
        with operate(data_folder(data)) as client:
            label = f"{name}@{_host(client.get('/api/node')['url'])}"
            body = {"name": name, "displayName": display_name, "password": password}
            made = client.post("/api/accounts", {**body, "recoveryKey": make_recovery_key(None, label)})
    made["recoveryKeyFile"] = str(key_path(None, label))
    keep = "keep it safe" if login else f"it is {name}'s: hand it over, then delete it here"
    lines = [f"{made['handle']} is {made['did']}.", f"Recovery key: {made['recoveryKeyFile']} ({keep})."]
    if made["known"] and not login:
        lines.append(f"{name} signs in here already, and may publish from now on: a practitioner.")
    lines += [f"Give {name} this link to choose a password: {made['link']}"] if made.get("link") else []
    show(made, as_json=json, lines=lines)


def list_accounts(*, data: Data = None, json: AsJson = False) -> None:
    """List the people and accounts of this node, as its operator."""
    with operate(data_folder(data)) as client:
        rows = client.get("/api/accounts")
    shown = [{**row, "roles": ", ".join(row["roles"])} for row in rows]
    columns = {"name": "name", "roles": "roles", "handle": "handle", "status": "status", "did": "identity"}
    empty = "Nobody has an account here yet; `skillnet account create NAME` makes one."
    show_rows(rows, columns, as_json=json, empty=empty, shown=shown)


def issue(
    did: str,
    /,
    *,
    occupation: Occupation,
    until: Annotated[str, Parameter(help="Last day that it holds, like 2027-12-31; no end when left out.")] = "",
    data: Data = None,
    json: AsJson = False,
) -> None:
    """State as this node that somebody practises an occupation here; it counts once they accept it."""
    with operate(data_folder(data)) as client:
        body = {"did": did_named(client, did), "occupation": occupation, "until": _moment(until)}
        made = client.post("/api/credentials", body)
    show(
        made,
        as_json=json,
        lines=[f"Issued {made['uri']}", f"{did} accepts it with `skillnet account credential accept`."],
    )


def revoke(did: str, /, *, occupation: Occupation, data: Data = None, json: AsJson = False) -> None:
    """Say that it no longer holds: from now on their verdicts are no longer this organisation's voice."""
    with operate(data_folder(data)) as client:
        made = client.post("/api/credentials/revoke", {"did": did_named(client, did), "occupation": occupation})
    show(made, as_json=json, lines=[f"Revoked {uri}" for uri in made["revoked"]])


def accept(did: str, /, *, occupation: Occupation = "", login: As = "", json: AsJson = False) -> None:
    """Accept what the node `did` states about you: from then on your verdicts are its organisation's voice."""
    from node.cli.publishing.records import put_profile
    from node.cli.publishing.repository import Repository

    client, known = as_practitioner(login)
    stated = client.get("/api/people", did=known.did)["credentials"]
    offered = [
        one for one in stated
        if one["issuer"] == did and occupation in ("", one["occupation"]) and one["revokedAt"] is None
    ]  # fmt: skip
    if not offered:
        raise Unknown(f"{did} has issued no such credential to you.", hint="`skillnet account credential issue` does.")
    wanted = [one["uri"] for one in offered]

    def change(profile: dict[str, Any]) -> None:
        profile["credentials"] = [*dict.fromkeys([*profile.get("credentials", []), *wanted])]

    put_profile(Repository(client, known.did), known.name, change)
    show({"accepted": wanted}, as_json=json, lines=[f"Accepted {one['occupation']} ({one['uri']})" for one in offered])


def _host(url: str) -> str:
    return url.partition("://")[2].replace(":", "_").replace("/", "_")


def _moment(text: str) -> str:
    """A day as the moment it begins, UTC; a moment as it is."""
    return f"{text}T00:00:00Z" if len(text) == len("2027-01-31") else text
