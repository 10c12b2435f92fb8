"""Open any table a clerk may hand in: by what the file is, not by what it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from qianshao.kernel.words import say

from . import delimited, header, workbook
from .model import MAX_CELL, Row, Sheet, SheetError


def open_sheet(
    path: Path, *, known: Callable[[str], bool], sheet: str = "", name: str = "", longest: int = MAX_CELL
) -> Sheet:
    """Open a .csv, .csv.gz, .txt, .xlsx, .xls or .ods file; raises ``SheetError``.

    ``known`` tells a column's name from a title line; ``sheet`` picks a worksheet, else the first visible
    one with cells is read; ``name`` is what the file was called where it came from; ``longest`` is the most
    characters of a cell of a text, beyond which a quote is taken to be open.
    """
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise SheetError(
            say("无法打开文件 {file}：{why}", file=path.name, why=error.strerror or "")
        ) from error
    if start.startswith(workbook.ZIP) or start == workbook.OLE:
        workbook.check(path)
        facts = workbook.about(path, sheet)
        chosen = str(facts["sheet"])

        def rows() -> Iterator[Row]:
            return workbook.read(path, chosen)

        how, lines, left = say("工作表“{sheet}”", sheet=chosen), int(facts["rows"]), tuple(facts["left"])
        digest = workbook.sha256(path)
    else:
        if sheet:
            raise SheetError(say("文本表格没有工作表，请去掉工作表名称。"))
        text = delimited.inspect(path)

        def rows() -> Iterator[Row]:
            return delimited.read(text, longest)

        how, lines, left, digest = text.how, text.lines, (), text.sha256
    first = list(islice(rows(), header.LOOKED_AT))
    place = header.find(first, known)

    def below() -> Iterator[Row]:
        for row in islice(rows(), place + 1, None):
            if row.problem is not None or any(cell not in (None, "") for cell in row.cells):
                yield row

    return Sheet(
        file=name or path.name,
        sha256=digest,
        how=how,
        header=header.names(first[place], first[place - 1] if place else None),
        header_row=first[place].number,
        lines=lines,
        read=below,
        left=left,
    )
