"""Publishes many modules to a node in a process of its own, as `module publish FOLDER` does."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from federation.keys import SigningKey
from node.cli.bench.authoring.samples import write_modules
from node.cli.bench.running import Running, running
from node.cli.publishing.collect import collect
from node.cli.publishing.plan import make_plan
from node.cli.publishing.repository import Repository
from node.cli.publishing.write import carry_out
from node.cli.reaching.client import NodeClient
from node.cli.terminal.progress import Progress

_PASSWORD = "measured-with-care-and-thrown-away"  # noqa: S105 - of a node that lives for a minute


def publish_many(documents: int, progress: Progress) -> float:
    """Seconds from the folder to the last commit: collecting, checking, comparing, signing, pauses for relays."""
    with tempfile.TemporaryDirectory(prefix="skillnet-bench-") as made:
        folder = Path(made) / "modules"
        folder.mkdir()
        write_modules(folder, documents)
        with running(Path(made) / "node") as node, signed_in(node) as repository:
            began = time.perf_counter()
            publish_folder(folder, repository, progress)
            return time.perf_counter() - began


def publish_folder(folder: Path, repository: Repository, progress: Progress) -> None:
    """Publish all that lies in a folder. Raises RuntimeError when something was left."""
    plan = make_plan(collect(folder), repository)
    done = carry_out(plan, repository, progress=progress)
    if len(done) != len(plan.entries):
        raise RuntimeError(f"{len(done)} of {len(plan.entries)} modules were published")


@contextmanager
def signed_in(node: Running) -> Iterator[Repository]:
    """The repository of a practitioner made for it."""
    recovery = SigningKey.generate().did_key
    body = {"name": "measured", "displayName": "Measured", "password": _PASSWORD, "recoveryKey": recovery}
    node.operator.post("/api/accounts", json=body).raise_for_status()
    asked = {"identifier": "measured", "password": _PASSWORD}
    answer = node.web.post("/xrpc/com.atproto.server.createSession", json=asked)
    answer.raise_for_status()
    session = answer.json()
    headers = {"authorization": f"Bearer {session['accessJwt']}"}
    with httpx.Client(base_url=node.web.base_url, headers=headers, timeout=300, trust_env=False) as http:
        yield Repository(NodeClient(http), str(session["did"]))
