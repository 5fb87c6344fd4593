"""What is inside a backup: a compressed tar of JSON Lines, one file per batch of a table's rows, and plain files.

`head.json` comes first and says what the rest needs; `manifest.json` comes last, with every member's SHA-256.
Whoever has the passphrase can read all of it without this program.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from typing import Any, BinaryIO, Self

from node.services.keeping.sealed_stream import BackupUnreadable, SealedReader, SealedWriter

HEAD, MANIFEST, CONFIGURATION = "head.json", "manifest.json", "skillnet.toml"
FORMAT = 1
QUICK = 1  # gzip's level: the rest costs time and saves little
LARGEST_MEMBER = 256_000_000
Member = tuple[str, bytes]


class ArchiveWriter:
    """Members go in one after the other; `finish` adds the manifest. Left without it, nothing more is written."""

    def __init__(self, file: BinaryIO, passphrase: str, head: dict[str, Any], configuration: bytes = b"") -> None:
        self._sealed = SealedWriter(file, passphrase)
        self._zip = gzip.GzipFile(fileobj=self._sealed, mode="wb", compresslevel=QUICK, mtime=0)
        self._tar = tarfile.TarFile.open(fileobj=self._zip, mode="w|", format=tarfile.PAX_FORMAT)
        self._digests: dict[str, str] = {}
        self.add(HEAD, _json({"format": FORMAT, **head}))
        self.add(CONFIGURATION, configuration)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sealed.close()  # the standard library's writers would add to what failed when they are let go

    def add(self, name: str, body: bytes) -> None:
        """One member."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(body), 0o600
        self._tar.addfile(info, io.BytesIO(body))
        self._digests[name] = hashlib.sha256(body).hexdigest()

    def finish(self, facts: dict[str, Any]) -> None:
        """The manifest, and the end."""
        self.add(MANIFEST, _json({**facts, "members": dict(self._digests)}))
        self._tar.close()
        self._zip.close()
        self._sealed.finish()


class ArchiveReader:
    """Reads and checks members in order: `head` and `configuration` come first; `manifest` is there at the end."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        self._tar = _open_tar(SealedReader(file, passphrase))
        self._digests: dict[str, str] = {}
        self._members = self._read_all()
        self.manifest: dict[str, Any] = {}
        self.head: dict[str, Any] = json.loads(self._expect(HEAD))
        if self.head.get("format") != FORMAT:
            raise BackupUnreadable("The backup was made by a newer release.", hint="Restore it with that release.")
        self.configuration = self._expect(CONFIGURATION).decode()

    def _expect(self, name: str) -> bytes:
        found, body = next(self._members, ("", b""))
        if found != name:
            raise BackupUnreadable
        return body

    def members(self) -> Iterator[Member]:
        """Every member between head and manifest. Raises BackupUnreadable when something is missing or changed."""
        for name, body in self._members:
            if name == MANIFEST:
                self.manifest = json.loads(body)
                expected = dict(self.manifest["members"])
                if expected != {known: self._digests[known] for known in self._digests if known != MANIFEST}:
                    raise BackupUnreadable("The backup's list and its members differ.")
                continue
            yield name, body
        if not self.manifest:
            raise BackupUnreadable("The backup has no end.")

    def _read_all(self) -> Iterator[Member]:
        try:
            for info in self._tar:
                if not info.isreg() or info.size > LARGEST_MEMBER:
                    raise BackupUnreadable(f"The backup holds something that is not one: {info.name[:80]!r}.")
                file = self._tar.extractfile(info)
                body = file.read() if file else b""
                self._digests[info.name] = hashlib.sha256(body).hexdigest()
                yield info.name, body
        except (tarfile.TarError, EOFError, OSError, gzip.BadGzipFile) as error:
            raise BackupUnreadable from error


def _open_tar(sealed: SealedReader) -> tarfile.TarFile:
    try:
        return tarfile.open(fileobj=gzip.GzipFile(fileobj=_Readable(sealed), mode="rb"), mode="r|")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BackupUnreadable from error


class _Readable(io.RawIOBase):
    """A SealedReader as the standard library wants its files."""

    def __init__(self, sealed: SealedReader) -> None:
        self._sealed = sealed

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        return self._sealed.read(-1 if size is None else size)


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
