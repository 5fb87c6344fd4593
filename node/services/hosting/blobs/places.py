"""Where the settings say that blobs lie: in folders of the data folder, or in a bucket."""

from __future__ import annotations

from pathlib import Path

from node.errors import ConfigurationError
from node.services.hosting.blobs.store import BlobStore
from node.settings.declared import Settings

PUBLIC, INTERNAL = "blobs", "internal"
PLACES = (PUBLIC, INTERNAL)


def open_blobs(settings: Settings, limit: int = 0) -> dict[str, BlobStore]:
    """By the names of PLACES: what repositories name, and what stays inside. Raises ConfigurationError."""
    limit = limit or settings.max_blob
    if not settings.blobs_endpoint:
        from node.services.hosting.blobs.in_folder import BlobFolder

        return {name: BlobFolder(settings.data / name, limit) for name in PLACES}
    from node.services.hosting.blobs.bucket import Bucket, Place
    from node.services.hosting.blobs.in_bucket import BlobBucket
    from node.services.hosting.blobs.request_signing import Signer

    endpoint = settings.blobs_endpoint.rstrip("/")
    place = Place(endpoint, settings.blobs_bucket, settings.blobs_path_style)
    bucket = Bucket(place, Signer(settings.blobs_key, _secret(settings), settings.blobs_region))
    beginning = f"{settings.blobs_prefix.strip('/')}/" if settings.blobs_prefix else ""
    return {name: BlobBucket(bucket, beginning + name, settings.data / "uploads", limit) for name in PLACES}


def _secret(settings: Settings) -> str:
    if settings.blobs_secret or not settings.blobs_secret_file:
        return settings.blobs_secret
    try:
        return Path(settings.blobs_secret_file).read_text("utf-8").partition("\n")[0].strip()
    except OSError as error:
        raise ConfigurationError("blobs.secret_file", f"cannot be read: {error.strerror}") from error
