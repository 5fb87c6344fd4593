"""The node's own directory takes so many changes of an identity in a day, and always its recovery."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from federation.keys import SigningKey
from federation.plc import make_operation
from node.errors import TooMany
from node.services import directory as directories
from node.services.assembly import Services
from node.services.hosting.accounts import load_rotation_key


def _change(services: Services, did: str, key: SigningKey, number: int, prev: str) -> dict[str, Any]:
    data = services.directory.get_history(did).data
    return make_operation(replace(data, also_known_as=(f"at://name-{number}.example",)), prev, key)


def test_an_identity_changes_so_often_in_a_day_and_may_always_be_recovered(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directories, "MOST_A_DAY", 3)
    own, rotation = SigningKey.generate(), load_rotation_key(services.database, services.sealer)
    did = services.accounts.create_practitioner("vera", own.did_key, rotation, services.stream).did
    genesis = services.directory.get_history(did).entries[-1].operation.cid

    def newest() -> str:
        return services.directory.get_history(did).entries[-1].operation.cid

    for number in range(2):
        services.directory.accept(did, _change(services, did, rotation, number, newest()))
    with pytest.raises(TooMany):
        services.directory.accept(did, _change(services, did, rotation, 9, newest()))
    history = services.directory.accept(did, _change(services, did, own, 7, genesis))
    assert [entry.nullified for entry in history.entries] == [False, True, True, False]
    assert services.directory.get_history(did).data.also_known_as == ("at://name-7.example",)
