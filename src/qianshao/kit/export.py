"""Tables leave as Excel or CSV: any length in a little memory, and no cell can start a formula.

Spreadsheet programs run a cell that begins with = + - @ (or a tab or a return before it), also in full width;
such cells get an apostrophe in front (OWASP, CSV Injection).
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Literal

import xlsxwriter
from django.utils.translation import gettext as _

from qianshao.kernel.hours import SHANGHAI

Cell = str | int | date | datetime | None
Encoding = Literal["utf-8-sig", "gb18030"]
ENCODINGS: tuple[Encoding, ...] = ("utf-8-sig", "gb18030")
EXCEL_ROWS = 1_048_575  # Excel 2007 and later, one row for the heading
_STARTS = tuple("=+-@\t\r\n＝＋－＠")


class TooManyRows(ValueError):
    """More rows than an Excel sheet has."""


def safe(text: str) -> str:
    """The text as a spreadsheet will show it and never run it."""
    return f"'{text}" if text.startswith(_STARTS) else text


def plain(cell: Cell) -> str:
    """A cell as CSV writes it: 2025-10-29 09:30 in Shanghai."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return safe(cell) if isinstance(cell, str) else str(cell)


def csv_bytes(
    heading: Sequence[str], rows: Iterable[Sequence[Cell]], encoding: Encoding = "utf-8-sig"
) -> Iterator[bytes]:
    """The table in pieces of a few hundred rows; UTF-8 begins with the mark Excel needs to see."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([safe(title) for title in heading])
    first = True
    for number, row in enumerate(rows):
        writer.writerow([plain(cell) for cell in row])
        if number % 500 == 499:
            yield _taken(buffer, encoding, first)
            first = False
    yield _taken(buffer, encoding, first)


def _taken(buffer: io.StringIO, encoding: Encoding, first: bool) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode(encoding if first or encoding != "utf-8-sig" else "utf-8")


def workbook(title: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> IO[bytes]:
    """The table as an open .xlsx file, gone when closed; raises ``TooManyRows``."""
    file = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the response closes it when it is sent
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    try:
        with xlsxwriter.Workbook(file, options) as book:  # closing also drops the sheet's own temporary file
            _fill(book, title, heading, rows)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _fill(
    book: xlsxwriter.Workbook, title: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    sheet = book.add_worksheet("".join(letter for letter in title if letter not in "[]:*?/\\'")[:31])
    bold = book.add_format({"bold": True})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(heading) - 1, 18)
    for column, name in enumerate(heading):
        sheet.write_string(0, column, safe(name), bold)
    for number, row in enumerate(rows, start=1):
        if number > EXCEL_ROWS:
            raise TooManyRows(
                _("超过 Excel 一张表的 {n} 行，请缩小筛选范围，或导出为 CSV。").format(n=EXCEL_ROWS)
            )
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, column, cell.astimezone(SHANGHAI).replace(tzinfo=None), moment)
            elif isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            elif isinstance(cell, int):
                sheet.write_number(number, column, cell)
            elif cell is not None:
                sheet.write_string(number, column, safe(cell)[:32_767])
