"""The yearly report of a body, made from the registers of its units: tables, checks, and the records behind a cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from qianshao.core.duties import registry
from qianshao.core.duties.models import Duty
from qianshao.core.duties.standing import Numbered, counted
from qianshao.core.duties.stream import bodies_of, fact_of
from qianshao.core.org.models import Unit
from qianshao.kernel.hours import SHANGHAI, midnight
from qianshao.kernel.ledger.entry import Entry as Body
from qianshao.modules.openness.figures import REPORT, REQUEST
from qianshao.modules.openness.report import check, compute, exports, records
from qianshao.modules.openness.report.finding import Finding
from qianshao.modules.openness.report.form import COURSES, FIRST_YEAR_OF_2021_FORM, SECTIONS
from qianshao.modules.openness.report.model import Report
from qianshao.modules.openness.yearly.facts import Compiled
from qianshao.modules.openness.yearly.rules import DEPARTMENTS, GOVERNMENTS

FIRST_YEAR = 2008  # the first Regulations took effect on 1 May 2008
BODIES = (*GOVERNMENTS, *DEPARTMENTS)
# A suit is out of time five years after the reply (行政诉讼法 第四十六条第二款); two more for it to be decided.
_DISPUTED_FOR = 7  # years
_AT_ONCE = 2_000  # streams read together
_OWN_WORDS = (0, 4)  # the sections nothing is counted for: 一 and 五


class BadYear(ValueError):
    """No report can be made of this year; says which can."""


class NoBody(LookupError):
    """No unit of this code reports; says where the codes stand."""


@dataclass(frozen=True)
class Yearly:
    """A body's report for a year with what it was counted from; ``stream`` is its duty, where one was opened.

    ``running`` while the year is not over: what is open now stands as carried forward.
    """

    unit: Unit
    report: Report
    register: records.Register
    findings: tuple[Finding, ...]
    running: bool
    compiled: bool
    unwritten: tuple[str, ...]
    stream: str = ""

    @property
    def year(self) -> int:
        """The year reported on."""
        assert self.report.year is not None
        return self.report.year

    def behind(self, table: str, row: str, column: str) -> list[records.Record]:
        """The records a cell of table three or four was counted from, the latest first."""
        known = self.register.records
        if table == "table4":
            streams = [
                case.number
                for case in self.register.cases
                if case.course == row and column in compute.cells_of(case, self.year)
            ]
        else:
            streams = [
                request.number
                for request in self.register.requests
                if column in (request.applicant, "total")
                and row in compute.places(request, self.year, self.report.form)
            ]
        return sorted(
            (known[stream] for stream in streams), key=lambda record: record.state.received.at, reverse=True
        )

    @property
    def untold(self) -> list[records.Record]:
        """The counted requests whose register does not say what kind of applicant asked."""
        return [
            self.register.records[request.number]
            for request in self.register.requests
            if request.number in self.register.untold and compute.places(request, self.year, self.report.form)
        ]


def body_of(code: str) -> Unit:
    """The government or department of this code; raises ``NoBody``."""
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise NoBody(_("没有代码为 {code} 的单位。请用“单位”页上的代码。").format(code=code))
    if unit.kind not in BODIES:
        raise NoBody(
            _("{unit}不单独编制年度报告，编制的是政府和政府部门（第四十九条）。").format(unit=unit.name)
        )
    return unit


def make(unit: Unit, year: int, now: datetime) -> Yearly:
    """The report of a unit and those below it, as the registers stand now.

    Raises ``BadYear``, and ``compute.BadRecord`` where a record contradicts itself.
    """
    today = now.astimezone(SHANGHAI).date()
    if not FIRST_YEAR <= year <= today.year:
        raise BadYear(
            _("只能编制 {first} 至 {last} 年的年度报告，不能编制 {year} 年的。").format(
                first=FIRST_YEAR, last=today.year, year=year
            )
        )
    register = records.register(_records(unit, year))
    given = dict(_compiled(unit))
    stream, compiled = given.get(year, ("", None))
    report = _report(unit, year, register, compiled)
    before = given.get(year - 1, ("", None))[1]
    held = [report] if before is None else [report, _report(unit, year - 1, register, before)]
    written = records.words(compiled)
    return Yearly(
        unit=unit,
        report=report,
        register=register,
        findings=tuple(finding for finding in check.check(held) if finding.report is report),
        running=year == today.year,
        compiled=compiled is not None,
        unwritten=tuple(SECTIONS[place] for place in _OWN_WORDS if place not in written),
        stream=stream,
    )


def _report(unit: Unit, year: int, register: records.Register, compiled: Compiled | None) -> Report:
    return compute.report(
        body=unit.name,
        year=year,
        requests=register.requests,
        cases=register.cases,
        entries=records.entries(compiled) if year >= FIRST_YEAR_OF_2021_FORM else {},
        words=records.words(compiled),
        fees=register.fees.get(year, compute.NO_FEES),
    )


def _records(unit: Unit, year: int) -> Iterator[records.Record]:
    """The requests of the unit and those below it that can be in the year's tables; nothing sealed is opened."""
    kind = registry.kind(REQUEST)
    oldest = midnight(date(max(year - _DISPUTED_FOR, 1900), 1, 1))
    duties = (
        Duty.objects.filter(kind=REQUEST, unit__path__startswith=unit.path)
        .filter(Q(opened_at__lt=midnight(date(year + 1, 1, 1))))
        .filter(Q(closed_at=None) | Q(closed_at__gte=oldest))
        .order_by("id")
        .values_list("stream", "number", "unit__short")
    )
    found = {stream: (number, short) for stream, number, short in duties}
    streams = list(found)
    for start in range(0, len(streams), _AT_ONCE):
        facts: dict[str, list[Numbered]] = {}
        for stream, sseq, raw in bodies_of(streams[start : start + _AT_ONCE]):
            facts.setdefault(stream, []).append(Numbered(sseq, fact_of(kind, Body.from_body(raw), {})))
        for stream, told in facts.items():
            number, short = found[stream]
            yield records.Record(stream, number, short, kind.fold(counted(told)))


def _compiled(unit: Unit) -> Iterator[tuple[int, tuple[str, Compiled | None]]]:
    """Year → the duty of the unit's report, and what people gave for it."""
    kind = registry.kind(REPORT)
    streams = Duty.objects.filter(kind=REPORT, unit=unit).order_by("id").values_list("stream", flat=True)
    facts: dict[str, list[Numbered]] = {}
    for stream, sseq, raw in bodies_of(list(streams)):
        facts.setdefault(stream, []).append(Numbered(sseq, fact_of(kind, Body.from_body(raw), {})))
    for stream, told in facts.items():
        owed = kind.fold(counted(told))
        yield owed.year, (stream, owed.compiled)


def is_cell(table: str, row: str, column: str, report: Report) -> bool:
    """Whether the report has this figure, and it is a count of records."""
    if table == "table4" and row not in COURSES:
        return False
    return table in ("table3", "table4") and report.value(table, row, column) is not None


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {"docx": DOCX, "html": "text/html; charset=utf-8", "json": "application/json"}


def written(report: Report, form: str) -> bytes:
    """The report as a file of a form of ``TYPES``."""
    if form == "docx":
        return exports.as_docx(report)
    if form == "html":
        return exports.as_html(report).encode()
    return json.dumps(exports.as_json(report), ensure_ascii=False, indent=1).encode()
