"""A workbook as lines and rows: every visible worksheet, in order, read by kit's guarded reader."""

from __future__ import annotations

from pathlib import Path

from qianshao.kit.sheets import workbook
from qianshao.kit.sheets.model import SheetError, text_of

from .grids import Block, Line, Printed
from .model import Unreadable

MOST_SHEETS = 40
MOST_ROWS = 2_000


def blocks_in(path: Path) -> list[Block]:
    """Rows of all worksheets; a row with one filled cell is a line (a title, a heading, prose)."""
    try:
        workbook.check(path)
        about = workbook.about(path, "")
        found: list[Block] = []
        for name in [about["sheet"], *about["left"]][:MOST_SHEETS]:
            found.append(Line(str(name), name=True))
            for number, row in enumerate(workbook.read(path, str(name))):
                if number >= MOST_ROWS:
                    break
                cells = tuple(enumerate(text_of(each) for each in row.cells))
                if any(text for _column, text in cells):
                    found.append(Printed(cells, sparse=True))
    except SheetError as error:
        raise Unreadable(error.words) from error
    return found
