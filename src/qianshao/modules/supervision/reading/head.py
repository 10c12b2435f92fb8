"""The head of a document: title, number, the day it was issued, the year it plans for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from qianshao.kernel.words import Words, say

from .folding import clean, numeral
from .model import Place
from .numbering import mark_of
from .source import Source

_NUMBER = re.compile(
    r"(?P<organ>[\u4e00-\u9fff]{0,14}?)\s*〔\s*(?P<year>(?:19|20)\d\d)\s*〕\s*第?\s*\d{1,5}\s*号|"
    r"(?P<organ2>[\u4e00-\u9fff]{1,14}?)\s*（\s*(?P<year2>(?:19|20)\d\d)\s*）\s*第?\s*\d{1,5}\s*号"
)
_HELD = re.compile(
    r" *(?:(?:会议)?时间：)?(?P<y>20\d\d|二[〇零][〇零一二三四五六七八九]{2}) *年 *[\d一二三四五六七八九十]{1,3} *月 *"
    r"[\d一二三四五六七八九十]{1,3} *日(?:，|[上下]午|晚|在|$)"
)
_MONTH = re.compile(
    r"(?P<y>20\d\d|二[〇零][〇零一二三四五六七八九]{2})\s*年\s*(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*月"
)
_DAY = re.compile(
    r"(?P<y>20\d\d|二[〇零][〇零一二三四五六七八九]{2})\s*年\s*(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*月\s*"
    r"(?P<d>3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])\s*日"
)
_KIND = "通知|意见|方案|决定|办法|计划|规划|要点|清单|分解表|分工表|任务表|分工|分解|纪要|报告|函|批复|公告|通报|细则|措施|安排|台账|汇总表|一览表|行动|规定|决议|请示|任务书|责任书|指示|批示|表"
_TITLE_END = re.compile(rf"(?:{_KIND})(?:[（〔《》〕）\d第—\-、项节选试行征求意见稿草案修订]*)$")
_NOT_TITLE = re.compile(
    r"^(?:[★☆]?(?:秘密|机密|绝密|内部|急件|特急|加急)|附件\s*\d*[：:]?$|附[：:]$|.{2,30}文件$|.{2,20}办公室$|签发人|索引号|发文机关|成文日期|发布日期|来源|浏览|字号|信息来源|第?\s*\d+\s*页|[—\-\s\d]+$|目\s*录$|首页|当前位置)"
)
_RUN_IN = re.compile(r"^(?P<title>[^。；：]{4,80}?(?:《[^》]{2,60}》)?的?(?:通知|意见|决定|批复|通报|公告))")
_HEAD = 3000


@dataclass(frozen=True)
class Head:
    """What the first and the last lines of a document say of it."""

    title: str
    number: str | None
    issued: date | None
    year: int | None
    unsure: tuple[Words, ...]


def head_of(source: Source, known: date | None = None) -> Head:
    """Read the head; what is not there is empty or None. ``known`` is the day of issue where the reader knows better."""
    lines = _first_lines(source)
    number, place, year = _number(source, lines)
    title = _title(source, lines, place)
    issued = known or _issued(source)
    unsure: list[Words] = []
    planned = re.search(r"(?<!\d)(20\d\d)\s*年(?!\s*[—\-至到]|\s*\d+\s*月)", title)
    spans = re.search(r"20\d\d\s*[年]?\s*[—\-至到]\s*20\d\d", title)
    fixed = issued.year if issued else year or _year_of_a_month(source)
    if fixed is None and (fixed := _only_year(source)):
        unsure.append(
            say("没有找到成文日期，没写年份的时限按文中唯一的年份（{year}年）推算，请核对。", year=fixed)
        )
    if planned and not spans and (fixed is None or 0 <= int(planned[1]) - fixed <= 1):
        fixed = int(planned[1])
    if not title:
        unsure.append(say("没有找到标题。"))
    if fixed is None:
        unsure.append(say("没有找到成文日期和年份，没写年份的时限无法推算。"))
    return Head(title, number, issued, fixed, tuple(unsure))


def _first_lines(source: Source) -> list[Place]:
    """The lines before the first numbered one, at most thirty; those of a table's cells too."""
    found: list[Place] = []
    for part in source.parts:
        if not isinstance(part, Place):
            if found:
                break
            found += [
                box.place
                for box in part.boxes[:3]
                if box.cell.columns > 1 and box.place.end - box.place.start < 80
            ]
            continue
        if part.end == part.start or not source.folded[part.start : part.end].strip():
            continue
        mark = mark_of(source.folded, part.start, part.end)
        if mark is not None and mark.rank in (1, 2, 3):
            break
        found.append(part)
        if len(found) >= 30 or part.start > _HEAD:
            break
    return found


