"""Restores a backup and opens the node once, so that it is whole and has told its followers before it is served."""

from __future__ import annotations

from collections.abc import Mapping

from federation.errors import FederationError
from node.app.compose import compose
from node.app.data_folder import DataFolder
from node.services.keeping.backing_up import Progress
from node.services.keeping.restoring import Restored, Restoring, restored
from node.services.keeping.sealed_stream import BackupUnreadable
from node.services.keeping.settling import Settled, settle


def restore_node(wanted: Restoring, environment: Mapping[str, str], progress: Progress) -> tuple[Restored, Settled]:
    """Raises Conflict, BackupUnreadable, RowsUnfit, ErasureLogMissing, DataFolderError, ConfigurationError."""
    folder = DataFolder(wanted.folder, restoring=True)
    try:
        with restored(wanted, environment, progress) as found:
            progress("telling the network")
            services = compose(found.settings)
            try:
                settled = settle(services)
                services.database.drop_former()  # of an older release's tables; the way back there is the backup
                services.database.finish_filling()  # the last: what fails before is undone, and may be done again
            except (FederationError, ValueError) as error:
                raise BackupUnreadable(f"What the backup holds is not a whole node: {error}.") from error
            finally:
                services.database.close()
        return found, settled
    finally:
        folder.close()
