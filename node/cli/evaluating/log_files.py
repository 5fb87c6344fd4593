"""Opens logs as they were downloaded: packed in one way or another, in whichever encoding, or a folder of tables."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, TextIO

from node.errors import Malformed

ZIP = b"PK\x03\x04"
QUESTIONS = "questions.csv"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@contextlib.contextmanager
def open_log(path: Path) -> Iterator[Iterable[str]]:
    """The lines of a file, by what is in it and not by its name; of a folder, EdNet's. Raises Malformed.

    What is not UTF-8 is read all the same: names only have to be told from one another.
    """
    if path.is_dir():
        yield _answer_sheets(path)
        return
    with _open_file(path) as lines:
        yield lines


def _answer_sheets(folder: Path) -> Iterator[str]:
    """One table of all students' in `folder` or in its KT1, with the questions in, under or beside it."""
    from node.personalizer.evaluation.logs.answer_sheets import HEADING, joined, parse_questions

    near = [folder / QUESTIONS, folder / "contents" / QUESTIONS, folder.parent / "contents" / QUESTIONS]
    found = next(filter(Path.is_file, near), None)
    sheets = sorted([*folder.glob("u*.csv"), *folder.glob("KT1/u*.csv")])
    if found is None or not sheets:
        raise Malformed(
            f"{folder} is a folder, and not EdNet-KT1's.",
            hint=f"That has u1.csv, u2.csv, … (or KT1 with them), and contents/{QUESTIONS} in or beside it.",
        )
    with _open_file(found) as lines:
        questions = parse_questions(lines)
    yield HEADING + "\n"
    for sheet in sheets:
        with _open_file(sheet) as lines:
            yield from joined(sheet.stem, lines, questions)


@contextlib.contextmanager
def _open_file(path: Path) -> Iterator[TextIO]:
    import lzma
    import zlib
    from zipfile import BadZipFile

    try:
        with _unpacked(path) as packed:
            file = io.BufferedReader(packed)  # type: ignore[type-var]  # what opens packed files is said to be IO
            encoding = "utf-16" if file.peek(2)[:2] in UTF_16 else "utf-8"
            yield io.TextIOWrapper(file, encoding=encoding, errors="backslashreplace", newline="")
    except (OSError, EOFError, lzma.LZMAError, zlib.error, BadZipFile) as error:
        raise Malformed(f"{path} cannot be read: {error}.") from error


def _unpacked(path: Path) -> IO[Any]:
    import bz2
    import gzip
    import lzma

    openers: Mapping[bytes, Callable[..., IO[Any]]] = {
        b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ": lzma.open, ZIP: _only_one_in,
    }  # fmt: skip
    with path.open("rb") as file:
        begins = file.read(max(map(len, openers)))
    opener = next((opener for magic, opener in openers.items() if begins.startswith(magic)), None)
    return opener(path) if opener else path.open("rb", buffering=0)


def _only_one_in(path: Path) -> IO[Any]:
    import zipfile

    archive = zipfile.ZipFile(path)
    names = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX")]
    if len(names) != 1:
        raise Malformed(f"{path} holds {len(names)} files.", hint="Unpack it and name the one that is the log.")
    try:
        return archive.open(names[0])
    except RuntimeError as error:  # a password is asked for, or another way of packing was used
        raise Malformed(f"{path} cannot be unpacked: {error}.", hint="Unpack it and name the log itself.") from error
