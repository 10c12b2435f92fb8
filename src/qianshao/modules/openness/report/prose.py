"""I7: sentences of the report held against its own tables.

A figure in a sentence is compared only when the sentence says which figure it is, of this year and of this
body. What is hedged (约、余、近), of another year, of a part of the body or of one channel is left alone: a
finding that a clerk can wave away makes all others worthless.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from qianshao.kernel.words import say

from . import phrases, shares, spoken
from .finding import Finding, Where
from .model import Report
from .numerals import Number, chinese, whole
from .sentences import Sentence, sentences_of

_WORTH_READING = re.compile(
    r"(?:\d|[零〇一二两三四五六七八九十百千])(?:件|[份条宗次个起项%]|万元)|(?:未|没有|无)[^，。；]{0,30}(?:申请|复议|诉讼|事项|件)"
)


def against_tables(report: Report, before: Report | None = None) -> list[Finding]:
    """Every sentence that contradicts the tables or itself; ``before`` is last year's report, for 同比."""
    findings: list[Finding] = []
    for section, text in report.text.items():
        for sentence in sentences_of(section, text, _WORTH_READING):
            if not spoken.of_this_year(report, sentence):
                continue
            findings.extend(_compare(report, sentence))
            findings.extend(_nothing(report, sentence))
            findings.extend(shares.percentages(report, sentence))
            findings.extend(shares.bare(report, sentence))
            findings.extend(_growth(report, before, sentence))
            findings.extend(shares.parts(report, sentence))
    return findings


def _compare(report: Report, sentence: Sentence) -> Iterator[Finding]:
    taken: set[int] = set()
    for phrase in phrases.PHRASES:
        for match in phrase.pattern.finditer(sentence.text):
            place = match.start("n")
            if (
                place in taken
                or not spoken.is_plain(sentence, match)
                or not spoken.of_this_body(report, sentence, match)
            ):
                continue
            figure = phrase.figure(report, match, sentence)
            if figure is None:
                continue
            taken.add(place)
            value = _value(match)
            if value is None or value in figure.values:
                continue
            yield _contradiction(report, sentence, match, value, figure)


_GROWTH = re.compile(
    r"(?P<verb>收到|受理|新收|接收)" + r"(?:的)?" + phrases.APPLY + r"(?:申请)?(?:数量)?(?:共计|共|为)?" + phrases.COUNT
    + r"(?:，|（)(?:数量|申请量)?(?:同比|(?:较|比|与)(?:上年|去年|上一年度?|上年度)(?:同期)?(?:相比)?)(?P<way>增长|上升|增加|下降|减少|回落)了?"
    r"(?P<x>\d+(?:\.(?P<d>\d+))?)%"
)  # fmt: skip


def _growth(report: Report, before: Report | None, sentence: Sentence) -> Iterator[Finding]:
    """收到…120件，同比增长20%: held against last year's table, when that report is here."""
    was = phrases.total(before, "new") if before is not None else None
    now = phrases.total(report, "new")
    for match in _GROWTH.finditer(sentence.text):
        if not was or now is None or not spoken.of_this_body(report, sentence, match):
            continue
        places = len(match.group("d") or "")
        sign = 1 if match.group("way") in ("增长", "上升", "增加") else -1
        exact = sign * Decimal(100) * (Decimal(now) - Decimal(was)) / Decimal(was)
        printed = Decimal(match.group("x"))
        if abs(exact - printed) <= Decimal(5).scaleb(-places - 1):
            continue
        should = exact.quantize(Decimal(1).scaleb(-places))
        yield Finding(
            "I7",
            "warning",
            Where(section=sentence.section, quote=sentence.quote(match.start(), match.end())),
            f"{printed}%",
            f"{should}%",
            say(
                "上年新收 {was} 件、本年 {now} 件，应为 {should}%，文字写 {stands}%。",
                was=str(was),
                now=str(now),
                should=str(should),
                stands=str(printed),
            ),
            report,
        )


def _value(match: re.Match[str]) -> Number | None:
    text = match.group("n")
    return chinese(text) if not text[0].isdigit() else whole(Decimal(text.replace(",", "")))


def _contradiction(
    report: Report, sentence: Sentence, match: re.Match[str], value: Number, figure: phrases.Figure
) -> Finding:
    should = figure.values[0]
    return Finding(
        "I7",
        "warning",
        Where(section=sentence.section, quote=sentence.quote(match.start(), match.end()), row=figure.row),
        value,
        should,
        say(
            "文字写{name} {stands}，表中为 {should}。",
            name=figure.name,
            stands=str(value),
            should=str(should),
        ),
        report,
    )


_NONE = re.compile(
    r"(?:未|没有|无)(?:收到|接到|受理)(?:过|任何|公民、法人(?:和|或)(?:者)?其他组织(?:的|提出的|提交的)?)*"
    r"(?:政府信息公开|信息公开|依申请公开|政府信息依申请公开)(?:的)?(?:申请|事项|件)(?=[，。；、]|$)"
)
_NO_CASE = re.compile(
    r"(?:未|没有|无)(?:发生|产生|出现|收到)?(?:过)?(?:被)?(?:因?(?:政府)?信息公开(?:工作)?(?:被|引起的|引发的|而)?(?:申请|提起)?)?"
    r"(?P<what>行政复议(?:、|和|或|及|与)(?:被)?(?:提起)?行政诉讼|行政复议|行政诉讼)(?:的)?(?:案件|申请|情况|情形)?(?=[，。；]|$)"
)


def _nothing(report: Report, sentence: Sentence) -> Iterator[Finding]:
    """未收到…申请 and 未发生行政复议 say nought; the tables must say so too."""
    for pattern in (_NONE, _NO_CASE):
        for match in pattern.finditer(sentence.text):
            clause = sentence.clause(match.start(), match.end())
            if (
                spoken.OTHER_TIME.search(clause)
                or phrases.CHANNEL.search(clause)
                or spoken.PART_OF_BODY.search(clause)
            ):
                continue
            if pattern is _NONE:
                figures = [
                    phrases.figure("新收申请", report.label("table3", "new"), phrases.total(report, "new"))
                ]
            elif not phrases.openness_case(sentence, match.end()):
                continue
            else:
                figures = [
                    phrases.figure(what, what, phrases.lawsuits(report, phrases.SUITS[what], "total"))
                    for what in ("行政复议", "行政诉讼")
                    if what in match.group("what")
                ]
            for figure in figures:
                if figure and figure.values[0] != 0:
                    yield _contradiction(report, sentence, match, 0, figure)
