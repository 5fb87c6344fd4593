"""What holds for every test: what is slow or needs a counterpart is skipped by name; nothing leaves the machine.

`./test` runs what is fast and needs nothing. `./test -m real` runs what needs minutes or a real counterpart,
`./test --all` both, and there a counterpart that is not installed is a failure instead of a skip.
"""

from __future__ import annotations

import ipaddress
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

INSTALL = ".ci/install-counterparts installs it"
POSTGRESQL_FOLDERS = "/usr/lib/postgresql/*/bin"  # Debian keeps the server's programs off the PATH


def _has_postgresql() -> bool:
    return bool(shutil.which("initdb") or list(Path("/").glob(POSTGRESQL_FOLDERS[1:] + "/initdb")))


COUNTERPARTS = {
    "PostgreSQL": _has_postgresql,
    "Chromium": lambda: bool(shutil.which("chromium") or shutil.which("chromium-browser")),
    "node": lambda: bool(shutil.which("node")),
    "npm": lambda: bool(shutil.which("npm")),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="also run what is marked real; nothing may be missing")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    everything = config.getoption("--all")
    chosen = everything or bool(config.option.markexpr)
    for item in items:
        missing = _missing(item)
        if not chosen and item.get_closest_marker("real"):
            item.add_marker(pytest.mark.skip(reason="needs minutes or a real counterpart: ./test -m real"))
        elif missing and not everything:
            item.add_marker(pytest.mark.skip(reason=f"needs {missing}: {INSTALL}"))


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
