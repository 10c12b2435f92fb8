"""What all sheets of the organisation share: rows by column, cells read, every wrong one noted with its mend."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from qianshao.core.org import names
from qianshao.kernel.words import Words, say

Cell = Any
Numbered = tuple[int, Sequence[Cell]]
T = TypeVar("T")
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")


class BadSheet(ValueError):
    """The sheet lacks a column, or still has rows with problems."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell and how to mend it; ``row`` as the spreadsheet counts."""

    row: int
    column: str
    words: Words
    mend: Words


@dataclass(slots=True)
class Preview(Generic[T]):
    """What a sheet would do; ``same`` rows are recorded already, a row with a problem is in neither."""

    new: list[T] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)

    def ready(self) -> None:
        """Raise ``BadSheet`` while a problem is left."""
        if self.problems:
            raise BadSheet(_("还有 {n} 处错误，请改正后重新导入。").format(n=len(self.problems)))

    @property
    def faulty(self) -> int:
        """How many rows have a problem."""
        return len({problem.row for problem in self.problems})


def rows_of(rows: Iterable[Numbered], columns: Sequence[str]) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Rows by column title with their number; empty rows are passed over. Raises ``BadSheet``."""
    source = iter(rows)
    header = [names.plain(str(cell)) for cell in next(source, (1, ()))[1]]
    missing = [column for column in columns if column not in header]
    if missing:
        raise BadSheet(_("表格缺少列：{columns}。第一行应为列名。").format(columns=_("、").join(missing)))
    for number, row in source:
        if any(str(cell).strip() for cell in row if cell is not None):
            yield number, dict(zip(header, row, strict=False))


def day_of(cell: Cell) -> date | None:
    """The day a cell tells, None when it tells none."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _DAY.match(str(cell or "").strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


class Reader:
    """One row's cells, each wrong one noted; a wrong cell reads as an empty value."""

    def __init__(self, number: int, row: Mapping[str, Cell], problems: list[Problem]) -> None:
        self._number = number
        self._row = row
        self._problems = problems
        self._before = len(problems)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with the row so far."""
        return len(self._problems) == self._before

    def wrong(self, column: str, words: Words, mend: Words) -> None:
        """Note what is wrong in a cell, and how to mend it."""
        self._problems.append(Problem(self._number, column, words, mend))

    def text(self, column: str, *, required: bool = True, most: int = 120) -> str:
        """A cell's text of at most so many characters."""
        cell = self._row.get(column)
        # Spreadsheets turn codes into numbers: 101 comes as 101.0.
        value = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell or "").strip()
        if required and not value:
            self.wrong(
                column, say("“{column}”不能为空", column=column), say("请填写“{column}”", column=column)
            )
        if len(value) > most:
            self.wrong(
                column,
                say("“{column}”有 {n} 个字，最多 {most} 个", column=column, n=len(value), most=most),
                say("请缩短到 {most} 个字以内", most=most),
            )
            return ""
        return value

    def day(self, column: str) -> date:
        """A cell's day."""
        cell = self._row.get(column)
        found = day_of(cell)
        if found is None:
            self.wrong(
                column,
                say("“{value}”不是日期", value=str(cell or "")),
                say("请写成 2025-01-01 这样的日期"),
            )
        return found or date.min

    def later(self, column: str, since: date) -> date | None:
        """A cell's day after another, None for an empty cell."""
        if self._row.get(column) in (None, ""):
            return None
        until = self.day(column)
        if until != date.min and until <= since:
            self.wrong(
                column,
                say("“{column}”{until} 不晚于起始日期", column=column, until=until),
                say("请写第一天不再算数的日期，或留空表示至今"),
            )
        return until

    def number(self, column: str) -> int:
        """A cell's whole number."""
        value = self.text(column)
        if value and not value.isdecimal():
            self.wrong(column, say("“{value}”不是整数", value=value), say("请写成 0、10、20 这样的整数"))
        return int(value) if value.isdecimal() else 0
