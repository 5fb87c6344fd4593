"""Signed statements that the command line writes: verdicts, vouches, profiles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from node.cli.publishing.repository import Record, Repository
from node.cli.reaching.client import NodeClient
from node.errors import Malformed
from node.store.clock import as_text, now
from schemas.authority import ENDORSEMENT, PROFILE, VOUCH
from schemas.endorsement_key import endorsement_key
from schemas.vouch_key import vouch_key

VERDICTS = ("works", "works-with-changes", "fails")


def moment() -> str:
    """Now, as records carry it."""
    return as_text(now())


def put_profile(repository: Repository, name: str, change: Callable[[dict[str, Any]], None]) -> Record:
    """Change the account's public profile, made when it has none."""
    known = repository.find(PROFILE, "self")
    value = dict(known.value) if known else {"displayName": name, "createdAt": moment()}
    change(value)
    return repository.put(PROFILE, "self", value)


def put_endorsement(
    repository: Repository, item: dict[str, Any], task: str, verdict: str, said: dict[str, Any]
) -> Record:
    """Sign a verdict on the current version of `item` (as `/api/item` gives it), from use on `task`."""
    module = item["item"]["uri"]
    value = {
        "subject": {"uri": item["version"]["uri"], "cid": item["version"]["cid"]},
        "module": module,
        "task": task,
        "verdict": verdict,
        "createdAt": moment(),
        **{name: entry for name, entry in said.items() if entry},
    }
    return repository.put(ENDORSEMENT, str(endorsement_key(module, task)), value)


def drop_endorsement(repository: Repository, module: str, task: str) -> None:
    """Take a verdict back."""
    repository.delete(ENDORSEMENT, str(endorsement_key(module, task)))


def put_vouch(repository: Repository, subject: str, note: str) -> Record:
    """State that somebody's judgement can be relied on."""
    value = {"subject": subject, "createdAt": moment(), **({"note": note} if note else {})}
    return repository.put(VOUCH, str(vouch_key(subject)), value)


def drop_vouch(repository: Repository, subject: str) -> None:
    """Take a vouch back."""
    repository.delete(VOUCH, str(vouch_key(subject)))


def get_item(client: NodeClient, named: str) -> dict[str, Any]:
    """A module or task by at-uri, or by the address of its page on any node. Raises Malformed, Answered."""
    found: dict[str, Any] = client.get("/api/item", uri=at_uri(named))
    return found


def at_uri(named: str) -> str:
    """The at-uri of what `named` is: itself, or a page such as https://node.example/modules/did:plc:…/name."""
    if named.startswith("at://"):
        return named
    parts = named.rstrip("/").split("/")
    if named.startswith(("http://", "https://")) and len(parts) >= 6 and parts[-3] in ("modules", "tasks", "paths"):
        from schemas.authority import MODULE, PATH, TASK

        collection = {"modules": MODULE, "tasks": TASK, "paths": PATH}[parts[-3]]
        return f"at://{parts[-2]}/{collection}/{parts[-1]}"
    raise Malformed(
        f"{named!r} is not the address of a module, task or path.", hint="An at://… address, or that of its page."
    )
