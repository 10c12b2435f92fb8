"""Which row, column or group a printed label means, whatever its numbering, spaces and older wording."""

from __future__ import annotations

import re
from functools import lru_cache

from .form import NUMERALS, ROW, ROWS, SECTIONS
from .numerals import squeeze

_MARKS = re.compile(r"[\"'“”‘’「」《》<>,.、。:;：；，()\[\]（）【】/\\|>→_·\-—–]")
_LEADING = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,2}[、.,:项]?|\(?[一二三四五六七八九十\d]{1,2}[).、.,:])+"
)
LONGEST_LABEL = 80  # with the headings it stands under; the form's longest row has 38 letters

# The words only this row's label has; older and shortened wordings beside the printed one.
_ROW_WORDS = (
    ("forbidden", r"法规禁止|法律禁止|法规规定禁止"),
    ("secret", r"国家秘密"),
    ("safety", r"三安全|一稳定"),
    ("third_party", r"第三方"),
    ("internal", r"内部事务|三类内部|三类内容事务"),
    ("process", r"过程性|四类过程"),
    ("case_file", r"执法案卷"),
    ("special_access", r"行政查询|查询事项"),
    ("not_held", r"不掌握|不存在"),
    ("to_be_made", r"现成信息|另行制作"),
    ("unclear", r"不明确"),
    ("petition", r"信访"),
    ("mass", r"大量反复"),
    ("repeated", r"重复申请|重复提"),
    ("publication", r"出版物"),
    ("confirm", r"重新出具|确认或"),
    ("fee_unpaid", r"收费通知|缴纳费用|缴费|未缴"),
    ("not_corrected", r"不补正|未补正"),
    ("carried_out", r"结转下|结转至下|结转到下|转下年|转下一年"),
    ("carried_in", r"上年结转|上年度结转|上一年结转|上一年度结转"),
    ("new", r"新收"),
)
_ROW_PATTERNS = tuple((key, re.compile(words)) for key, words in _ROW_WORDS)
_HEADINGS = (
    ("partly", "部分公开"),
    ("refused", "不予公开"),
    ("granted", "予以公开"),
    ("unable", "无法提供"),
    ("not_processed", "不予处理"),
    ("otherwise", "其他处理"),
    ("results", "办理结果"),
)
_TOTALS = ("总计", "合计", "办理结果总计", "本年度办理结果总计", "总数")
_OTHERS = ("其他", "其它", "其他情形", "其他原因", "其他情况")
_BY_PART = {squeeze(row.part): row.key for row in ROWS}
_PART = re.compile(r"(?:三[、.,/\-]?)?(\([一二三四五六七]\))[.、/\-_]?(\d?)[.、]?")


def _bare(label: str) -> str:
    return _MARKS.sub("", _LEADING.sub("", squeeze(label)))


@lru_cache(maxsize=4096)
def table3_row(label: str, *, numbered: bool = False) -> str | None:
    """The key of a row of table three. ``numbered`` also takes a bare number such as （三）1 or 四."""
    text = squeeze(label)
    if len(text) > LONGEST_LABEL or "。" in text:
        return None
    for key, pattern in _ROW_PATTERNS:
        if pattern.search(text):
            return key
    bare = _bare(label)
    if "其他处理" in text and (text.endswith(_OTHERS) or re.search(r"3[.、]?其", text)):
        return "other_reasons"
    if bare in _OTHERS:
        return "other_reasons"
    if bare in _TOTALS or text.endswith(("七)总计", "(七)合计", "结果总计", "结果/总计", "结果-总计")):
        return "total"
    found = _heading(bare)
    if found and numbered and found in ("refused", "unable", "not_processed", "otherwise"):
        return _leaf_by_number(text, found) or found
    return found or (_by_number(text) if numbered else None)


def _heading(bare: str) -> str | None:
    """Headings are short: a sentence that merely speaks of 不予公开 is no row."""
    last = max(((bare.rfind(words), key) for key, words in _HEADINGS), default=(-1, ""))
    if last[0] < 0 or len(bare) > 40:
        return None
    if last[1] == "results" and bare not in ("本年度办理结果", "办理结果", "本年办理结果"):
        return None
    return last[1]


def _leaf_by_number(text: str, group: str) -> str | None:
    found = re.search(r"\D(\d)$", text)
    return _BY_PART.get(squeeze(ROW[group].part) + found.group(1)) if found else None


def _by_number(text: str) -> str | None:
    found = _PART.fullmatch(text)
    return _BY_PART.get(found.group(1) + found.group(2) if found else text.rstrip("、.,"))


_COLUMN_WORDS = (
    ("person", ("自然人", "公民", "个人", "natural_person", "natural", "person")),
    ("company", ("商业企业", "企业", "business", "enterprise", "commercial")),
    ("research", ("科研机构", "科研", "research")),
    ("welfare", ("社会公益组织", "公益组织", "social", "welfare")),
    ("legal", ("法律服务机构", "法律服务", "legal")),
    ("body", ("其他", "其它", "other")),
    ("total", ("总计", "合计", "total", "sum")),
)


