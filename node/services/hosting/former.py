"""What is left behind at addresses that this node had: it is who its address says, and its people name that address."""

from __future__ import annotations

from dataclasses import dataclass

from federation.did.document import web_did
from node.errors import NodeError
from node.store.repositories import accounts
from node.store.sessions import Session

MOVE = "`skillnet move` takes everybody along"


class AddressChanged(NodeError):
    """The settings name another address than that of the node in this folder."""

    code = "AddressChanged"
    hint = f"{MOVE} to the new address; or set node.url back."


@dataclass(frozen=True, slots=True)
class Former:
    """By DID, with the address: `nodes`, accounts of the node that it has not left yet; `people`, whose document names
    such an address. `dids` are those of the node under all former addresses, left or not."""

    nodes: dict[str, str]
    people: dict[str, str]
    dids: frozenset[str]


def find_former(session: Session, here: str) -> Former:
    """Of the node whose DID is `here` now."""
    homes = accounts.list_homes(session)
    dids = frozenset(did for did, kind, _, _ in homes if kind == "node" and did != here)
    served = [(did, host) for did, _, status, host in homes if status != "deleted"]
    return Former(
        {did: host or did for did, host in served if did in dids},
        {did: host for did, host in served if did not in dids and host and web_did(host) in dids},
        dids,
    )
