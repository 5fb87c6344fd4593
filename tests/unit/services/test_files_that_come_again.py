"""Bytes that come again while their former row is let go stay: neither undoes the other."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from node.services.assembly import Services
from node.services.hosting.blobs.files import keep_file
from node.services.hosting.blobs.in_folder import path_of
from node.store.clock import DAY
from tests.integration.fixtures.nodes import practitioner

PNG = b"\x89PNG\r\n\x1a\n picture"


def _keep_public(services: Services, did: str) -> str:
    return keep_file(services.database, services.blobs, did, PNG, "").cid


def _keep_inside(services: Services, did: str) -> str:
    return services.internal.put_blob(did, b"what members alone read").cid


def _collect_public(services: Services) -> object:
    return services.accounts.collect_blobs()


def _collect_inside(services: Services) -> object:
    return services.internal.collect()


PLACES = pytest.mark.parametrize(
    ("keep", "collect"),
    [(_keep_public, _collect_public), (_keep_inside, _collect_inside)],
    ids=["public", "inside"],
)


@pytest.fixture
def no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has any grace."""
    monkeypatch.setattr("node.services.hosting.accounts.BLOB_GRACE", -DAY)
    monkeypatch.setattr("node.services.internal.records.GRACE", -DAY)


def _interleave(services: Services, patch: pytest.MonkeyPatch, other: Callable[[], object], *, before: bool) -> None:
    """Do `other` in the gap before, or behind, the next piece of writing."""
    write = services.database.writer.write

    def watch(work: Callable[..., Any]) -> Any:
        patch.undo()
        if before:
            other()
        done = write(work)
        if not before:
            other()
        return done

    patch.setattr(services.database.writer, "write", watch)


@PLACES
def test_what_comes_again_while_it_is_collected_stays(
    services: Services, anna: str, no_grace: None, keep: Callable[..., str], collect: Callable[..., object]
) -> None:
    cid = keep(services, anna)
    file = path_of(services.settings.data / ("blobs" if keep is _keep_public else "internal"), cid)
    with pytest.MonkeyPatch.context() as patch:
        _interleave(services, patch, lambda: collect(services), before=True)
        keep(services, anna)
    assert file.exists()
    with pytest.MonkeyPatch.context() as patch:
        _interleave(services, patch, lambda: keep(services, anna), before=False)
        collect(services)
    assert file.exists()


def test_what_somebody_else_keeps_while_an_account_is_erased_stays(services: Services, anna: str) -> None:
    boris = practitioner(services, "boris")
    cid = _keep_inside(services, anna)
    with pytest.MonkeyPatch.context() as patch:
        _interleave(services, patch, lambda: _keep_inside(services, boris), before=False)
        services.lifecycle.erase(anna)
    assert services.internal.find_blob(cid) is not None


def test_bytes_inside_that_no_row_names_are_swept(services: Services, anna: str) -> None:
    """A crash between the placing of a file and its row's commit leaves them."""
    kept, lost = _keep_inside(services, anna), services.internal._folder.put(b"nobody names it").cid
    services.internal.sweep()
    assert services.internal.find_blob(lost) is not None, "its row may be coming"
    for cid in (kept, lost):
        os.utime(path_of(services.settings.data / "internal", cid), (0, 0))
    services.internal.sweep()
    assert services.internal.find_blob(lost) is None
    assert services.internal.find_blob(kept) is not None
