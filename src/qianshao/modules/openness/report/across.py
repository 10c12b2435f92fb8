"""I5 and I6: what one year's report must carry over from the year before, for each body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from qianshao.kernel.words import say

from .finding import Finding, at
from .form import COLUMNS
from .model import Report
from .numerals import Number, squeeze

Years = dict[tuple[str, int], list[Report]]


def by_year(reports: Iterable[Report]) -> Years:
    """The reports by body and year; those that do not say both are left out."""
    years: Years = {}
    for report in reports:
        if report.body and report.year is not None:
            years.setdefault((squeeze(report.body), report.year), []).append(report)
    return years


def before(report: Report, years: Years) -> list[Report]:
    """The same body's reports of the year before."""
    return years.get((squeeze(report.body), (report.year or 0) - 1), []) if report.body else []


def carried_over(report: Report, earlier: Sequence[Report]) -> list[Finding]:
    """I5 and I6 of a report against its body's of the year before.

    Where that one is here more than once (as a page and as a document, or corrected), a figure is compared
    only when all of them agree on it.
    """
    return [*_carried(earlier, report), *_in_force(earlier, report)] if earlier else []


def _agreed(reports: Sequence[Report], table: str, row: str, column: str) -> Number | None:
    values = {report.value(table, row, column) for report in reports}
    return values.pop() if len(values) == 1 else None


def _body(name: str) -> str:
    return squeeze(name)


def _carried(before: Sequence[Report], here: Report) -> Iterator[Finding]:
    for column in COLUMNS:
        left = _agreed(before, "table3", "carried_out", column)
        stands = here.value("table3", "carried_in", column)
        if left is None or stands is None or left == stands:
            continue
        where = at(here, "table3", "carried_in", column)
        yield Finding(
            "I5",
            "error",
            where,
            stands,
            left,
            say(
                "{year} 年“上年结转”“{column}”填 {stands}，上一年“结转下年度继续办理”为 {should}。",
                year=here.year or 0,
                column=where.column,
                stands=str(stands),
                should=str(left),
            ),
            here,
        )


def _in_force(before: Sequence[Report], here: Report) -> Iterator[Finding]:
    """Only between two reports on the 2021 form; the older one counted otherwise."""
    if any(report.form != "2021" for report in (*before, here)):
        return
    for row in ("regulation", "normative"):
        held = _agreed(before, "table2", row, "in_force")
        made, repealed, stands = (
            here.value("table2", row, name) for name in ("made", "repealed", "in_force")
        )
        if held is None or made is None or repealed is None or stands is None:
            continue
        if stands == (should := held + made - repealed):
            continue
        yield Finding(
            "I6",
            "warning",
            at(here, "table2", row, "in_force"),
            stands,
            should,
            say(
                "“{row}”现行有效填 {stands}；上年 {held} 加制发 {made} 减废止 {repealed} 应为 {should}。",
                row=here.label("table2", row),
                stands=str(stands),
                held=str(held),
                made=str(made),
                repealed=str(repealed),
                should=str(should),
            ),
            here,
        )
