"""I1 to I4 and I8: what must hold inside one report (printed on the form, or the form's filling rule)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qianshao.kernel.words import say

from .finding import Finding, Suspect, Where, at
from .form import (
    APPLICANTS,
    COLUMNS,
    FIRST_YEAR_OF_2021_FORM,
    GROUPS,
    LEAVES,
    MONEY,
    RESULTS,
    ROW,
    SIGNED,
)
from .model import Report, printed_column
from .numerals import Cell, Number

Place = tuple[str, str, str]  # table, row, column


@dataclass(frozen=True)
class Sum:
    """``left`` = ``right``: both are cells added up. The finding points to ``target``."""

    id: str
    left: tuple[Place, ...]
    right: tuple[Place, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """All cells it speaks of."""
        return (*self.left, *self.right)


def inside(report: Report) -> list[Finding]:
    """Every broken identity of one report; the cell at fault is named where the identities single it out."""
    sums = [*_columns(report), *_rows(report), *_courses(report)]
    findings, broken = [], {}
    for each in sums:
        found = _judge(report, each)
        if found is None:
            continue
        findings.append(found)
        if found.severity == "error":
            broken[each] = len(findings) - 1
    if broken:
        _name_suspects(report, sums, broken, findings)
    findings.extend(_blanks(report))
    if report.form == "2019" and report.year is not None and report.year >= FIRST_YEAR_OF_2021_FORM:
        findings.append(_old_form(report))
    return findings


def outcome_rows(report: Report) -> tuple[str, ...]:
    """The rows that add up to （七）: the figures under each heading, or the heading's own where it has them."""
    found: list[str] = []
    for group in GROUPS:
        leaves = tuple(row for row in LEAVES.get(group, ()) if row in report.table3)
        found.extend(leaves or ([group] if group in report.table3 else []))
    return tuple(found)


def _columns(report: Report) -> Iterator[Sum]:
    if not report.table3:
        return
    for column in COLUMNS:
        received = tuple(("table3", row, column) for row in ("new", "carried_in"))
        dealt = tuple(("table3", row, column) for row in ("total", "carried_out"))
        yield Sum("I1", dealt, received)
        yield Sum(
            "I2",
            (("table3", "total", column),),
            tuple(("table3", row, column) for row in outcome_rows(report)),
        )


def _rows(report: Report) -> Iterator[Sum]:
    for row in report.table3:
        yield Sum("I3", (("table3", row, "total"),), tuple(("table3", row, each) for each in APPLICANTS))


def _courses(report: Report) -> Iterator[Sum]:
    for course in report.table4:
        parts = tuple(("table4", course, column) for column in RESULTS if column != "total")
        yield Sum("I4", (("table4", course, "total"),), parts)


def _judge(report: Report, each: Sum) -> Finding | None:
    """A blank counts as nothing; where the sum then fails, a blank makes it not assessable."""
    cells = [_cell(report, place) for place in each.places]
    if all(cell is None or cell.value is None for cell in cells):
        return None
    if each.id != "I1" and all(_cell(report, place) is None for place in each.right):
        return None
    missing = [place for place, cell in zip(each.places, cells, strict=True) if cell is None]
    unread = [cell for cell in cells if cell is not None and cell.value is None]
    stands, should = _added(report, each.left), _added(report, each.right)
    target = _cell(report, each.left[0])
    if each.id in ("I2", "I3", "I4") and (target is None or target.value is None):
        if missing and target is None:
            return None
        return _finding(report, each, None, should, assessable=False)
    if stands == should:
        return None
    doubtful = bool(unread) or bool(missing) or (each.id == "I2" and bool(report.strange))
    return _finding(report, each, stands, should, assessable=not doubtful)


def _cell(report: Report, place: Place) -> Cell | None:
    table, row, column = place
    return report.table(table).get(row, {}).get(column)


def _added(report: Report, places: tuple[Place, ...]) -> Number:
    return sum((report.value(*place) or 0 for place in places), 0)


