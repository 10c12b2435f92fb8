"""From the phrase of a deadline to the last day it means.

The table of phrases is docs/reading-decisions.md. A phrase that can be read in two ways gives the earlier day and says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from qianshao.kernel.calendar import Calendar, CalendarMissing
from qianshao.kernel.words import Words, say

from .folding import numeral
from .model import Place, Stage

_N = r"(?:\d{1,4}|[〇零一二三四五六七八九十百两]{1,5})"
YEAR = r"(?:20\d{2}|[二贰][〇零]{1}[〇零一二三四五六七八九]{2}|今|本|当|明|次)\s*年度?"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*月份?"
_D = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])\s*[日号]"
_BEFORE = r"(?:之前|以前|前)"
_TO = r"\s*(?:—+|-+|至|到|起至)\s*"
_ANCHOR = r"(?:自|从|在)?(?:(?:本|该|此)[^，。；、\s]{1,8}?)?(?:印发|发布|下发|发文|公布|施行|实施|通知|批复|批准|收到|接到|受理|会议|验收|签订|签收|交办)[^，。；\s]{0,12}?之?日?(?:起|后)的?\s*"
_PARTS = {
    "ymd": rf"(?P<y1>{YEAR})?\s*(?P<m1>{_M})\s*(?P<d1>{_D})\s*(?:（[^（）]{{1,6}}）)?\s*(?:{_BEFORE})?",
    "iso": r"(?P<y2>20\d{2})\s*[-/.]\s*(?P<m2>1[0-2]|0?[1-9])(?:\s*[-/.]\s*(?P<d2>3[01]|[12]\d|0?[1-9]))?(?!\d)\s*(?:底|末)?(?:之前|前)?",
    "third": rf"(?P<y3>{YEAR})?\s*(?P<m3>{_M})\s*(?P<part>上旬|中旬|下旬|底|末|中)\s*(?:{_BEFORE})?",
    "month": rf"(?P<y4>{YEAR})?\s*(?P<m4>{_M})\s*(?P<b4>{_BEFORE})?",
    "quarter": rf"(?P<y5>{YEAR})?\s*第?(?P<q>[一二三四1-4]|前三|前二|前两)个?季度\s*(?P<e5>底|末)?\s*(?P<b5>{_BEFORE})?",
    "half": rf"(?P<y6>{YEAR})?\s*(?P<h>上半年|下半年)\s*(?:底|末)?\s*(?:{_BEFORE})?",
    "year": rf"(?P<y7>{YEAR})\s*(?P<e7>年?底|年?末|内|全年|年终)?\s*(?P<b7>{_BEFORE})?",
    "end": rf"(?P<e8>年底|年末|年内|岁末|(?:贯穿)?全年|年终)\s*(?:{_BEFORE})?",
    "plan": r"[“\"]?(?P<plan>十[三四五六])五[”\"]?(?:规划|时期)?(?:期末|末期|末)",
    "moon": rf"(?P<e9>月底|月末|月内|本月)\s*(?:底|末)?\s*(?:{_BEFORE})?",
}
_POINT = "(?:" + "|".join(_PARTS.values()) + ")"
_SPAN = rf"(?:{_ANCHOR})?(?P<n>(?!20\d\d\s*年){_N}|半)\s*个?\s*(?P<unit>工作日|自然日|日历日|日|天|周|星期|月|年)\s*(?P<within>之内|以内|内)"
_FEAST = (
    rf"(?P<fy>{YEAR})?(?P<feast>元旦|春节|清明节?|劳动节|五一|端午节?|中秋节?|国庆节?|十一)(?:假期)?{_BEFORE}"
)
_EVENT = rf"(?:{YEAR})?(?:[\u4e00-\u9fff]{{0,4}}(?:汛期|供暖季|供暖期|采暖期|采暖季|开学|秋季学期|春季学期|学期|高考|中考|两会|旅游旺季)(?:来临|到来|开始)?){_BEFORE}"
_ALWAYS = r"(?:并?长期(?:坚持|推进|实施|开展|执行|任务|工作|落实)?|(?:全年)?持续(?:推进|实施|开展|坚持|用力|发力|深化)|常态化(?:推进|开展|实施|坚持)?|常年(?:坚持|推进|开展|实施|进行)?|全年(?:推进|实施|坚持|持续推进|开展)|长效(?:推进|坚持)|动态(?:推进|更新))"
_AT_ONCE = r"(?:立即|立行立改|即知即改|马上|即刻|即时|随时)(?:整改|落实|执行|办理|完成)?"
_CYCLE = (
    rf"(?:按|每)(?:时序进度|年度?|个?季度?末?|半年|个?月末?|周|旬|年)(?:{_M})?(?:{_D}|底|末)?(?:{_BEFORE})?"
)
_WITHOUT_GROUPS = re.compile(r"\?P<\w+>")


def _plain(pattern: str) -> str:
    return _WITHOUT_GROUPS.sub("?:", pattern)


PHRASE = re.compile(
    rf"(?:{_plain(_SPAN)}|{_plain(_FEAST)}|{_EVENT}|{_CYCLE}|20\d\d年?{_TO}{_plain(_POINT)}|"
    rf"\d{{1,2}}{_TO}{_plain(_POINT)}|{_plain(_POINT)}(?:{_TO}{_plain(_POINT)})?|{_ALWAYS}|{_AT_ONCE})"
)
RANGE = re.compile(rf"^(?P<from>{_plain(_POINT)}|20\d\d|{_N}){_TO}(?P<to>{_plain(_POINT)})$")
_POINT_RE = [(name, re.compile(f"^{pattern}$")) for name, pattern in _PARTS.items()]
SPAN = re.compile(f"^{_SPAN}")
_FEAST_RE = re.compile(f"^{_FEAST}$")
ALWAYS = re.compile(f"^{_ALWAYS}$")
AT_ONCE = re.compile(f"^{_AT_ONCE}$")
CYCLE = re.compile(f"^{_CYCLE}$")
OWN_ISSUE = re.compile(r"印发|发布|下发|发文|公布|本(?:通知|意见|方案|办法|计划|文件|决定|要点)")
_FEASTS = {
    "元旦": "元旦",
    "春节": "春节",
    "清明": "清明",
    "劳动": "劳动",
    "五一": "劳动",
    "端午": "端午",
    "中秋": "中秋",
    "国庆": "国庆",
    "十一": "国庆",
}
_FILLER = re.compile(
    r"^(?:于|在|到|截至|截止到?|力争|争取|原则上|确保|须|应|要求|计划|预计|自|从|至)*|"
    r"(?:[前内底]?(?:全部|基本|全面)?(?:完成|落实到位|落实|整改到位|办结|建成|到位|见效|实施|执行|推进|通报|报送|上报|反馈|调度|评估|更新|并(?=长期|持续)|取得[\u4e00-\u9fff]{2,6}|结束))+$"
)
PASSED = say("按文件年份推算的日期早于成文日期，请核对年份。")
NO_YEAR = say("文件里没有找到年份，无法推算截止日期。")
NO_ISSUE = say("文件里没有找到成文日期，无法推算截止日期。")


@dataclass(frozen=True)
class Frame:
    """What a phrase is measured against: the year the document plans for, the day it was issued, working days."""

    year: int | None
    issued: date | None
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Meant:
    """The last day, or None for a phrase without one; ``doubts`` are for the clerk."""

    day: date | None
    doubts: tuple[Words, ...] = ()


def bare(phrase: str) -> str:
    """The phrase without 于 before it and 完成 after it."""
    return _FILLER.sub("", phrase.strip(" ，。；、：（）〔〕"))


def whole(token: str) -> bool:
    """Whether a stretch says when, and nothing else: 6月底完成, 2025年至2027年, 长期坚持."""
    if len(token) > 40:
        return False
    rest = bare(token)
    return (
        PHRASE.fullmatch(token) is not None
        or _several(token)
        or (bool(rest) and (PHRASE.fullmatch(rest) is not None or _several(rest)))
    )


def _several(token: str) -> bool:
    rest = re.sub(r"[，、并且和;；\s]|完成|按", "", PHRASE.sub("", token))
    return not rest and PHRASE.search(token) is not None


def day_of(phrase: str, frame: Frame) -> Meant:
    """The last day that a phrase means, ``phrase`` being evened by ``folding.fold``."""
    text = re.sub(r"\s+", "", phrase).strip("，。；、：（）〔〕")
    if not ALWAYS.match(text):
        text = bare(text)
    if ALWAYS.match(text):
        return Meant(None)
    if AT_ONCE.match(text):
        return Meant(None, (say("“{phrase}”没有具体日期。", phrase=text),))
    if CYCLE.match(text):
        return Meant(None, (say("“{phrase}”是周期性的要求，没有一个截止日期。", phrase=text),))
    if match := SPAN.match(text):
        return _after(match, text, frame)
    if match := _FEAST_RE.match(text):
        return _before_feast(match["feast"], _year(match["fy"], frame), frame)
    if match := RANGE.match(text):
        return _end_of_range(match["from"], match["to"], frame)
    for name, pattern in _POINT_RE:
        if match := pattern.match(text):
            return _checked(_POINTS[name](match, frame), text, frame)
    return Meant(None, (say("“{phrase}”推算不出日期。", phrase=text),))


def _checked(meant: Meant, text: str, frame: Frame) -> Meant:
    named = re.search(r"20\d\d", text)
    if meant.day and frame.issued and meant.day < frame.issued and not named:
        return Meant(meant.day, (*meant.doubts, PASSED))
    return meant


def _end_of_range(first: str, last: str, frame: Frame) -> Meant:
    """The end; what it leaves out (year, month) is the beginning's."""
    named = re.match(r"20\d\d", first)
    if named and not re.match(r"20\d\d", last) and "年" not in last:
        last = f"{named[0]}年{last}"
    month = re.search(r"(\d{1,2}|[一二三四五六七八九十]{1,2})月", first)
    if month and "月" not in last and re.search("[日号]", last):
        last = (f"{named[0]}年" if named else "") + month[0] + re.sub(r"^20\d\d年", "", last)
    for name, pattern in _POINT_RE:
        if match := pattern.match(last):
            return _checked(_POINTS[name](match, frame), last, frame)
    return Meant(None, (say("“{phrase}”推算不出日期。", phrase=first + "—" + last),))


