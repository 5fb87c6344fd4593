"""Workbooks are read without a library: shared and inline strings, gaps, whole numbers."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from node.services.reference.importing.errors import RowCutOff
from node.services.reference.importing.tabular import Table

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STRINGS = f"<sst {MAIN}><si><t>Code</t></si><si><r><t>Ti</t></r><r><t>tle</t></r></si><si><t>Zone</t></si></sst>"
SHEET = f"""<worksheet {MAIN}><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>
<row r="2"><c r="A2" t="inlineStr"><is><t>29-1141.00</t></is></c><c r="C2"><v>3.0</v></c></row>
<row r="4"><c r="A4" t="str"><v>51-4041.00</v></c><c r="B4" t="inlineStr"><is><t>Machinists</t></is></c></row>
</sheetData></worksheet>"""


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "Job Zones.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/sharedStrings.xml", STRINGS)
        book.writestr("xl/worksheets/sheet2.xml", "<broken")
        book.writestr("xl/worksheets/sheet1.xml", SHEET)
    return path


def test_the_first_sheet_is_a_table(workbook: Path) -> None:
    rows = [(row.line, row.values) for row in Table(workbook).rows("Code", "Zone", optional=("Title", "Nothing"))]
    assert rows == [(2, ["29-1141.00", "3", "", ""]), (4, ["51-4041.00", "", "Machinists", ""])]


def test_a_workbook_cut_off_is_refused(workbook: Path) -> None:
    workbook.write_bytes(workbook.read_bytes()[:-40])
    with pytest.raises(RowCutOff, match=r"Job Zones\.xlsx"):
        Table(workbook)


@pytest.mark.parametrize(
    ("there", "instead"), [('r="C2"', 'r="ZZZZZZZ2"'), ("<v>0</v>", "<v>x</v>"), ("<v>0</v>", "<v>9</v>")]
)
def test_a_workbook_that_points_outside_itself_is_refused(workbook: Path, there: str, instead: str) -> None:
    with zipfile.ZipFile(workbook, "w") as book:
        book.writestr("xl/sharedStrings.xml", STRINGS)
        book.writestr("xl/worksheets/sheet1.xml", SHEET.replace(there, instead))
    with pytest.raises(RowCutOff, match="not a whole workbook"):
        list(Table(workbook).rows("Code"))


def test_quotes_and_lines_in_comma_separated_files(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('\ufeffid,text\n1,"two\nlines, ""quoted"""\n2,plain\n', "utf-8")
    assert [(row.line, row.values) for row in Table(path).rows("id", "text")] == [
        (2, ["1", 'two\nlines, "quoted"']),
        (4, ["2", "plain"]),
    ]
    path.write_text('id,text\n1,"never closed\n', "utf-8")
    with pytest.raises(RowCutOff, match="no end"):
        Table(path)
