"""A yearly report once it has been read, from whatever file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qianshao.kernel.words import Words

from .form import COLUMNS, COURSES, DISCLOSED, MEASURES, RESULTS, ROW, Form
from .numerals import Cell, Number

Table = dict[str, dict[str, Cell]]


class Unreadable(ValueError):
    """The file is not a yearly report we can read; ``words`` say why and what would help."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


@dataclass
class Report:
    """Tables by row key and column key; ``text`` by section as the file names it.

    ``labels`` keeps a row's label as printed, ``strange`` the labels of figures we could not place: sums
    over a table with strange rows are not judged.
    """

    file: str = ""
    body: str = ""
    year: int | None = None
    form: Form = "2021"
    table2: Table = field(default_factory=dict)
    table3: Table = field(default_factory=dict)
    table4: Table = field(default_factory=dict)
    text: dict[str, str] = field(default_factory=dict)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)

    def table(self, name: str) -> Table:
        """``table2``, ``table3`` or ``table4``."""
        return {"table2": self.table2, "table3": self.table3, "table4": self.table4}[name]

    def value(self, table: str, row: str, column: str) -> Number | None:
        """The number in a cell, None when there is none."""
        found = self.table(table).get(row, {}).get(column)
        return found.value if found else None

    def label(self, table: str, row: str) -> str:
        """The row's label as this file prints it, else as the form does."""
        return self.labels.get((table, row)) or printed_row(table, row)


def printed_row(table: str, row: str) -> str:
    """The label on the form."""
    if table == "table3":
        return ROW[row].label
    return {"table2": DISCLOSED, "table4": COURSES}[table][row]


def printed_column(table: str, column: str) -> str:
    """The column's name on the form."""
    names: Mapping[str, str] = {"table2": MEASURES, "table3": COLUMNS, "table4": RESULTS}[table]
    return names[column]
