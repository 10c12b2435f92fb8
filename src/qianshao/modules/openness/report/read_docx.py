"""A Word document as lines and rows: what the kit reads of any document, its tables cut into printed rows."""

from __future__ import annotations

from collections.abc import Iterator

from qianshao.kit.papers import docx
from qianshao.kit.papers.model import Line as PaperLine
from qianshao.kit.papers.model import PaperError, Table

from .grids import Block, Line, Printed
from .model import Unreadable


def blocks_in(data: bytes, file: str) -> list[Block]:
    """Lines and rows in reading order; raises ``Unreadable``. Nothing outside the document is fetched."""
    try:
        found = docx.blocks_in(data, file)
    except PaperError as error:
        raise Unreadable(error.words) from error
    return [block for paper in found for block in _printed(paper)]


def _printed(paper: PaperLine | Table) -> Iterator[Block]:
    if isinstance(paper, PaperLine):
        yield Line(paper.text)
        return
    rows: dict[int, list[tuple[int, str]]] = {}
    for cell in paper.cells:
        # Words of one cell belong together, over whatever lines they were set.
        rows.setdefault(cell.row, []).append((cell.column, cell.text.replace("\n", "")))
    for row in sorted(rows):
        yield Printed(tuple(sorted(rows[row])))
