"""Percentages and lists inside a sentence: does 占66.48% follow, do the parts add up to the whole?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from qianshao.kernel.words import say

from .finding import Finding, Where
from .form import APPLICANTS, GROUPS, LEAVES, ROW
from .model import Report
from .numerals import Number, chinese
from .sentences import Sentence

_COUNT = re.compile(
    r"(?<![\d.,第~—\-零〇一二两三四五六七八九十百千万亿])(?<!\d[至到])(?P<n>\d{1,3}(?:,\d{3})+|\d+|[零一二两三四五六七八九十百千]+)(?P<unit>件次|[件份条宗起项])(?!以上|以下)"
)
_SHARE = re.compile(
    r"^(?:，|、|（|(?:申请|信息|答复))?(?:分别)?(?:约)?(?:占比|占)(?P<of>[^，。；、（）\d%]{0,16}?)(?:的)?(?:比例)?(?:为|达)?(?P<x>\d{1,3}(?:\.(?P<d>\d+))?)%"
)
_WHOLE = re.compile(
    r"(?:共|共计|总计|合计|累计|总数为?|总量为?|总共|收到|受理|答复|办结|新收|主动公开(?:各类)?(?:政府)?信息)[^，。；：、（）\d]{0,24}$"
)
_NAMED = re.compile(
    r"(?:自然人|法人[或和及]其他组织|予以公开|部分公开|不予公开|无法提供|不予处理|其他处理)(?:提出|的|答复)*(?:申请)?(?:共|为)?$"
)
_PLAIN_WHOLES = (
    "",
    "总数",
    "总量",
    "申请总数",
    "申请总量",
    "申请数",
    "申请量",
    "全部申请",
    "答复总数",
    "办理总数",
)
_BARE = re.compile(
    r"(?<!公民、)(?P<what>自然人|法人[或和及]其他组织|予以公开|部分公开|不予公开|无法提供|不予处理|其他处理)(?:提出|的)?(?:申请)?(?:数量)?"
    r"(?:占比|占(?:申请|答复|办理)?(?:总数|总量|总申请量)?(?:的)?(?:比例)?)(?:为|达)?(?P<x>\d{1,3}(?:\.(?P<d>\d+))?)%"
)
_REQUESTS = re.compile(r"申请|答复|办结")
_HEDGE = re.compile(r"[约近超逾余多]")
_OPEN_LIST = re.compile(r"等(?!级)|主要|包括但|尤其|特别是|部分为")
_CHANNEL = re.compile(
    r"网络|网上|互联网|在线|平台|网站|信函|邮寄|来信|邮件|邮箱|当面|现场|窗口|传真|其他方式|其他渠道"
)


@dataclass(frozen=True)
class Counted:
    """A number with its unit in a sentence."""

    start: int
    end: int
    value: int
    unit: str


def _counts(text: str) -> list[Counted]:
    found = []
    for match in _COUNT.finditer(text):
        raw = match.group("n")
        value = int(raw.replace(",", "")) if raw[0].isdigit() else chinese(raw)
        if value is not None and not _HEDGE.match(text[max(0, match.start() - 1) : match.start()] or " "):
            found.append(Counted(match.start(), match.end(), value, match.group("unit")))
    return found


def percentages(report: Report, sentence: Sentence) -> Iterator[Finding]:
    """``n件，占x%`` must follow from a whole stated before it or from a total of table three."""
    counts = _counts(sentence.text)
    earlier = [each.value for each in _counts(sentence.before)]
    for count in counts:
        match = _SHARE.match(sentence.text[count.end :])
        if match is None or "约" in match.group():
            continue
        of_requests = bool(_REQUESTS.search(sentence.text + sentence.before))
        before = [each for each in counts if each.start < count.start and each.unit == count.unit]
        wholes: list[Number] = [each.value for each in before]
        wholes += earlier
        whole = _stated_whole(sentence, count)
        if of_requests:
            wholes += _totals(report)
            if (
                whole is None
                and _NAMED.search(sentence.text[: count.start])
                and match.group("of") in _PLAIN_WHOLES
            ):
                whole = next((int(each) for each in _totals(report)), None)
        wholes = [each for each in wholes if each >= count.value and each > 0]
        if whole is None or not wholes or whole < count.value or whole == 0:
            continue
        printed, places = Decimal(match.group("x")), len(match.group("d") or "")
        if any(_reproduces(count.value, each, printed, places) for each in wholes):
            continue
        should = _rounded(count.value, whole, places)
        yield Finding(
            "I7",
            "warning",
            Where(section=sentence.section, quote=sentence.quote(count.start, count.end + match.end())),
            f"{printed}%",
            f"{should}%",
            say(
                "{part} 占 {whole} 应为 {should}%，文字写 {stands}%。",
                part=count.value,
                whole=whole,
                should=str(should),
                stands=str(printed),
            ),
            report,
        )


def bare(report: Report, sentence: Sentence) -> Iterator[Finding]:
    """自然人占75%, without the count: any total of table three may be meant."""
    if not _REQUESTS.search(sentence.text + sentence.before):
        return
    for match in _BARE.finditer(sentence.text):
        what = match.group("what")
        possible = _applicant_pairs(report, what) or _outcome_pairs(report, what)
        printed, places = Decimal(match.group("x")), len(match.group("d") or "")
        possible = [(part, whole) for part, whole in possible if whole > 0]
        if not possible or any(_reproduces(part, whole, printed, places) for part, whole in possible):
            continue
        part, whole = possible[0]
        should = _rounded(part, whole, places)
        yield Finding(
            "I7",
            "warning",
            Where(section=sentence.section, quote=sentence.quote(match.start(), match.end())),
            f"{printed}%",
            f"{should}%",
            say(
                "{part} 占 {whole} 应为 {should}%，文字写 {stands}%。",
                part=part,
                whole=whole,
                should=str(should),
                stands=str(printed),
            ),
            report,
        )


def _applicant_pairs(report: Report, what: str) -> list[tuple[int, int]]:
    if what != "自然人" and not what.startswith("法人"):
        return []
    columns = ("person",) if what == "自然人" else APPLICANTS[1:]
    return _pairs(
        report, [(("new",), ("new",)), (("total",), ("total",)), (("new", "carried_in"),) * 2], columns
    )


def _outcome_pairs(report: Report, what: str) -> list[tuple[int, int]]:
    group = next(key for key in GROUPS if ROW[key].label[3:7] == what)
    leaves = tuple(leaf for leaf in LEAVES.get(group, ()) if leaf in report.table3) or (group,)
    return _pairs(
        report, [(leaves, ("total",)), (leaves, ("new",)), (leaves, ("new", "carried_in"))], ("total",)
    )


def _pairs(
    report: Report, wanted: list[tuple[tuple[str, ...], tuple[str, ...]]], columns: tuple[str, ...]
) -> list[tuple[int, int]]:
    found = []
    for parts, wholes in wanted:
        upper = [report.value("table3", row, column) for row in parts for column in columns]
        lower = [report.value("table3", row, "total") for row in wholes]
        if all(isinstance(each, int) for each in (*upper, *lower)):
            found.append((sum(int(each or 0) for each in upper), sum(int(each or 0) for each in lower)))
    return found


def _stated_whole(sentence: Sentence, count: Counted) -> int | None:
    """The last count before it in the paragraph that is said to be a whole: 共…, 收到…, 答复…, 主动公开信息…."""
    lead = sentence.before + sentence.text[: count.start]
    for each in reversed(_counts(lead)):
        if each.unit == count.unit and _WHOLE.search(lead[: each.start]):
            return each.value
    return None


def _totals(report: Report) -> list[Number]:
    new, before, total, after = (
        report.value("table3", row, "total") for row in ("new", "carried_in", "total", "carried_out")
    )
    found = [each for each in (new, before, total, after) if each is not None]
    if new is not None and before is not None:
        found.append(new + before)
    return found


def _reproduces(part: int, whole: Number, printed: Decimal, places: int) -> bool:
    """Rounded either way at half: 12.5 printed as 12 or 13."""
    exact = Decimal(part) * 100 / Decimal(whole)
    return abs(exact - printed) <= Decimal(5).scaleb(-places - 1)


def _rounded(part: int, whole: Number, places: int) -> Decimal:
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1).scaleb(-places))


def parts(report: Report, sentence: Sentence) -> Iterator[Finding]:
    """A list that says it is whole must add up; a list of channels must at least not exceed its whole."""
    text = _without_brackets(sentence.text)
    counts = _counts(text)
    whole = _whole_before(sentence, text)
    if whole is not None and counts:
        yield from _sum_up(report, sentence, text, whole, counts, "其中", 0)
    for index, each in enumerate(counts):
        lead = _LEAD.match(text[each.end :])
        if lead is not None and lead.group("mark") is not None:
            yield from _sum_up(
                report,
                sentence,
                text,
                each,
                counts[index + 1 :],
                lead.group("mark"),
                each.end + lead.end("mark"),
            )


_LEAD = re.compile(
    r"[^，。；：\d]{0,12}[，：；]?(?P<mark>其中|分别为|分别是|分为|按[^，。；\d]{1,12}(?:分|划分|统计))?"
)


def _whole_before(sentence: Sentence, text: str) -> Counted | None:
    """The one count of the sentence before, when this one goes on with 其中."""
    if not text.startswith("其中") or not sentence.before:
        return None
    last = re.split(r"(?<=[。！？])", sentence.before.rstrip("。！？"))[-1]
    counts = _counts(_without_brackets(last))
    return Counted(0, 0, counts[0].value, counts[0].unit) if len(counts) == 1 else None


def _sum_up(
    report: Report,
    sentence: Sentence,
    text: str,
    whole: Counted,
    listed: list[Counted],
    mark: str,
    begins: int,
) -> Iterator[Finding]:
    spoken = text[begins:]
    crowded = any(len(_counts(clause)) > 1 for clause in re.split(r"[，；、]", spoken))
    if len(listed) < 2 or crowded or any(each.unit != whole.unit for each in listed):
        return
    if _OPEN_LIST.search(spoken) or "其中" in text[max(begins, 2) :]:
        return
    added = sum(each.value for each in listed)
    channels = all(_CHANNEL.search(_label(text, each)) for each in listed)
    classes = len(listed) >= 4 and all("类" in _label(text, each) for each in listed)
    told_whole = mark != "其中" or _says_how_many(text, len(listed))
    wrong = added != whole.value and (told_whole or classes or (channels and len(listed) >= 3))
    if not wrong and not (channels and added > whole.value):
        return
    yield Finding(
        "I7",
        "warning",
        Where(section=sentence.section, quote=sentence.quote(whole.start, listed[-1].end)),
        whole.value,
        added,
        say(
            "文字写共 {stands}，所列 {n} 项相加为 {should}。", stands=whole.value, n=len(listed), should=added
        ),
        report,
    )


def _without_brackets(text: str) -> str:
    """What stands in brackets divides its own item only; blanked so that places stay the same."""
    return re.sub(r"（[^（）]*）", lambda match: "　" * len(match.group()), text)


def _label(text: str, count: Counted) -> str:
    start = max(text.rfind(mark, 0, count.start) for mark in "，；：、。")
    return text[start + 1 : count.start]


def _says_how_many(text: str, listed: int) -> bool:
    for found in re.finditer(r"(?P<n>\d+|[二两三四五六七八九十]+)大?类", text):
        raw = found.group("n")
        if (int(raw) if raw.isdigit() else chinese(raw)) == listed:
            return True
    return False
