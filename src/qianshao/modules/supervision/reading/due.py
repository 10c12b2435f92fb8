"""Which phrases of a running text set a deadline: spans of validity, past days and limits of a procedure do not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .deadlines import ALWAYS, AT_ONCE, CYCLE, OWN_ISSUE, PHRASE, RANGE, SPAN, YEAR

_VERB = r"(?:完成|建成|投用|投产|投入|开工|启动|印发|出台|制定|形成|实现|召开|验收|竣工|交付|运行|上线|报送|上报|落实|整改|办结|建立|全面|基本|全部|达到|力争|提交|移交|完工|通车|开放|开业|公布|发布|报|交|开展|组织|引进|培养|培训|重点|选拔|打造|集中|陆续|分批|分期|开园|开馆|开行|运营|营业|投运|落地|见效|揭牌|封顶|贯通|达产|试运行|入驻|签约|挂牌|供地|出让|交房|推出|举办|评选|通报)"
_OF_PROCEDURE = re.compile(
    r"压缩|缩短|压减|限时|办结时限|审批|受理|受理之日|申请|材料|提速|减至|控制在|不超过|公示|答复|响应"
)
_AIMED = re.compile(r"(?:^|[。；，、：）（\n”]|力争|争取|确保|计划|目标|[一二三四五六七八九]是)[到至]$")
_DONE = re.compile(
    r"^[，,]?\s*(?:底前)?(?:全面|全部|基本|如期|率先|完成|建成|竣工|完工|通车|投产|投用|投入使用|上线|交付|出台|实现)"
)
_AFTER_POINT = re.compile(rf"^[，,]?\s*{_VERB}")
_DUE_ENDING = re.compile(r"(?:前|底|末|内|上旬|中旬|下旬|上半年|下半年|季度)$")


def in_prose(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Phrases of a running text that set a deadline; spans of validity, past days and limits of a procedure do not."""
    for match in PHRASE.finditer(folded, start, end):
        phrase = re.sub(r"\s", "", match[0])
        if ALWAYS.match(phrase) or AT_ONCE.match(phrase):
            if ALWAYS.match(phrase) and _alone(folded, match.start(), match.end(), start, end):
                yield match.start(), match.end()
            continue
        if CYCLE.match(phrase):
            continue
        if RANGE.match(phrase):  # 7月—12月完成整改; a span of validity has nothing to be done after it
            if _DONE.match(folded[match.end() : min(end, match.end() + 12)]):
                yield match.start(), match.end()
            continue
        before = folded[max(start, match.start() - 8) : match.start()].rstrip()
        after = folded[match.end() : min(end, match.end() + 12)]
        if _counts(phrase, before, after, folded, match, start, end):
            yield match.start(), match.end()


def _alone(folded: str, begin: int, finish: int, start: int, end: int) -> bool:
    left = folded[begin - 1] if begin > start else "。"
    right = folded[finish] if finish < end else "。"
    return left in "，。；、\n" and right in "，。；\n）"


def _counts(
    phrase: str, before: str, after: str, folded: str, match: re.Match[str], start: int, end: int
) -> bool:
    if SPAN.match(phrase):
        clause = _clause(folded, match.start(), match.end(), start, end)
        if re.search("之?日起|之日|起", phrase):
            return bool(OWN_ISSUE.search(phrase)) and not _OF_PROCEDURE.search(clause)
        small = re.search("日|天", phrase) is not None
        if _OF_PROCEDURE.search(clause) or re.search(
            r"(?:连续|每|近|过去|最近|至|到|在|期限|有效期)$", before
        ):
            return False
        return bool(re.search("完成|制定|出台|报|建立|落实|整改|印发|提交", clause)) if small else True
    if re.search(r"(?:截至|截止到?|自|从|早在|较|比)$", before) or re.match(
        r"起|以来|以后|后|间|的|出生|毕业|入学|参加|及以前", after
    ):
        return False
    target = re.search(r"(?:到|至)$", before) is not None
    if target and not _AIMED.search(before):
        return False  # 延续实施至2025年底
    if re.search("(?:对|凡|将|把|给)$", before) and re.match("[\u4e00-\u9fff]{1,8}的", after):
        return False  # 对3月底前开工的项目给予奖励
    if re.fullmatch(rf"{YEAR}", phrase):
        return (target and not re.match("的|间|起|以来|以后", after)) or bool(_DONE.match(after))
    if _DUE_ENDING.search(phrase) or target:
        if phrase.endswith(("季度", "上半年", "下半年")) and not target:
            return bool(_AFTER_POINT.match(after)) or after[:1] in "前底末"
        return True
    if phrase in ("年底", "年末", "年内", "全年", "年终", "本月"):
        return phrase != "全年"
    return bool(_AFTER_POINT.match(after))


def _clause(folded: str, begin: int, finish: int, start: int, end: int) -> str:
    left = max(folded.rfind(sign, start, begin) for sign in "，。；\n")
    rights = [at for sign in "。；\n" if (at := folded.find(sign, finish, min(end, finish + 60))) >= 0]
    return folded[max(left + 1, start) : min(rights, default=min(end, finish + 60))]
