"""What practitioners say of one another's work: endorse, vouch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from cyclopts import App, Parameter

from node.cli.publishing.inside import Inside
from node.cli.publishing.repository import Repository
from node.cli.reaching.client import operate
from node.cli.reaching.folders import data_folder
from node.cli.reaching.options import As, AsJson, Data, Flag, Misused, as_practitioner
from node.cli.terminal.output import show


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Said:
    """What a verdict may add."""

    note: Annotated[str, Parameter(help="What others should know.")] = ""
    outdated: Annotated[bool, Flag, Parameter(help="It no longer matches the tools or the rules.")] = False
    unsafe: Annotated[bool, Flag, Parameter(help="Following it can do harm.")] = False
    inside: Annotated[bool, Flag, Parameter(help="For the members of your node alone.")] = False
    withdraw: Annotated[bool, Flag, Parameter(help="Take your verdict back.")] = False


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Vouching:
    """How one vouches."""

    as_node: Annotated[bool, Flag, Parameter(name="--as-node", help="Vouch as this node, for another node.")] = False
    note: Annotated[str, Parameter(help="From what you know them.")] = ""
    withdraw: Annotated[bool, Flag, Parameter(help="Take it back.")] = False


NOTHING, PLAINLY = Said(), Vouching()


def register(app: App) -> None:
    """Add the commands."""
    app.command(endorse)
    app.command(vouch)


def endorse(
    uri: str,
    /,
    *,
    task: Annotated[str, Parameter(help="What you used it for: a task's address, or onet:…, esco:…, isco:…")],
    verdict: Annotated[Literal["works", "works-with-changes", "fails"] | None, Parameter(help="How it went.")] = None,
    said: Said = NOTHING,
    login: As = "",
    json: AsJson = False,
) -> None:
    """Say in public, signed, how a module or task went on a real task of yours. One verdict for each task."""
    from node.cli.publishing import records

    if verdict is None and not said.withdraw:
        raise Misused("Which verdict?", hint=f"--verdict {' | '.join(records.VERDICTS)}")
    if verdict == "works-with-changes" and not (said.note or said.withdraw):
        raise Misused("Which changes did it need?", hint='--note "…"; `skillnet module suggest` suggests them.')
    client, known = as_practitioner(login)
    repository: Repository = Inside(client, known.did) if said.inside else Repository(client, known.did)
    used_for = task if ":" in task and not task.startswith("http") else records.at_uri(task)
    if said.withdraw or verdict is None:
        item = records.get_item(client, uri)
        module = item["item"]["uri"]
        if item["item"]["audience"] == "organisation":
            repository = Inside(client, known.did)
        records.drop_endorsement(repository, module, used_for)
        show({"withdrawn": module, "task": used_for}, as_json=json, lines=[f"Your verdict on {module} is withdrawn."])
        return
    item = records.get_item(client, uri)
    if item["item"]["audience"] == "organisation":
        repository = Inside(client, known.did)
    extra = {"note": said.note, "outdated": said.outdated, "unsafe": said.unsafe}
    made = records.put_endorsement(repository, item, used_for, verdict, extra)
    facts = {"uri": made.uri, "cid": made.cid, "module": item["item"]["uri"], "task": used_for, "verdict": verdict}
    show(facts, as_json=json, lines=[f"Signed: {item['item']['title']} – {verdict}, for {used_for}.", made.uri])


def vouch(did: str, /, *, how: Vouching = PLAINLY, login: As = "", data: Data = None, json: AsJson = False) -> None:
    """State, signed, that somebody's judgement can be relied on."""
    from node.cli.publishing import records

    if how.as_node:
        with operate(data_folder(data)) as client:
            client.post("/api/vouches", {"did": did, "note": how.note, "withdraw": how.withdraw})
    else:
        client, known = as_practitioner(login)
        repository = Repository(client, known.did)
        if how.withdraw:
            records.drop_vouch(repository, did)
        else:
            records.put_vouch(repository, did, how.note)
    facts = {"did": did, "withdrawn": how.withdraw, "asNode": how.as_node}
    show(facts, as_json=json, lines=[f"{'No longer vouching' if how.withdraw else 'Vouching'} for {did}."])
