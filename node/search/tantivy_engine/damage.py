"""tantivy says of a damaged index what it says of a wrong argument or a full disk; here it becomes a named error."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from node.errors import DiskFull, StorageFailed, StoreReadOnly
from node.search.errors import IndexBusy, IndexCorrupt, IndexForbidden

_REFUSALS: dict[int, type[StorageFailed]] = {
    errno.ENOSPC: DiskFull, errno.EDQUOT: DiskFull, errno.EROFS: StoreReadOnly, errno.EIO: StoreReadOnly,
}  # fmt: skip


@contextmanager
def noticing_damage() -> Iterator[None]:
    """Raises IndexBusy when another process writes, IndexForbidden, IndexCorrupt for all else tantivy cannot do."""
    try:
        yield
    except (ValueError, OSError) as error:
        if "LockBusy" in str(error):
            raise IndexBusy from error
        if is_forbidden(error):
            raise IndexForbidden from error
        raise IndexCorrupt(f"The search index is damaged: {str(error)[:300]}") from error
    except BaseException as error:
        # A panic in the library comes as a class that cannot be imported and is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise IndexCorrupt(f"The search index is damaged: {str(error)[:300]}") from error


def is_forbidden(error: Exception) -> bool:
    """Did the system refuse it to this user? The library says so in words alone."""
    return isinstance(error, PermissionError) or "permissiondenied" in str(error).replace(" ", "").lower()


def require_room(folder: Path, size: int) -> None:
    """Raises DiskFull or StoreReadOnly when the disk takes no file of so many bytes; any other failure is not its."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
            else:  # macOS
                file.write(bytes(size))
    except OSError as error:
        if (refusal := _REFUSALS.get(error.errno or 0)) is not None:
            raise refusal from error
