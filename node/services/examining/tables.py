"""What lies in the folder: tables of this release, a file without damage, keys that open, jobs that get done."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from node.errors import NodeError
from node.services.audit import NEWEST, Audit, Checked
from node.services.erasures import ERASURE_LOG
from node.services.examining.clock import SET_CLOCK, SKEW
from node.services.examining.finding import Finding, examine_privacy, in_words, judged, own_command, quoted
from node.services.examining.jobs import examine_jobs
from node.services.examining.release import PACKAGE, RUNNING
from node.services.examining.units import renew
from node.services.hosting.keyring import Keyring
from node.services.sealing import KEY_FILE, SealBroken, Sealer, load_sealing_key
from node.settings.declared import Settings, declared_settings
from node.store.administration import jobs
from node.store.database import Database
from node.store.engine.failing import find_storage_error
from node.store.repositories import accounts
from node.store.sessions import Session
from schemas.cbor import COMPILED

OLDEST_POSTGRESQL = 15
FEW = 100  # keys tried every quarter of an hour
DAILY = "examine-database"  # the job that reads the database file from end to end


def examine_tables(settings: Settings) -> Iterator[Finding]:
    """By connections of its own, which only read: beside a running node, or before a stopped one is opened."""
    database = Database(settings.store_url)
    try:
        yield from examine_database(database, settings, Audit(database, settings.data), whole=True)
    finally:
        database.close()


def examine_database(
    database: Database, settings: Settings, audit: Audit, *, whole: bool, asked: bool = False
) -> Iterator[Finding]:
    """The `whole` file is read, which takes a while; else what the daily reading of it said, and `audit`'s newest.
    When somebody `asked`, all of `audit`."""
    path = settings.data / KEY_FILE
    try:
        if not path.exists():
            yield _without_key(database, settings)
            return
        yield examine_privacy("privacy of the key", path, "600")
        yield _versions(database)
        current = database.is_current
        yield _tables(database, settings.data, current=current)
        if whole:
            yield _damage("; ".join(database.damage()[:3]), settings)
        if current:
            yield from _contents(database, settings, whole=whole)
            yield _audit_log(audit.check() if whole else audit.check_newest(whole=asked))
    except Exception as error:  # noqa: BLE001 - what a database may throw is a finding, not the doctor's end
        failure = find_storage_error(error)
        hint = failure.hint if failure else "Is store.database_url right, and does the server run?"
        yield Finding("database", ok=False, detail=str(error).splitlines()[0], mend=hint)


def _tables(database: Database, data: Path, *, current: bool) -> Finding:
    if current:
        return Finding("tables", ok=True, detail="of this release")
    if database.is_newer:
        stay = "To stay with this one: `migrate --undo` with that one, or a backup that this one made."
        mend = f"Install that release: {renew()}. {stay}"
        return Finding("tables", ok=False, detail="of a newer release", mend=mend)
    mend = f"{own_command('migrate', data)} on the stopped node, or its next start."
    return Finding("tables", ok=False, detail="of an older release", mend=mend)


def _damage(found: str, settings: Settings) -> Finding:
    mend = (
        f"Stop the node. {_restored(settings)} puts the newest backup into a new folder: serve that, keep this aside."
    )
    return judged("database file", not found, found or "no damage", mend)


def _restored(settings: Settings) -> str:
    """The command that makes a node of a backup, beside this folder and its database."""
    data, log = settings.data, settings.data / ERASURE_LOG
    words = f"restore BACKUP --erasures {quoted(log)}" if log.exists() else "restore BACKUP --no-erasures"
    if not settings.database_url:
        return own_command(words, _beside(data))
    file = shlex.quote(f"sqlite:///{_beside(data).absolute()}/skillnet.db")
    command = own_command(f"{words} --database-url {file}", _beside(data))
    variable = next(one.variable for one in declared_settings() if one.attribute == "database_url")
    return command.replace("`", f"`env -u {variable} ", 1) if variable in os.environ else command


def _beside(data: Path) -> Path:
    return data.absolute().with_name(f"{data.absolute().name}-again")


def _without_key(database: Database, settings: Settings) -> Finding:
    """Before the first start there is none; afterwards it is lost."""
    is_there = not database.is_sqlite or Path(database.url.database or "").exists()
    if is_there and database.is_current and database.is_in_use:
        return Finding("keys", ok=False, detail=f"{KEY_FILE} is gone", mend=_key_back(settings))
    return Finding("keys", ok=True, detail="none yet; the first start makes them")


def _versions(database: Database) -> Finding:
    python = ".".join(map(str, sys.version_info[:3]))
    codec = "a compiled codec" if COMPILED else "a codec in Python (slower: no C compiler was here at first)"
    known = database.version()
    is_old = not database.is_sqlite and int(known.split()[1].partition(".")[0]) < OLDEST_POSTGRESQL
    mend = (
        f"Move to PostgreSQL {OLDEST_POSTGRESQL} or newer: `skillnet backup`, then `skillnet restore` into the new one."
    )
    return judged("versions", not is_old, f"{PACKAGE} {RUNNING}, Python {python}, {codec}, {known}", mend)


def _audit_log(found: Checked) -> Finding:
    """Every entry's hash covers the one before; the newest is kept beside the database."""
    entries = "1 entry" if found.entries == 1 else f"{found.entries} entries"
    seen = entries if found.met else "its newest entries are gone"
    seen = f"entry {found.broken} is not as it was written" if found.broken else seen
    mend = "Somebody changed the database. Compare with a backup, and with a hash kept elsewhere: `skillnet audit`."
    known = "" if found.met else f" When you know why, delete {NEWEST} in the data folder."
    return judged("audit log", found.ok, seen, mend + known)


