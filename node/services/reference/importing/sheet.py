"""Reads the first sheet of an .xlsx workbook: zipped XML (ECMA-376, part 1, sections 18.3 and 18.4), nothing more.

A workbook of text cells needs no library: shared and inline strings, numbers as printed, no formulas or dates.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from node.services.reference.importing.errors import RowCutOff

MOST_COLUMNS = 16_384  # of any workbook there is (its last column is XFD)
MOST_BYTES = 800_000_000  # unpacked; O*NET's largest workbook has a tenth of it
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_COLUMN = re.compile(r"[A-Z]+")
_WHOLE = re.compile(r"(-?\d+)\.0+")


def read_sheet(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers, 1 first; cells that a row leaves out are ''. Raises RowCutOff."""
    try:
        with zipfile.ZipFile(path) as book:
            if sum(entry.file_size for entry in book.infolist()) > MOST_BYTES:
                raise RowCutOff(path.name, "This workbook unpacks to more than any release holds.")
            strings = _shared_strings(book)
            with book.open(_first_sheet(book)) as sheet:
                yield from _rows(sheet, strings)
    except (zipfile.BadZipFile, EOFError, KeyError, IndexError, ValueError, ElementTree.ParseError) as error:
        raise RowCutOff(path.name, f"This is not a whole workbook: {error}.") from error


def _first_sheet(book: zipfile.ZipFile) -> str:
    names = sorted(name for name in book.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name))
    return min(names, key=lambda name: (len(name), name))


def _shared_strings(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    found = []
    with book.open("xl/sharedStrings.xml") as stream:
        for _, element in ElementTree.iterparse(stream):  # noqa: S314 - the operator's own file, its unpacked size bounded; expat bounds the growth of entities
            if element.tag == f"{_MAIN}si":
                found.append(_text(element))
                element.clear()
    return found


def _text(element: ElementTree.Element) -> str:
    """The runs of a string, without the phonetic ones."""
    plain = element.findall(f"{_MAIN}t") + element.findall(f"{_MAIN}r/{_MAIN}t")
    return "".join(part.text or "" for part in plain)


def _rows(sheet: IO[bytes], strings: list[str]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    for _, element in ElementTree.iterparse(sheet):  # noqa: S314 - as above
        if element.tag == f"{_MAIN}row":
            number = int(element.get("r") or number + 1)
            yield number, _cells(element, strings)
            element.clear()


def _cells(row: ElementTree.Element, strings: list[str]) -> list[str]:
    values: list[str] = []
    for cell in row.iterfind(f"{_MAIN}c"):
        place = _place(cell.get("r") or "") if cell.get("r") else len(values)
        values += [""] * (place - len(values))
        values.append(_value(cell, strings))
    return values


def _value(cell: ElementTree.Element, strings: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        inline = cell.find(f"{_MAIN}is")
        return _text(inline) if inline is not None else ""
    found = cell.find(f"{_MAIN}v")
    raw = (found.text or "") if found is not None else ""
    if cell.get("t") == "s":
        return strings[int(raw)]
    whole = _WHOLE.fullmatch(raw)
    return whole[1] if whole and cell.get("t") in (None, "n") else raw


def _place(reference: str) -> int:
    """`A1` → 0, `AB7` → 27."""
    letters = _COLUMN.match(reference)
    place = 0
    for letter in letters[0] if letters else "A":
        place = place * 26 + ord(letter) - 64
        if place > MOST_COLUMNS:
            raise ValueError(f"there is no column {reference[:20]}")
    return place - 1
