"""The yearly report made from the registers: tables three and four are counts of records, nothing else.

A request is counted once: received in the year (一) or before it and still open on 1 January (二); answered
in the year by its outcome (三), or open at the end of 31 December (四). So 一 + 二 = （七） + 四 holds because
the same records are on both sides. A case before the review body or the court is counted in the year in which
it ends, by its result, and while it is open in each year's 尚未审结 (our reading: the form's notes were not found).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qianshao.kernel.words import Words, say

from ..requests.outcomes import BY_CODE
from .form import (
    APPLICANTS,
    BLOCKS,
    COLUMNS,
    COURSES,
    FIRST_YEAR_OF_2021_FORM,
    GROUPS,
    LEAVES,
    NUMERALS,
    RESULTS,
    ROW,
    ROWS,
    Form,
    columns_of,
    figures,
)
from .model import Report
from .numerals import Cell, Number

NO_FEES = Decimal(0)


class BadRecord(ValueError):
    """A record that cannot be counted; ``words`` name it and what is wrong."""

    def __init__(self, words: Words) -> None:
        super().__init__(str(words))
        self.words = words


@dataclass(frozen=True)
class Request:
    """One request as its register leaves it. ``applicant`` is a key of ``COLUMNS`` other than the total."""

    number: str
    applicant: str
    received_on: date
    closed_on: date | None = None
    outcome: str = ""


@dataclass(frozen=True)
class Case:
    """One review or lawsuit. ``course`` is a key of ``COURSES``, ``result`` of ``RESULTS``."""

    number: str
    course: str
    lodged_on: date
    closed_on: date | None = None
    result: str = ""


Entries = Mapping[str, Mapping[str, Number]]


def report(
    *,
    body: str,
    year: int,
    requests: Iterable[Request],
    cases: Iterable[Case] = (),
    entries: Entries | None = None,
    words: Mapping[int, str] | None = None,
    fees: Decimal = NO_FEES,
) -> Report:
    """The report of a body for a year, every cell filled.

    ``entries`` are the figures people give for table two (row key → column key → number, 0 where absent);
    ``words`` what people write for the sections (0 to 5), to which the sentences with figures are added;
    ``fees`` the information fees received, in yuan. Raises ``BadRecord``.
    """
    form: Form = "2021" if year >= FIRST_YEAR_OF_2021_FORM else "2019"
    counts = {row: dict.fromkeys(COLUMNS, 0) for row in figures(form)}
    for request in requests:
        for row in places(request, year, form):
            counts[row][request.applicant] += 1
            counts[row]["total"] += 1
    made = Report(
        body=body,
        year=year,
        form=form,
        table3={row: _cells(counts[row]) for row in figures(form)},
        table4=_cases(cases, year),
        table2=_entries(entries or {}, form),
    )
    made.text = _texts(made, words or {}, fees)
    return made


def places(request: Request, year: int, form: Form) -> tuple[str, ...]:
    """The rows of a year's table three a request is counted in, none when it is of another time."""
    _check(request)
    first, last = date(year, 1, 1), date(year, 12, 31)
    if request.received_on > last or (request.closed_on is not None and request.closed_on < first):
        return ()
    arrived = "carried_in" if request.received_on < first else "new"
    if request.closed_on is None or request.closed_on > last:
        return (arrived, "carried_out")
    return (arrived, row_of(request.outcome, form), "total")


_ROW_OF = {row.number: row.key for row in ROWS}


def row_of(code: str, form: Form) -> str:
    """The key of the row an outcome (O1 to O22) is counted in; the 2019 form has one row for all of （六）.

    Raises ``KeyError`` for a code that is none of the 22.
    """
    row = _ROW_OF[BY_CODE[code].row]
    return "otherwise" if form == "2019" and ROW[row].group == "otherwise" else row


