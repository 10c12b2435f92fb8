"""The monthly bulletin (.docx), written from the figures of the board and in the layout of GB/T 9704—2012.

Every number is a link to its list. It holds counts of units alone, and nothing that tells who wrote the file or where.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from qianshao.core.duties import registry
from qianshao.core.org import city
from qianshao.kit import telling
from qianshao.kit.counted_paper import Cell, Paper

from . import figures
from .figures import Opened, Reader, Row, Share

_SHOWN = 20  # units in a table; the rest is on the board


class BadMonth(ValueError):
    """A month that cannot be reported on; says why."""


def month_of(text: str, reader: Reader) -> date:
    """The first day of ``2026-10``; empty is the month of the reader's day. Raises ``BadMonth``."""
    if not text:
        return reader.on.replace(day=1)
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise BadMonth(_("月份须写成 2026-10，不是“{value}”").format(value=text[:20])) from None
    if month > reader.on:
        raise BadMonth(_("{month} 还没有到来").format(month=text))
    if month.year < 1902:
        raise BadMonth(_("“{name}”的年份超出范围").format(name="month"))
    return month


def write(month: date, reader: Reader, *, site: str) -> bytes:
    """The bulletin of a month as its last day left things; ``site`` is the address the links begin with."""
    end = _next(month) - timedelta(days=1)
    return _Bulletin(month, reader.at_end_of(end), site).made()


def document(month: date, reader: Reader, *, site: str) -> dict[str, Any]:
    """The bulletin as JSON: the same numbers, each with the address of its list, and no unit left out of a table."""
    end = _next(month) - timedelta(days=1)
    reader, before = reader.at_end_of(end), reader.at_end_of(month - timedelta(days=1))

    def number(opened: Opened) -> dict[str, Any]:
        return {"value": opened.value, "list": f"{site.rstrip('/')}{opened.url}"}

    def share(item: Share) -> dict[str, Any]:
        return {
            "rate": item.figure.basis_points,
            "value": number(item.part),
            "of": number(item.whole),
            "left_out": [{"said": said, **number(opened)} for said, opened in item.left_out],
        }

    def row(line: Row, columns: Sequence[str]) -> dict[str, Any]:
        return {column: number(cell) for column, cell in zip(columns, line.cells, strict=True)}

    def rows(lines: Sequence[Row], columns: Sequence[str]) -> list[dict[str, Any]]:
        return [{"unit": line.title, **row(line, columns)} for line in lines]

    return {
        "month": f"{month:%Y-%m}",
        "as_of": reader.at.isoformat(timespec="seconds"),
        "rates": [
            {
                "key": item.indicator.key,
                "title": telling.sentence(item.indicator.title),
                "year": share(item.year),
                "end_of_last_month": share(figures.rate(item.indicator, before)),
                "year_before": share(item.before),
            }
            for item in figures.timeliness(reader)
        ],
        "ranking": {
            key: [
                {"place": one.place, "unit": one.title, **share(one)}
                for one in figures.ranking(figures.indicator(key), reader)
            ]
            for key in figures.RATES
        },
        "cards_given": {
            "month": row(figures.cards_given(reader, month, _next(month)), figures.GRAVEST),
            "year": row(figures.cards_given(reader, date(month.year, 1, 1), _next(month)), figures.GRAVEST),
        },
        "cards_in_force": rows(figures.cards(reader), figures.GRAVEST),
        "overdue": rows(figures.overdue(reader), figures.KINDS),
    }


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


