"""What needs no server: verifying a repository, verifying events, committing to small and large repositories."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from federation.events import CommitEvent
from federation.frames import encode_commit, parse_frame
from federation.keys import SigningKey
from federation.multibase import base58_encode
from federation.repository import Repository, Write
from federation.verify import KnownState, VerificationLimits, verify_commit_event, verify_repo_car
from node.cli.bench.federation.servers import MODULES
from schemas.identifiers import tid_from_micros

DID = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
NOTE = "com.example.note"
_VERIFY = """
const { verifyRepoCar } = require('@atproto/repo')
const car = new Uint8Array(require('node:fs').readFileSync(process.argv[1]))
const run = async () => {
  for (let round = 0; round < 3; round++) {
    const began = process.cpuUsage()
    await verifyRepoCar(car, process.argv[2], process.argv[3])
    const used = process.cpuUsage(began)
    console.log(JSON.stringify((used.user + used.system) / 1000))
  }
}
run()
"""


class K256Key(SigningKey):
    """Signs as accounts of official servers do; our own accounts have P-256 keys."""

    __slots__ = ("_secret",)

    def __init__(self) -> None:
        from coincurve import PrivateKey

        self._secret = PrivateKey()
        self.did_key = "did:key:z" + base58_encode(b"\xe7\x01" + self._secret.public_key.format())

    def sign(self, message: bytes) -> bytes:
        """64 bytes r, s with the low s."""
        return self._secret.sign_recoverable(message)[:64]


class Growing:
    """A repository in memory that grows by records like those people publish."""

    def __init__(self, key: SigningKey | None = None) -> None:
        self.key = key or SigningKey.generate()
        self.repository = Repository.create(DID, self.key, str(tid_from_micros(1_700_000_000_000_000, 0)))
        self.blocks: dict[str, bytes] = {}
        self.count = 0

    def grow(self, count: int, at_once: int = 200) -> list[bytes]:
        """Add records; the frames of the commits."""
        frames = []
        while count > 0:
            writes = [self._write() for _ in range(min(count, at_once))]
            result = self.repository.apply(writes, self.key, self._rev())
            self.blocks.update({op.cid or "": result.records[op.path] for op in result.ops})
            frames.append(encode_commit(result, self.count, "2027-01-01T00:00:00Z"))
            count -= len(writes)
        return frames

    def _rev(self) -> str:
        return str(tid_from_micros(1_700_000_000_000_000 + self.count, 0))

    def _write(self) -> Write:
        self.count += 1
        value = {"$type": NOTE, "title": f"Note {self.count}", "body": f"{self.count:08} " * 70, "tags": ["a", "b"]}
        return Write("create", NOTE, self._rev(), value)


def verify_car_ms(folder: Path, records: int) -> tuple[float, float | None]:
    """Processor ms to verify a repository's CAR, signature included: ours, and the official verifier's."""
    growing = Growing()
    growing.grow(records)
    car = b"".join(growing.repository.export(growing.blocks.get))
    key = growing.key.verifying_key
    ours = min(_processor_ms(lambda: verify_repo_car(car, DID, key)) for _ in range(3))
    if not (MODULES / "@atproto" / "repo").is_dir():
        return ours, None
    path = folder / "repository.car"
    path.write_bytes(car)
    done = subprocess.run(  # noqa: S603 - a script of this module
        ["node", "-e", _VERIFY, str(path), DID, key.did_key],  # noqa: S607 - whichever node is on the PATH
        capture_output=True, text=True, check=True, timeout=300, env={**os.environ, "NODE_PATH": str(MODULES)},
    )  # fmt: skip
    return ours, min(float(json.loads(line)) for line in done.stdout.split())


def verified_events(count: int, key: SigningKey) -> float:
    """Live events a processor second that are parsed and verified whole: hashes, signature, order, inversion."""
    growing = Growing(key)
    growing.grow(1_000)
    repository = growing.repository
    state = KnownState(repository.rev, repository.data_cid)
    frames = growing.grow(count, at_once=1)
    public, limits = key.verifying_key, VerificationLimits()

    def verify() -> None:
        known = state
        for frame in frames:
            event = parse_frame(frame)
            assert isinstance(event, CommitEvent)
            known = verify_commit_event(event, known, public, limits).state

    return count / (min(_processor_ms(verify) for _ in range(3)) / 1000)


def commit_ratio(small: int, large: int, count: int) -> float:
    """How much longer one commit takes at `large` records than at `small` (medians, in memory)."""

    def typical(growing: Growing) -> float:
        times = [_processor_ms(lambda: growing.grow(1, at_once=1)) for _ in range(count)]
        return median(times)

    few, many = Growing(), Growing()
    few.grow(small)
    many.grow(large)
    return typical(many) / typical(few)


def _processor_ms(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000