def _check(request: Request) -> None:
    if request.applicant not in APPLICANTS:
        raise BadRecord(
            say(
                "{number}：申请人类别“{kind}”不在年报的六类之内。",
                number=request.number,
                kind=request.applicant,
            )
        )
    if (request.closed_on is None) != (not request.outcome):
        raise BadRecord(say("{number}：办结日期和答复结果应同时有或同时没有。", number=request.number))
    if request.outcome and request.outcome not in BY_CODE:
        raise BadRecord(
            say("{number}：没有“{outcome}”这种答复结果。", number=request.number, outcome=request.outcome)
        )
    if request.closed_on is not None and request.closed_on < request.received_on:
        raise BadRecord(say("{number}：办结日期早于收到日期。", number=request.number))


def _cells(counts: Mapping[str, int]) -> dict[str, Cell]:
    return {name: Cell(str(value), value) for name, value in counts.items()}


def _cases(cases: Iterable[Case], year: int) -> dict[str, dict[str, Cell]]:
    counts = {course: dict.fromkeys(RESULTS, 0) for course in COURSES}
    for case in cases:
        for result in cells_of(case, year):
            counts[case.course][result] += 1
    return {course: _cells(row) for course, row in counts.items()}


def cells_of(case: Case, year: int) -> tuple[str, ...]:
    """The columns of a year's table four a case is counted in, none when it is of another time."""
    if case.course not in COURSES or (case.closed_on is None) != (not case.result):
        raise BadRecord(say("{number}：途径或结果填写不全。", number=case.number))
    first, last = date(year, 1, 1), date(year, 12, 31)
    if case.lodged_on > last or (case.closed_on is not None and case.closed_on < first):
        return ()
    result = case.result if case.closed_on is not None and case.closed_on <= last else "pending"
    if result not in RESULTS or result == "total":
        raise BadRecord(say("{number}：没有“{result}”这种结果。", number=case.number, result=result))
    return (result, "total")


def _entries(entries: Entries, form: Form) -> dict[str, dict[str, Cell]]:
    made: dict[str, dict[str, Cell]] = {}
    known = {row for block in BLOCKS[form] for row in block.rows}
    for row, given in entries.items():
        if row not in known or not set(given) <= set(columns_of(row, form)):
            raise BadRecord(say("第二部分的表没有“{row}”这一行或其中的列。", row=row))
    for block in BLOCKS[form]:
        for row in block.rows:
            values = {name: entries.get(row, {}).get(name, 0) for name in block.columns}
            made[row] = {name: Cell(f"{value}", value) for name, value in values.items()}
    return made


def _texts(made: Report, words: Mapping[int, str], fees: Decimal) -> dict[str, str]:
    own = {0: _of_requests(made), 3: _of_cases(made), 5: _of_fees(made, fees)}
    found = {}
    for index, numeral in enumerate(NUMERALS):
        parts = [part for part in (words.get(index, "").strip(), own.get(index, "")) if part]
        if parts:
            found[numeral] = "\n".join(parts)
    return found


def _of_requests(made: Report) -> str:
    def total(row: str) -> int:
        if row in LEAVES and row not in made.table3:
            return sum(total(leaf) for leaf in LEAVES[row])
        value = made.value("table3", row, "total")
        assert isinstance(value, int)
        return value

    outcomes = "、".join(f"{_GROUP_WORDS[group]}{total(group)}件" for group in GROUPS)
    return (
        f"{made.year}年，本机关新收政府信息公开申请{total('new')}件，上年结转{total('carried_in')}件；"
        f"办结申请{total('total')}件，其中{outcomes}；结转下年度继续办理{total('carried_out')}件。"
    )


_GROUP_WORDS = {
    "granted": "予以公开",
    "partly": "部分公开",
    "refused": "不予公开",
    "unable": "无法提供",
    "not_processed": "不予处理",
    "otherwise": "其他处理",
}


def _of_cases(made: Report) -> str:
    review, direct, after = (made.value("table4", course, "total") for course in COURSES)
    return (
        f"{made.year}年，因政府信息公开被申请行政复议{review}件；被提起行政诉讼{(direct or 0) + (after or 0)}件，"
        f"其中未经复议直接起诉{direct}件、复议后起诉{after}件。"
    )


def _of_fees(made: Report, fees: Decimal) -> str:
    if fees:
        return f"{made.year}年，本机关收取政府信息公开信息处理费{fees.normalize():f}元。"
    return f"{made.year}年，本机关未收取政府信息公开信息处理费。"
