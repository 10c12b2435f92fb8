"""Of whom and of when a sentence speaks: only what it says of this body and this whole year is compared."""

from __future__ import annotations

import re
from functools import lru_cache

from .model import Report
from .sentences import Sentence

_HEDGED = re.compile(r"(?:约|近|超过?|逾|不足|将近|大约|至少|平均|每|第|达到?了?上)$")
OTHER_TIME = re.compile(
    r"上年度?(?!度?(?:未办结)?(?:的)?结转|度?转)|去年|前年|上一年度?(?!度?(?:未办结)?(?:的)?结转)|往年|历年|同期|同比|累计至|以来|截至(?:目前|今)"
    r"|上半年|下半年|季度|(?:\d{1,2}|[一二三四五六七八九十])月份?(?!\d{0,2}日)|“十|五年|三年|两年|近年|平均|每[年季月周日天]|[日周月季]均|单[日月]|当月"
)
_PART_OF_YEAR = re.compile(r"上半年|下半年|季度|\d{1,2}月(?!刊)|截至|前[一二三四五六七八九十\d]+个月")
_WHOLE_YEAR = re.compile(
    r"(?:20\d\d年)?0?1月0?1日起?(?:[至到—~-]+|开始.{0,2}到?)(?:20\d\d年|当年|本年)?12月31日|截至(?:20\d\d年)?(?:12月31日|年底)"
)
_YEAR = re.compile(r"(20\d\d)年")
_OURSELVES = re.compile(
    r"[我本](?:街道|单位|机关|部门|系统(?!各)|[省市县区旗州镇乡局委办厅处院校所站队室会司署中街行])"
)
_WHOLE_PLACE = re.compile(r"全[省市县区旗州镇乡]|本[省市县区州]|我[省市县区州]")
PART_OF_BODY = re.compile(
    r"(?:市|县|区|省|州)(?:本)?级|各[县区市镇乡街部单直委局科处股]|下属|所属|基层|直属|分局|市直|区直|县直|县（|系统"
    r"|部分(?:单位|部门)|(?:镇|乡|街道|派出所|办事处)(?=[\u4e00-\u9fff]{0,6}(?:共|收|受理|答复|办))"
)
_ORGAN = re.compile(
    r"(?:办公厅|办公室|政府|委员会|[局厅委办])(?=[\u4e00-\u9fff]{0,8}(?:收到|受理|接收|接到|答复|办结|新收|制发|作出))"
)


def of_this_year(report: Report, sentence: Sentence) -> bool:
    """Whether every year it names, or else the paragraph's, is the report's."""
    years = {int(year) for year in _YEAR.findall(sentence.text)} or sentence.years_before
    return report.year is None or years <= {report.year}


def is_plain(sentence: Sentence, match: re.Match[str]) -> bool:
    """A whole count of this year without a hedge."""
    before = sentence.text[max(0, match.start("n") - 3) : match.start("n")]
    if _HEDGED.search(before):
        return False
    if _PART_OF_YEAR.search(_WHOLE_YEAR.sub("", sentence.text[: match.start()])):
        return False
    if "累计" in sentence.text[: match.end()] and not re.search(r"全年|年度|本年|20\d\d年", sentence.text):
        return False
    if re.search(r"上半年|下半年|季度", sentence.before) and not re.match(r"全年|20\d\d年，", sentence.text):
        return False
    return not OTHER_TIME.search(sentence.clause(match.start(), match.end()))


def of_this_body(report: Report, sentence: Sentence, match: re.Match[str]) -> bool:
    """Neither the clause nor the subject the sentence opened with names a part of the body, or another one."""
    spoken = sentence.text[: match.end()]
    own_place = re.search(r"政府$|[市县区镇乡]$|街道|办事处$", report.body)
    if _WHOLE_PLACE.search(spoken) and report.body and not own_place:
        return False
    for name in _own_names(report.body):
        spoken = spoken.replace(name, "")
    spoken = re.sub(r"代表[\u4e00-\u9fff]{1,6}政府|各级行政机关", "", _OURSELVES.sub("", spoken))
    return not (PART_OF_BODY.search(spoken) or _ORGAN.search(spoken))


@lru_cache(maxsize=512)
def _own_names(body: str) -> tuple[str, ...]:
    """How a report calls its own body: whole, without 人民, without its province or city, longest first."""
    short = body.replace("人民", "")
    whole = {body, short, body.removesuffix("人民政府"), body.removesuffix("政府")}
    tails = {short[start:] for start in range(1, len(short) - 2)}
    return tuple(sorted((name for name in whole | tails if len(name) >= 3), key=len, reverse=True))
