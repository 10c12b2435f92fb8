"""What a spreadsheet is once it has been read: a header and rows of plain cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from qianshao.kernel.words import Words

Cell = str | int | float | bool | datetime | None

MAX_COLUMNS = 500
MAX_ROWS = 5_000_000
MAX_CELL = 100_000  # characters; a spreadsheet program itself stops at 32,767


class SheetError(ValueError):
    """The file cannot be read as a table; ``words`` say what is wrong, where, and how to mend it."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``number`` is what a spreadsheet program shows beside it, ``line`` how far the file is read.

    ``problem`` is set when the row itself could not be taken apart; its cells are then a guess.
    """

    number: int
    line: int
    cells: tuple[Cell, ...]
    problem: Words | None = None


@dataclass(frozen=True)
class Sheet:
    """An opened table. ``read`` begins anew each time it is called and gives the rows below the header.

    ``lines`` is the last ``Row.line`` to expect, near enough for a progress bar; ``how`` says as what the
    file was read (encoding and delimiter, or the worksheet); ``left`` names worksheets that were not read.
    """

    file: str
    sha256: str
    how: Words
    header: tuple[str, ...]
    header_row: int
    lines: int
    read: Callable[[], Iterator[Row]]
    left: tuple[str, ...] = ()

    def sample(self, count: int) -> list[Row]:
        """The first rows below the header."""
        rows = self.read()
        found = [row for _number, row in zip(range(count), rows, strict=False)]
        close = getattr(rows, "close", None)
        if close is not None:
            close()
        return found


def text_of(cell: Cell) -> str:
    """A cell as the words a person reads in it; whole numbers without a point."""
    if type(cell) is str:
        return cell.strip()
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M:%S}"
        case _:
            return str(cell).strip()
