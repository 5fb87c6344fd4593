"""What lies in the folder: tables of this release, a file without damage, keys that open, jobs that get done."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from node.cli.examining.finding import Finding, judged
from node.errors import NodeError, StoreDamaged
from node.services.audit import NEWEST, Audit
from node.services.hosting.keyring import Keyring
from node.services.sealing import KEY_FILE, SealBroken, Sealer, load_sealing_key
from node.settings.declared import Settings
from node.store.administration import jobs
from node.store.database import Database
from node.store.engine.failing import find_storage_error
from node.store.repositories import accounts
from schemas.cbor import COMPILED

OLDEST_POSTGRESQL = 15


def examine_tables(settings: Settings) -> Iterator[Finding]:
    """Only reads, so it may be done beside a running node."""
    path = settings.data / KEY_FILE
    database = Database(settings.store_url)
    try:
        yield from _examine_with_key(database, settings, path) if path.exists() else [_without_key(database)]
    except Exception as error:  # noqa: BLE001 - what a database may throw is a finding, not the doctor's end
        failure = find_storage_error(error)
        hint = failure.hint if failure else "Is store.database_url right, and does the server run?"
        yield Finding("database", ok=False, detail=str(error).splitlines()[0], mend=hint)
    finally:
        database.close()


def _examine_with_key(database: Database, settings: Settings, path: Path) -> Iterator[Finding]:
    private = path.stat().st_mode & 0o077 == 0
    yield judged("privacy of the key", private, "only its owner reads it" if private else "others may read it",
                 f"chmod 600 {path}")  # fmt: skip
    yield _versions(database)
    current = database.is_current
    seen = "of this release" if current else "of another release"
    yield judged("tables", current, seen, "`skillnet migrate` on the stopped node, or its next start.")
    damage = database.damage()
    yield judged("database file", not damage, "; ".join(damage[:3]) or "no damage", StoreDamaged.hint)
    if current:
        yield from _contents(database, settings)
        yield _audit_log(database, settings)


def _without_key(database: Database) -> Finding:
    """Before the first start there is none; afterwards it is lost."""
    is_there = not database.is_sqlite or Path(database.url.database or "").exists()
    if is_there and database.is_current and database.is_in_use:
        return Finding("keys", ok=False, detail=f"{KEY_FILE} is gone", mend=SealBroken.hint)
    return Finding("keys", ok=True, detail="none yet; the first start makes them")


def _versions(database: Database) -> Finding:
    release = metadata.version("skillnet-node")
    python = ".".join(map(str, sys.version_info[:3]))
    codec = "a compiled codec" if COMPILED else "a codec in Python (slower: no C compiler was here at first)"
    known = database.version()
    is_old = not database.is_sqlite and int(known.split()[1].partition(".")[0]) < OLDEST_POSTGRESQL
    mend = (
        f"Move to PostgreSQL {OLDEST_POSTGRESQL} or newer: `skillnet backup`, then `skillnet restore` into the new one."
    )
    return judged("versions", not is_old, f"skillnet-node {release}, Python {python}, {codec}, {known}", mend)


def _audit_log(database: Database, settings: Settings) -> Finding:
    """Every entry's hash covers the one before; the newest is kept beside the database."""
    found = Audit(database, settings.data).check()
    seen = f"{found.entries} entries" if found.met else "its newest entries are gone"
    seen = f"entry {found.broken} is not as it was written" if found.broken else seen
    mend = "Somebody changed the database. Compare with a backup, and with a hash kept elsewhere: `skillnet audit`."
    known = "" if found.met else f" When you know why, delete {NEWEST} in the data folder."
    return judged("audit log", found.ok, seen, mend + known)


def _contents(database: Database, settings: Settings) -> Iterator[Finding]:
    with database.read() as session:
        hosted = [row.did for row in accounts.list_accounts(session) if row.sealed_key and row.status != "deleted"]
        waiting = jobs.list_jobs(session)
        closed = 0
        try:
            keyring = Keyring(Sealer(load_sealing_key(settings.data)))
            for did in hosted:
                try:
                    keyring.key_of(session, did)
                except SealBroken:
                    closed += 1
            seen = f"{len(hosted) - closed} of {len(hosted)} accounts' keys open with the sealing key"
            yield judged("keys", not closed, seen, SealBroken.hint)
        except NodeError as error:
            yield Finding("keys", ok=False, detail=error.message, mend=error.hint)
    failed = [f"{job.key}: {job.error}" for job in waiting if job.state == "failed" or (job.error and job.attempts > 2)]
    yield judged("jobs", not failed, "; ".join(failed)[:300] or f"{len(waiting)} known, none failed",
                 "The log says more; the node tries again by itself, an hour apart at most.")  # fmt: skip


def examine_clock_by_files(data: Path) -> Finding | None:
    """A file of the node from the future: the clock was set back since."""
    ahead = max((file.stat().st_mtime - time.time() for file in data.glob("skillnet.db*")), default=0.0)
    if ahead < 60:
        return None
    mend = "Set the clock by the network (timedatectl set-ntp true); the node numbers on from where it was meanwhile."
    return Finding("clock", ok=False, detail=f"the database was written {ahead:.0f} s in the future", mend=mend)