def _number(source: Source, lines: list[Place]) -> tuple[str | None, Place | None, int | None]:
    """The document's own number: on a line of its own, or run in after 文件; not one quoted after 》 or in a sentence."""
    for line in lines:
        text = source.folded[line.start : min(line.end, line.start + 400)]
        for match in _NUMBER.finditer(text):
            before = text[: match.start()]
            organ = match["organ"] or match["organ2"] or ""
            cut = organ.rfind("文件")
            shift = match.start() + (cut + 2 if cut >= 0 else 0)
            alone = not before.strip(" （*#") and (not text[match.end() :].strip(" ）*") or len(text) < 60)
            labelled = re.search(r"(?:文号|字号|编号)\s*：?\s*$", before) or re.match("文号|字号", organ)
            if not (alone or cut >= 0 or before.endswith("文件") or labelled):
                continue
            written = source.text[line.start + shift : line.start + match.end()]
            written = re.sub(r"^(?:发文字号|文号|字号|编号)\s*[：:]?\s*", "", clean(written))
            year = int(match["year"] or match["year2"])
            return re.sub(r"\s+", "", written), Place(line.start + shift, line.start + match.end()), year
    return None, None, None


def _title(source: Source, lines: list[Place], number: Place | None) -> str:
    if number is not None:
        holding = next((line for line in lines if line.start <= number.start < line.end), None)
        if holding is not None and holding.end - number.end > 30:
            run_in = _RUN_IN.match(source.text[number.end : number.end + 200].strip())
            if run_in:
                return clean(run_in["title"])
        before = [line for line in lines if line.end <= number.start]
        title = _joined(source, before)
        if title and _TITLE_END.search(title):
            return title
        return _joined(source, [line for line in lines if line.start >= number.end]) or title
    return _joined(source, lines)


def _joined(source: Source, lines: list[Place]) -> str:
    """The first lines that are not a letterhead, put together until one ends as titles end."""
    found = above = ""
    for line in lines:
        text = clean(source.text[line.start : line.end].lstrip("#*_ >")).strip("*_ #")
        if "单位：" in text or "单位:" in text:
            break
        if not text or _NOT_TITLE.match(text):
            if found:
                break
            above = text if text.endswith("办公室") else ""
            continue
        if not found and above and text.startswith("关于"):
            found = above
        if found and (text[-1] in "：:。；" or len(text) > 60 or _DAY.search(text)):
            break
        if len(text) > 120 or (not found and text[-1] in "。；"):
            break
        found = f"{found} {text}" if found and found[-1].isascii() and text[0].isascii() else found + text
        if _TITLE_END.search(text) or len(found) > 100:
            break
    return found


def _issued(source: Source) -> date | None:
    """The last line that is a day and nothing else; else 年月日印发; else a day in brackets under the title."""
    for part in reversed(source.parts):
        if isinstance(part, Place) and part.end - part.start < 40:
            text = source.folded[part.start : part.end].strip()
            match = _DAY.fullmatch(text.strip("（）")) or (
                _DAY.search(text) if text.endswith("印发") else None
            )
            if match and (day := _date(match)):
                return day
    marks = [
        *_DAY.finditer(source.folded, 0, 3000),
        *_DAY.finditer(source.folded, max(3000, len(source.folded) - 3000)),
    ]
    for match in marks:
        after = source.folded[match.end() : match.end() + 4]
        before = source.folded[max(0, match.start() - 12) : match.start()]
        if after.startswith("印发") or re.search(
            r"(?:成文日期|发布日期|印发日期|发文日期)\s*：?\s*$", before
        ):
            return _date(match)
        if re.search(r"(?:政府|委员会|办公室|局|厅|委)\s*$", before) and not re.match(
            r"[，、前后起至]", after
        ):
            return _date(match)
    return None


def _year_of_a_month(source: Source) -> int | None:
    """The year of a line that is a month and nothing else (2025年1月), or of the day on which minutes begin."""
    lines: list[Place] = []
    for part in source.parts:
        # Above the header of a sheet stand its title, who filled it in and when.
        lines += [part] if isinstance(part, Place) else [box.place for box in part.boxes if box.cell.row < 2]
    for line in reversed(lines):
        match = _MONTH.fullmatch(source.folded[line.start : line.end].strip(" （）"))
        if match and (year := numeral(match["y"])):
            return year
    opening = (_HELD.match(source.folded, line.start, line.end) for line in lines)
    return next((numeral(match["y"]) for match in opening if match), None)


def _only_year(source: Source) -> int | None:
    """The year of all days a paper names, when they name but one."""
    named = set(re.findall(r"(?<!\d)(20\d\d)年", source.folded))
    return int(named.pop()) if len(named) == 1 else None


def _date(match: re.Match[str]) -> date | None:
    year, month, day = numeral(match["y"]), numeral(match["m"]), numeral(match["d"])
    try:
        return date(year or 0, month or 0, day or 0)
    except ValueError:
        return None
