"""The pages of the flawed site: sound ones, and beside them exactly the flaws ``flaws`` lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import add_months

SITE = "刺桐市港务管理局"
DOMAIN = "gangwu.citong.example"
CODE = "3599000042"


@dataclass(frozen=True, slots=True)
class Flaw:
    """What the watch must find: the rule, on which page."""

    rule: str
    path: str
    what: str


@dataclass(frozen=True)
class Site:
    """Every address of the site with its bytes, and the flaws that were put in."""

    pages: dict[str, bytes]
    flaws: tuple[Flaw, ...]


@dataclass(frozen=True, slots=True)
class _Column:
    path: str
    name: str


NEWS = _Column("/xwzx/", "工作动态")
NOTICES = _Column("/tzgg/", "通知公告")
POLICIES = _Column("/zcwj/", "政策文件")
READINGS = _Column("/zcjd/", "政策解读")
GUIDE = _Column("/zwgk/zn/", "政府信息公开指南")
RULES = _Column("/zwgk/zd/", "政府信息公开制度")
DUTIES = _Column("/zwgk/fdzdgk/", "法定主动公开内容")
REPORTS = _Column("/zwgk/nb/", "政府信息公开年报")
EMPTY = _Column("/zwgk/ys/", "财政预决算")
_MENU = (NEWS, NOTICES, POLICIES, READINGS, GUIDE, RULES, DUTIES, REPORTS, EMPTY)
_PROSE = "港务管理局围绕古港保护和港区作业安全开展工作，现将有关情况公布如下，请有关单位和个人按照要求办理，相关事项由本局负责说明。"

_EXPLAINED = (
    "为什么要发这份文件？近年来到港船舶增多，码头上的老设施承受的压力越来越大，渔民和航运企业多次提出意见。"
    "谁要照着做？在港区内施工、停靠、装卸的企业，以及住在码头附近的居民都在其内。"
    "怎样办？先在窗口或者网上备案，三天内会有人上门查看，看过之后当场告诉结果；不清楚的可以打值班电话问。"
)


def site_of(today: date, calendar: Calendar) -> Site:
    """The site as it stands on a day; the same day gives the same bytes."""
    return _Making(today, calendar).site()


class _Making:
    def __init__(self, today: date, calendar: Calendar) -> None:
        self.today = today
        self.calendar = calendar
        self.pages: dict[str, bytes] = {}
        self.flaws: list[Flaw] = []

    def site(self) -> Site:
        formed = self.calendar.next_workday(self.today - timedelta(days=90))
        policies = self._policies(formed)
        news = self._articles(
            NEWS, "港区", "作业情况", [self.today - timedelta(days=30 + 7 * n) for n in range(6)]
        )
        notices = self._articles(
            NOTICES,
            "关于",
            "航道检修的公示",
            [add_months(self.today, -8) - timedelta(days=9 * n) for n in range(6)],
        )
        self._flaw("W4", NEWS.path, "动态栏目 30 天没有更新")
        self._flaw("W4", NOTICES.path, "公告栏目 8 个月没有更新")
        self._list(NEWS, news)
        self._list(NOTICES, notices)
        self._list(EMPTY, [])
        self._flaw("W4", EMPTY.path, "空白栏目")
        self._single(GUIDE)
        self._single(RULES)
        self._single(DUTIES, more='<p><a href="/zwgk/fdzdgk/moved.html">原机构职能页</a></p>')
        self._flaw("LNK", "/zwgk/fdzdgk/moved.html", "死链")
        self._reports()
        self._bad_labels(news)
        self._home([*news[:3], *policies[:2]])
        self._flaw("W3", "/", "首页最新信息是 30 天前的")
        self._flaw("COL", "/", "没有依申请公开栏目")
        self.pages["/robots.txt"] = b"User-agent: *\nDisallow: /manage/\n"
        return Site(self.pages, tuple(self.flaws))

    def _flaw(self, rule: str, path: str, what: str) -> None:
        self.flaws.append(Flaw(rule, path, what))

    def _policies(self, formed: date) -> list[tuple[str, str, date]]:
        """Four documents: sound; late; interpreted late; without an interpretation. And an unlinked pair."""
        listed: list[tuple[str, str, date]] = []
        readings: list[tuple[str, str, date]] = []
        day = self.calendar.add_workdays
        plan: list[tuple[str, date, int, bool, bool]] = [
            # subject, published, working days to the interpretation (-1: none), linked forth, linked back
            ("加强古港遗址保护", day(formed, 5), 0, True, True),
            ("规范港区夜间作业", day(formed, 30), 1, True, True),
            ("调整渡口收费标准", day(formed, 6), 6, True, True),
            ("做好防台风准备工作", day(formed, 7), -1, False, False),
            ("推进码头岸电建设", day(formed, 8), 2, False, False),
        ]
        for n, (subject, published, wait, forth, back) in enumerate(plan, start=1):
            title = f"{SITE}关于{subject}的通知"
            path, reading = f"/zcwj/t{published:%Y%m%d}_{100 + n}.html", f"/zcjd/jd_{200 + n}.html"
            link = f'<div>相关解读</div><p><a href="{reading}">《{title}》政策解读</a></p>' if forth else ""
            self._policy(path, title, n, formed, published, link)
            listed.append((path, title, published))
            if wait >= 0:
                told = day(published, wait) if wait else published
                self._reading(reading, title, path, told, back, copied=subject.startswith("规范"))
                readings.append((reading, f"《{title}》政策解读", told))
            if subject.startswith("规范"):
                self._flaw("INT-7", reading, "照搬文件原文")
                self._flaw("PRO-1", path, "形成后第 30 个工作日才公开")
            if subject.startswith("调整"):
                self._flaw("INT-3", reading, "发布后第 6 个工作日才解读")
            if subject.startswith("做好"):
                self._flaw("INT-1", path, "没有解读")
            if subject.startswith("推进"):
                self._flaw("INT-6", path, "文件没有链接到解读")
                self._flaw("INT-6", reading, "解读没有链接到文件")
        self._list(POLICIES, listed)
        self._list(READINGS, readings)
        return listed

    def _policy(self, path: str, title: str, n: int, formed: date, published: date, more: str) -> None:
        number = f"刺港规〔{formed.year}〕{n}号"
        table = (
            f"<table><tr><td>发文机关：</td><td>{SITE}</td><td>成文日期：</td><td>{_day(formed)}</td></tr>"
            f"<tr><td>发文字号：</td><td>{number}</td><td>发布日期：</td><td>{published}</td></tr></table>"
        )
        self._article(
            path,
            POLICIES,
            title,
            published,
            f"{table}<p>{_PROSE}</p><p>{SITE}</p><p>{_day(formed)}</p>{more}",
        )

    def _reading(
        self, path: str, title: str, policy: str, published: date, back: bool, *, copied: bool
    ) -> None:
        link = f'<p>相关文件：<a href="{policy}">{title}</a></p>' if back else ""
        self._article(
            path,
            READINGS,
            f"《{title}》政策解读",
            published,
            f"<p>{_PROSE if copied else _EXPLAINED}</p>{link}",
        )

    def _articles(
        self, column: _Column, head: str, tail: str, days: list[date]
    ) -> list[tuple[str, str, date]]:
        found = []
        for n, day in enumerate(days, start=1):
            path, title = f"{column.path}t{day:%Y%m%d}_{n}.html", f"{head}第{n}期{tail}"
            self._article(path, column, title, day, f"<p>{_PROSE}</p>")
            found.append((path, title, day))
        return found

    def _bad_labels(self, news: list[tuple[str, str, date]]) -> None:
        """One article without ContentSource, one whose PubDate has no time, one list without a description."""
        path, title, day = news[4]
        self._article(path, NEWS, title, day, f"<p>{_PROSE}</p>", drop="ContentSource")
        self._flaw("LBL", path, "没有 ContentSource")
        path, title, day = news[5]
        self._article(path, NEWS, title, day, f"<p>{_PROSE}</p>", clock="")
        self._flaw("LBL", path, "PubDate 没有时间")
        self.pages[RULES.path] = self.pages[RULES.path].replace(
            b'<meta name="SiteIDCode" content="3599000042">', b""
        )
        self._flaw("LBL", RULES.path, "没有 SiteIDCode")

    def _reports(self) -> None:
        year = self.today.year - 2
        path, day = f"{REPORTS.path}{year}.html", date(year + 1, 1, 20)
        title = f"{SITE}{year}年政府信息公开工作年度报告"
        self._article(path, REPORTS, title, day, f"<p>{_PROSE}</p>")
        self._list(REPORTS, [(path, title, day)])
        self._flaw("AR-DEPT", "/", "没有上一年度的年报")

    def _article(
        self,
        path: str,
        column: _Column,
        title: str,
        day: date,
        body: str,
        *,
        drop: str = "",
        clock: str = " 09:30",
    ) -> None:
        labels = {
            **_site(),
            **_column(column),
            "ArticleTitle": title,
            "PubDate": f"{day}{clock}",
            "ContentSource": "局办公室",
        }
        labels.pop(drop, None)
        source = "" if drop else " 来源：局办公室"
        line = f'<div class="info">发布时间：{day}{clock}{source}</div>'
        self.pages[path] = _html(
            labels, title, f"<h1>{title}</h1>{line}<div class='text'>{body}</div>", column
        )

    def _list(self, column: _Column, items: list[tuple[str, str, date]]) -> None:
        rows = "".join(
            f'<li><a href="{path}">{title}</a><span>{day}</span></li>' for path, title, day in items
        )
        self.pages[column.path] = _html(
            {**_site(), **_column(column)}, column.name, f"<ul>{rows}</ul>", column
        )

    def _single(self, column: _Column, more: str = "") -> None:
        labels = {
            **_site(),
            **_column(column),
            "ArticleTitle": column.name,
            "PubDate": f"{self.today.year - 1}-12-15 10:00",
        }
        labels["ContentSource"] = "局办公室"
        body = f"<h1>{column.name}</h1><p>{_PROSE}</p><p>{_PROSE}</p>{more}"
        self.pages[column.path] = _html(labels, column.name, body, column)

    def _home(self, items: list[tuple[str, str, date]]) -> None:
        rows = "".join(
            f'<li><a href="{path}">{title}</a><span>{day}</span></li>'
            for path, title, day in items
            if day <= self.today - timedelta(days=30)
        )
        self.pages["/"] = _html(_site(), SITE, f"<ul>{rows}</ul>", None)


def _site() -> dict[str, str]:
    return {"SiteName": SITE, "SiteDomain": DOMAIN, "SiteIDCode": CODE}


def _column(column: _Column) -> dict[str, str]:
    return {
        "ColumnName": column.name,
        "ColumnDescription": f"{SITE}的{column.name}",
        "ColumnKeywords": column.name,
        "ColumnType": column.name,
    }


def _html(labels: dict[str, str], title: str, body: str, column: _Column | None) -> bytes:
    metas = "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in labels.items())
    menu = "".join(f'<a href="{one.path}">{one.name}</a> ' for one in _MENU)
    here = (
        f'<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="{column.path}">{column.name}</a></div>'
        if column
        else ""
    )
    name = title if title == SITE else f"{title}_{SITE}"
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{name}</title>{metas}</head><body>'
        f'<div class="nav"><a href="/">首页</a> {menu}</div>{here}<div class="main">{body}</div>'
        f'<div class="footer">主办：{SITE} 网站标识码：{CODE}</div></body></html>'
    ).encode()


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
