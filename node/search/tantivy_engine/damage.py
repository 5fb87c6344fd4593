"""tantivy says of a damaged index what it says of a wrong argument; here it becomes a named error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from node.search.errors import IndexBusy, IndexCorrupt


@contextmanager
def noticing_damage() -> Iterator[None]:
    """Raises IndexBusy when another process writes, IndexCorrupt for whatever else tantivy cannot do."""
    try:
        yield
    except (ValueError, OSError) as error:
        if "LockBusy" in str(error):
            raise IndexBusy from error
        raise IndexCorrupt(f"The search index is damaged: {str(error)[:300]}") from error
    except BaseException as error:
        # A panic in the library comes as a class that cannot be imported and is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise IndexCorrupt(f"The search index is damaged: {str(error)[:300]}") from error
