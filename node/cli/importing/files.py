"""A stranger's folder, read with care: no symbolic links, nothing outside it, nothing huge, no end of files."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath

from node.errors import NodeError, TooLarge

MOST_FILES = 20_000
LARGEST_TEXT = 2_000_000  # bytes of one text
LARGEST_FILE = 5_000_000  # bytes of one picture or attachment, as the lexicon allows
LARGEST_TREE = 300_000_000  # bytes in all
_LEFT_OUT = frozenset({"node_modules", "__pycache__", "_build", "_site", ".git"})


class NothingToImport(NodeError):
    """There is nothing here that could become a module."""

    hint = "SKILL.md files, a Carpentries lesson, Markdown or Quarto pages, a GIFT quiz or an OLX course."


class Tree:
    """Files below a folder (or one file), by path. What is refused is in `refused`, each with the reason."""

    def __init__(self, place: Path, name: str = "") -> None:
        if place.is_symlink():
            raise NothingToImport(f"{place} is a symbolic link.", hint="Name the folder that it leads to.")
        if not place.exists():
            raise NothingToImport(f"{place} does not exist.", hint="Name a file, a folder or an https address.")
        self.root = (place if place.is_dir() else place.parent).resolve()
        self.name = name or self.root.name
        self.refused: list[str] = []
        self._sizes: dict[str, int] = {}
        if place.is_file():
            self._take(place)
        else:
            self._walk()

    @property
    def paths(self) -> list[str]:
        """Every file, in a stable order."""
        return list(self._sizes)

    def beside(self, path: str) -> list[str]:
        """Files in the folder of `path` and below it, relative to that folder; what is too large is left out."""
        folder = PurePosixPath(path).parent.as_posix()
        start = "" if folder == "." else f"{folder}/"
        return [
            other.removeprefix(start)
            for other, size in self._sizes.items()
            if other.startswith(start) and size <= LARGEST_FILE
        ]

    def text(self, path: str) -> str | None:
        """A file's text; None when it is not there, too large or no text. Bytes that are not UTF-8 are replaced."""
        size = self._sizes.get(path)
        if size is None:
            return None
        if size > LARGEST_TEXT:
            self.refused.append(f"{path}: {size} bytes; a text has at most {LARGEST_TEXT}")
            return None
        content = self.read(path)
        return None if b"\0" in content else content.decode("utf-8", "replace")

    def read(self, path: str) -> bytes:
        """A file's bytes. It is opened without following links, in case it was exchanged meanwhile."""
        descriptor = os.open(self.root / path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as file:
            return file.read(LARGEST_FILE + 1)[:LARGEST_FILE]

    def _walk(self) -> None:
        total = 0
        for place, folders, names in os.walk(self.root, followlinks=False):
            linked = [name for name in folders if Path(place, name).is_symlink()]
            self.refused += [f"{self._named(Path(place, name))}: a symbolic link is not followed" for name in linked]
            folders[:] = sorted(
                name for name in folders if name not in _LEFT_OUT and not name.startswith(".") and name not in linked
            )
            for name in sorted(names):
                total += self._take(Path(place, name))
                if len(self._sizes) > MOST_FILES or total > LARGEST_TREE:
                    raise TooLarge(
                        f"{self.root} is too large to import: over {MOST_FILES} files or {LARGEST_TREE} bytes.",
                        hint="Name a folder inside it.",
                    )

    def _take(self, path: Path) -> int:
        facts = path.lstat()
        if not stat.S_ISREG(facts.st_mode):
            kind = "a symbolic link is not followed" if stat.S_ISLNK(facts.st_mode) else "not a file"
            self.refused.append(f"{self._named(path)}: {kind}")
            return 0
        if path.name.startswith("."):
            return 0
        self._sizes[self._named(path.resolve())] = facts.st_size
        return facts.st_size

    def _named(self, path: Path) -> str:
        absolute = path if path.is_absolute() else path.absolute()
        return absolute.relative_to(self.root).as_posix() if absolute.is_relative_to(self.root) else path.name
