"""Tables as published: tab-separated (.tsv, .txt), comma-separated (.csv) or a workbook (.xlsx), header in row one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from node.services.reference.importing.errors import ColumnMissing, EncodingWrong, RowCutOff
from node.services.reference.importing.sheet import read_sheet

ENDINGS = (".tsv", ".txt", ".csv", ".xlsx")
csv.field_size_limit(1_000_000)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `place` is its file and line, for what is said of it."""

    file: str
    line: int
    values: list[str]

    @property
    def place(self) -> str:
        """`task_statements.tsv:17`."""
        return f"{self.file}:{self.line}"


class Table:
    """A whole file, checked for its form. `table.rows(columns)` gives the rows with those columns, in that order."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.is_tabbed = path.suffix in (".tsv", ".txt")
        found = list(_read(path))
        if not found:
            raise RowCutOff(f"{self.name}:1", "The file is empty.")
        self.header = [name.strip() for name in found[0][1]]
        self._rows = [(line, values) for line, values in found[1:] if any(values)]
        self._check_widths(padded=path.suffix == ".xlsx")
        if path.suffix != ".xlsx" and not path.read_bytes().endswith(b"\n"):
            self._check_end()

    def __len__(self) -> int:
        return len(self._rows)

    def has(self, *columns: str) -> bool:
        """Are all of these in the header?"""
        return set(columns) <= set(self.header)

    def rows(self, *columns: str, optional: Sequence[str] = ()) -> Iterator[Row]:
        """Rows of these columns; `optional` ones come after them, '' where the file has them not."""
        places = [self._find(column) for column in columns]
        more = [self.header.index(column) if column in self.header else -1 for column in optional]
        for line, values in self._rows:
            picked = [values[place].strip() for place in places]
            yield Row(self.name, line, picked + [values[place].strip() if place >= 0 else "" for place in more])

    def _find(self, column: str) -> int:
        if column not in self.header:
            shown = ", ".join(self.header[:12])
            raise ColumnMissing(f"{self.name}:1", f"There is no column {column!r}; the file has: {shown[:300]}.")
        return self.header.index(column)

    def _check_widths(self, *, padded: bool) -> None:
        width = len(self.header)
        if not self._rows:
            raise RowCutOff(f"{self.name}:1", "The file has a header and no rows.")
        for line, values in self._rows:
            if padded:
                values.extend([""] * (width - len(values)))
            if len(values) != width:
                detail = f"The row has {len(values)} columns, the header {width}."
                raise RowCutOff(f"{self.name}:{line}", detail)

    def _check_end(self) -> None:
        """A last value without a line's end that is but the beginning of a value above it was cut."""
        line, values = self._rows[-1]
        others = {row[-1] for _, row in self._rows[:-1]}
        last = values[-1]
        if last not in others and any(other.startswith(last) for other in others):
            raise RowCutOff(f"{self.name}:{line}", f"The file ends in the middle of a value: {last!r}.")


def unquoted(field: str) -> str:
    """A tab-separated field that some program wrapped in quotation marks, as it was meant."""
    if len(field) >= 2 and field[0] == field[-1] == '"':
        inner = field[1:-1].replace('""', "\0")
        if '"' not in inner:
            return inner.replace("\0", '"')
    return field


def _read(path: Path) -> Iterator[tuple[int, list[str]]]:
    if path.suffix == ".xlsx":
        return read_sheet(path)
    text = _decoded(path)
    return _comma_separated(path, text) if path.suffix == ".csv" else _tab_separated(text)


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"This is not UTF-8 text: byte 0x{raw[error.start]:02x} cannot stand here."
        raise EncodingWrong(f"{path.name}:{line}", found) from error
    for odd in ("\0", "\ufffd"):
        if odd in text:
            line = text.count("\n", 0, text.index(odd)) + 1
            raise EncodingWrong(f"{path.name}:{line}", f"This text was damaged before: it holds {odd!a}.")
    return text


def _tab_separated(text: str) -> Iterator[tuple[int, list[str]]]:
    for line, content in enumerate(text.split("\n"), start=1):
        if content.strip("\r"):
            yield line, content.rstrip("\r").split("\t")


def _comma_separated(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for values in reader:
            if values:
                yield line, values
            line = reader.line_num + 1
    except csv.Error as error:
        raise RowCutOff(f"{path.name}:{line}", f"A quoted value has no end: {error}.") from error