def _year(written: str | None, frame: Frame) -> int | None:
    if not written:
        return frame.year
    bare_year = re.sub(r"\s|年度?", "", written)
    if bare_year in ("今", "本", "当"):
        return frame.year
    if bare_year in ("明", "次"):
        return None if frame.year is None else frame.year + 1
    return numeral(bare_year.replace("贰", "二"))


def _month(written: str) -> int:
    return numeral(re.sub(r"\s|月份?", "", written)) or 1


def _last(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _day(year: int | None, month: int, day: int) -> Meant:
    if year is None:
        return Meant(None, (NO_YEAR,))
    try:
        return Meant(date(year, month, day))
    except ValueError:
        last = _last(year, month)
        return Meant(last, (say("没有 {month} 月 {day} 日，按月末读。", month=month, day=day),))


def _of_month(year: int | None, month: int, part: str) -> Meant:
    if year is None:
        return Meant(None, (NO_YEAR,))
    fixed = {"上旬": 10, "中旬": 20, "中": 20}.get(part)
    return Meant(date(year, month, fixed) if fixed else _last(year, month))


def _two_ways(phrase: str, early: date, late: date) -> Meant:
    return Meant(
        early,
        (say("“{phrase}”可以指{early}，也可以指{late}，按前者读。", phrase=phrase, early=early, late=late),),
    )


def _ymd(match: re.Match[str], frame: Frame) -> Meant:
    day = numeral(re.sub(r"\s|[日号]", "", match["d1"])) or 1
    return _day(_year(match["y1"], frame), _month(match["m1"]), day)


def _iso(match: re.Match[str], frame: Frame) -> Meant:
    year, month = int(match["y2"]), int(match["m2"])
    return _day(year, month, int(match["d2"])) if match["d2"] else Meant(_last(year, month))


def _third(match: re.Match[str], frame: Frame) -> Meant:
    return _of_month(_year(match["y3"], frame), _month(match["m3"]), match["part"])


def _whole_month(match: re.Match[str], frame: Frame) -> Meant:
    year, month = _year(match["y4"], frame), _month(match["m4"])
    if year is None:
        return Meant(None, (NO_YEAR,))
    if match["b4"]:
        return _two_ways(match[0], date(year, month, 1) - timedelta(days=1), _last(year, month))
    return Meant(_last(year, month))


def _quarter(match: re.Match[str], frame: Frame) -> Meant:
    year = _year(match["y5"], frame)
    if year is None:
        return Meant(None, (NO_YEAR,))
    number = {"前三": 3, "前二": 2, "前两": 2}.get(match["q"]) or numeral(match["q"]) or 1
    last = _last(year, number * 3)
    if match["b5"] and not match["e5"] and not match["q"].startswith("前"):
        return _two_ways(match[0], date(year, number * 3 - 2, 1) - timedelta(days=1), last)
    return Meant(last)


def _half(match: re.Match[str], frame: Frame) -> Meant:
    year = _year(match["y6"], frame)
    if year is None:
        return Meant(None, (NO_YEAR,))
    return Meant(date(year, 6, 30) if match["h"] == "上半年" else date(year, 12, 31))


def _whole_year(match: re.Match[str], frame: Frame) -> Meant:
    year = _year(match["y7"], frame)
    if year is None:
        return Meant(None, (NO_YEAR,))
    if match["b7"] and not match["e7"]:
        return _two_ways(match[0], date(year - 1, 12, 31), date(year, 12, 31))
    return Meant(date(year, 12, 31))


def _year_end(match: re.Match[str], frame: Frame) -> Meant:
    return Meant(None, (NO_YEAR,)) if frame.year is None else Meant(date(frame.year, 12, 31))


def _month_end(match: re.Match[str], frame: Frame) -> Meant:
    if frame.issued is None:
        return Meant(None, (NO_ISSUE,))
    return Meant(_last(frame.issued.year, frame.issued.month))


def _plan_end(match: re.Match[str], frame: Frame) -> Meant:
    """The last year of a five-year plan: 十四五 ends with 2025."""
    return Meant(date(2020 + 5 * ("三四五六".index(match["plan"][1])), 12, 31))


_POINTS: dict[str, Callable[[re.Match[str], Frame], Meant]] = {
    "ymd": _ymd,
    "iso": _iso,
    "third": _third,
    "month": _whole_month,
    "quarter": _quarter,
    "half": _half,
    "year": _whole_year,
    "end": _year_end,
    "moon": _month_end,
    "plan": _plan_end,
}


def _after(match: re.Match[str], text: str, frame: Frame) -> Meant:
    """N days, weeks, months after the document was issued, the day itself not counted (民法典 第二百零一条)."""
    anchor = text[: match.start("n")]
    if anchor and not OWN_ISSUE.search(anchor):
        return Meant(None, (say("“{phrase}”不从发文之日起算，推算不出日期。", phrase=text),))
    if frame.issued is None:
        return Meant(None, (NO_ISSUE,))
    unit, issued = match["unit"], frame.issued
    if match["n"] == "半":
        if unit not in ("月", "年"):
            return Meant(None, (say("“{phrase}”推算不出日期。", phrase=text),))
        return Meant(_months_on(issued, 6) if unit == "年" else issued + timedelta(days=15))
    number = numeral(match["n"])
    if number is None or number > 3660:
        return Meant(None, (say("“{phrase}”推算不出日期。", phrase=text),))
    if unit == "工作日":
        try:
            return Meant(frame.calendar.add_workdays(issued, number))
        except CalendarMissing as error:
            return Meant(None, (error.words,))
    if unit in ("月", "年"):
        return Meant(_months_on(issued, number * (12 if unit == "年" else 1)))
    return Meant(issued + timedelta(days=number * (7 if unit in ("周", "星期") else 1)))


def _months_on(start: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    place = start.month - 1 + months
    last = _last(start.year + place // 12, place % 12 + 1)
    return last.replace(day=min(start.day, last.day))


def _before_feast(written: str, year: int | None, frame: Frame) -> Meant:
    if year is None:
        return Meant(None, (NO_YEAR,))
    wanted = _FEASTS[written[:2]]
    try:
        feasts = frame.calendar.festivals(year)
        on = next(day for name, day in feasts.items() if name.startswith(wanted))
    except (CalendarMissing, StopIteration):
        return Meant(None, (say("没有 {year} 年“{feast}”的日期。", year=year, feast=written),))
    return _checked(Meant(on - timedelta(days=1)), written, frame)


def stages_in(
    folded: str, original: str, start: int, end: int, frame: Frame
) -> tuple[list[Stage], list[Words]]:
    """The deadlines of a stretch that says when (a cell, a label's value, a token of a bracket)."""
    stages: list[Stage] = []
    doubts: list[Words] = []
    for match in PHRASE.finditer(folded, start, end):
        meant = day_of(match[0], frame)
        place = _trimmed(folded, match.start(), match.end())
        stages.append(Stage(original[place.start : place.end], meant.day, place))
        doubts += meant.doubts
    return stages, doubts


def _trimmed(folded: str, start: int, end: int) -> Place:
    lead = re.match(r"[\s自从在]*", folded[start:end])
    start += lead.end() if lead else 0
    while end > start and folded[end - 1].isspace():
        end -= 1
    return Place(start, end)
