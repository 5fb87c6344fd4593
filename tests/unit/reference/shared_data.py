"""The published reference data that lies beside the repository, for tests that want all of it."""

from __future__ import annotations

import os
import tarfile
import tempfile
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]


@cache
def unpacked(name: str) -> Path | None:
    """The folder of an archive (onet, esco, ai_exposure), as it lies there or unpacked for this run."""
    shared = Path(os.environ.get("SKILLNET_SHARED_DATA") or REPOSITORY / "../shared/data")
    if (shared / name).is_dir():
        return shared / name
    archive = shared / f"{name}.tar.xz"
    if not archive.is_file():
        return None
    place = Path(tempfile.mkdtemp(prefix="skillnet-reference-"))
    with tarfile.open(archive) as packed:
        packed.extractall(place, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    return next((path for path in place.rglob(name) if path.is_dir()), place)


def reference_folder(name: str) -> Path:
    """An archive's folder; skips the test by name where it is absent."""
    found = unpacked(name)
    if found is None:
        pytest.skip(f"needs the reference data {name} ($SKILLNET_SHARED_DATA or ../shared/data)")
    return found


def onet_folder(release: str) -> Path:
    """One of O*NET's releases."""
    found = next((path for path in reference_folder("onet").rglob(release) if path.is_dir()), None)
    if found is None:
        pytest.skip(f"needs the O*NET release {release}")
    return found
