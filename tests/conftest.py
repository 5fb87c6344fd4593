"""What holds for every test: what is slow or needs a counterpart is skipped by name; nothing leaves the machine.

`./test` runs what is fast and needs nothing. `./test -m real` runs what needs minutes or a real counterpart,
`./test --all` both, and there a counterpart that is not installed is a failure instead of a skip.
`./test --store postgresql` runs those of them that open a node or its database, each with a database there.
"""

from __future__ import annotations

import gc
import ipaddress
import logging
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import structlog

from tests.integration.fixtures.databases import (
    CLUSTER,
    cluster_for_all,
    drop_databases,
    find_postgresql,
    store_url,
)
from tests.integration.fixtures.quick_starts import one_authority_is_known, passwords_cost_little, tables_are_copied

INSTALL = ".ci/install-counterparts installs it"
OPENERS = frozenset({"Database", "compose", "composed", "live", "NodeProcess", "WarmNode", "skillnet"})

COUNTERPARTS = {
    "PostgreSQL": lambda: bool(find_postgresql()),
    "Chromium": lambda: bool(shutil.which("chromium") or shutil.which("chromium-browser")),
    "node": lambda: bool(shutil.which("node")),
    "npm": lambda: bool(shutil.which("npm")),
}


gc.disable()  # collecting four thousand tests makes no garbage: looking for some is a third of what it takes


def pytest_collection_finish() -> None:
    """What is there by now stays: it need not be looked through again and again. Nodes that come and go are large."""
    from node.app.memory import collect_seldom

    gc.freeze()
    collect_seldom()
    gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="also run what is marked real; nothing may be missing")
    stores = ("sqlite", "postgresql")
    parser.addoption("--store", choices=stores, default="sqlite", help="where nodes of tests keep their tables")


def pytest_configure(config: pytest.Config) -> None:
    """One cluster for the whole run: worker processes inherit its address. Laws are tried briefly, or thoroughly."""
    from hypothesis import HealthCheck, settings

    patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy
    settings.register_profile("briefly", patient, max_examples=20, derandomize=True)
    settings.register_profile("thoroughly", patient, max_examples=150)
    settings.load_profile("thoroughly" if config.getoption("--all") else "briefly")
    # A test that ends early leaves its pool to the garbage collector; SQLite's connections say nothing of that.
    config.addinivalue_line("filterwarnings", "ignore:<psycopg.Connection:ResourceWarning")
    config.addinivalue_line("markers", "sqlite(reason): about SQLite's own ways; skipped by name on PostgreSQL")
    if config.getoption("--store") == "postgresql" and CLUSTER not in os.environ and not config.option.collectonly:
        running = ExitStack()
        running.enter_context(cluster_for_all())
        config.add_cleanup(running.close)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    everything = config.getoption("--all")
    chosen = everything or bool(config.option.markexpr)
    if config.getoption("--store") == "postgresql":
        _keep_what_opens_a_store(config, items)
    for item in items:
        missing = _missing(item)
        if not chosen and item.get_closest_marker("real"):
            item.add_marker(pytest.mark.skip(reason="needs minutes or a real counterpart: ./test -m real"))
        elif missing and not everything:
            item.add_marker(pytest.mark.skip(reason=f"needs {missing}: {INSTALL}"))


def _keep_what_opens_a_store(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without the tests that no database has to do with; those about SQLite's own files are skipped by name."""
    others = [item for item in items if not _opens_a_store(item)]
    items[:] = [item for item in items if item not in set(others)]
    config.hook.pytest_deselected(items=others)
    for item in items:
        if (marker := item.get_closest_marker("sqlite")) is not None:
            item.add_marker(pytest.mark.skip(reason=f"about SQLite: {marker.args[0]}"))


def _opens_a_store(item: pytest.Item) -> bool:
    """Does its file, or that of a fixture it uses, name what opens a node or its database?"""
    if not isinstance(item, pytest.Function):
        return False
    fixtures = (found[-1].func for found in item._fixtureinfo.name2fixturedefs.values())
    return any(OPENERS & set(getattr(made, "__globals__", ())) for made in (item.function, *fixtures))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Databases live as long as the file of tests that they were made for."""
    yield
    if nextitem is None or nextitem.path != item.path:
        drop_databases()


@pytest.fixture(autouse=True, scope="session")
def tables_lie_in_the_chosen_store() -> Iterator[None]:
    """A node that was told of no database has one of its own in the cluster of the run."""
    if CLUSTER not in os.environ:
        yield
        return
    from node.settings.declared import Settings

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Settings, "store_url", property(lambda self: self.database_url or store_url(self.data)))
        yield


@pytest.fixture(autouse=True, scope="session")
def nodes_begin_quickly(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What each node would do anew is done once."""
    folder = tmp_path_factory.mktemp("quick-starts")
    with tables_are_copied(folder), passwords_cost_little(), one_authority_is_known(folder):
        yield


@pytest.fixture(autouse=True)
def logs_are_nobodys_afterwards() -> Iterator[None]:
    """A command that opens a stopped node has lines go to what its test captures. That is closed when the test ends:
    whoever logged later, a thread of another file's node perhaps, would fail of it, and below errors none was heard.
    """
    yield
    for name in ("uvicorn", "litestar"):  # an application without a setting for its logs gives itself one
        library = logging.getLogger(name)
        library.setLevel(logging.NOTSET)
        library.propagate = True
        library.handlers.clear()
    if not structlog.is_configured():
        return
    structlog.reset_defaults()
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    for handler in [one for one in root.handlers if type(one) is logging.StreamHandler]:
        root.removeHandler(handler)


def pytest_runtest_setup(item: pytest.Item) -> None:
    missing = _missing(item)
    if missing and item.config.getoption("--all"):
        pytest.fail(f"{missing} is not installed, and --all skips nothing: {INSTALL}")


def _missing(item: pytest.Item) -> str:
    """The counterparts that a test says it needs and that are not on this machine."""
    names = [name for marker in item.iter_markers("needs") for name in marker.args]
    return " and ".join(name for name in names if not COUNTERPARTS[name]())


@pytest.fixture(autouse=True, scope="session")
def nothing_leaves_the_machine() -> Iterator[None]:
    """A connection to another machine is an error: a test that needs one is not a test of this project."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
