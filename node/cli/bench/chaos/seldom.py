"""Writing that is seldom, and hurts when it is half done: what is deleted, reported, drafted, and keys that change."""

from __future__ import annotations

from typing import Any

from federation.codec import cid_for, encode
from node.cli.bench.chaos.kinds import NOTE, RECENT, Listed
from node.cli.bench.chaos.stage import OPERATOR, Stage, create, new_tid

_TEXT = """---
name: drafted
title: Drafted
---
The {} draft.
"""


class Deleted(Listed):
    """Records that come and are deleted: none is there again."""

    name = "deleteRecord"
    who = "ben"

    def write(self) -> None:
        """One comes and goes."""
        key = new_tid()
        self.stage.apply("ben", [create(NOTE, key, {"$type": NOTE, "text": key})])
        body = {"repo": self.stage.people["ben"], "collection": NOTE, "rkey": key}
        self.stage.ask("ben", "POST", "/xrpc/com.atproto.repo.deleteRecord", json=body)
        self.acknowledged.append(key)

    def lost(self) -> list[str]:
        """What came back."""
        there = self._there()
        return [f"{self.name}: {key} is back" for key in self.acknowledged if key in there]


class Reported:
    """Reports, which the operator answers at once."""

    name = "report and its answer"

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._answered: list[str] = []

    def write(self) -> None:
        """Somebody reports a record of Anna's; the answer names it."""
        key = new_tid()
        about = f"at://{self.stage.people['anna']}/{NOTE}/{key}"
        body: dict[str, Any] = {
            "reasonType": "com.atproto.moderation.defs#reasonOther",
            "subject": {"$type": "com.atproto.repo.strongRef", "uri": about, "cid": cid_for(encode({"text": key}))},
        }
        made = self.stage.ask("ben", "POST", "/xrpc/com.atproto.moderation.createReport", json=body)
        answer = {"answer": f"Seen: {key}"}
        self.stage.ask(OPERATOR, "POST", f"/api/moderation/reports/{made['id']}/answer", json=answer)
        self._answered.append(f"Seen: {key}")

    def lost(self) -> list[str]:
        """Those that are not answered any more."""
        found = self.stage.ask(OPERATOR, "GET", "/api/moderation/reports", params={"answered": "true"})
        answers = {one["answer"] for one in found}
        return [f"{self.name}: {said} is gone" for said in self._answered[-RECENT:] if said not in answers]


class Drafted:
    """A draft on the desk, kept as it is typed."""

    name = "draft on the desk"

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._draft, self._typed = f"draft-{new_tid()}", ""

    def write(self) -> None:
        """Type on."""
        typed = new_tid()
        fields = {"draft": self._draft, "kind": "module", "text": _TEXT.format(typed)}
        self.stage.send_form("anna", "/write", fields)
        self._typed = typed

    def lost(self) -> list[str]:
        """What was typed last, or since, stands on the desk."""
        if not self._typed:
            return []
        page = self.stage.ask("anna", "GET", "/write", params={"draft": self._draft}).decode()
        stands = page.partition("The ")[2].partition(" draft.")[0]
        return [f"{self.name}: {stands!r} instead of {self._typed}"] if stands < self._typed else []


class Rotated:
    """Signing keys that change: the identity, the key that is kept and the signature of the head are of one piece."""

    name = "change of a signing key"

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._keys: list[str] = []

    def write(self) -> None:
        """A new key for Ben, who writes with it."""
        did = self.stage.people["ben"]
        self._keys.append(self.stage.ask(OPERATOR, "POST", f"/api/accounts/{did}/rotate")["signingKey"])

    def lost(self) -> list[str]:
        """No former key is named by the identity, and Ben can write; signatures are looked at with the rest."""
        did = self.stage.people["ben"]
        named = str(self.stage.ask(OPERATOR, "GET", f"/plc/{did}/data"))
        former = [key for key in self._keys[:-1] if key in named]
        self.stage.write("ben", NOTE, new_tid(), {"$type": NOTE})
        return [f"{self.name}: the identity names a former key" for _ in former[:1]]


SELDOM = (Deleted, Reported, Drafted, Rotated)
