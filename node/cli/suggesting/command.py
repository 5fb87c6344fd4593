"""`suggest`, `suggestions`, `accept`, `decline`: changes to other people's modules and tasks, taken up with credit."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from node.cli.publishing.records import at_uri, moment
from node.cli.reaching.options import As, AsJson, Flag, Where, as_practitioner
from node.cli.terminal.output import show, show_json, show_lines
from node.errors import Malformed, TooLarge

HERE = Where()
INLINE = 65_536  # bytes of a body inside the record, as the lexicon says


def register(group: App) -> None:
    """Add the commands."""
    group.command(suggest)
    group.command(suggestions)
    group.command(accept)
    group.command(decline)


def suggest(
    uri: str, /, *, file: Annotated[Path, Parameter(help="The whole text as you would have it.")],
    note: Annotated[str, Parameter(help="What should change, and why.")], login: As = "", json: AsJson = False,
) -> None:  # fmt: skip
    """Suggest a change to somebody's module or task: a signed record of yours, which its author may take up."""
    from node.authoring.difference import difference
    from node.cli.publishing.inside import repository_of
    from node.cli.suggesting.merge import suggested_text, text_of
    from schemas.authority import SUGGESTION
    from schemas.identifiers import tid_from_micros

    client, known = as_practitioner(login)
    found = client.get("/api/item", uri=at_uri(uri))
    text = suggested_text(file)
    changed = difference(text_of(client, found), text, "published", "suggested")
    if not changed:
        raise Malformed(
            "That is what is published already.", hint="`skillnet module export URI --to DIR` gives you the text."
        )
    repository = repository_of(client, known.did, found)
    value: dict[str, Any] = {
        "subject": {"uri": found["version"]["uri"], "cid": found["version"]["cid"]},
        "module": found["item"]["uri"], "note": note, "createdAt": moment(),
    }  # fmt: skip
    body = text.encode()
    if len(body) > 2_000_000:
        raise TooLarge("A suggestion has at most 2 MB.")
    value |= {"body": text} if len(body) <= INLINE else {"bodyBlob": repository.upload(body, "text/markdown")}
    key = str(tid_from_micros(time.time_ns() // 1000, secrets.randbelow(1024)))
    made = repository.put(SUGGESTION, key, value)
    lines = [*changed.splitlines(), f"Suggested: {made.uri}", "Its author sees it with `skillnet module suggestions`."]
    show({"uri": made.uri, "cid": made.cid, "difference": changed}, as_json=json, lines=lines)


def suggestions(uri: str, /, *, where: Where = HERE, json: AsJson = False) -> None:
    """Show what others suggest for a module or task, with the difference to the version that they saw."""
    from node.cli.suggesting.merge import difference_of

    with where.reading() as client:
        found = client.get("/api/suggestions", uri=at_uri(uri))
        for one in found["suggestions"]:
            one["difference"] = difference_of(client, one)
    if json:
        show_json(found)
        return
    for one in found["suggestions"]:
        answer = f" – {one['reason']}" if one["reason"] else ""
        show_lines(
            [f"{one['state']}{answer}  {one['uri']}", f"  by {one['handle'] or one['by']}: {one['value']['note']}"]
        )
        show_lines([f"  {line}" for line in one["difference"].splitlines()])
    if not found["suggestions"]:
        show_lines(["Nobody has suggested a change."])


def accept(
    suggestion: str, /, *, note: Annotated[str, Parameter(help="What changed, for readers and followers.")] = "",
    file: Annotated[Path | None, Parameter(help="Your own copy, merged in place; conflicts stay for you.")] = None,
    resolved: Annotated[bool, Flag, Parameter(help="The file is as it should be: publish it as it stands.")] = False,
    login: As = "", json: AsJson = False,
) -> int:  # fmt: skip
    """Take up a suggestion: merged with what you changed since, published with credit to who made it."""
    from node.cli.suggesting.merge import Taking, take_up

    if resolved and file is None:
        raise Malformed("Which text is resolved?", hint="Name it with --file.")
    client, known = as_practitioner(login)
    done = take_up(client, known.did, suggestion, Taking(note, file, resolved))
    lines = [
        f"{done['path']}:{line}: both sides changed this; choose between the markers" for line in done["conflicts"]
    ]
    if done["conflicts"]:
        lines.append("Nothing was published. Resolve these, then run the command again with --resolved.")
    else:
        lines.append(f"Published with credit to {done['by']}: {done['version']['uri']}")
    show(done, as_json=json, lines=lines)
    return 1 if done["conflicts"] else 0


def decline(
    suggestion: str, /, *, reason: Annotated[str, Parameter(help="Why not.")] = "", login: As = "",
    json: AsJson = False,
) -> None:  # fmt: skip
    """Answer a suggestion without taking it up; the answer stands in the head of your work."""
    from node.cli.suggesting.merge import turn_down

    client, known = as_practitioner(login)
    done = turn_down(client, known.did, suggestion, reason)
    show(done, as_json=json, lines=[f"Declined: {suggestion}"])
