"""The error sheet: the rows that were not taken in, whole, each with what is wrong and how to mend it.

The clerk mends the cells in place and imports that very file: the added columns are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.exceptions import FileCreateError

from qianshao.core.imports.runs import Fault
from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.words import Words
from qianshao.kit.sheets.header import letter
from qianshao.kit.sheets.model import Cell, Sheet
from qianshao.kit.telling import sentence as told

from .mapping import FAULT_COLUMNS

_LONGEST = 32_767  # characters a cell of a workbook holds
_KINDS = 500  # different faults told apart; a sheet has a dozen


SHOWN = 20  # rows named of those that are alike


@dataclass(slots=True)
class Alike:
    """Rows with the same fault in the same columns: how many, and the first of them."""

    fault: Fault
    count: int = 0
    rows: list[int] = field(default_factory=list)

    def add(self, row: int) -> None:
        """Count one more row."""
        self.count += 1
        if len(self.rows) < SHOWN:
            self.rows.append(row)


class Summary:
    """Faults by what is wrong, in memory that does not grow with the sheet."""

    def __init__(self) -> None:
        self._found: dict[tuple[Words, Words, tuple[str, ...]], Alike] = {}

    def add(self, fault: Fault) -> None:
        """Count a fault; sentences that differ in their numbers only are one after the first few hundred."""
        key = (fault.problem, fault.mend, fault.columns)
        if key not in self._found and len(self._found) >= _KINDS:
            key = (Words(fault.problem.text), fault.mend, fault.columns)
        self._found.setdefault(key, Alike(fault)).add(fault.row)

    def most(self, count: int) -> list[Alike]:
        """The most frequent first."""
        return sorted(self._found.values(), key=lambda alike: (-alike.count, alike.rows[0]))[:count]


def summary(faults: Iterable[Fault]) -> Summary:
    """The faults counted by what is wrong."""
    found = Summary()
    for fault in faults:
        found.add(fault)
    return found


def where(sheet_header: Sequence[str], columns: Sequence[str]) -> str:
    """``D列“留言时间”`` for the letters of columns; empty for a fault of the whole row."""
    names = {letter(place): name for place, name in enumerate(sheet_header)}
    return "、".join(
        _("{letter}列“{name}”").format(letter=column, name=names[column])
        if column in names
        else _("{letter}列").format(letter=column)
        for column in columns
    )


def write(path: Path, sheet: Sheet, faults: Iterable[Fault]) -> None:
    """Write the error sheet, wrong cells marked; ``faults`` stand in the sheet's order.

    Text stays text, so that no cell is ever taken for a formula.
    """
    book = xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    try:
        _fill(book, sheet, faults)
        book.close()
    except FileCreateError as error:
        raise OSError(
            _("写不了 {file}：请换一个可以写的文件夹，或先关闭打开它的程序。").format(file=path)
        ) from error


def _fill(book: xlsxwriter.Workbook, sheet: Sheet, faults: Iterable[Fault]) -> None:
    waiting = iter(faults)
    fault = next(waiting, None)
    page = book.add_worksheet(_("待改正"))
    bold = book.add_format({"bold": True, "bg_color": "#f2f2f2", "text_wrap": True})
    dated, wrong = {"num_format": "yyyy-mm-dd hh:mm:ss"}, {"bg_color": "#ffe08a"}
    looks = {
        False: (book.add_format(), book.add_format(dated)),
        True: (book.add_format(wrong), book.add_format(dated | wrong)),
    }
    own = [place for place, name in enumerate(sheet.header) if name not in FAULT_COLUMNS]
    page.freeze_panes(1, len(FAULT_COLUMNS))
    page.set_column(0, 0, 7)
    page.set_column(1, 2, 34)
    page.set_column(3, 2 + len(own), 20)
    for column, name in enumerate([*FAULT_COLUMNS, *(sheet.header[place] for place in own)]):
        page.write_string(0, column, name, bold)
    line = 0
    for row in sheet.read():
        if fault is None:
            break
        if row.number != fault.row:
            continue
        line += 1
        page.write_number(line, 0, row.number)
        page.write_string(line, 1, "：".join(filter(None, (_named(sheet, fault), told(fault.problem)))))
        page.write_string(line, 2, told(fault.mend))
        for column, place in enumerate(own, len(FAULT_COLUMNS)):
            cell = row.cells[place] if place < len(row.cells) else None
            _put(page, line, column, cell, *looks[letter(place) in fault.columns])
        fault = next(waiting, None)


def _named(sheet: Sheet, fault: Fault) -> str:
    """The names of the columns a fault lies in; their letters are others in the error sheet."""
    return "、".join(name for place, name in enumerate(sheet.header) if letter(place) in fault.columns)


def _put(
    page: xlsxwriter.worksheet.Worksheet, line: int, column: int, cell: Cell, look: object, dated: object
) -> None:
    match cell:
        case None | "":
            page.write_blank(line, column, None, look)
        case datetime():
            moment = cell.astimezone(SHANGHAI).replace(tzinfo=None) if cell.tzinfo else cell
            page.write_datetime(line, column, moment, dated)
        case bool():
            page.write_boolean(line, column, cell, look)
        case int() | float():
            page.write_number(line, column, cell, look)
        case _:
            page.write_string(line, column, cell[:_LONGEST], look)
