"""Opens the database: SQLite in WAL mode by default, PostgreSQL when told. Readers read; one Writer writes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import Session

from node.errors import ConfigurationError, Conflict, DataFolderError, NodeError, StoreAway, TablesNotYet
from node.store.engine.failing import find_storage_error
from node.store.engine.making import make_engine
from node.store.engine.quick_reads import QuickReads
from node.store.engine.straight import begin_reading
from node.store.engine.writer import Writer
from node.store.keeping.former import KEPT_FOR, drop_former, former_age
from node.store.keeping.revision import is_newer, is_newest
from node.store.processes.elsewhere import DistantWriter
from node.store.repositories.accounts import has_accounts

if TYPE_CHECKING:
    from node.store.keeping.dumping import Filling
    from node.store.processes.election import Election

LOCK_PATIENCE = "2s"
MOMENT = 0.2  # seconds
# A server that vanished without a word, or a firewall between that forgot the connection, is noticed in half a minute.
_ATTENTIVE = {
    "connect_timeout": "5", "keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3",
    "tcp_user_timeout": "25000",
}  # fmt: skip
_HINT = "Is store.database_url right, and does the server run? Empty means a SQLite file in the data folder."


class Database:
    """One node's database: `read()` gives a session for queries, `writer` is the only door for changes."""

    def __init__(self, url: str, election: Election | None = None, *, distant: bool = False) -> None:
        """With an `election`, only the elected core's writer writes; a `distant` one never does: the core does."""
        try:
            self.url = make_url(url)
        except ArgumentError as error:
            raise ConfigurationError("store.database_url", "not a database's address", hint=_HINT) from error
        if not self.is_sqlite:
            self.url = self.url.update_query_dict(_ATTENTIVE | dict(self.url.query))
        self._readers = make_engine(self.url, writing=False)
        self._writing = make_engine(self.url, writing=True)
        self.writer = DistantWriter(self._writing) if distant else Writer(self._writing)
        if not self.is_sqlite:
            from node.store.engine.silence import watch_server

            watch_server(self.address, self._readers, self._writing, self.writer)
        if election is not None:
            election.guard(self._writing)
        self.quick: QuickReads | None = None  # on SQLite, once open

    @property
    def is_sqlite(self) -> bool:
        """True when one file holds everything."""
        return self.url.get_backend_name() == "sqlite"

    def open(self) -> Database:
        """Bring the tables up to date and start the writer. Raises DataFolderError or one of its kinds, NotTheCore."""
        try:
            self._bring_up_to_date()
        except (OSError, DBAPIError) as error:
            self.close()
            found = find_storage_error(error)
            hint = _HINT if found is None or isinstance(found, StoreAway) else found.hint
            raise DataFolderError(f"The database cannot be opened: {_words(error)}", hint=hint) from error
        except NodeError:
            self.close()
            raise
        self.writer.start()
        if self.is_sqlite and self.url.database:
            self.quick = QuickReads(self.url.database)
        return self

    @property
    def address(self) -> str:
        """The server's address with its password, for connections of one's own."""
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)

    @property
    def is_distant(self) -> bool:
        """Is it another process that writes?"""
        return isinstance(self.writer, DistantWriter)

    @property
    def is_current(self) -> bool:
        """Are the tables those of this release?"""
        return is_newest(self._writing)

    @property
    def is_newer(self) -> bool:
        """Are the tables those of a newer release?"""
        return is_newer(self._writing)

    @property
    def is_in_use(self) -> bool:
        """Was a node served from it? Then there are accounts, at least the node's own."""
        with self.read() as session:
            return has_accounts(session)

    @contextmanager
    def filling(self, revision: str, backup: str = "") -> Iterator[Filling]:
        """Make the tables as of a revision and fill them, all in one transaction. Raises Conflict.

        Of a `backup` they are marked until `finish_filling`: whoever was killed before may begin anew.
        """
        from node.store.keeping.dumping import Filling
        from node.store.keeping.migrating import make_tables
        from node.store.keeping.unfinished import mark_unfinished

        self.drop_unfinished(backup)
        with self._writing.begin() as connection:
            make_tables(connection, revision)
            filling = Filling(connection)
            if not filling.is_empty():
                raise Conflict("The database is not empty.", hint="Restore into a new database.")
            if backup:
                mark_unfinished(filling, backup)
            yield filling

    def drop_unfinished(self, backup: str) -> None:
        """Let go of what a restore of this backup left half done; of nothing else."""
        from node.store.keeping.unfinished import drop_unfinished

        if backup:
            drop_unfinished(self._writing, backup)

    def finish_filling(self) -> None:
        """What it was filled with is a node."""
        from node.store.keeping.unfinished import finish

        self.writer.write(finish)

    def _bring_up_to_date(self) -> None:
        if self.is_distant:
            if not is_newest(self._readers):
                raise TablesNotYet
            return
        if is_newest(self._writing):
            return
        from node.store.keeping.migrating import migrate

        migrate(self._writing)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one consistent state and cannot write."""
        with begin_reading(self._readers) as session:
            yield session

    def scrub(self, patience: float = 10.0) -> None:
        """Empty SQLite's write-ahead log into the file, where deletion overwrites: no old page stays behind.

        Nobody writes meanwhile, for at most `patience` seconds: as long as somebody reads what was before, it is owed.
        """
        self.writer.deleting.clear()
        if not self.is_sqlite:
            return
        connection = self._readers.raw_connection()  # a checkpoint cannot run inside a transaction
        is_done = False
        try:
            cursor = connection.cursor()
            usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout={round(patience * 1000)}")
            is_done = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
            cursor.execute(f"PRAGMA busy_timeout={usual}")
        finally:
            if not is_done:
                self.writer.deleting.set()
            connection.close()

    def scrub_if_owed(self) -> None:
        """Do so, in a moment, where something was deleted since: whatever deletes need not wait for it."""
        if self.writer.deleting.is_set():
            self.scrub(MOMENT)

    @property
    def log_file(self) -> tuple[int, int] | None:
        """Which file has the name of SQLite's write-ahead log: what is in the one that was opened is nowhere else."""
        if not self.is_sqlite:
            return None
        with contextlib.suppress(FileNotFoundError):
            found = Path(f"{self.url.database}-wal").stat()
            return found.st_dev, found.st_ino
        return None

    def former_age(self) -> float | None:
        """Seconds since the upgrade whose former state can be put back; None when there is none."""
        return former_age(self._readers)

    def drop_former(self) -> None:
        """Let go of the state before the last upgrade: it holds what is being erased."""
        if self.former_age() is not None:
            drop_former(self._writing)

    def drop_old_former(self) -> None:
        """Let go of it when the upgrade has proved itself."""
        if (self.former_age() or 0.0) > KEPT_FOR:
            drop_former(self._writing)

    def put_back(self) -> str:
        """Undo the last upgrade of a database that nobody has open; the revision that it has then. Raises Unknown."""
        from node.store.keeping.putting_back import put_back

        return put_back(self._writing)

    def version(self) -> str:
        """Which database it is, for people."""
        asked = "SELECT sqlite_version()" if self.is_sqlite else "SHOW server_version"
        with self._readers.connect() as connection:
            found = connection.exec_driver_sql(asked).scalar_one()
        return f"{'SQLite' if self.is_sqlite else 'PostgreSQL'} {found}"

    def size(self) -> int:
        """Bytes of all tables, on SQLite of the file with its log."""
        if self.is_sqlite:
            file = Path(self.url.database or "")
            parts = (file, file.with_name(f"{file.name}-wal"))
            return sum(part.stat().st_size for part in parts if part.exists())
        with self._readers.connect() as connection:
            return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())

    def write_anew(self, table: str) -> bool:
        """Leave no old version of its rows behind, where PostgreSQL keeps them; False if somebody reads it just now.

        Meant for small tables: nobody else can use it meanwhile.
        """
        if self.is_sqlite:
            return True  # deletion overwrites
        with self._writing.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_PATIENCE}'")
            try:
                connection.exec_driver_sql(f'VACUUM FULL "{table}"')
            except DBAPIError:
                return False
            finally:
                connection.exec_driver_sql("RESET lock_timeout")
        return True

    def damage(self) -> list[str]:
        """What SQLite finds wrong with its own file; nothing when it is whole. PostgreSQL looks after itself."""
        if not self.is_sqlite:
            return []
        try:
            with self._readers.connect() as connection:
                found = connection.exec_driver_sql("PRAGMA quick_check(10)").scalars().all()
        except DBAPIError as error:
            return [_words(error)]
        return [str(line) for line in found if line != "ok"]

    def close(self) -> None:
        """Finish what is waiting to be written and let go of the files."""
        self.writer.stop()
        if self.quick is not None:
            self.quick.close()
            self.quick = None
        self._readers.dispose()
        self._writing.dispose()


def _words(error: OSError | DBAPIError) -> str:
    """What the driver says, without the statement."""
    return str(error.orig) if isinstance(error, DBAPIError) else str(error)
