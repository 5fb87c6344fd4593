"""An account's life, by the operator: its directory, its keys, an end to serving it, links and tokens for its owner."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote

from cyclopts import App, Parameter

from node.cli.reaching.client import NodeClient, operate
from node.cli.reaching.folders import data_folder
from node.cli.reaching.options import AsJson, Data, Flag, confirm_by_name
from node.cli.terminal.output import show
from node.errors import Unknown


def register(accounts: App) -> None:
    """Add the commands to `skillnet account`."""
    for command in (link, register_did, rotate_key, take_down, restore, confirm, remove):
        accounts.command(command)


def link(
    name: str,
    /,
    *,
    lift_second_step: Annotated[
        bool, Flag, Parameter(help="For who lost phone and recovery codes: no code is asked of them any more.")
    ] = False,
    data: Data = None,
    json: AsJson = False,
) -> None:
    """Make a one-time link on which somebody chooses a new password: an operator who forgot their own, too."""
    with operate(data_folder(data)) as client:
        lifted = "?liftSecondStep=true" if lift_second_step else ""
        made = client.post(f"/api/people/{quote(name, safe='')}/link{lifted}", {})
    said = [f"Give {name} this link to choose a password: {made['link']}"]
    said += [f"No code is asked of {name} any more, until they set it up anew."] if lift_second_step else []
    show({"name": name, **made}, as_json=json, lines=said)


def register_did(
    name: str,
    /,
    *,
    directory: Annotated[str, Parameter(help="Its address; identity.plc_url when left out.")] = "",
    data: Data = None,
    json: AsJson = False,
) -> None:
    """Send an account's history from this node's own directory to another one, where everybody looks."""
    body = {"directory": directory}
    made = _post(name, "register-did", body, data)
    said = f"{made['did']}: {made['sent']} operations sent to {made['directory']}, which has {made['total']} now."
    show(made, as_json=json, lines=[said])


def rotate_key(name: str, /, *, data: Data = None, json: AsJson = False) -> None:
    """Give an account (or the node, by its DID) a new signing key: document first, then a commit under it."""
    made = _post(name, "rotate", {}, data)
    show(made, as_json=json, lines=[f"{made['did']} signs with {made['signingKey']} from now on."])


def take_down(
    name: str,
    /,
    *,
    reason: Annotated[str, Parameter(help="Why; it stands in the public log of moderation.")] = "",
    data: Data = None,
    json: AsJson = False,
) -> None:
    """Serve an account no longer; everything is kept, and peers are told."""
    made = _post(name, "status", {"status": "takendown", "reason": reason}, data)
    show(made, as_json=json, lines=[f"{made['did']} is taken down; `skillnet account restore {name}` undoes it."])


def restore(name: str, /, *, data: Data = None, json: AsJson = False) -> None:
    """Serve an account again that was taken down."""
    made = _post(name, "status", {"status": "active"}, data)
    show(made, as_json=json, lines=[f"{made['did']} is served again."])


def confirm(
    name: str,
    /,
    *,
    purpose: Annotated[
        Literal["plc-operation", "delete-account"], Parameter(help="What the owner asked to do.")
    ] = "plc-operation",
    data: Data = None,
    json: AsJson = False,
) -> None:
    """Make the token that an owner needs to move or delete their account: give it to them in person. It works once."""
    made = _post(name, f"confirmation?purpose={purpose}", {}, data)
    show(made, as_json=json, lines=[f"Token for {name}, good for three days and one use: {made['token']}"])


def remove(
    name: str,
    /,
    *,
    yes: Annotated[bool, Flag, Parameter(help="Do not ask.")] = False,
    data: Data = None,
    json: AsJson = False,
) -> None:
    """Forget somebody who left: sign-in, private data, drafts, and their account with its repository.

    Nobody can undo it, a restore included. What they want to keep they take along first: a worker with
    `skillnet worker move`, a practitioner with the recovery key to another host.
    """
    with operate(data_folder(data)) as client:
        confirm_by_name(name, f"Type {name} to forget all of it: ", yes=yes)
        client.delete(f"/api/people/{quote(name, safe='')}")
    show({"removed": name}, as_json=json, lines=[f"Nothing of {name} is kept here any more but what the logs say."])


def did_named(client: NodeClient, named: str) -> str:
    """A DID as it is; the DID of a name or handle of this node otherwise. Raises Unknown."""
    if named.startswith("did:"):
        return named
    for row in client.get("/api/accounts"):
        if named in (row["name"], row["handle"]) and row["did"]:
            return str(row["did"])
    raise Unknown(f"Nobody here with an identity is called {named}.", hint="`skillnet account list` names them.")


def _post(name: str, what: str, body: dict[str, Any], data: Data) -> dict[str, Any]:
    with operate(data_folder(data)) as client:
        did = did_named(client, name)
        return {"did": did, **client.post(f"/api/accounts/{did}/{what}", body)}
