"""Kinds of writing that a node acknowledges by its answer: each remembers what was acknowledged, and looks for it."""

from __future__ import annotations

import itertools
import secrets
from typing import Protocol

from node.cli.bench.chaos.stage import OPERATOR, PASSWORD, Stage, create, new_tid, version_value
from node.store.clock import as_text, now
from schemas.authority import ENDORSEMENT
from schemas.endorsement_key import endorsement_key

NOTE = "com.example.note"
RECENT = 25  # of what was acknowledged is asked for one by one after each death; the tables are looked through whole


class Kind(Protocol):
    """One kind. `write` raises httpx.TransportError when the node is gone, Refused when it does not take it."""

    name: str

    def write(self) -> None:
        """Do it once and remember what was acknowledged."""

    def lost(self) -> list[str]:
        """What was acknowledged and is not there."""


class Listed:
    """Remembers names; `_there` says which the node has: the keys of a collection, unless a kind knows better."""

    name = ""
    who, collection = "anna", NOTE  # whose it is

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.acknowledged: list[str] = []
        self._turns = itertools.count()

    def lost(self) -> list[str]:
        """What was acknowledged and is not there."""
        there = self._there()
        return [f"{self.name}: {one}" for one in self.acknowledged if one not in there]

    def _there(self) -> set[str]:
        keys: set[str] = set()
        cursor, repository = "", self.stage.people[self.who]
        while True:
            query = {"repo": repository, "collection": self.collection, "limit": "100", "cursor": cursor}
            page = self.stage.ask(OPERATOR, "GET", "/xrpc/com.atproto.repo.listRecords", params=query)
            keys |= {record["uri"].rpartition("/")[2] for record in page["records"]}
            cursor = page.get("cursor", "")
            if not cursor or not page["records"]:
                return keys


class Records(Listed):
    """Single records and batches of many: a batch is there whole or not at all."""

    name = "createRecord, applyWrites"

    def write(self) -> None:
        """One record, then twenty at once."""
        if next(self._turns) % 2:
            keys = [new_tid() for _ in range(20)]
            self.stage.apply("anna", [create(NOTE, key, {"$type": NOTE, "text": key}) for key in keys])
            self.acknowledged += keys
            return
        key = new_tid()
        self.stage.write("anna", NOTE, key, {"$type": NOTE})
        self.acknowledged.append(key)


class Blobs(Listed):
    """Uploads, and records that name them."""

    name = "uploadBlob"

    def write(self) -> None:
        """A picture of its own in a record of its own."""
        picture = b"\x89PNG\r\n\x1a\n" + secrets.token_bytes(100_000)
        headers = {"content-type": "image/png"}
        answer = self.stage.ask("anna", "POST", "/xrpc/com.atproto.repo.uploadBlob", content=picture, headers=headers)
        key = new_tid()
        self.stage.apply("anna", [create("com.example.picture", key, {"$type": "com.example.picture", **answer})])
        self.acknowledged.append(answer["blob"]["ref"]["$link"])

    def _there(self) -> set[str]:
        there = set()
        for cid in self.acknowledged[-RECENT:]:
            query = {"did": self.stage.people["anna"], "cid": cid}
            self.stage.ask(OPERATOR, "GET", "/xrpc/com.atproto.sync.getBlob", params=query)
            there.add(cid)
        return there | set(self.acknowledged[:-RECENT])  # their files are looked at in the folder


class Endorsements(Listed):
    """Verdicts, which go into the ranking as well."""

    name = "endorsement"
    who, collection = "ben", ENDORSEMENT

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._item, self._version = stage.publish("anna", version_value(f"endorsed-{new_tid()}", "One sentence."))

    def write(self) -> None:
        """That it works, for a task of its own."""
        task = f"onet:43-3031.00/{len(self.acknowledged) + 1}"
        key = str(endorsement_key(self._item, task))
        value = {
            "$type": ENDORSEMENT, "subject": self._version, "module": self._item, "task": task, "verdict": "works",
            "createdAt": as_text(now()),
        }  # fmt: skip
        self.stage.write("ben", ENDORSEMENT, key, value, "putRecord")
        self.acknowledged.append(key)


class Findable(Listed):
    """Modules, which go into the catalogue and the search index."""

    name = "module and search index"

    def write(self) -> None:
        """A module that has a word of its own."""
        word = f"zq{secrets.token_hex(5)}"
        self.stage.publish("anna", version_value(word, f"Only here: {word}."))
        self.acknowledged.append(word)

    def _there(self) -> set[str]:
        self.stage.ask(OPERATOR, "GET", "/api/search/comparison")  # until all that was heard is indexed
        recent = self.acknowledged[-5:]
        found = {word for word in recent if self._finds(word)}
        return found | set(self.acknowledged[:-5])

    def _finds(self, word: str) -> bool:
        hits = self.stage.ask(OPERATOR, "GET", "/api/search", params={"q": word})["hits"]
        return any(word in str(hit) for hit in hits)


