"""The ways a report says a figure, and which values of its tables would make each of them true."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .form import APPLICANTS, COURSES, LEAVES
from .model import Report
from .numerals import Number
from .sentences import Sentence

# A count: digits with separators or Chinese numerals, and its unit. Never part of a longer number or a range.
NUMBER = r"(?<![\d.,第~—\-零〇一二两三四五六七八九十百千万亿])(?<!\d[至到])(?P<n>\d{1,3}(?:,\d{3})+|\d+|[零〇一二两三四五六七八九十百千]+)"
COUNT = NUMBER + r"(?:件次|[件份条宗次个起项])"
APPLY = (
    r"(?:政府信息公开|政府信息依申请公开|政务信息公开|信息公开|依申请公开|公开)(?:类|的)?(?:申请|事项|件)?"
)

CHANNEL = re.compile(
    r"网络|网上|互联网|在线|线上|平台|信函|邮寄|邮政|来信|邮件|邮箱|当面|现场|窗口|传真|电话|网站|系统|线下|渠道|EMS|快递"
)
_REQUESTS = re.compile(r"申请|答复|依申请")
_NOT_REQUESTS = re.compile(r"公文|文件公开属性|拟制|信访件|建议|提案|工单|留言|热线|咨询")


@dataclass(frozen=True)
class Figure:
    """What a phrase may stand for: its name, and every value of the tables that would make it true."""

    name: str
    row: str
    values: tuple[Number, ...]


@dataclass(frozen=True)
class Phrase:
    """A way to say a figure. ``figure`` looks it up; None when the tables do not hold it."""

    pattern: re.Pattern[str]
    figure: Callable[[Report, re.Match[str], Sentence], Figure | None]


def total(report: Report, row: str, column: str = "total") -> Number | None:
    """A figure of table three; a heading is the sum of its rows."""
    if row in LEAVES and any(leaf in report.table3 for leaf in LEAVES[row]):
        parts = [total(report, leaf, column) for leaf in LEAVES[row] if leaf in report.table3]
        return None if any(part is None for part in parts) else sum((part or 0 for part in parts), 0)
    return report.value("table3", row, column)


def figure(name: str, row: str, *values: Number | None) -> Figure | None:
    """The figure of a name, None where the tables do not hold it."""
    known = tuple(value for value in values if value is not None)
    return Figure(name, row, known) if known and values[0] is not None else None


def _row(name: str, row: str) -> Callable[[Report, re.Match[str], Sentence], Figure | None]:
    def look(report: Report, _match: re.Match[str], _sentence: Sentence) -> Figure | None:
        return figure(name, report.label("table3", row), total(report, row))

    return look


def _received(report: Report, match: re.Match[str], sentence: Sentence) -> Figure | None:
    clause = re.sub(r"公民、法人(?:和|或|及)者?其他组织", "", sentence.clause(match.start(), match.end()))
    if CHANNEL.search(clause) or re.search(r"自然人|企业|法人|机构|组织(?!实施)|其中", clause):
        return None
    if re.search(r"复议|诉讼|撤回|撤销|补正|转办|转来|转送|答复|办结|不予受理", match.group()):
        return None
    if not _about_openness(sentence):
        return None
    new, before = total(report, "new"), total(report, "carried_in")
    both = new + before if new is not None and before is not None else None
    with_carried = re.search(r"(?:含|包括|其中|连同|加上|包含|及|和)[^，。；]{0,6}上(?:一)?年", sentence.text)
    accepted = "受理" in match.group() and re.search(r"上(?:一)?年度?(?:未办结)?结转", sentence.text)
    values = (new, both) if with_carried else (both, new) if accepted else (new,)
    return figure("本年新收申请", report.label("table3", "new"), *values)


def _about_openness(sentence: Sentence) -> bool:
    return bool(re.search(r"信息公开|依申请公开|公开政府信息", sentence.before + sentence.text)) or (
        sentence.is_section(2)
    )


def _handled(report: Report, match: re.Match[str], sentence: Sentence) -> Figure | None:
    """办理 may mean what came in, what there was to do, or what was done."""
    if CHANNEL.search(sentence.clause(match.start(), match.end())):
        return None
    new, before, done = (total(report, row) for row in ("new", "carried_in", "total"))
    both = new + before if new is not None and before is not None else None
    return figure("办理申请", report.label("table3", "total"), done, both, new)


def _answered(report: Report, match: re.Match[str], sentence: Sentence) -> Figure | None:
    clause = sentence.clause(match.start(), match.end())
    if CHANNEL.search(clause) or re.search(
        r"自然人|企业|法人|建议|提案|咨询|留言|热线|工单|信件|诉求|问题|意见|复议|诉讼|延期|逾期|超期|口头|其中",
        clause,
    ):
        return None
    if not (re.search(r"申请", sentence.before + sentence.text) or sentence.is_section(2)) or re.search(
        r"撤回|撤销申请|终止|不再处理", sentence.text
    ):
        return None
    return figure("办理结果总计", report.label("table3", "total"), total(report, "total"))


def _outcomes(report: Report, match: re.Match[str], sentence: Sentence) -> Figure | None:
    if not _about_requests(sentence):
        return None
    named = [key for key, words in _OUTCOME_WORDS if words in match.group("what")]
    values = [total(report, key) for key in named]
    if not named or any(value is None for value in values):
        return None
    labels = "、".join(report.label("table3", key) for key in named)
    return figure(match.group("what"), labels, sum((value or 0 for value in values), 0))


_OUTCOME_WORDS = (
    ("granted", "予以公开"),
    ("partly", "部分公开"),
    ("refused", "不予公开"),
    ("unable", "无法提供"),
    ("not_processed", "不予处理"),
    ("otherwise", "其他处理"),
)
_LEAF_WORDS = (
    ("secret", r"属于国家秘密"),
    ("forbidden", r"其他法律(?:、)?行政法规禁止公开"),
    ("safety", r"危及“?三安全一稳定”?"),
    ("third_party", r"保护第三方合法权益"),
    ("internal", r"属于三类内部事务信息"),
    ("process", r"属于四类过程性信息"),
    ("case_file", r"属于行政执法案卷"),
    ("special_access", r"属于行政查询事项"),
    ("not_held", r"本机关不掌握(?:相关)?(?:政府)?信息"),
    ("to_be_made", r"没有现成信息(?:、)?(?:需要?另行制作)?"),
    ("unclear", r"补正后(?:申请内容)?仍不明确"),
    ("petition", r"信访(?:、)?举报(?:、)?投诉类(?:申请|事项)?"),
    ("repeated", r"(?<!提供)重复申请"),
    ("publication", r"要求提供公开出版物"),
    ("mass", r"无正当理由大量反复申请"),
    ("confirm", r"要求(?:行政机关)?确认或重新出具(?:已获取信息)?"),
    ("not_corrected", r"(?:申请人)?无正当理由逾期不补正"),
    ("fee_unpaid", r"(?:申请人)?逾期未按收费通知要求缴纳费用"),
)


def _about_requests(sentence: Sentence) -> bool:
    context = sentence.before + sentence.text
    return bool(_REQUESTS.search(context) or sentence.is_section(2)) and not _NOT_REQUESTS.search(
        sentence.text
    )


def _leaf(row: str) -> Callable[[Report, re.Match[str], Sentence], Figure | None]:
    def look(report: Report, match: re.Match[str], sentence: Sentence) -> Figure | None:
        if not _about_requests(sentence):
            return None
        return figure(match.group("what"), report.label("table3", row), total(report, row))

    return look


_APPLICANT_WORDS = {
    "自然人": ("person",),
    "商业企业": ("company",),
    "科研机构": ("research",),
    "社会公益组织": ("welfare",),
    "法律服务机构": ("legal",),
    "法人或其他组织": APPLICANTS[1:],
    "法人和其他组织": APPLICANTS[1:],
    "法人及其他组织": APPLICANTS[1:],
}


def _applicants(report: Report, match: re.Match[str], sentence: Sentence) -> Figure | None:
    """Applicants of what was received; where answers are spoken of too, of those as well."""
    if not re.search(r"申请", sentence.text) or _NOT_REQUESTS.search(sentence.text):
        return None
    columns = _APPLICANT_WORDS[match.group("what")]
    kinds: list[tuple[str, ...]] = [("new",)]
    if re.search(r"答复|办结|办理|结转|受理", sentence.text + sentence.before):
        kinds += [("new", "carried_in"), ("total",)]
    values: list[Number | None] = []
    for rows in kinds:
        parts = [report.value("table3", row, column) for row in rows for column in columns]
        values.append(None if any(part is None for part in parts) else sum((part or 0 for part in parts), 0))
    return figure(match.group("what") + "申请", report.label("table3", "new"), *values)


def lawsuits(report: Report, courses: tuple[str, ...], column: str) -> Number | None:
    """A figure of table four over one course or several; None where a cell is not there."""
    parts = [report.value("table4", course, column) for course in courses]
    return None if any(part is None for part in parts) else sum((part or 0 for part in parts), 0)


SUITS: dict[str, tuple[str, ...]] = {
    "行政复议": ("review",),
    "行政诉讼": ("direct", "after_review"),
    "未经复议直接起诉": ("direct",),
    "复议后起诉": ("after_review",),
}


def openness_case(sentence: Sentence, end: int) -> bool:
    """The review or lawsuit is said to be about disclosure before it is counted, and the body is not the judge."""
    spoken = sentence.text[:end]
    if re.search(
        r"复议机[关构]|共同被告|败诉率|审理|化解|(?:受理|办理|办结|审结)(?:各类)?行政复议|应诉", spoken
    ):
        return False
    return bool(re.search(r"信息公开|政务公开|依申请公开", spoken)) or sentence.is_section(3)


def _cases(report: Report, match: re.Match[str], sentence: Sentence) -> Figure | None:
    if not openness_case(sentence, match.end()):
        return None
    what = match.group("what")
    courses = SUITS.get(what) or SUITS["未经复议直接起诉" if what == "直接起诉" else "行政诉讼"]
    return figure(what, "、".join(COURSES[each] for each in courses), lawsuits(report, courses, "total"))


_RESULTS = {"维持": "upheld", "纠正": "corrected", "其他结果": "other", "尚未审结": "pending"}


def _results(report: Report, match: re.Match[str], sentence: Sentence) -> Figure | None:
    """Results are compared where one course alone has been named before them in the sentence."""
    before = sentence.text[: match.start()]
    named = [what for what in SUITS if what in before]
    if "行政诉讼" in named and len(named) > 1 and "行政复议" not in named:
        named.remove("行政诉讼")
    if len(named) != 1 or not openness_case(sentence, match.end()):
        return None
    column = _RESULTS[match.group("what")]
    courses = SUITS[named[0]]
    return figure(
        named[0] + match.group("what"),
        "、".join(COURSES[each] for each in courses),
        lawsuits(report, courses, column),
    )


def _disclosed(row: str, column: str) -> Callable[[Report, re.Match[str], Sentence], Figure | None]:
    def look(report: Report, match: re.Match[str], _sentence: Sentence) -> Figure | None:
        return figure(match.group("what"), report.label("table2", row), report.value("table2", row, column))

    return look


def _phrase(pattern: str, figure: Callable[[Report, re.Match[str], Sentence], Figure | None]) -> Phrase:
    return Phrase(re.compile(pattern), figure)


_ANY_OUTCOME = "予以公开|部分公开|不予公开|无法提供|不予处理|其他处理"
PHRASES = (
    Phrase(
        re.compile(r"(?P<what>行政事业性收费)(?:金额|收入)?(?:共计|共|为)?(?P<n>\d+(?:\.\d+)?)万元"),
        _disclosed("fee", "amount"),
    ),
    _phrase(
        r"上(?:一)?年度?(?:未办结)?结转(?:至?(?:本年度?)?(?:继续)?办理)?(?:的)?(?:政府信息公开|信息公开)?(?:申请)?(?:数量)?(?:为|共|共有|有)?"
        + COUNT,
        _row("上年结转", "carried_in"),
    ),
    _phrase(
        r"(?:结转|顺延|转)(?:至|到|入)?(?:下(?:一)?年度?|次年|明年)(?:继续)?(?:办理|答复|处理)?(?:的)?(?:政府信息公开|信息公开)?(?:申请)?(?:数量)?(?:为|共|共有|有)?"
        + COUNT,
        _row("结转下年度继续办理", "carried_out"),
    ),
    _phrase(
        COUNT
        + r"(?:政府信息公开|信息公开)?(?:申请)?[^，。；、\d]{0,10}(?:结转|顺延)(?:至|到)?(?:下(?:一)?年度?|次年)",
        _row("结转下年度继续办理", "carried_out"),
    ),
    _phrase(
        r"(?:新收到?|新增|共?收到|共?接收|共?接到|共?受理|共?登记|收悉)(?:各类|的|了|公民、法人(?:和|或|及)(?:者)?其他组织(?:提出|提交)?的?|社会公众|群众|有效)*"
        + APPLY
        + r"(?:申请)?(?:数量)?(?:共计|共|合计|总计|总量|为|计)?"
        + COUNT,
        _received,
    ),
    _phrase(
        r"(?:新收到?|收到|接收|接到|受理)(?:各类)?"
        + COUNT
        + r"(?:有效)?(?:(?:政府信息公开|依申请公开|信息公开)(?:的)?)?申请",
        _received,
    ),
    _phrase(
        r"(?:新收到?|共?收到|共?接收|共?接到|共?受理)(?:各类|的|了)*(?:申请)?(?:共计|共|合计|总计)?" + COUNT,
        _received,
    ),
    _phrase(
        r"(?<!答复)(?<!未)(?:共|累计|合计|依法)?办理(?:了)?"
        + APPLY
        + r"(?:申请)?(?:共计|共|合计|总计)?"
        + COUNT,
        _handled,
    ),
    _phrase(
        r"(?:本年|本年度|全年)?新收(?:政府信息公开|信息公开)?(?:申请)?(?:数量|数)?(?:为|共)?" + COUNT,
        _received,
    ),
    _phrase(
        r"(?<!延期)(?<!逾期)(?<!口头)(?<!未)(?<!不予)(?:共|已|均已|全部|按时|按期|依法|累计|合计|作出)?(?:答复|办结|办理完毕|办理答复)(?:了)?(?:政府信息公开|信息公开|依申请公开)?(?:申请)?(?:数量)?(?:共计|共|合计|总计|为)?"
        + COUNT,
        _answered,
    ),
    _phrase(
        rf"(?P<what>(?:{_ANY_OUTCOME})(?:(?:或者|以及|及|和|与|或|、)(?:{_ANY_OUTCOME}))*)(?:的)?(?:申请|答复|信息)?(?:共计|共|为|有|计)?"
        + COUNT,
        _outcomes,
    ),
    *(
        _phrase(rf"(?P<what>{words})(?:的)?(?:申请|信息)?(?:共|为|有)?" + COUNT, _leaf(row))
        for row, words in _LEAF_WORDS
    ),
    _phrase(
        r"(?<!公民、)(?P<what>自然人|商业企业|科研机构|社会公益组织|法律服务机构|法人[或和及]其他组织)(?:提出|提交)?(?:的)?(?:政府信息公开|信息公开)?(?:申请)?(?:共|为|有)?"
        + COUNT,
        _applicants,
    ),
    _phrase(
        r"(?P<what>未经复议直接起诉|直接起诉|复议后起诉|行政复议|行政诉讼|(?<=、)诉讼|(?<=，)诉讼)(?:的)?(?:案件|申请|案)?(?:共计|共|为|有)?"
        + COUNT,
        _cases,
    ),
    _phrase(
        r"(?<!其中)"
        + COUNT
        + r"(?:因?(?:政府)?信息公开[^，。；、\d]{0,8})?(?P<what>行政复议|行政诉讼)(?:案件|申请|案)?(?=[，。；、]|$)",
        _cases,
    ),
    _phrase(
        r"(?:结果|被|予以|其中|，|、|：)(?P<what>维持|纠正|其他结果|尚未审结)(?:的)?(?:共|为|有)?" + COUNT,
        _results,
    ),
    _phrase(
        r"(?P<what>(?:制发|制定|出台)(?:行政)?规范性文件)(?:共)?" + COUNT, _disclosed("normative", "made")
    ),
    _phrase(r"(?P<what>废止(?:行政)?规范性文件)(?:共)?" + COUNT, _disclosed("normative", "repealed")),
    _phrase(
        r"(?P<what>现行有效(?:的)?(?:行政)?规范性文件)(?:共|为)?" + COUNT, _disclosed("normative", "in_force")
    ),
    _phrase(r"(?P<what>(?:制发|制定)(?:政府)?规章)(?:共)?" + COUNT, _disclosed("regulation", "made")),
    _phrase(r"(?P<what>废止(?:政府)?规章)(?:共)?" + COUNT, _disclosed("regulation", "repealed")),
    _phrase(
        r"(?P<what>现行有效(?:的)?(?:政府)?规章)(?:共|为)?" + COUNT, _disclosed("regulation", "in_force")
    ),
    *(
        _phrase(
            rf"(?P<what>(?:作出|实施){name}(?=\d)|{name}(?:处理)?决定)(?:数量)?(?:共|为)?" + COUNT,
            _disclosed(row, "decisions"),
        )
        for row, name in (("permit", "行政许可"), ("penalty", "行政处罚"), ("coercion", "行政强制"))
    ),
)