@lru_cache(maxsize=1024)
def table3_column(name: str) -> str | None:
    """The key of a column of table three; a path such as 法人或其他组织/其他 counts by its end."""
    text = squeeze(name).lower()
    if text.endswith(("法人或其他组织", "法人和其他组织")) or len(text) > 30:
        return None
    return next((key for key, words in _COLUMN_WORDS if text.endswith(words)), None)


_RESULT_WORDS = (
    ("upheld", ("维持", "upheld", "maintain", "maintained")),
    ("corrected", ("纠正", "纠错", "corrected", "correct")),
    ("pending", ("未审结", "pending", "unfinished")),
    ("other", ("其他结果", "其它结果", "其他", "other")),
    ("total", ("总计", "合计", "total")),
)


@lru_cache(maxsize=1024)
def table4_column(name: str) -> str | None:
    """The key of a result column of table four."""
    text = squeeze(name).lower()
    return (
        next((key for key, words in _RESULT_WORDS if text.endswith(words)), None) if len(text) < 40 else None
    )


@lru_cache(maxsize=1024)
def table4_course(name: str) -> str | None:
    """Which of the three courses a label (or a path of labels) speaks of."""
    text = squeeze(name).lower()
    if "直接" in text or "未经复议" in text or "direct" in text:
        return "direct"
    if "复议后" in text or "after_review" in text or "post" in text:
        return "after_review"
    if "复议" in text or "review" in text or "reconsideration" in text:
        return "review"
    return None


_DISCLOSED_WORDS = (
    ("normative", r"规范性文件|normative"),
    ("regulation", r"规章|regulation"),
    ("service", r"其他对外"),
    ("permit", r"行政许可|licens|permit"),
    ("penalty", r"行政处罚|penalt|punish"),
    ("coercion", r"行政强制|coerci"),
    ("fee", r"事业性收费|^收费|fee"),
    ("purchase", r"集中采购|purchas"),
)
_MEASURE_WORDS = (
    ("newly_made", r"新制作"),
    ("newly_public", r"新公开"),
    ("public_total", r"公开总数|对外公开总"),
    ("items_before", r"上一?年项目"),
    ("change", r"增/?减"),
    ("made", r"制发|制定件|made|issued"),
    ("repealed", r"废止|repeal|abolish"),
    ("in_force", r"现行有效|in_force|valid"),
    ("purchases", r"采购项目"),
    ("purchase_sum", r"采购总"),
    ("amount", r"收费金额|金额|amount"),
    ("decisions", r"处理决定|decision|processed"),
)
_DISCLOSED_PATTERNS = tuple((key, re.compile(words)) for key, words in _DISCLOSED_WORDS)
_MEASURE_PATTERNS = tuple((key, re.compile(words)) for key, words in _MEASURE_WORDS)


@lru_cache(maxsize=1024)
def table2_row(name: str) -> str | None:
    """The key of a row of table two."""
    text = squeeze(name).lower()
    return _first(_DISCLOSED_PATTERNS, text) if len(text) <= 60 else None


@lru_cache(maxsize=1024)
def table2_column(name: str) -> str | None:
    """The key of a column of table two; 处理决定数量 is read as the 2021 form's."""
    text = squeeze(name).lower()
    return _first(_MEASURE_PATTERNS, text) if len(text) <= 60 else None


def _first(patterns: tuple[tuple[str, re.Pattern[str]], ...], text: str) -> str | None:
    return next((key for key, pattern in patterns if pattern.search(text)), None)


_SECTION = re.compile(r"^(?:第?([一二三四五六])(?:部分)?[、.,:]?)?(.*)$")
_SECTION_WORDS = (
    (0, r"^(?:总体|基本|工作)?(?:工作)?(?:总体|基本)情况$|^概述$|^总体情况"),
    (1, r"主动公开.*情况$"),
    (2, r"收到和处理|申请.*(?:情况|处理)$"),
    (3, r"行政复议.*诉讼|复议.*诉讼.*情况$"),
    (4, r"(?:主要|存在).*问题"),
    (5, r"其他.*(?:事项|情况)$"),
)


def section(heading: str) -> int | None:
    """Which of the six sections (0 to 5) a heading opens; None for any other line."""
    text = squeeze(heading)
    if not text or len(text) > 40 or text[-1] in "。;,":
        return None
    found = _SECTION.match(text)
    assert found
    title = found.group(2)
    for index, words in _SECTION_WORDS:
        if re.search(words, title) and (found.group(1) in (None, NUMERALS[index])):
            return index if found.group(1) or title in SECTIONS else None
    return None


def section_of_key(key: str) -> int | None:
    """The section a JSON key means: 一, 1, section_1, 总体情况 or the whole heading."""
    text = squeeze(key)
    if text in NUMERALS:
        return NUMERALS.index(text)
    found = re.fullmatch(r"(?:section|sec|text|s|第)?_?([1-6])(?:部分)?", text.lower())
    return int(found.group(1)) - 1 if found else section(text)