class _Bulletin:
    def __init__(self, month: date, reader: Reader, site: str) -> None:
        self.month = month
        self.reader = reader
        self.rates = figures.timeliness(reader)
        self.paper = Paper(site, reader.at)

    def made(self) -> bytes:
        self._head()
        self._rates()
        self._ranking()
        self._cards()
        self._late()
        self._notes()
        return self.paper.made()

    def _head(self) -> None:
        text = _("{city}政务公开监察月报").format(city=city.name())
        month = telling.month(self.month.year, self.month.month)
        self.paper.title(text, _("（{month}）").format(month=month))
        said = _("统计截至{day}。本年累计指本年1月1日以后登记的事项；上年同期指上年1月1日至上年同日。")
        self.paper.say(said.format(day=telling.day(self.reader.on)))

    def _rates(self) -> None:
        self.paper.heading(_("一、三项按时率"))
        last = self.reader.at_end_of(self.month - timedelta(days=1))
        rows: list[list[Cell]] = []
        for item in self.rates:
            month_before = figures.rate(item.indicator, last)
            for title, share, than in (
                (_("本年累计"), item.year, None),
                (_("上月末"), month_before, item.year),
                (_("上年同期"), item.before, item.year),
            ):
                changed = figures.change(than, share) if than else ""
                name = telling.sentence(item.indicator.title) if than is None else ""
                rows.append([name, title, share.part, share.whole, share.rate, changed])
        head = [_("指标"), _("时段"), _("按时"), _("应办结"), _("按时率"), _("本年累计增减（百分点）")]
        self.paper.table(head, rows)
        for item in self.rates:
            formula = telling.sentence(item.indicator.formula)
            title = telling.sentence(item.indicator.title)
            self.paper.say(_("{title}：{formula}。").format(title=title, formula=formula))
            for said, left in item.year.left_out:
                self.paper.say(_("{said}：").format(said=said), left)

    def _ranking(self) -> None:
        self.paper.heading(_("二、各单位位次"))
        for key in figures.RATES:
            item = figures.indicator(key)
            ranked = figures.ranking(item, self.reader)
            self.paper.say(telling.sentence(item.title) + _("（比率相同的位次并列）："))
            if not ranked:
                self.paper.say(_("没有应办结的事项。"))
                continue
            rows = [_share(share) for share in ranked[:_SHOWN]]
            self.paper.table([_("位次"), _("单位"), _("按时"), _("应办结"), _("按时率")], rows)
            self._more(len(ranked))

    def _cards(self) -> None:
        self.paper.heading(_("三、预警卡"))
        head = [_("单位"), *(telling.sentence(title) for title in figures.GRAVEST_FIRST)]
        given = figures.cards_given(self.reader, self.month, _next(self.month))
        first = date(self.month.year, 1, 1)
        year = figures.cards_given(self.reader, first, _next(self.month))
        self.paper.table(
            [_("时段"), *head[1:]],
            [[_("本月发出且未撤销"), *given.cells], [_("本年累计"), *year.cells]],
        )
        self.paper.say(_("月末有效（已发出、未撤销、未了结）的预警卡，按单位："))
        self._rows(head, figures.cards(self.reader), _("没有有效的预警卡。"))

    def _late(self) -> None:
        self.paper.heading(_("四、逾期未办结的事项"))
        head = [_("单位"), *(telling.sentence(registry.kind(key).title) for key in figures.KINDS)]
        self._rows(head, figures.overdue(self.reader), _("没有逾期的事项。"))

    def _notes(self) -> None:
        self.paper.heading(_("说明"))
        self.paper.say(_("各数字均链接到其名单，名单的件数即该数字；地址如下，其余数字可在文中点开。"))
        for item in self.rates:
            for opened in (item.year.part, item.year.whole):
                self.paper.small(telling.sentence(item.indicator.title), opened)

    def _rows(self, head: Sequence[str], rows: Sequence[Row], none: str) -> None:
        if not rows:
            self.paper.say(none)
            return
        self.paper.table(head, [[row.title, *row.cells] for row in rows[:_SHOWN]])
        self._more(len(rows))

    def _more(self, found: int) -> None:
        if found > _SHOWN:
            said = _("仅列前 {shown} 个单位，共 {n} 个，全部见监察页。")
            self.paper.say(said.format(shown=_SHOWN, n=found))


def _share(share: Share) -> list[Cell]:
    return [str(share.place), share.title, share.part, share.whole, share.rate]
