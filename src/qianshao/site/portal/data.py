"""Open data: each set as CSV and JSON, with a schema of its fields (Frictionless Table Schema)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from qianshao.kit.export import csv_bytes

from . import figures, policies

Rows = Callable[[datetime], Iterator[dict[str, Any]]]


@dataclass(frozen=True)
class Dataset:
    """A published table: ``fields`` are name, type and what it means."""

    name: str
    title: Any
    about: Any
    fields: tuple[tuple[str, str, Any], ...]
    rows: Rows

    def schema(self) -> dict[str, Any]:
        """The Table Schema document."""
        return {
            "name": self.name,
            "title": str(self.title),
            "description": str(self.about),
            "fields": [
                {"name": name, "type": kind, "description": str(what)} for name, kind, what in self.fields
            ],
            "missingValues": [""],
        }

    def json(self, now: datetime) -> bytes:
        """One document: when it was made, and the rows."""
        made = {
            "dataset": self.name,
            "generated_at": now.isoformat(timespec="seconds"),
            "rows": [*self.rows(now)],
        }
        return json.dumps(made, ensure_ascii=False, indent=1).encode()

    def csv(self, now: datetime) -> Iterator[bytes]:
        """UTF-8 with a mark for spreadsheet programs; no cell is a formula."""
        names = [name for name, _kind, _what in self.fields]
        return csv_bytes(names, ([_cell(row[name]) for name in names] for row in self.rows(now)))


def _cell(value: Any) -> str | int | None:
    return ("false", "true")[value] if isinstance(value, bool) else value


_RATE = (
    ("in_time", "integer", _("按时办结的件数")),
    ("due", "integer", _("已办结和逾期未办结的件数，即分母")),
    ("rate", "number", _("比率，0 至 1，四位小数")),
    ("suppressed", "boolean", _("件数少于 5，为保护个人信息不公布")),
)
_INDICATOR = ("indicator", "string", _("指标编码，含义见“公布的比率”页"))
DATASETS = {
    one.name: one
    for one in (
        Dataset(
            "rates-by-unit",
            _("各单位办理时效"),
            _("本年和上年，各单位主动公开、依申请公开、政策解读、热线答复的按时率。"),
            (_INDICATOR, ("year", "integer", _("年份")), ("unit", "string", _("单位名称")), *_RATE),
            figures.by_unit,
        ),
        Dataset(
            "rates-by-month",
            _("各月办理时效"),
            _("本年和上年，全市各月的按时率，按登记月份计。"),
            (_INDICATOR, ("month", "yearmonth", _("月份")), *_RATE),
            figures.by_month,
        ),
        Dataset(
            "documents",
            _("主动公开的文件"),
            _("已经公开的文件及其解读。"),
            (
                ("title", "string", _("名称")),
                ("document_number", "string", _("发文字号或编号")),
                ("unit", "string", _("制作机关")),
                ("category", "string", _("目录类别")),
                ("published_on", "date", _("公开日期")),
                ("url", "string", _("网址")),
                ("interpretation_url", "string", _("解读网址")),
                ("interpreted_on", "date", _("解读日期")),
            ),
            policies.rows,
        ),
    )
}