def _contents(database: Database, settings: Settings, *, whole: bool) -> Iterator[Finding]:
    with database.read() as session:
        yield _keys(session, settings, None if whole else FEW)
        known = jobs.list_jobs(session)
    daily = [job for job in known if job.key == DAILY]
    if daily and not whole:
        yield _damage(daily[0].error, settings)
    yield examine_jobs([job for job in known if job.key != DAILY])


def _keys(session: Session, settings: Settings, most: int | None) -> Finding:
    """Each signing key lies under the sealing key; with another one the first will not open either."""
    hosted = [row.did for row in accounts.list_accounts(session) if row.sealed_key and row.status != "deleted"][:most]
    try:
        keyring = Keyring(Sealer(load_sealing_key(settings.data, is_first=False)))
    except NodeError as error:
        return Finding("keys", ok=False, detail=error.message, mend=_key_back(settings))
    closed = sum(not _opens(keyring, session, did) for did in hosted)
    seen = f"{len(hosted) - closed} of {len(hosted)} accounts' keys open with the sealing key"
    return judged("keys", not closed, seen, _key_back(settings))


def _key_back(settings: Settings) -> str:
    """Out of the newest backup."""
    data = settings.data
    copied = f"`cp -p {quoted(_beside(data) / KEY_FILE)} {quoted(data / KEY_FILE)}`"
    kept = f"Put the copy of {KEY_FILE} back that you keep."
    return f"{kept} In a backup: {_restored(settings)}, then {copied}; start again."


def _opens(keyring: Keyring, session: Session, did: str) -> bool:
    try:
        keyring.key_of(session, did)
    except SealBroken:
        return False
    return True


def examine_clock_by_files(data: Path) -> Finding | None:
    """A file of the node from the future: the clock was set back since."""
    ahead = max((file.stat().st_mtime - time.time() for file in data.glob("skillnet.db*")), default=0.0)
    if ahead < SKEW:
        return None
    seen = f"the database was written {in_words(ahead)} in the future: the clock was set back since"
    return Finding("clock", ok=False, detail=seen, mend=f"{SET_CLOCK} The node numbers on from where it was meanwhile.")
