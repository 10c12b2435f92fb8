"""The inspection items held against what a crawl brought home. Pure over the spool; the day is an argument."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from qianshao.kernel.calendar import Calendar, CalendarMissing
from qianshao.kernel.clock import add_months
from qianshao.kernel.words import Words, marked, say

from ..interpretations_excerpt import compare
from ..pages.bounded import Reader, Unreadable
from .finding import Automatic, Evidence, Finding
from .items import Numbers
from .spool import Spool

_NEWS = re.compile(r"动态|要闻|新闻|资讯|信息快讯|快讯|时政")
_NOTICE = re.compile(r"公告|通知|公示|通告|政策|文件|法规|规章|解读|规划|年报")
_REPORT = re.compile(
    r"((?:19|20)\d\d)\s*年?(?:度)?.{0,40}政府信息公开(?:工作)?(?:年度)?(?:工作)?报告|政府信息公开(?:工作)?年度报告.{0,4}((?:19|20)\d\d)"
)
_GOVERNMENT = re.compile(r"人民政府|管理委员会|管委会")
_PUBDATE = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}[:∶]\d{2}(?:[:∶]\d{2})?")
_CODE = re.compile(r"(?:\d{10}|bm\d{8})", re.I)
_QUOTED = re.compile(r"《(.+)》")
_SORTS = {"home": marked("首页"), "list": marked("栏目页"), "article": marked("内容页")}
_MOST_EXAMPLES = 20
_GONE = "done=1 AND (status>=400 OR reason IN ('timeout','unreachable','redirects','encoding'))"
_PAGE = "id, url, parent, status, reason, at, seconds, sha256, place, packed, kind, title, number, formed_on, published_on, days_sure, column_name, site_name, newest, items, scripted, labels, depth"  # fmt: skip
_SITE = ("sitename", "sitedomain", "siteidcode")
_COLUMN = ("columnname", "columndescription", "columnkeywords", "columntype")
_CONTENT = ("articletitle", "pubdate", "contentsource")
_SPELT = {
    "sitename": "SiteName", "sitedomain": "SiteDomain", "siteidcode": "SiteIDCode", "columnname": "ColumnName",
    "columndescription": "ColumnDescription", "columnkeywords": "ColumnKeywords", "columntype": "ColumnType",
    "articletitle": "ArticleTitle", "pubdate": "PubDate", "contentsource": "ContentSource",
}  # fmt: skip


@dataclass
class Verdict:
    """All findings of a watch, and what could not be judged with the reason."""

    findings: list[Finding] = field(default_factory=list)
    unjudged: list[tuple[str, Words]] = field(default_factory=list)


def check(
    spool: Spool, *, start: str, today: date, numbers: Numbers, calendar: Calendar, whole: bool
) -> Verdict:
    """Hold every watched item against the spool.

    ``whole`` says that the crawl came to its end: only then can something be called missing.
    """
    site = _Site(spool, start, today, numbers, calendar, whole, Verdict())
    home = site.one("SELECT " + _PAGE + " FROM page WHERE depth=0 ORDER BY id LIMIT 1")
    if not _reachable(site, home):
        return site.verdict
    assert home is not None
    for item in (
        _home_fresh,
        _columns,
        _dead,
        _required,
        _labels,
        _published_late,
        _interpretations,
        _yearly,
    ):
        item(site, home)
    site.verdict.unjudged += [
        ("W1", say("须人工核查内容")),
        ("W5", say("须有留言和答复的后台数据：公开的答复只是其中一部分，看不出哪些没有答复")),
        ("W6", say("须人工试用办事服务")),
        ("N1", say("新媒体在别的平台上，监测只访问本站；微信等账号的发布时间须登录平台查看")),
        ("N2", say("留言和答复只有账号的后台看得到，应用程序能不能用须人工安装试用")),
    ]
    return site.verdict


@dataclass
class _Site:
    spool: Spool
    start: str
    today: date
    numbers: Numbers
    calendar: Calendar
    whole: bool
    verdict: Verdict

    def rows(self, where: str, values: Iterable[object] = ()) -> Iterator[sqlite3.Row]:
        return self.spool.rows(f"SELECT {_PAGE} FROM page WHERE {where} ORDER BY id", tuple(values))

    def one(self, question: str, *values: object) -> sqlite3.Row | None:
        return next(iter(self.spool.rows(question, values)), None)

    def found(
        self,
        rule: str,
        row: sqlite3.Row,
        subject: str,
        sentence: Words,
        *,
        automatic: Automatic = "found",
        evidence: sqlite3.Row | None = None,
        also: Iterable[str] = (),
        places: int = 1,
    ) -> None:
        seen = row if evidence is None else evidence
        proof = Evidence(
            row["url"],
            row["at"] or "",
            row["status"],
            seen["sha256"] or "",
            seen["place"] or 0,
            seen["packed"] or 0,
        )
        self.verdict.findings.append(
            Finding(
                rule, row["url"], subject, sentence, automatic, proof, tuple(also)[:_MOST_EXAMPLES], places
            )
        )

    def unjudged(self, rule: str, why: Words) -> None:
        self.verdict.unjudged.append((rule, why))


def _reachable(site: _Site, home: sqlite3.Row | None) -> bool:
    """W2 asks for a week of spaced visits; one watch is one visit, so its failure is a suspicion."""
    if home is None or home["at"] is None:
        site.unjudged("W2", say("首页还没有访问"))
        return False
    if home["reason"] == "robots":
        site.unjudged("W2", say("robots.txt 不允许访问首页"))
        return False
    if home["status"] != 200 or home["kind"] is None:
        why = home["reason"] or str(home["status"])
        site.found("W2", home, "home", say("首页无法访问（{why}）", why=why), automatic="suspected")
        return False
    if (home["seconds"] or 0) >= site.numbers.slow_seconds:
        seconds = round(home["seconds"])
        site.found("W2", home, "home", say("首页用了 {n} 秒才打开", n=seconds), automatic="suspected")
    return True


def _home_fresh(site: _Site, home: sqlite3.Row) -> None:
    """W3: the newest day on the home page and on the pages it links to. What has no date counts as not updated."""
    below = site.one(
        "SELECT max(published_on) AS day FROM page WHERE parent=? AND kind NOT IN ('list','other')",
        home["id"],
    )
    newest = max(filter(None, (home["newest"], below["day"] if below else None)), default="")
    newest = min(newest, site.today.isoformat()) if newest else ""
    limit = site.today - timedelta(days=site.numbers.home_days)
    if newest and date.fromisoformat(newest) >= limit:
        return
    if not newest and home["scripted"] and not home["items"]:
        site.unjudged("W3", say("首页的信息由脚本生成，须在浏览器中查看"))
        return
    sentence = (
        say(
            "首页最新信息是{day}，已超过 {n} 天没有更新",
            day=date.fromisoformat(newest),
            n=site.numbers.home_days,
        )
        if newest
        else say("首页没有任何带日期的信息，按未更新计")
    )
    site.found("W3", home, "home", sentence, automatic="found" if newest else "suspected")


def _columns(site: _Site, home: sqlite3.Row) -> None:
    """W4: every column by its newest entry, with the period of its sort; a column without entries is blank."""
    columns: dict[str, list[sqlite3.Row]] = defaultdict(list)
    for row in site.rows("kind='list' AND id<>?", [home["id"]]):
        columns[row["column_name"] or row["title"] or row["url"]].append(row)
    below = {
        row["column_name"]: row["day"]
        for row in site.spool.rows(
            "SELECT column_name, max(published_on) AS day FROM page WHERE kind NOT IN ('list','other') AND published_on IS NOT NULL"
            " GROUP BY column_name"
        )
    }
    for name, pages in columns.items():
        _column(site, name, pages, below.get(name) or "")


def _column(site: _Site, name: str, pages: list[sqlite3.Row], below: str) -> None:
    first = pages[0]
    newest = max([row["newest"] or "" for row in pages] + [below])
    if not newest:
        if any(row["scripted"] for row in pages):
            site.unjudged("W4", say("栏目“{name}”由脚本生成，须在浏览器中查看", name=name))
        else:
            site.found("W4", first, f"column {name}", say("栏目“{name}”是空白的", name=name))
        return
    day = date.fromisoformat(newest)
    if _NEWS.search(name):
        limit = site.today - timedelta(days=site.numbers.news_days)
    elif _NOTICE.search(name):
        limit = add_months(site.today, -site.numbers.notice_months)
    else:
        limit = add_months(site.today, -site.numbers.other_months)
    if "年报" in name or "年度报告" in name:
        limit = add_months(site.today, -18)  # filled once a year; its own item watches the date
    if day < limit:
        site.found(
            "W4",
            first,
            f"column {name}",
            say("栏目“{name}”最新信息是{day}，应更新未更新", name=name, day=day),
        )


def _dead(site: _Site, home: sqlite3.Row) -> None:
    """Links of the site that lead nowhere; the page that carries the link is the evidence."""
    for row in site.rows(_GONE + " AND depth>0"):
        parent = site.one("SELECT " + _PAGE + " FROM page WHERE id=?", row["parent"])
        why = str(row["status"]) if row["status"] else row["reason"]
        lost = row["status"] in (404, 410)
        where = parent["url"] if parent else ""
        site.found(
            "LNK",
            row,
            row["url"],
            say("链接打不开（{why}），出现在 {where}", why=why, where=where),
            automatic="found" if lost else "suspected",
            evidence=parent,
            also=[where] if where else (),
        )


def _required(site: _Site, home: sqlite3.Row) -> None:
    """The columns every body owes its public, sought among the words of all links."""
    words = {row["text"] for row in site.spool.rows("SELECT text FROM word")}
    words |= {
        row["column_name"]
        for row in site.spool.rows("SELECT DISTINCT column_name FROM page")
        if row["column_name"]
    }
    for column in site.numbers.columns:
        if any(wanted in word for word in words for wanted in column.words):
            continue
        if not site.whole:
            site.unjudged("COL", say("没有走完全站，不能判定有没有“{name}”栏目", name=column.title))
        else:
            site.found("COL", home, f"column {column.title}", say("没有找到“{name}”栏目", name=column.title))


def _labels(site: _Site, home: sqlite3.Row) -> None:
    """Site labels on every page, column labels on lists and below, content labels on articles (section 6)."""
    lacking: dict[tuple[str, str, str], list[sqlite3.Row]] = defaultdict(list)
    counted: dict[tuple[str, str, str], int] = defaultdict(int)

    def note(sort: str, label: str, fault: str, row: sqlite3.Row) -> None:
        counted[sort, label, fault] += 1
        if counted[sort, label, fault] <= _MOST_EXAMPLES + 1:
            lacking[sort, label, fault].append(row)

    for row in site.rows("kind IS NOT NULL"):
        sort = _sort(row, home["id"])
        labels = json.loads(row["labels"])
        wanted = (
            _SITE + (_COLUMN if sort in ("list", "article") else ()) + (_CONTENT if sort == "article" else ())
        )
        for label in wanted:
            if label not in labels:
                note(sort, label, "missing", row)
        if "siteidcode" in labels and not _CODE.fullmatch(labels["siteidcode"].strip()):
            note(sort, "siteidcode", "wrong", row)
        if sort == "article" and "pubdate" in labels and not _PUBDATE.fullmatch(labels["pubdate"].strip()):
            note(sort, "pubdate", "wrong", row)
    for (sort, label, fault), rows in lacking.items():
        name, what = (
            _SPELT[label],
            _SORTS.get(sort, marked("其他页面")),
        )
        total = counted[sort, label, fault]
        sentence = (
            say("{n} 个{what}没有标签 {name} 或标签是空的", n=total, what=what, name=name)
            if fault == "missing"
            else say("{n} 个{what}的标签 {name} 写法不对", n=total, what=what, name=name)
        )
        site.found(
            "LBL",
            rows[0],
            f"{fault} {name} on {sort}",
            sentence,
            also=[row["url"] for row in rows[1:]],
            places=total,
        )


def _sort(row: sqlite3.Row, home: int) -> str:
    if row["id"] == home:
        return "home"
    return {"list": "list", "other": "other"}.get(row["kind"], "article")


def _published_late(site: _Site, home: sqlite3.Row) -> None:
    """PRO-1: from the day after formation twenty working days; without both days nothing can be said."""
    unread = 0
    for row in site.rows("kind='policy_document'"):
        if not row["formed_on"] or not row["published_on"]:
            unread += 1
            continue
        formed, published = date.fromisoformat(row["formed_on"]), date.fromisoformat(row["published_on"])
        limit = _after(site, "PRO-1", formed, site.numbers.publish_within)
        if limit is not None and published > limit:
            site.found(
                "PRO-1",
                row,
                row["url"],
                say(
                    "{formed}形成，应于{limit}前公开，实际{published}公开",
                    formed=formed,
                    limit=limit,
                    published=published,
                ),
                automatic="found" if row["days_sure"] else "suspected",
            )
    if unread:
        site.unjudged("PRO-1", say("{n} 份文件的成文日期或发布日期没有写明", n=unread))


def _after(site: _Site, rule: str, day: date, n: int) -> date | None:
    try:
        return site.calendar.add_workdays(day, n)
    except CalendarMissing as error:
        site.unjudged(rule, error.words)
        return None


def _interpretations(site: _Site, home: sqlite3.Row) -> None:
    """INT-1, INT-3, INT-6: which document each interpretation is of, by link either way or by its quoted title."""
    policies = {row["url"]: row for row in site.rows("kind='policy_document'")}
    readings = {row["url"]: row for row in site.rows("kind='interpretation'")}
    by_title = {_plain(row["title"]): url for url, row in policies.items()}
    forth = _bonds(site, "interpretation")
    back = _bonds(site, "policy")
    of: dict[str, set[str]] = defaultdict(set)
    pairs: list[tuple[sqlite3.Row, sqlite3.Row]] = []
    for policy, hrefs in forth.items():
        of[policy] |= {href for href in hrefs if href in readings} if policy in policies else set()
    for reading, row in readings.items():
        named = {href for href in back.get(reading, ()) if href in policies}
        quoted = _QUOTED.search(row["title"] or "")
        if not named and quoted and _plain(quoted.group(1)) in by_title:
            named = {by_title[_plain(quoted.group(1))]}
        for policy in named:
            of[policy].add(reading)
        linked = [policy for policy in policies if reading in of[policy]]
        for policy in linked:
            _mutual(
                site, policies[policy], row, reading in forth.get(policy, ()), policy in back.get(reading, ())
            )
            pairs.append((policies[policy], row))
        if not linked and site.whole:
            site.found(
                "INT-6",
                row,
                row["url"],
                say("解读没有链接到所解读的文件"),
                automatic="suspected" if back.get(reading) else "found",
            )
    for url, row in policies.items():
        if not of[url]:
            if site.whole and row["number"]:
                site.found(
                    "INT-1", row, url, say("文件“{title}”没有解读", title=row["title"]), automatic="suspected"
                )
        else:
            _in_time(site, row, [readings[reading] for reading in sorted(of[url])])
    _excerpts(site, pairs)


def _excerpts(site: _Site, pairs: list[tuple[sqlite3.Row, sqlite3.Row]]) -> None:
    """INT-7: how much of each interpretation stands in its document; that it is a mere excerpt a person confirms.

    The pages are read again from what was kept of them, in a child process like the first time.
    """
    unread = 0
    with Reader() as reader:

        def text(row: sqlite3.Row) -> str:
            return reader.read(site.spool.body(row["place"] or 0, row["packed"] or 0), url=row["url"]).text

        for policy, reading in pairs:
            try:
                measured = compare(text(policy), text(reading), site.numbers.excerpt)
            except Unreadable:
                unread += 1
                continue
            if measured.is_excerpt is None:
                unread += 1
            elif measured.is_excerpt:
                site.found("INT-7", reading, policy["url"], measured.because, automatic="suspected")
    if unread:
        site.unjudged("INT-7", say("{n} 份解读的文字太少，无法判断是否照搬原文", n=unread))


def _mutual(site: _Site, policy: sqlite3.Row, reading: sqlite3.Row, forth: bool, back: bool) -> None:
    if not forth:
        site.found(
            "INT-6",
            policy,
            f"{policy['url']} -> {reading['url']}",
            say("文件没有链接到它的解读 {url}", url=reading["url"]),
        )
    if not back:
        site.found(
            "INT-6", reading, f"{reading['url']} -> {policy['url']}", say("解读没有链接到所解读的文件")
        )


def _in_time(site: _Site, policy: sqlite3.Row, readings: list[sqlite3.Row]) -> None:
    """The earliest interpretation counts."""
    dated = [row for row in readings if row["published_on"]]
    if not policy["published_on"] or not dated:
        site.unjudged("INT-3", say("“{title}”或其解读的发布日期没有写明", title=policy["title"]))
        return
    first = min(dated, key=lambda row: str(row["published_on"]))
    published, interpreted = (
        date.fromisoformat(policy["published_on"]),
        date.fromisoformat(first["published_on"]),
    )
    limit = _after(site, "INT-3", published, site.numbers.interpret_within)
    if limit is not None and interpreted > limit:
        site.found(
            "INT-3",
            first,
            policy["url"],
            say("文件{published}发布，解读应于{limit}前发布，实际{interpreted}", published=published, limit=limit, interpreted=interpreted),
        )  # fmt: skip


def _bonds(site: _Site, role: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in site.spool.rows(
        "SELECT page.url AS url, bond.href AS href FROM bond JOIN page ON page.id=bond.page WHERE role=?",
        [role],
    ):
        found[row["url"]].add(row["href"])
    return found


def _plain(text: str | None) -> str:
    return "".join(filter(str.isalnum, text or ""))


def _yearly(site: _Site, home: sqlite3.Row) -> None:
    """AR-DEPT by 31 January, AR-GOV by 31 March: last year's report is there, and was in time."""
    government = bool(_GOVERNMENT.search(home["site_name"] or ""))
    rule = "AR-GOV" if government else "AR-DEPT"
    due = date(site.today.year, 3, 31) if government else date(site.today.year, 1, 31)
    year = site.today.year - 1
    reports = [
        row
        for row in site.rows("title LIKE '%政府信息公开%报告%' AND kind<>'list'")
        if (match := _REPORT.search(row["title"] or "")) and int(match.group(1) or match.group(2)) == year
    ]
    if not reports:
        if site.today <= due:
            return
        if site.whole:
            site.found(rule, home, f"report {year}", say("没有找到{year}年度政府信息公开工作年度报告，应于{due}前公布", year=year, due=due))  # fmt: skip
        else:
            site.unjudged(rule, say("没有走完全站，不能判定有没有年度报告"))
        return
    dated = [row for row in reports if row["published_on"]]
    if not dated:
        site.unjudged(rule, say("年度报告的发布日期没有写明"))
        return
    first = min(dated, key=lambda row: str(row["published_on"]))
    published = date.fromisoformat(first["published_on"])
    if published > due:
        site.found(
            rule,
            first,
            f"report {year}",
            say("年度报告应于{due}前公布，实际{published}", due=due, published=published),
        )
