"""Moderation, as the operator: reports, rules and takedowns, labels, labelers, the log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from cyclopts import App, Parameter

from node.cli.operator.account_life import did_named
from node.cli.reaching.client import NodeClient, operate
from node.cli.reaching.folders import data_folder
from node.cli.reaching.options import AsJson, Data, Flag
from node.cli.terminal.output import counted, show, show_rows

Reason = Annotated[str, Parameter(help="Why; it stands in the public log.")]
Until = Annotated[str, Parameter(help="When it ends by itself, like 2027-01-31; never when left out.")]
_RULES = {"effect": "rule", "subject": "about", "until": "until", "reason": "reason"}


def register(app: App) -> None:
    """Add the commands."""
    group = App(name="moderate", help="Reports, rules and takedowns, labels: what this node keeps and shows.")
    for command in (reports, answer, rules, deny, allow, lift, label, unlabel, labels, log):
        group.command(command)
    group.command(export_list, name="export")
    group.command(import_list, name="import")
    labelers = App(name="labeler", help="Others whose labels count here.")
    labelers.command(add_labeler, name="add")
    labelers.command(remove_labeler, name="remove")
    labelers.command(list_labelers, name="list")
    group.command(labelers)
    app.command(group)


def reports(
    *,
    answered: Annotated[bool, Flag, Parameter(help="Show those that were answered.")] = False,
    data: Data = None,
    json: AsJson = False,
) -> None:
    """Show the reports that wait, oldest first."""
    with operate(data_folder(data)) as client:
        rows = client.get("/api/moderation/reports", answered="true" if answered else "false")
    shown = [{**row, "kind": row["kind"].partition("#")[2].removeprefix("reason")} for row in rows]
    columns = {"id": "report", "at": "when", "kind": "kind", "subject": "about", "reason": "reason", "by": "by"}
    if answered:
        columns["answer"] = "answer"
    show_rows(rows, columns, as_json=json, empty="No report waits.", shown=shown)


def answer(report: int, text: str, /, *, data: Data = None, json: AsJson = False) -> None:
    """Close a report, and all others about the same subject, with an answer."""
    with operate(data_folder(data)) as client:
        done = client.post(f"/api/moderation/reports/{report}/answer", {"answer": text})
    show(done, as_json=json, lines=[f"{done['closed']} closed."])


def rules(*, data: Data = None, json: AsJson = False) -> None:
    """Show which hosts, accounts and records are allowed or denied, why and until when."""
    with operate(data_folder(data)) as client:
        rows = client.get("/api/moderation/rules")
    show_rows(rows, _RULES, as_json=json, empty="No rule: what is followed and verified is taken.")


def deny(
    subject: str,
    /,
    *,
    reason: Reason,
    until: Until = "",
    erase: Annotated[bool, Flag, Parameter(help="Delete an account of this node for good.")] = False,
    data: Data = None,
    json: AsJson = False,
) -> None:
    """Take down a host, an account (DID or name) or a record (at-uri): what is here of it goes and stays away.

    A record of this node's own accounts is deleted from its repository, so that every follower drops it too. An account
    of this node is served no longer and kept for an appeal, unless --erase deletes it.
    """
    with operate(data_folder(data)) as client:
        body = {"effect": "deny", "subject": _named(client, subject), "reason": reason, "until": until, "erase": erase}
        made = client.post("/api/moderation/rules", body)
    lines = [f"Denied: {made['subject']} ({made['kind']})."]
    if not made["known"]:
        undo = f"skillnet moderate lift {made['subject']}"
        lines.append(f"Nothing of it was here: is it spelt rightly? It is not taken if it comes; `{undo}` undoes it.")
    if made.get("called"):
        lines.append(f"{made['subject']} is the name of an account too, which stays: {made['called']}.")
    show(made, as_json=json, lines=lines)


def allow(
    subject: str,
    /,
    *,
    reason: Annotated[str, Parameter(help="Why.")] = "",
    until: Until = "",
    data: Data = None,
    json: AsJson = False,
) -> None:
    """Allow a host by name: it may be followed where federation.allow_hosts is short, and is no new host any more."""
    with operate(data_folder(data)) as client:
        body = {"effect": "allow", "subject": _named(client, subject), "reason": reason, "until": until}
        made = client.post("/api/moderation/rules", body)
    show(made, as_json=json, lines=[f"Allowed: {made['subject']}."])


def lift(
    subject: str,
    /,
    *,
    reason: Annotated[str, Parameter(help="Why; it stands in the public log.")] = "",
    data: Data = None,
    json: AsJson = False,
) -> None:
    """End a rule; accounts are served and fetched again. What was deleted here stays deleted."""
    with operate(data_folder(data)) as client:
        query = urlencode({"subject": _named(client, subject), "reason": reason})
        done = client.delete(f"/api/moderation/rules?{query}")
    show(done, as_json=json, lines=[f"No rule about {done['subject']} any more."])


def label(
    subject: str, value: str, /, *, reason: Reason, until: Until = "", data: Data = None, json: AsJson = False
) -> None:
    """Label an account or record as this node: !hide and !takedown hide it, any other value warns."""
    with operate(data_folder(data)) as client:
        body = {"subject": _named(client, subject), "value": value, "reason": reason, "until": until}
        made = client.post("/api/moderation/labels", body)
    spelt = [] if made.get("known", True) else ["Nothing of it is here: is it spelt rightly?"]
    show(made, as_json=json, lines=[f"Labelled {made['uri']}: {made['val']}", *spelt])


def unlabel(subject: str, value: str, /, *, data: Data = None, json: AsJson = False) -> None:
    """Take a label of this node back."""
    with operate(data_folder(data)) as client:
        body = {"subject": _named(client, subject), "value": value, "withdraw": True}
        made = client.post("/api/moderation/labels", body)
    show(made, as_json=json, lines=[f"{made['uri']} is no longer labelled {made['val']}."])


def labels(*, data: Data = None, json: AsJson = False) -> None:
    """Show the labels of this node that are in force."""
    with operate(data_folder(data)) as client:
        rows = client.get("/api/moderation/labels")
    columns = {"val": "label", "uri": "on", "cts": "since", "until": "until"}
    show_rows(rows, columns, as_json=json, empty="This node labels nothing.")


def log(
    *, limit: Annotated[int, Parameter(help="How many lines.")] = 50, data: Data = None, json: AsJson = False
) -> None:
    """Show the public log of moderation, newest first."""
    with operate(data_folder(data)) as client:
        rows = client.get("/api/moderation/log", limit=str(limit))
    columns = {"at": "when", "action": "what", "subject": "about", "reason": "why", "until": "until"}
    show_rows(rows, columns, as_json=json, empty="Nothing was decided yet.")


def export_list(file: Path, /, *, data: Data = None, json: AsJson = False) -> None:
    """Write the rules to a file that other operators can import: effect, subject, until, reason, with tabs between."""
    with operate(data_folder(data)) as client:
        text = client.get("/api/moderation/list")["list"]
    file.write_text(text, "utf-8")
    count = max(text.count("\n") - 1, 0)
    show({"file": str(file), "rules": count}, as_json=json, lines=[f"{counted(count, 'rule')} in {file}."])


def import_list(
    file: Path,
    /,
    *,
    apply: Annotated[bool, Flag, Parameter(help="Put it in force instead of showing the difference.")] = False,
    exactly: Annotated[bool, Flag, Parameter(help="With --apply, also lift what the list does not name.")] = False,
    data: Data = None,
    json: AsJson = False,
) -> int:
    """Show what a list of rules would change here; with --apply, change it. Exit code 1 when a rule was refused."""
    with operate(data_folder(data)) as client:
        body = {"list": file.read_text("utf-8"), "apply": apply, "exactly": exactly}
        found = client.post("/api/moderation/list", body)
    show(found, as_json=json, lines=_difference(found, lifted=found["applied"] and exactly))
    return int(bool(found["refused"]))


def _difference(found: dict[str, Any], *, lifted: bool) -> list[str]:
    lines = [f"+ {_line(rule)}" for rule in found["added"]]
    for change in found["changed"]:
        lines += [f"- {_line(change['from'])}", f"+ {_line(change['to'])}"]
    sign, missing = ("-", f"{len(found['missing'])} lifted, ") if lifted else (" ", "")
    lines += [f"{sign} {_line(rule)}  (not in the list)" for rule in found["missing"]]
    lines += [f"! {one['subject']}  {one['why']}" for one in found["refused"]]
    done = "Done." if found["applied"] else "Nothing was changed; --apply does it."
    sum_up = f"{len(found['added'])} new, {len(found['changed'])} changed, {missing}{found['same']} the same. {done}"
    return [*lines, sum_up]


def _line(rule: dict[str, Any]) -> str:
    until = f" until {rule['until'][:10]}" if rule["until"] else ""
    return f"{rule['effect']} {rule['subject']}{until}: {rule['reason']}".rstrip(": ")


def add_labeler(
    did: str,
    /,
    *,
    hide: Annotated[bool, Flag, Parameter(help="Let its labels hide too; otherwise they warn at most.")] = False,
    data: Data = None,
    json: AsJson = False,
) -> None:
    """Let the labels of another node or a moderation service count here."""
    with operate(data_folder(data)) as client:
        made = client.post("/api/moderation/labelers", {"did": did, "effect": "hide" if hide else "warn"})
    words = f"Labels of {made['did']} that count here: {made['labels']}. {made['error']}".rstrip()
    show(made, as_json=json, lines=[words])


def remove_labeler(did: str, /, *, data: Data = None, json: AsJson = False) -> None:
    """Forget a labeler and its labels."""
    with operate(data_folder(data)) as client:
        done = client.delete("/api/moderation/labelers?" + urlencode({"did": did}))
    show(done, as_json=json, lines=[f"The labels of {did} count no longer."])


def list_labelers(*, data: Data = None, json: AsJson = False) -> None:
    """Show the labelers that count here and how reading them goes."""
    with operate(data_folder(data)) as client:
        rows = client.get("/api/moderation/labelers")
    columns = {"did": "labeler", "effect": "may", "labels": "labels", "readAt": "read", "error": "problem"}
    show_rows(rows, columns, as_json=json, empty="No labeler counts here.")


def _named(client: NodeClient, subject: str) -> str:
    """A DID for the name of an account of this node; anything with a dot, colon or slash stays."""
    return subject if any(mark in subject for mark in ".:/") else did_named(client, subject)
