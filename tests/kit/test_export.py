"""Spreadsheets leave whole and harmless."""

from __future__ import annotations

import csv
import io
import itertools
from datetime import date

import openpyxl
import pytest
from cast import moment

from qianshao.kit import export

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_can_start_a_formula(text: str) -> None:
    raw = b"".join(export.csv_bytes([text], [[text]])).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(raw, newline="")))

    assert rows == [[f"'{text}"], [f"'{text}"]]


def test_csv_comes_in_the_encodings_offices_open() -> None:
    utf8 = b"".join(export.csv_bytes(["标题"], [["路灯不亮"], [None], [3]]))
    national = b"".join(export.csv_bytes(["标题"], [["路灯不亮𠮷"]], "gb18030"))

    assert utf8 == '\ufeff标题\r\n路灯不亮\r\n""\r\n3\r\n'.encode()
    assert national.decode("gb18030") == "标题\r\n路灯不亮𠮷\r\n"


def test_the_mark_of_utf8_stands_once_however_long_the_table() -> None:
    pieces = list(export.csv_bytes(["n"], ([n] for n in range(1200))))

    assert len(pieces) == 3
    assert b"".join(pieces).count("\ufeff".encode()) == 1


def test_excel_holds_days_as_days_and_text_as_text() -> None:
    rows = [["=1+1", 7, date(2026, 3, 2), moment("2026-03-02 09:30"), None]]

    with export.workbook("一:二", ["甲", "乙", "丙", "丁", "戊"], rows) as file:
        sheet = openpyxl.load_workbook(file).active

    assert sheet is not None
    assert sheet.title == "一二"
    cells = [cell.value for cell in list(sheet.rows)[1]]
    assert cells == [
        "'=1+1",
        7,
        moment("2026-03-02").replace(tzinfo=None),
        moment("2026-03-02 09:30").replace(tzinfo=None),
        None,
    ]


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "EXCEL_ROWS", 3)

    with pytest.raises(export.TooManyRows, match="CSV"):
        export.workbook("一", ["n"], ([n] for n in itertools.count()))
