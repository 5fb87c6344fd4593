"""A repository that moves in brings nothing that could not be written here."""

from __future__ import annotations

import asyncio

import pytest

from node.errors import NotAllowed
from node.services.assembly import Services
from node.services.moderating.lists import Rule
from node.services.policy import LOCAL_OPERATOR, Role, Viewer
from node.services.withholding import TakenDown
from node.web.xrpc import sync
from node.web.xrpc.importing import take_in
from schemas.authority import MODULE
from tests.integration.fixtures.contributions import endorsement_write
from tests.integration.fixtures.nodes import publish


def _anna_as(role: Role, did: str) -> Viewer:
    return Viewer("anna", "Anna", frozenset({role}), did)


def _to_take_along(services: Services, did: str) -> bytes:
    """Somebody's repository with a module and a verdict."""
    made = publish(services, did, "welding", "How to weld.")
    services.host.write(did, [endorsement_write(made.uri, made.version)])
    return b"".join(sync.export(services, did, ""))


def test_an_author_brings_no_verdicts(services: Services, anna: str) -> None:
    body = _to_take_along(services, anna)
    services.lifecycle.deactivate(anna)
    with pytest.raises(NotAllowed, match="endorse"):
        take_in(services, _anna_as(Role.AUTHOR, anna), body)
    take_in(services, _anna_as(Role.PRACTITIONER, anna), body)


def test_what_was_taken_down_does_not_come_back_with_a_repository(services: Services, anna: str) -> None:
    body = _to_take_along(services, anna)
    denied = Rule("deny", f"at://{anna}/{MODULE}/welding", "It tells people to look into the arc.")
    asyncio.run(services.moderation.decisions.decide(LOCAL_OPERATOR, denied))
    services.lifecycle.deactivate(anna)
    with pytest.raises(TakenDown, match="into the arc"):
        take_in(services, _anna_as(Role.PRACTITIONER, anna), body)
