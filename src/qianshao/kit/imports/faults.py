"""The error sheet: the rows that were not taken in, whole, each with what is wrong and how to mend it.

The clerk mends the cells in place and imports that very file: the added columns are passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _

from qianshao.core.imports.models import ImportFault
from qianshao.core.imports.runs import sentence
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.words import Words
from qianshao.kit.sheets.model import Cell, Sheet
from qianshao.kit.telling import sentence as told

from .mapping import FAULT_COLUMNS

_LONGEST = 32_767  # characters a cell of a workbook holds


def of_run(run: int) -> dict[int, tuple[Words, Words]]:
    """Problem and mend by row number."""
    faults = ImportFault.objects.filter(run=run).order_by("row").values_list("row", "problem", "mend")
    return {
        row: (sentence(problem), sentence(mend)) for row, problem, mend in faults.iterator(chunk_size=2000)
    }


def write(path: Path, sheet: Sheet, faults: Mapping[int, tuple[Words, Words]]) -> None:
    """Write the error sheet; text stays text, so that no cell is ever taken for a formula."""
    book = xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    with book:
        page = book.add_worksheet(_("待改正"))
        bold = book.add_format({"bold": True, "bg_color": "#f2f2f2", "text_wrap": True})
        dated = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        own = [place for place, name in enumerate(sheet.header) if name not in FAULT_COLUMNS]
        page.freeze_panes(1, len(FAULT_COLUMNS))
        page.set_column(0, 0, 7)
        page.set_column(1, 2, 34)
        page.set_column(3, 2 + len(own), 20)
        for column, name in enumerate([*FAULT_COLUMNS, *(sheet.header[place] for place in own)]):
            page.write_string(0, column, name, bold)
        line = 0
        for row in sheet.read():
            if row.number not in faults:
                continue
            line += 1
            problem, mend = faults[row.number]
            page.write_number(line, 0, row.number)
            page.write_string(line, 1, told(problem))
            page.write_string(line, 2, told(mend))
            for column, place in enumerate(own, len(FAULT_COLUMNS)):
                _put(page, line, column, row.cells[place] if place < len(row.cells) else None, dated)


def _put(page: xlsxwriter.worksheet.Worksheet, line: int, column: int, cell: Cell, dated: object) -> None:
    match cell:
        case None | "":
            return
        case datetime():
            moment = cell.astimezone(SHANGHAI).replace(tzinfo=None) if cell.tzinfo else cell
            page.write_datetime(line, column, moment, dated)
        case bool():
            page.write_boolean(line, column, cell)
        case int() | float():
            page.write_number(line, column, cell)
        case _:
            page.write_string(line, column, cell[:_LONGEST])
