"""Restores a backup and opens the node once, so that it is whole and has told its followers before it is served."""

from __future__ import annotations

from collections.abc import Mapping

from node.app.compose import compose
from node.app.data_folder import DataFolder
from node.services.keeping.backing_up import Progress
from node.services.keeping.restoring import Restored, Restoring, finish, restore
from node.services.keeping.settling import Settled, settle
from node.settings.checks import check_settings


def restore_node(wanted: Restoring, environment: Mapping[str, str], progress: Progress) -> tuple[Restored, Settled]:
    """Raises Conflict, BackupUnreadable, ErasureLogMissing, DataFolderError, ConfigurationError."""
    folder = DataFolder(wanted.folder, restoring=True)
    try:
        restored = restore(wanted, environment, progress)
        check_settings(restored.settings)
        progress("telling the network")
        services = compose(restored.settings)
        try:
            settled = settle(services)
            services.database.finish_filling()
        finally:
            services.database.close()
        finish(wanted.folder)
        return restored, settled
    finally:
        folder.close()
