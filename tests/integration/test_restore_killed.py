"""A restore that is killed before any of its steps on the disk can be done again, as if nothing had been."""

from __future__ import annotations

import itertools
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from node.app.compose import compose
from node.app.restoring import restore_node
from node.services.half_written import UNFINISHED
from node.services.keeping.backing_up import back_up
from node.services.keeping.restoring import Restoring
from node.settings.loading import load_settings
from node.store.repositories import accounts
from tests.integration.fixtures.databases import on_postgresql
from tests.integration.fixtures.dying import Step, comes_to_its_end
from tests.integration.fixtures.kept import PHRASE
from tests.integration.fixtures.nodes import composed, practitioner, publish

# What Python says before it does it; the database's own writing is one transaction, which `test_kill_nine` is about.
STEPS = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "sqlite3.connect"})


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    """Of a small node; how many accounts it has."""
    folder = tmp_path_factory.mktemp("killed")
    with pytest.MonkeyPatch.context() as patch, composed(folder / "old") as services:
        patch.setattr("node.services.keeping.sealed_stream.SCRYPT", (4, 8, 1))
        publish(services, practitioner(services, "ana"), "first", "# First\n\nA text.\n")
        back_up(services.settings, folder / "node.backup", PHRASE, lambda _: None)
        with services.database.read() as session:
            count = len(accounts.list_accounts(session))
        yield folder / "node.backup", count


def _restore(backup: Path, folder: Path) -> None:
    """Into a file in the folder, from PostgreSQL too."""
    url = f"sqlite:///{folder / 'skillnet.db'}" if on_postgresql() else ""
    restore_node(Restoring(backup, PHRASE, folder, None, database_url=url), {}, lambda _: None)


def _comes_to_its_end(step: int, backup: Path, folder: Path) -> bool:
    def work(before_step: Step) -> None:
        def watch(event: str, arguments: tuple[Any, ...]) -> None:
            if event in STEPS and str(arguments[0]).startswith(str(folder)):
                before_step()

        sys.addaudithook(watch)
        _restore(backup, folder)

    return comes_to_its_end(step, work)


@pytest.mark.real
def test_a_restore_killed_before_any_step_can_be_done_again(backup: tuple[Path, int], tmp_path: Path) -> None:
    kept, count = backup
    folder = tmp_path / "new"
    for step in itertools.count(1):
        if _comes_to_its_end(step, kept, folder):
            break
        if folder.exists() and not (folder / UNFINISHED).exists() and (folder / "skillnet.db").exists():
            shutil.rmtree(folder)  # it was killed behind its end
        else:
            _restore(kept, folder)
            _check(folder, count)
            shutil.rmtree(folder)
    assert step > 10, "too little was killed"


def _check(folder: Path, count: int) -> None:
    assert not (folder / UNFINISHED).exists()
    services = compose(load_settings(folder, {})[0])
    try:
        with services.database.read() as session:
            assert len(accounts.list_accounts(session)) == count
    finally:
        services.database.close()
