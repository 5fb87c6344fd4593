"""`module supersede` and `module retire`: the end of a module's use, said in its head; workers on it are told."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import App, Parameter

from node.cli.publishing.inside import Inside
from node.cli.publishing.records import at_uri, moment
from node.cli.publishing.repository import Repository
from node.cli.reaching.options import As, AsJson, Flag, as_practitioner
from node.cli.terminal.output import show
from node.errors import Malformed, NotAllowed, Unknown
from schemas.authority import MODULE, TASK
from schemas.identifiers import record_parts

_HEADS = (MODULE, TASK)


def register(group: App) -> None:
    """Add the commands."""
    group.command(supersede)
    group.command(retire)


def supersede(
    uri: str, /, *, by: Annotated[str, Parameter(help="Address of what to use instead.")],
    reason: Annotated[str, Parameter(help="Why.")] = "Superseded.", login: As = "", json: AsJson = False,
) -> None:  # fmt: skip
    """Withdraw your module or task from use in favour of another one."""
    _change_head(uri, login, {"reason": reason, "supersededBy": at_uri(by)}, as_json=json)


def retire(
    uri: str, /, *, reason: Annotated[str, Parameter(help="Why nobody should use it any more.")] = "",
    undo: Annotated[bool, Flag, Parameter(help="Bring it back into use.")] = False, login: As = "",
    json: AsJson = False,
) -> None:  # fmt: skip
    """Withdraw your module or task from use. It stays readable, and its history stays."""
    if undo == bool(reason):
        raise Malformed("Say why with --reason, or bring it back with --undo.")
    _change_head(uri, login, {"reason": reason} if reason else None, as_json=json)


def _change_head(uri: str, login: str, retired: dict[str, str] | None, *, as_json: bool) -> None:
    client, known = as_practitioner(login)
    repository = Repository(client, known.did)
    collection, key = _own(at_uri(uri), known.did)
    head = repository.find(collection, key)
    if head is None and not known.refresh:
        repository = Inside(client, known.did)
        head = repository.find(collection, key)
    if head is None:
        raise Unknown(f"You have published nothing at {uri}.")
    at = moment()
    value: dict[str, Any] = {name: entry for name, entry in head.value.items() if name != "retired"}
    value["updatedAt"] = at
    if retired is not None:
        value["retired"] = {**retired, "at": at}
    done = repository.put(collection, key, value)
    said = f"Retired: {retired['reason']}" if retired else "Back in use."
    show({"uri": done.uri, "retired": value.get("retired")}, as_json=as_json, lines=[f"{said}  {done.uri}"])


def _own(uri: str, did: str) -> tuple[str, str]:
    author, collection, name = record_parts(uri)
    if collection not in _HEADS:
        raise Malformed(f"{uri!r} is not the address of a module or task.", hint=f"at://{did}/{MODULE}/name")
    if author != did:
        raise NotAllowed(
            "Only its author can withdraw it.", hint="Say what is wrong: `skillnet endorse … --verdict fails`."
        )
    return collection, name
