"""A workbook as tables, every visible worksheet in order, read by kit's guarded reader; merged ranges kept."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from qianshao.kernel.words import say

from ..sheets import workbook
from ..sheets.model import Cell as SheetCell
from ..sheets.model import SheetError, text_of
from .model import Block, Cell, Line, PaperError, Table

MOST_SHEETS = 20
MOST_ROWS = 5_000
MOST_COLUMNS = 100


def blocks_in(path: Path, file: str) -> list[Block]:
    """The worksheets' names and tables; raises ``PaperError``."""
    found: list[Block] = []
    try:
        workbook.check(path)
        about = workbook.about(path, "")
        names = [str(about["sheet"]), *map(str, about["left"])]
        for name in names[:MOST_SHEETS]:
            if name != names[0]:
                about = workbook.about(path, name)
            found += _sheet(path, name, about.get("merged", []), file)
    except SheetError as error:
        raise PaperError(error.words) from error
    return found


def _sheet(path: Path, name: str, merged: list[list[int]], file: str) -> list[Block]:
    spans = {(top, left): (bottom, right) for top, left, bottom, right in merged}
    cells: list[Cell] = []
    titles: list[Block] = []
    for number, row in enumerate(workbook.read(path, name)):
        if number >= MOST_ROWS:
            raise PaperError(
                say("{file} 的工作表超过 {n} 行，没有读取，请分成几个文件。", file=file, n=MOST_ROWS)
            )
        texts = [_text(cell) for cell in row.cells[:MOST_COLUMNS]]
        filled = [(column, text) for column, text in enumerate(texts) if text]
        if len(filled) == 1 and not cells:
            titles.append(Line(filled[0][1].replace("\n", "")))
            continue
        for column, text in enumerate(texts):
            if text or (number, column) in spans or not _covered(number, column, spans):
                bottom, right = spans.get((number, column), (number, column))
                cells.append(Cell(number, column, text, bottom - number + 1, right - column + 1))
    return [*titles, Table(tuple(cells))] if cells else titles


def _covered(row: int, column: int, spans: dict[tuple[int, int], tuple[int, int]]) -> bool:
    return any(
        top <= row <= bottom and left <= column <= right for (top, left), (bottom, right) in spans.items()
    )


def _text(cell: SheetCell) -> str:
    if isinstance(cell, datetime):
        return f"{cell.year}年{cell.month}月{cell.day}日"
    return text_of(cell)
