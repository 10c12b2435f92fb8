"""What the checker found: which rule, how grave, where, what stands there and what should."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from qianshao.kernel.words import Words

from .model import Report, printed_column
from .numerals import Number

Severity = Literal["error", "warning", "not assessable"]


@dataclass(frozen=True)
class Where:
    """A cell (``table``, ``row``, ``column``), or a ``quote`` in a ``section``.

    ``cells`` names every cell of an identity over several rows; each is (row, column).
    """

    table: str = ""
    row: str = ""
    column: str = ""
    section: str = ""
    quote: str = ""
    cells: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Only what is filled."""
        filled = {
            name: getattr(self, name)
            for name in ("table", "row", "column", "section", "quote")
            if getattr(self, name)
        }
        if self.cells:
            filled["cells"] = [{"row": row, "column": column} for row, column in self.cells]
        return filled


@dataclass(frozen=True)
class Suspect:
    """The one cell whose change alone mends every identity it belongs to."""

    row: str
    column: str
    stands: Number
    should: Number


@dataclass(frozen=True)
class Finding:
    """One broken identity. ``stands`` and ``should`` are numbers, or what is printed where no number is."""

    id: str
    severity: Severity
    where: Where
    stands: Number | str | None
    should: Number | str | None
    says: Words
    report: Report = field(repr=False)
    suspect: Suspect | None = None

    def with_suspect(self, suspect: Suspect) -> Finding:
        """The same, with the likely culprit named."""
        return replace(self, suspect=suspect)

    def as_json(self) -> dict[str, Any]:
        """As ``check-report --json`` prints it."""
        found: dict[str, Any] = {
            "id": self.id,
            "severity": self.severity,
            "where": self.where.as_json(),
            "stands": plain(self.stands),
            "should": plain(self.should),
            "says": str(self.says),
            "file": self.report.file,
            "body": self.report.body,
            "year": self.report.year,
        }
        if self.suspect:
            found["suspect"] = {
                "row": self.suspect.row,
                "column": self.suspect.column,
                "stands": plain(self.suspect.stands),
                "should": plain(self.suspect.should),
            }
        return found


def plain(value: Number | str | None) -> int | float | str | None:
    """A number JSON knows; decimals only come from amounts of money and percentages."""
    return value if isinstance(value, int | str) or value is None else float(value)


def at(report: Report, table: str, row: str, column: str = "") -> Where:
    """A cell by its printed names."""
    return Where(
        table=table,
        row=report.label(table, row),
        column=printed_column(table, column) if column else "",
    )
