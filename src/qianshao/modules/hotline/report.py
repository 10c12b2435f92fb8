"""What an import of requests tells the city: answered in time, late and by how much, by month, by unit.

Every number is counted by the database over the duties of the run; nothing is read from the file again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from qianshao.core.duties import calendars, rulebook
from qianshao.core.duties.models import Duty
from qianshao.core.imports.models import ImportLine
from qianshao.kernel.clock import last_day
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit import telling

from . import rules
from .module import ORDER

GROUPS = {
    "total": "合计",
    "answered_in_time": "按时答复",
    "answered_late": "逾期答复",
    "open": "未答复",
    "open_overdue": "未答复且已逾期",
    "withdrawn": "已撤回",
}


def duties_of(run: int) -> QuerySet[Duty]:
    """The duties a run's rows are about, each once; rows that were there before are among them."""
    return Duty.objects.filter(kind=ORDER.key, stream__in=ImportLine.objects.filter(run=run).values("stream"))


def records(run: int, name: str, now: datetime) -> QuerySet[Duty]:
    """Exactly the duties behind a number; ``LookupError`` for a number the report does not have."""
    return duties_of(run).filter(group(name, now))


def group(name: str, now: datetime) -> Q:
    """Which duties a number of the report counts (``GROUPS``)."""
    return {
        "total": Q(),
        "answered_in_time": Q(phase__in=rules.ANSWERED, missed_at=None),
        "answered_late": Q(phase__in=rules.ANSWERED, missed_at__isnull=False),
        "open": Q(open=True),
        "open_overdue": Q(open=True) & (Q(due_at__lte=now) | Q(missed_at__isnull=False)),
        "withdrawn": Q(phase="withdrawn"),
    }[name]


def of_run(run: int, now: datetime) -> dict[str, Any]:
    """The report as JSON-ready values: counts, days (median, p90, longest), months, units, the rule."""
    duties = duties_of(run)
    whole = duties.aggregate(**_counts(now))
    found: dict[str, Any] = {**_row(whole), **_lengths(duties)}
    found["by_month"] = [
        {"month": f"{row['month'] // 100}-{row['month'] % 100:02}", **_row(row)}
        for row in duties.values("month").order_by("month").annotate(**_counts(now))
    ]
    units = duties.exclude(unit=None).values("unit__code", "unit__name").order_by("unit__code")
    found["by_unit"] = sorted(
        (
            {"unit": row["unit__code"], "name": row["unit__name"], **_row(row)}
            for row in units.annotate(**_counts(now))
        ),
        key=lambda row: (-(row["in_time_rate"] if row["judged"] else -1), -row["judged"], row["unit"]),
    )
    found["unit_unknown"] = duties.filter(unit=None).count()
    found["rules"] = _rules(duties)
    found["rule"] = found["rules"][0] if found["rules"] else {}
    return found


def _counts(now: datetime) -> dict[str, Count]:
    return {f"n_{name}": Count("id", filter=group(name, now)) for name in GROUPS}


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    counts = {name: row[f"n_{name}"] for name in GROUPS}
    return {**counts, "judged": _judged(counts), "in_time_rate": _rate(counts)}


def _judged(counts: Mapping[str, int]) -> int:
    """The denominator: what was answered, and what is overdue without an answer."""
    return counts["answered_in_time"] + counts["answered_late"] + counts["open_overdue"]


def _rate(counts: Mapping[str, int]) -> float | None:
    judged = _judged(counts)
    return round(100 * counts["answered_in_time"] / judged, 2) if judged else None


def _lengths(duties: QuerySet[Duty]) -> dict[str, Any]:
    """How long answers took and how late the late ones were.

    Late by: working days after the last day of the promise, up to the day of the answer; a day off straight
    after that last day makes 0. Time to answer in days is exact, in working days the day of receipt is not
    counted (民法典 第二百零一条).
    """
    calendar = calendars.current()
    days: Counter[float] = Counter()
    workdays: Counter[float] = Counter()
    late: Counter[float] = Counter()
    answered = duties.filter(phase__in=rules.ANSWERED).values_list("opened_at", "closed_at", "missed_at")
    for opened_at, closed_at, missed_at in answered.iterator(chunk_size=5000):
        assert closed_at is not None
        opened, closed = opened_at.astimezone(SHANGHAI), closed_at.astimezone(SHANGHAI)
        days[round((closed - opened) / timedelta(days=1), 1)] += 1
        workdays[calendar.workdays_between(opened.date(), closed.date())] += 1
        if missed_at is not None:
            late[calendar.workdays_between(last_day(missed_at.astimezone(SHANGHAI)), closed.date())] += 1
    return {
        "median_days": _median(days),
        "median_workdays": _median(workdays),
        "longest_days": max(days, default=None),
        "median_late_workdays": _median(late),
        "p90_late_workdays": _nearest_rank(late, 90),
        "longest_late_workdays": max(late, default=None),
    }


def _median(counts: Counter[float]) -> float | None:
    total = counts.total()
    return (_ranked(counts, (total - 1) // 2) + _ranked(counts, total // 2)) / 2 if total else None


def _nearest_rank(counts: Counter[float], hundredths: int) -> float | None:
    """The smallest counted value that so many hundredths of all do not pass."""
    total = counts.total()
    return _ranked(counts, -(-hundredths * total // 100) - 1) if total else None


def _ranked(counts: Mapping[float, int], rank: int) -> float:
    passed = 0
    for value in sorted(counts):
        passed += counts[value]
        if passed > rank:
            return value
    raise AssertionError("the rank lies within what was counted")


def _rules(duties: QuerySet[Duty]) -> list[dict[str, Any]]:
    """The editions of the answer's rule the duties are under, the most used first."""
    book = rulebook.book()
    used: Counter[str] = Counter()
    for names, count in duties.values_list("rule").annotate(n=Count("id")).order_by("rule"):
        rule = book.pinned(names, ORDER.rules)[rules.ANSWER]
        used[f"{rule.key}@{rule.edition}"] += count
    return [
        {
            "name": name,
            "title": text.title,
            "term": telling.sentence(text.rule.term.words),
            "n": text.rule.term.n,
            "unit": text.rule.term.unit.value,
            "law": text.rule.citation.law,
            "article": text.rule.citation.article,
            "status": text.rule.citation.status,
            "duties": count,
        }
        for name, count in used.most_common()
        for text in (book.text(name),)
    ]
