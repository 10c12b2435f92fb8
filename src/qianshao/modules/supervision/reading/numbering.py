"""How paragraphs are numbered: 第一章, 一、, （一）, 1., （1）, ①, and signs without numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .folding import numeral

_CHINESE = "[一二三四五六七八九十百零〇]{1,5}"
CHAPTER, FIRST, SECOND, THIRD, FOURTH, FIFTH, SIGN = range(7)
_CIRCLED = (
    {chr(0x2460 + n): n + 1 for n in range(20)}
    | {chr(0x3251 + n): n + 21 for n in range(15)}
    | {chr(0x2776 + n): n + 1 for n in range(10)}
)
_MD = r"[ ]*(?:#{1,6}[ ]+|>[ ]*)*(?:\*\*|__)?[ ]*"
_FORMS = (
    (CHAPTER, re.compile(rf"第(?P<n>{_CHINESE}|\d{{1,3}})(?:章|部分|篇|节)[ 、：.]*")),
    (CHAPTER, re.compile(r"——(?=[\u4e00-\u9fff“])")),
    (FIRST, re.compile(rf"(?P<n>{_CHINESE})[ ]*[、.][ ]*")),
    (SECOND, re.compile(rf"（[ ]*(?P<n>{_CHINESE})[ ]*）[ 、.]*")),
    (
        THIRD,
        re.compile(
            rf"(?:(?:重点|工作|目标|主要)?任务|项目|事项|措施|议题|(?:整改|反馈)?问题|行动|工程|指标|要点|第)(?P<n>{_CHINESE}|\d{{1,3}})(?:[项条件]|(?=[：、. ]))[：、. ]*"
        ),
    ),
    (THIRD, re.compile(rf"〔(?:任务|事项|项目|议题|第)?(?P<n>{_CHINESE}|\d{{1,3}})项?〕[：、. ]*")),
    (
        FOURTH,  # 1.1 and 2.1.3, not the amount at the beginning of 2.5万亩
        re.compile(
            r"\d{1,2}(?:\.\d{1,2}){0,2}\.(?P<n>\d{1,2})(?:[ 、.]+|(?=[\u4e00-\u9fff“《]))(?![年月日万亿个米公%平倍元吨亩千百度兆])"
        ),
    ),
    (THIRD, re.compile(r"(?P<n>\d{1,4})[ ]*[.、][ ]*")),
    (THIRD, re.compile(r"(?P<n>\d{1,3})[ ]+(?=[\u4e00-\u9fff“《])")),
    (FOURTH, re.compile(r"（[ ]*(?P<n>\d{1,3})[ ]*）[ 、.]*")),
    (FOURTH, re.compile(r"(?P<n>\d{1,3})）[ 、.]*")),
    (FIFTH, re.compile(f"(?P<c>[{''.join(_CIRCLED)}])[ 、.]*")),
    (SIGN, re.compile(r"(?:[●■▲◆◇□○•·▪►➢✓]|[-*+](?= ))[ ]*")),
)
_TRIM = re.compile(r"^〔|〕$|[ ]*[.、：][ ]*$|[ ]+$")


@dataclass(frozen=True, slots=True)
class Mark:
    """The number of a paragraph: ``rank`` 0 (章) to 6 (a sign), ``label`` evened and without the stop, ``size`` with it."""

    rank: int
    label: str
    number: int | None
    size: int
    decimal: bool = False


def mark_of(folded: str, start: int, end: int) -> Mark | None:
    """The number at the beginning of a line."""
    head = folded[start : min(end, start + 40)]
    lead = re.match(_MD, head)
    skip = lead.end() if lead else 0
    for rank, form in _FORMS:
        match = form.match(head, skip)
        if match is None:
            continue
        groups = match.groupdict()
        number = _CIRCLED.get(groups["c"]) if groups.get("c") else numeral(groups.get("n") or "")
        label = head[skip : match.end()]
        decimal = rank == THIRD and head[match.end() : match.end() + 1].isdigit()
        if rank == SIGN or (rank == CHAPTER and "n" not in groups):
            label = ""
        return Mark(rank, _TRIM.sub("", label.strip()).strip(), number, match.end(), decimal)
    return None
