"""The tables behind the drawings, as they leave for Excel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from django.utils.translation import gettext as _

from qianshao.kit import export, telling
from qianshao.kit.citymap import keeping

from . import drawings, standing
from .asking import Asked

Table = tuple[str, list[str], Iterator[list[export.Cell]]]


def calendar(asked: Asked) -> Table:
    """Open duties by their last day."""
    found = drawings.days(asked)
    rows: Iterator[list[export.Cell]] = (
        [day.on, day.due.value, _("已过期限") if day.past else ""] for week in found.weeks for day in week
    )
    return _("到期日历"), [_("到期日"), _("在办"), _("说明")], rows


def matrix(asked: Asked) -> Table:
    """Overdue duties by unit and kind."""
    found = standing.matrix(asked)
    heading = [_("单位"), *(telling.sentence(kind.title) for kind in found.kinds), _("合计")]
    rows: Iterator[list[export.Cell]] = (
        [
            row.unit.name if row.unit else _("未定单位"),
            *(number.value for number in row.numbers),
            row.all.value,
        ]
        for row in found.rows
    )
    return _("各单位逾期"), heading, rows


def returns(asked: Asked) -> Table:
    """Who returned what, and who has it now."""
    rows: Iterator[list[export.Cell]] = (
        [flow.origin_title, flow.goal_title, flow.orders.value] for flow in drawings.returns(asked)
    )
    return _("退单流向"), [_("从"), _("到"), _("工单")], rows


def districts(asked: Asked) -> Table:
    """Overdue and open duties by district."""
    rows: Iterator[list[export.Cell]] = (
        [keeping.area(one.unit), one.late.value, one.open.value]
        for one in standing.districts(asked, keeping.districts(asked.on))
    )
    return _("县（市、区）分布"), [_("县（市、区）"), _("逾期"), _("在办")], rows


def silent(asked: Asked) -> Table:
    """Units that moved none of their duties."""
    rows: Iterator[list[export.Cell]] = ([one.unit.name, one.waiting.value] for one in standing.silent(asked))
    return _("无动静的单位"), [_("单位"), _("在办")], rows


TABLES: dict[str, Callable[[Asked], Table]] = {
    "calendar": calendar,
    "matrix": matrix,
    "returns": returns,
    "districts": districts,
    "silent": silent,
}


def name_of(title: str, on: date) -> str:
    """The name of the file without its ending."""
    return f"{title}-{on:%Y%m%d}"
