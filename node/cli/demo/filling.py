"""Fills the nodes through their own interfaces: people, publications, credentials, trust, verdicts. Safe to repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from node.cli.demo.stage import StagedNode
from node.cli.publishing.repository import Repository
from node.cli.reaching.client import Answered, NodeClient
from node.cli.reaching.recovery import make_recovery_key
from schemas.authority import ENDORSEMENT, MODULE, PROFILE, TASK, VOUCH
from schemas.endorsement_key import endorsement_key
from schemas.identifiers import datetime_from_micros, record_parts
from schemas.vouch_key import vouch_key

PASSWORD = "learn by doing"  # noqa: S105 - printed for everybody: these nodes listen on this machine only


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, with a name for the progress bar."""

    name: str
    do: Callable[[], object]


class Filling:
    """Everything that makes three empty nodes into a small network. `at` is microseconds since 1970."""

    def __init__(self, nodes: list[StagedNode], folder: Path, at: int) -> None:
        self._nodes = {node.organisation.key: node for node in nodes}
        self._folder = folder
        self._at = str(datetime_from_micros(at))
        self._dids: dict[str, str] = {}  # "organisation/person" and "organisation" → DID
        self._clients: dict[str, NodeClient] = {}

    def steps(self) -> Iterator[Step]:
        """In the order in which they must happen."""
        deeds: dict[str, Callable[[StagedNode], None]] = {
            "people": self._people,
            "modules and tasks": self._publish,
            "following": self._follow,
            "vouches": self._vouch,
            "verdicts": self._endorse,
            "workers": self._workers,
        }
        for name, do in deeds.items():
            for node in self._nodes.values():
                yield Step(f"{node.organisation.name}: {name}", partial(do, node))

    def _people(self, node: StagedNode) -> None:
        """Practitioners with identities of their own, accepted credentials, profiles; workers; an operator."""
        operator = node.operator()
        known = {person["name"]: person for person in operator.get("/api/accounts")}
        organisation = node.organisation
        self._dids[organisation.key] = operator.get("/api/node")["did"]
        for person in organisation.practitioners:
            name = person["name"]
            account = known.get(name)
            if account is None:
                key = make_recovery_key(self._folder / "recovery-keys", f"{name}.{organisation.key}")
                body = {"name": name, "displayName": person["displayName"], "recoveryKey": key, "password": PASSWORD}
                account = operator.post("/api/accounts", body)
            self._dids[f"{organisation.key}/{name}"] = account["did"]
            self._clients[f"{organisation.key}/{name}"] = node.sign_in(name, PASSWORD)
            self._profile(node, operator, person, account["did"])
        for worker in organisation.workers:
            if worker["name"] not in known:
                body = {"name": worker["name"], "displayName": worker["displayName"], "roles": ["worker"]}
                operator.post("/api/people", {**body, "password": PASSWORD})

    def _profile(self, node: StagedNode, operator: NodeClient, person: dict[str, Any], did: str) -> None:
        """Credentials by the node, and the profile that accepts them."""
        client = self._clients[f"{node.organisation.key}/{person['name']}"]
        repository = Repository(client, did)
        if repository.find(PROFILE, "self") is not None:
            return
        credentials = [
            operator.post("/api/credentials", {"did": did, "occupation": occupation})["uri"]
            for occupation in person["occupations"]
        ]
        value = {
            "displayName": person["displayName"],
            "description": person.get("description", ""),
            "credentials": credentials,
            "occupations": person["occupations"],
            "takesQuestionsOn": person.get("takesQuestionsOn", []),
            "languages": person.get("languages", ["en"]),
            "createdAt": self._at,
        }
        repository.put(PROFILE, "self", value)

    def _publish(self, node: StagedNode) -> None:
        """Each practitioner's modules and tasks, in commits of several."""
        from node.cli.demo.publications import publish_for

        for person in node.organisation.practitioners:
            key = f"{node.organisation.key}/{person['name']}"
            publish_for(self._clients[key], self._dids[key], node.organisation, person, self._dids)

    def _follow(self, node: StagedNode) -> None:
        trusted = {v["for"] for v in node.organisation.statements("vouches") if v["by"] == "node"}
        for key, other in self._nodes.items():
            if other is not node:
                node.operator().post("/api/peers", {"url": other.url, "trust": key in trusted})

    def _vouch(self, node: StagedNode) -> None:
        for vouch in node.organisation.statements("vouches"):
            if vouch["by"] == "node":
                continue  # made when following, with trust
            by, subject = f"{node.organisation.key}/{vouch['by']}", self._dids[vouch["for"]]
            value = {"subject": subject, "note": vouch.get("note", ""), "createdAt": self._at}
            Repository(self._clients[by], self._dids[by]).put(VOUCH, str(vouch_key(subject)), value)

    def _endorse(self, node: StagedNode) -> None:
        for said in node.organisation.statements("endorsements"):
            by = f"{node.organisation.key}/{said['by']}"
            task = self._task(said["task"])
            endorse(self._clients[by], self._dids[by], self._head(said["module"]), task, said | {"createdAt": self._at})

    def _head(self, name: str) -> tuple[NodeClient, str]:
        """A client of the node that hosts a module, and the module's at-uri."""
        key, _, module = name.partition("/")
        author = next(p for p in self._nodes[key].organisation.practitioners if module in p["modules"])
        author_did = self._dids[f"{key}/{author['name']}"]
        return self._nodes[key].anonymous(), f"at://{author_did}/{MODULE}/{module}"

    def _task(self, name: str) -> str:
        """A reference task's id as it is; a starter task's at-uri."""
        key, _, task = name.partition("/")
        if key not in self._nodes:
            return name
        author = next(p for p in self._nodes[key].organisation.practitioners if task in p.get("tasks", []))
        return f"at://{self._dids[key + '/' + author['name']]}/{TASK}/{task}"

    def _workers(self, node: StagedNode) -> None:
        """Each worker's own profile, written with that worker's own sign-in."""
        for worker in node.organisation.workers:
            client = node.sign_in(worker["name"], PASSWORD)
            value = {
                "role": worker["role"],
                "occupations": [worker["occupation"]],
                "goals": [{"text": goal} for goal in worker["goals"]],
                "minutesPerDay": worker["minutesPerDay"],
                "languages": worker.get("languages", ["en"]),
                "placements": worker.get("skills", {}),
            }
            client.put("/api/me/profile", value)


def endorse(client: NodeClient, did: str, head: tuple[NodeClient, str], task: str, said: dict[str, Any]) -> str:
    """Sign a verdict on the current version of a module; returns the record's at-uri."""
    host, module = head
    author, collection, name = record_parts(module)
    current = Repository(host, author).find(collection, name)
    if current is None:
        raise Answered(f"{module} is not published.")
    value = {
        "subject": current.value["current"],
        "module": module,
        "task": task,
        "verdict": said["verdict"],
        "createdAt": said["createdAt"],
    }
    value |= {name: said[name] for name in ("note", "outdated", "unsafe") if said.get(name)}
    return Repository(client, did).put(ENDORSEMENT, str(endorsement_key(module, task)), value).uri
