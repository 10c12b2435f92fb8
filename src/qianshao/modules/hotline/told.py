"""The report of an import as lines on a screen, in the reader's language."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_UNITS_SHOWN = 20


def lines(report: Mapping[str, Any]) -> list[str]:
    """The whole report; what was not counted is a dash."""
    return [*_rule(report), "", *_totals(report), "", *_months(report), *_units(report)]


def _rule(report: Mapping[str, Any]) -> list[str]:
    found = []
    for rule in report["rules"]:
        found.append(
            _("适用规则：{title} {term}（{law} {article}，版本 {name}），{n} 件").format(
                title=_(rule["title"]),
                term=rule["term"],
                law=rule["law"],
                article=rule["article"],
                name=rule["name"],
                n=rule["duties"],
            )
        )
    return found


def _totals(report: Mapping[str, Any]) -> list[str]:
    judged = report["judged"]
    found = [
        _("共 {n} 件，其中已到期或已答复 {judged} 件").format(n=report["total"], judged=judged),
        _("  按时答复 {n} 件（{rate}）").format(
            n=report["answered_in_time"], rate=percent(report["in_time_rate"])
        ),
        _("  逾期答复 {n} 件").format(n=report["answered_late"]),
        _("  未答复 {n} 件，其中已逾期 {late} 件").format(n=report["open"], late=report["open_overdue"]),
    ]
    if report["answered_late"]:
        found.append(
            _("  逾期的工作日数：中位 {median}，九成不超过 {p90}，最长 {longest}").format(
                median=number(report["median_late_workdays"]),
                p90=number(report["p90_late_workdays"]),
                longest=number(report["longest_late_workdays"]),
            )
        )
    if report["median_days"] is not None:
        found.append(
            _("  答复用时：中位 {workdays} 个工作日（{days} 天），最长 {longest} 天").format(
                workdays=number(report["median_workdays"]),
                days=number(report["median_days"]),
                longest=number(report["longest_days"]),
            )
        )
    return found


def _months(report: Mapping[str, Any]) -> list[str]:
    if not report["by_month"]:
        return []
    head = [_("受理月份"), _("件数"), _("按时"), _("逾期"), _("未答复"), _("已逾期"), _("按时率")]
    rows = [[row["month"], *_cells(row)] for row in report["by_month"]]
    return table([head, *rows])


def _units(report: Mapping[str, Any]) -> list[str]:
    ranked = report["by_unit"]
    found: list[str] = []
    if ranked:
        head = [_("承办单位"), _("件数"), _("按时"), _("逾期"), _("未答复"), _("已逾期"), _("按时率")]
        rows = [[row["name"], *_cells(row)] for row in ranked[:_UNITS_SHOWN]]
        found += ["", _("单位排名（按时率 = 按时答复 ÷（已答复 + 未答复且已逾期））"), *table([head, *rows])]
        if len(ranked) > _UNITS_SHOWN:
            rest = len(ranked) - _UNITS_SHOWN
            found.append(ngettext("另有 %(n)s 个单位", "另有 %(n)s 个单位", rest) % {"n": rest})
    if report["unit_unknown"]:
        found += ["", _("有 {n} 件没有承办单位，不参加单位排名。").format(n=report["unit_unknown"])]
    return found


def _cells(row: Mapping[str, Any]) -> list[str]:
    counts = (row["total"], row["answered_in_time"], row["answered_late"], row["open"], row["open_overdue"])
    rate = f"{percent(row['in_time_rate'])} ({row['answered_in_time']}/{row['judged']})"
    return [*map(str, counts), rate]


def percent(rate: float | None) -> str:
    """97.53%, or a dash when nothing was judged."""
    return "—" if rate is None else f"{rate:.2f}%"


def number(value: float | None) -> str:
    """A number without a needless point, or a dash."""
    return "—" if value is None else f"{value:g}"


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns under one another; a Chinese character is two wide, the first column stands left."""
    widths = [max(_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(_padded(cell, widths[place], place == 0) for place, cell in enumerate(row)) for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int, left: bool) -> str:
    blanks = " " * (width - _width(text))
    return text + blanks if left else blanks + text