def _finding(
    report: Report, each: Sum, stands: Number | None, should: Number, *, assessable: bool
) -> Finding:
    table, row, column = each.left[0]
    where = at(report, table, row, column)
    if each.id == "I1":
        parts = [ROW[place[1]].part for place in (*each.right, *each.left)]
        where = Where(
            table=table,
            row="{} + {} = {} + {}".format(*parts),
            column=printed_column(table, column),
            cells=tuple(
                (report.label(table, place[1]), printed_column(table, column)) for place in each.places
            ),
        )
    blanks = {"column": where.column, "stands": str(stands), "should": str(should)}
    if not assessable:
        says = say("“{row}”“{column}”中有空白或读不出的格，无法核对。", row=where.row, column=where.column)
    elif each.id == "I1":
        says = say("“{column}”列：第一项加第二项为 {should}，第三项加第四项为 {stands}。", **blanks)
    elif each.id == "I2":
        says = say("“{column}”列：（七）总计填 {stands}，（一）至（六）各行相加为 {should}。", **blanks)
    else:
        says = say(
            "“{row}”：总计填 {stands}，各格相加为 {should}。",
            row=where.row,
            stands=str(stands),
            should=str(should),
        )
    return Finding(each.id, "error" if assessable else "not assessable", where, stands, should, says, report)


def _name_suspects(report: Report, sums: list[Sum], broken: dict[Sum, int], findings: list[Finding]) -> None:
    """A cell is suspect when every identity with it is broken, by the same amount, and there are two or more."""
    membership: dict[Place, list[tuple[Sum, int]]] = {}
    for each in sums:
        for place in each.left:
            membership.setdefault(place, []).append((each, 1))
        for place in each.right:
            membership.setdefault(place, []).append((each, -1))
    named: dict[Sum, list[tuple[Place, Number]]] = {}
    for place, uses in membership.items():
        if len(uses) < 2 or any(each not in broken for each, _sign in uses):
            continue
        value = report.value(*place)
        wanted = {-sign * (_added(report, each.left) - _added(report, each.right)) for each, sign in uses}
        if value is not None and len(wanted) == 1 and value + (change := wanted.pop()) >= 0:
            for each, _sign in uses:
                named.setdefault(each, []).append((place, value + change))
    for each, found in named.items():
        if len(found) == 1:
            (table, row, column), should = found[0]
            value = report.value(table, row, column)
            assert value is not None
            index = broken[each]
            findings[index] = findings[index].with_suspect(
                Suspect(report.label(table, row), printed_column(table, column), value, should)
            )


def _blanks(report: Report) -> Iterator[Finding]:
    for table in ("table2", "table3", "table4"):
        for row, cells in report.table(table).items():
            if cells and all(cell.fault == "blank" for cell in cells.values()):
                yield _blank(report, table, row, "", next(iter(cells.values())))
                continue
            for column, cell in cells.items():
                if _faulty(cell, column):
                    yield _blank(report, table, row, column, cell)


def _faulty(cell: Cell, column: str) -> bool:
    if cell.value is None:
        return True
    if column in MONEY:
        return cell.value < 0
    return not isinstance(cell.value, int) or (cell.value < 0 and column not in SIGNED)


def _blank(report: Report, table: str, row: str, column: str, cell: Cell) -> Finding:
    where = at(report, table, row, column)
    should = _from_neighbours(report, table, row, column) if column else None
    stands = cell.value if cell.value is not None else (cell.text or None)
    names = {"row": where.row, "column": where.column}
    if not column:
        says = say("“{row}”整行空白；应填整数，没有的填 0。", row=where.row)
    elif cell.value is not None and cell.value < 0:
        says = say("“{row}”“{column}”是负数；应填整数，没有的填 0。", **names)
    elif cell.fault == "blank":
        says = say("“{row}”“{column}”空白；应填整数，没有的填 0。", **names)
    elif cell.fault == "dash":
        says = say("“{row}”“{column}”填了横线或斜线；应填整数，没有的填 0。", **names)
    elif cell.fault == "text":
        says = say("“{row}”“{column}”不是数字；应填整数，没有的填 0。", **names)
    else:
        says = say("“{row}”“{column}”不是整数；应填整数，没有的填 0。", **names)
    return Finding("I8", "warning", where, stands, 0 if should is None else should, says, report)


def _from_neighbours(report: Report, table: str, row: str, column: str) -> Number | None:
    """The number a blank must have held, from its own row, when it is the only one unread there."""
    if table == "table2":
        return None
    others = report.table(table)[row]
    parts = [cell for name, cell in others.items() if name not in ("total", column)]
    total = others.get("total")
    if any(cell.value is None for cell in parts):
        return None
    added = sum((cell.value or 0 for cell in parts), 0)
    if column == "total":
        return added
    if total is None or total.value is None or total.value < added:
        return None
    return total.value - added


def _old_form(report: Report) -> Finding:
    assert report.year is not None
    return Finding(
        "FORM",
        "warning",
        Where(table="table2"),
        "2019",
        "2021",
        say(
            "{year} 年的年报用了 2019 年的旧格式；自 2021 年度起应使用国办公开办函〔2021〕30号的格式。",
            year=report.year,
        ),
        report,
    )
