"""Which account a request names, and whether the asker may act for it."""

from __future__ import annotations

from node.errors import Malformed
from node.services.assembly import Services
from node.services.policy import Action, Viewer, require
from node.store.repositories.accounts import find_account
from node.store.tables.hosting import AccountRow


class RepoNotFound(Malformed):
    """There is no such repository on this node."""

    code = "RepoNotFound"


def account_named(services: Services, name: str) -> AccountRow:
    """The hosted account with this DID or handle. Raises RepoNotFound."""
    with services.database.read() as session:
        row = find_account(session, name)
    if row is None:
        raise RepoNotFound(f"Could not find repo: {name[:200]}")
    return row


class RepoTakendown(Malformed):
    """This node's operator has taken the repository down."""

    code = "RepoTakendown"


def account_shown(services: Services, name: str) -> AccountRow:
    """As `account_named`. Raises RepoTakendown as well."""
    row = account_named(services, name)
    if row.status == "takendown":
        raise RepoTakendown(f"Repo has been taken down: {row.did}")
    return row


def require_writer(services: Services, viewer: Viewer, name: str) -> str:
    """The DID of the account to write to: the viewer's own, or the node's for an operator."""
    quick = services.database.quick
    found = quick.find_account(name) if quick is not None and name != "" else None
    if found is None:
        account = account_named(services, name)
        found = (account.did, account.kind)
    did, kind = found
    if kind == "node":
        require(viewer, Action.OPERATE)
    else:
        require(viewer, Action.PUBLISH, owner=did)
    return did
