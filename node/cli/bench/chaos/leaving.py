"""Writing that takes something away: people who leave, tokens that end, what stays inside no longer."""

from __future__ import annotations

import secrets

from node.cli.bench.chaos.kinds import RECENT, Listed
from node.cli.bench.chaos.stage import OPERATOR, Stage, new_tid, version_value
from schemas.authority import MODULE


class Left(Listed):
    """People who are removed with their accounts: neither comes back, nor what they published."""

    name = "removal of a person"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._dids: dict[str, str] = {}

    def write(self) -> None:
        """Somebody comes and is removed."""
        name = f"l{secrets.token_hex(4)}"
        self._dids[name] = self.stage.open_account(name)
        self.stage.ask(OPERATOR, "DELETE", f"/api/people/{name}")
        self.acknowledged.append(name)

    def lost(self) -> list[str]:
        """Whoever is here again, by name or by account."""
        here = {str(one[key]) for one in self.stage.ask(OPERATOR, "GET", "/api/accounts") for key in ("name", "did")}
        return [f"{self.name}: {name} is here" for name in self.acknowledged if here & {name, self._dids[name]}]


class Ended(Listed):
    """Tokens that were ended: they open nothing any more."""

    name = "end of a token"

    def write(self) -> None:
        """Wim signs in once more, and out."""
        token = self.stage.new_token("wim")
        with self.stage.victim.client(token) as client:
            client.delete("/api/session").raise_for_status()
        self.acknowledged.append(token)

    def lost(self) -> list[str]:
        """How many still open something."""
        opened = sum(self._opens(token) for token in self.acknowledged[-RECENT:])
        return [f"{self.name}: {opened} still open something"] if opened else []

    def _opens(self, token: str) -> bool:
        with self.stage.victim.client(token) as client:
            return client.get("/api/session").status_code != 401


class MadePublic(Listed):
    """Modules that stayed inside and are made public: each is in one of the two places, and in the one acknowledged."""

    name = "making public what stayed inside"
    collection = MODULE

    def write(self) -> None:
        """One is written inside, then published as it is."""
        value = version_value(f"both-{new_tid()}", "First ours, then everybody's.")
        self.stage.keep_inside("anna", {**value, "visibility": "organisation"})
        self.stage.publish("anna", value)
        self.acknowledged.append(value["name"])

    def lost(self) -> list[str]:
        """Those that are not public, and those that are inside as well."""
        inside = self.stage.inside("anna")
        both = [name for name in self.acknowledged if name in inside]
        return super().lost() + [f"{self.name}: {name} is in both places" for name in both]


LEAVING = (Left, Ended, MadePublic)
