"""The rows of `bench keeping`: a node with many modules is backed up, made again elsewhere, and exported."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from federation.codec import cid_for, encode
from federation.keys import SigningKey
from federation.repository import Write
from node.app.compose import compose
from node.app.restoring import restore_node
from node.cli.bench.figures import Row, row
from node.cli.terminal.progress import Progress
from node.services.assembly import Services
from node.services.hosting.accounts import load_rotation_key
from node.services.hosting.blobs.files import blob_json, keep_file
from node.services.keeping.backing_up import back_up
from node.services.keeping.everything import export_everything
from node.services.keeping.restoring import Restoring
from node.services.policy import Role, Viewer
from node.settings.declared import Settings
from node.store.clock import as_text, now
from schemas.authority import MODULE, MODULE_VERSION
from schemas.datamodel import from_json
from schemas.identifiers import tid_from_micros

PATIENCE = 600.0  # seconds that filling an index may take
RESTORED = 120.0  # seconds, of 10,000 modules
PHRASE = "a passphrase for the bench"
EACH = 50  # modules of one author, one commit
WORKERS, PICTURED = 50, 10  # every tenth module has a picture
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(20_000)
TEXT = "Look twice, note what you see, compare it with the list, and ask when two of the three differ.\n\n" * 20


def measure(modules: int, progress: Progress) -> Iterator[Row]:
    """All rows, as they are found. Seconds on the clock."""
    with tempfile.TemporaryDirectory(prefix="skillnet-keeping-") as name:
        folder = Path(name)
        progress("publishing", 0.0)
        settings = Settings(data=folder / "node", url="http://localhost:18301", organisation="Bench", log_level="error")
        (folder / "node").mkdir()
        _fill(settings, modules, progress)

        def quietly(_: str) -> None:
            """Progress of parts is not shown."""

        progress("backing up", 0.6)
        with _timed() as took:
            report = back_up(settings, folder / "backup", PHRASE, quietly)
        yield row(f"backup of {modules:,} modules, read again", "s", round(took[0], 2))
        yield row("its size", "MB", round(report.size / 1e6, 2))
        progress("restoring", 0.7)
        wanted = Restoring(folder / "backup", PHRASE, folder / "again", None)
        with _timed() as took:
            restored, _ = restore_node(wanted, {}, quietly)
        yield row(f"restore of {modules:,} modules, its repositories committed anew", "s", round(took[0], 2), RESTORED)
        progress("building the index", 0.8)
        with _timed() as took:
            _index(restored.settings)
        yield row("search index of the restored node", "s", round(took[0], 2))
        progress("exporting", 0.9)
        with _timed() as took:
            export_everything(settings, folder / "all", quietly)
        yield row(f"export of everything, {modules:,} modules", "s", round(took[0], 2))


def _fill(settings: Settings, modules: int, progress: Progress) -> None:
    services = compose(settings)
    try:
        services.stream.start()
        services.identity.ensure(services.keyring)
        for number in range(WORKERS):
            viewer = Viewer(name=f"worker-{number}", roles=frozenset({Role.WORKER}))
            services.registry.add(viewer.name, (Role.WORKER,), password="")
            services.learning.change_profile(viewer, {"role": "somebody who learns"})
        rotation = load_rotation_key(services.database, services.sealer)
        for first in range(0, modules, EACH):
            recovery = SigningKey.generate().did_key
            account = services.accounts.create_practitioner(f"author-{first}", recovery, rotation, services.stream)
            numbers = range(first, min(first + EACH, modules))
            writes = [write for number in numbers for write in _module(services, account.did, number)]
            services.host.write(account.did, writes)
            progress("publishing", 0.6 * first / modules)
    finally:
        services.heavy.stop()
        services.database.close()


def _module(services: Services, did: str, number: int) -> list[Write]:
    """A version and its head."""
    name, at = f"module-{number}", now() + number
    shown = {"name": name, "title": f"How to read gauge {number}", "createdAt": as_text(at)}
    value = {
        "$type": MODULE_VERSION, **shown, "description": "Made to be kept.", "language": "en", "license": "CC0-1.0",
        "layer": "concept", "level": "novice", "minutes": 5, "body": f"{TEXT}Gauge {number}.\n",
    }  # fmt: skip
    if number % PICTURED == 0:
        stored = keep_file(services.database, services.blobs, did, PICTURE + encode(number), "")
        value["pictures"] = [{"path": "gauge.png", "alt": "A gauge", "blob": from_json(blob_json(stored))}]
    version = Write("create", MODULE_VERSION, str(tid_from_micros(at, 0)), value)
    current = {"uri": f"at://{did}/{version.path}", "cid": cid_for(encode(value))}
    return [version, Write("create", MODULE, name, {"$type": MODULE, **shown, "current": current})]


def _index(settings: Settings) -> None:
    services = compose(settings)
    try:
        services.finder.start()
        if not services.finder.settle(PATIENCE):
            raise RuntimeError(f"The index is not filled after {PATIENCE:.0f} s.")
    finally:
        services.finder.stop()
        services.heavy.stop()
        services.database.close()


@contextmanager
def _timed() -> Iterator[list[float]]:
    took = [0.0]
    began = time.perf_counter()
    yield took
    took[0] = time.perf_counter() - began