class Inside(Listed):
    """What stays inside the organisation."""

    name = "internal record"

    def write(self) -> None:
        """A module for members."""
        value = version_value(f"inside-{new_tid()}", "Ours alone.", visibility="organisation")
        self.stage.keep_inside("anna", value)
        self.acknowledged.append(value["name"])

    def _there(self) -> set[str]:
        return self.stage.inside("anna")


class Outcomes(Listed):
    """A worker's outcomes, sealed under a key of the worker's own; every third changes what the worker told."""

    name = "outcome and profile of a worker"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._item, _ = stage.publish("anna", version_value(f"learnt-{new_tid()}", "## Do this\n\nOne sentence."))
        self._role = ""

    def write(self) -> None:
        """How it went."""
        if next(self._turns) % 3 == 2:
            role = f"role {new_tid()}"
            self.stage.ask("wim", "PUT", "/api/me/profile", json={"role": role})
            self._role = role
            return
        receipt = self.stage.ask("wim", "POST", "/api/me/lessons", json={"uri": self._item})["receipt"]
        body = {"receipt": receipt, "outcome": "alone"}
        self.acknowledged.append(self.stage.ask("wim", "POST", "/api/me/outcomes", json=body)["receipt"])

    def lost(self) -> list[str]:
        """A profile that was sent and not answered may be there or not; one that was answered may be followed by it."""
        role = self.stage.ask("wim", "GET", "/api/me/profile")["role"]
        older = bool(self._role) and role < self._role
        return super().lost() + ([f"{self.name}: the profile says {role!r}, not {self._role!r}"] if older else [])

    def _there(self) -> set[str]:
        return {one["receipt"] for one in self.stage.ask("wim", "GET", "/api/me/outcomes")["outcomes"]}


class People(Listed):
    """Accounts with an identity, people without one, and their roles."""

    name = "account and people"

    def write(self) -> None:
        """Every other one gets an identity and a repository of their own."""
        name = f"p{secrets.token_hex(4)}"
        if next(self._turns) % 2:
            self.stage.ask(OPERATOR, "POST", "/api/people", json={"name": name, "roles": ["worker"]})
        else:
            self.stage.open_account(name)
        self.acknowledged.append(name)

    def _there(self) -> set[str]:
        return {one["name"] for one in self.stage.ask(OPERATOR, "GET", "/api/accounts")}


class Moderated(Listed):
    """Labels, and records that are taken down: they do not come back."""

    name = "label and takedown"
    who = "ben"

    def write(self) -> None:
        """A record, which is labelled or denied."""
        key, did = new_tid(), self.stage.people["ben"]
        self.stage.apply("ben", [create(NOTE, key, {"$type": NOTE, "text": key})])
        uri = f"at://{did}/{NOTE}/{key}"
        if next(self._turns) % 2:
            body = {"subject": uri, "value": "spam", "reason": "To see whether it stays."}
            self.stage.ask(OPERATOR, "POST", "/api/moderation/labels", json=body)
        else:
            body = {"effect": "deny", "subject": uri, "reason": "To see whether it stays away."}
            self.stage.ask(OPERATOR, "POST", "/api/moderation/rules", json=body)
        self.acknowledged.append(uri)

    def _there(self) -> set[str]:
        labels = {str(one["uri"]) for one in self.stage.ask(OPERATOR, "GET", "/api/moderation/labels")}
        denied = {str(one["subject"]) for one in self.stage.ask(OPERATOR, "GET", "/api/moderation/rules")}
        back = {f"at://{self.stage.people['ben']}/{NOTE}/{key}" for key in super()._there()}
        return labels | (denied - back)


class Erased:
    """Workers who ask to be forgotten: what they had told is in no file any more."""

    name = "erasure"

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._gone: list[str] = []

    def write(self) -> None:
        """A worker comes, tells something, and leaves."""
        name = f"w{secrets.token_hex(4)}"
        self.stage.hire(name)
        self.stage.sign_in(name)
        self.stage.ask(name, "PUT", "/api/me/profile", json={"role": f"secret of {name}"})
        self.stage.ask(name, "POST", "/api/me/forget", json={"confirm": name})
        self._gone.append(name)

    def lost(self) -> list[str]:
        """Whoever is not gone."""
        return [f"{self.name}: {name} is known" for name in self._gone[-RECENT:] if self._knows(name)]

    def _knows(self, name: str) -> bool:
        with self.stage.victim.client() as client:
            body = {"name": name, "password": PASSWORD, "label": "chaos"}
            answer = client.post("/api/session", json=body)
            if answer.status_code == 401:
                return False
            headers = {"authorization": f"Bearer {answer.raise_for_status().json()['token']}"}
            return bool(client.get("/api/me/profile", headers=headers).raise_for_status().json()["role"])


ANSWERED = (Records, Blobs, Endorsements, Findable, Inside, Outcomes, People, Moderated, Erased)
