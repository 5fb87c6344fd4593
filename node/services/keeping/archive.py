"""What is inside a backup: a compressed tar of JSON Lines, one file per batch of a table's rows, and plain files.

`head.json` comes first and says what the rest needs; `manifest.json` comes last, with every member's SHA-256.
Whoever has the passphrase can read all of it without this program.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Self

from node.services.keeping.sealed_stream import BackupUnreadable, SealedReader, SealedWriter

HEAD, MANIFEST, CONFIGURATION = "head.json", "manifest.json", "skillnet.toml"
FORMAT = 1
QUICK = 1  # gzip's level: the rest costs time and saves little
LARGEST_MEMBER = 256_000_000
MOST_TIMES, SMALL = 200, 1 << 30  # unpacked it is at most so many times larger than the file, beyond a gigabyte
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
    """Reads and checks members in order: `head` and `configuration` come first; `manifest` is there at the end.

    Whoever knows the passphrase may have written anything: it is read piece by piece, and is either what ArchiveWriter
    wrote or BackupUnreadable.
    """

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        self._zip = gzip.GzipFile(fileobj=_Readable(SealedReader(file, passphrase)), mode="rb")
        self._left = max(SMALL, MOST_TIMES * os.fstat(file.fileno()).st_size)
        self._digests: dict[str, str] = {}
        self._members = self._read_all()
        self.manifest: dict[str, Any] = {}
        self.head = _parsed(self._expect(HEAD))
        if self.head.get("format") != FORMAT:
            raise BackupUnreadable("The backup was made by a newer release.", hint="Restore it with that release.")
        if not all(isinstance(self.head.get(name), str) for name in ("revision", "url", "at")):
            raise BackupUnreadable("The head of the backup is damaged.")
        try:
            self.configuration = self._expect(CONFIGURATION).decode()
        except UnicodeDecodeError as error:
            raise BackupUnreadable("The settings in the backup are not text.") from error

    def _expect(self, name: str) -> bytes:
        found, body = next(self._members, ("", b""))
        if found != name:
            raise BackupUnreadable
        return body

    def members(self) -> Iterator[Member]:
        """Every member between head and manifest. Raises BackupUnreadable when something is missing or changed."""
        for name, body in self._members:
            if name == MANIFEST:
                self.manifest = _parsed(body)
                break
            yield name, body
        if not self.manifest:
            raise BackupUnreadable("The backup has no end.")
        if next(self._members, None) is not None:
            raise BackupUnreadable("The backup goes on behind its end.")
        self._digests.pop(MANIFEST)
        if self.manifest.get("members") != self._digests or not isinstance(self.manifest.get("rows"), dict):
            raise BackupUnreadable("The backup's list and its members differ.")

    def _read_all(self) -> Iterator[Member]:
        try:
            with tarfile.open(fileobj=self._zip, mode="r|", tarinfo=_PlainFile) as tar:
                for info in tar:
                    yield info.name, self._body(tar, info)
            while rest := self._zip.read(tarfile.RECORDSIZE):  # what fills the last record, and the sums at the end
                self._count(len(rest))
        except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
            raise BackupUnreadable from error

    def _body(self, tar: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
        self._count(tarfile.BLOCKSIZE + info.size)
        if info.name in self._digests:
            raise BackupUnreadable(f"The backup holds something twice: {info.name[:80]!r}.")
        file = tar.extractfile(info)
        body = file.read() if file else b""
        self._digests[info.name] = hashlib.sha256(body).hexdigest()
        return body

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise BackupUnreadable("Unpacked, the backup is larger than any node's of its size.")


class _PlainFile(tarfile.TarInfo):
    """A member as ArchiveWriter makes them. The library would read other kinds of headers into memory, however long."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        found = super().frombuf(buf, encoding, errors)
        if found.type != tarfile.REGTYPE or not 0 <= found.size <= LARGEST_MEMBER:
            raise BackupUnreadable(f"The backup holds something that is not one: {found.name[:80]!r}.")
        return found


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BackupUnreadable from error
    if not isinstance(found, dict):
        raise BackupUnreadable
    return found


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
