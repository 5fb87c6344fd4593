"""Clones a stranger's repository shallowly and without running anything of it: https only, within size and time."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

from node.errors import Malformed, NodeError, TooLarge, Unreachable

LARGEST = 300_000_000  # bytes on disk
LONGEST = 180.0  # seconds
_LOOK = 0.2  # seconds between looks at size and time
# No hooks, no filters, no links, no other protocol (git-config: protocol.allow), nothing asked, nothing configured.
_SETTINGS = (
    "core.hooksPath=/dev/null", "core.symlinks=false", "core.fsmonitor=false", "protocol.allow=never",
    "submodule.recurse=false", "credential.helper=", "http.followRedirects=initial", "transfer.fsckObjects=true",
)  # fmt: skip


class GitMissing(NodeError):
    """The program `git` is not installed."""

    hint = "Install git, or download the repository and name its folder."


def clone(url: str, folder: Path, *, protocol: str = "https") -> Path:
    """Clone the newest state into `folder`; the place. Raises Malformed, GitMissing, TooLarge, Unreachable."""
    parts = urlsplit(url)
    if parts.scheme != protocol or (protocol == "https" and not parts.hostname) or "@" in parts.netloc:
        raise Malformed(
            f"{url!r} is not taken.", hint="An https address without name and password: https://host/path.git"
        )
    git = shutil.which("git")
    if git is None:
        raise GitMissing
    place = folder / "repository"
    settings = [word for one in (*_SETTINGS, f"protocol.{protocol}.allow=always") for word in ("-c", one)]
    command = [git, *settings, "clone", "--quiet", "--depth=1", "--single-branch", "--no-tags", "--template=",
               "--", url, str(place)]  # fmt: skip
    environment = {
        "PATH": os.environ.get("PATH", ""), "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C",
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "GIT_LFS_SKIP_SMUDGE": "1",
    }  # fmt: skip
    for name in ("https_proxy", "HTTPS_PROXY", "SSL_CERT_FILE", "GIT_SSL_CAINFO"):
        if name in os.environ:
            environment[name] = os.environ[name]
    with subprocess.Popen(  # noqa: S603 - a fixed command; the address stands behind "--"
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        _watch(process, place, url)
        said = process.stderr.read().decode("utf-8", "replace") if process.stderr else ""
    if process.returncode:
        raise Unreachable(f"{url} could not be cloned: {(said.strip().splitlines() or ['git failed'])[-1][:300]}")
    return place


def _watch(process: subprocess.Popen[bytes], place: Path, url: str) -> None:
    """Wait, but not longer than LONGEST and not for more than LARGEST."""
    until = time.monotonic() + LONGEST
    while process.poll() is None:
        time.sleep(_LOOK)
        too_large = _size(place) > LARGEST
        if too_large or time.monotonic() > until:
            process.kill()
            limit = f"{LARGEST} bytes" if too_large else f"{LONGEST:.0f} seconds"
            raise TooLarge(f"{url} takes more than {limit}.", hint="Clone it yourself and name the folder inside it.")


def _size(place: Path) -> int:
    total = 0
    for folder, _, names in os.walk(place):
        for name in names:
            path = Path(folder, name)
            total += path.lstat().st_size if path.exists() else 0
    return total
