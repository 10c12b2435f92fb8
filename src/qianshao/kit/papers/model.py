"""What any document is once it is opened: lines and tables, in reading order."""

from __future__ import annotations

from dataclasses import dataclass

from qianshao.kernel.words import Words


class PaperError(ValueError):
    """The file cannot be read as a document; ``words`` say what is wrong, where, and how to mend it."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, or one printed line where the format knows no paragraphs."""

    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell at its first row and column, from 0, and how many of each it covers."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table as its printed boxes. ``loose``: the format cannot say that cells are merged, so a blank may mean it."""

    cells: tuple[Cell, ...]
    loose: bool = False


Block = Line | Table
