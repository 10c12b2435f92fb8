"""What a site is inspected for: the items of the reference with their rule ids, and the numbers they use."""

from __future__ import annotations

from dataclasses import dataclass

from qianshao.kernel.words import marked

from ..interpretations_excerpt import Limits


@dataclass(frozen=True, slots=True)
class Item:
    """One inspection item. ``status`` is the reference's letter: V read, E excerpt, M memory and editable."""

    rule: str
    title: str
    source: str
    status: str
    watched: bool = True


_CHECK = "国办秘函〔2019〕19号 政府网站检查指标"
ITEMS: tuple[Item, ...] = (
    Item("W2", "网站可以访问", _CHECK, "E"),
    Item("W3", "首页更新", _CHECK, "E"),
    Item("W4", "栏目更新", _CHECK, "E"),
    Item("LNK", "链接可用", _CHECK, "M"),
    Item("COL", "必备栏目", "国办公开办函〔2019〕61号", "M"),
    Item("LBL", "网页标签", "国办发〔2017〕47号 政府网站发展指引", "E"),
    Item("PRO-1", "公开时限", "政府信息公开条例 第二十六条", "V"),
    Item("INT-1", "政策有解读", "国办发〔2016〕80号", "E"),
    Item("INT-3", "解读及时", "国办发〔2016〕80号；3 个工作日见于地方规定", "M"),
    Item("INT-6", "政策与解读互链", "宿迁市 2026 年考核指标", "E"),
    Item("AR-DEPT", "部门年报按时公布", "政府信息公开条例 第四十九条第一款", "V"),
    Item("AR-GOV", "政府年报按时公布", "政府信息公开条例 第四十九条第二款", "V"),
    Item("W1", "安全和内容严重问题", _CHECK, "E", watched=False),
    Item("W5", "互动回应", _CHECK, "E", watched=False),
    Item("W6", "服务不实用", _CHECK, "E", watched=False),
    Item("N1", "新媒体更新", _CHECK, "M", watched=False),
    Item("N2", "新媒体回应和可用", _CHECK, "M", watched=False),
    Item("INT-7", "解读不是摘抄", "安顺市 2020 年办法 第四条", "E"),
)
BY_RULE = {item.rule: item for item in ITEMS}


@dataclass(frozen=True, slots=True)
class Column:
    """A column every body must have, by the words its links may carry."""

    title: str
    words: tuple[str, ...]


_LIMITS = Limits()
# What 国办公开办函〔2019〕61号 asks of the openness column, from memory; a city sets its own on the page of rules (``columns``).
COLUMNS: tuple[Column, ...] = (
    Column("政府信息公开指南", ("政府信息公开指南", "信息公开指南", "公开指南")),
    Column("政府信息公开制度", ("政府信息公开制度", "信息公开制度", "公开制度")),
    Column("法定主动公开内容", ("法定主动公开内容", "主动公开内容", "主动公开目录")),
    Column("政府信息公开年报", ("政府信息公开年报", "信息公开年报", "政府信息公开年度报告", "信息公开年度报告", "公开年报")),
    Column("依申请公开", ("依申请公开",)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Numbers:
    """The figures of the items, as the product ships them; ``settings.numbers`` reads those in force in a city."""

    home_days: int = 14  # W3
    news_days: int = 14  # W4
    notice_months: int = 6  # W4
    other_months: int = 12  # W4, "long overdue" is not defined in what we could read
    slow_seconds: float = 15.0  # W2
    publish_within: int = 20  # PRO-1, working days
    interpret_within: int = 3  # INT-3, working days
    excerpt: Limits = _LIMITS  # INT-7
    columns: tuple[Column, ...] = COLUMNS


class BadColumns(ValueError):
    """A file of required columns that cannot be read; says what stands in one."""


def columns_of(document: object) -> tuple[Column, ...]:
    """Required columns from JSON: title → the words its links may carry. Raises ``BadColumns``."""
    if not isinstance(document, dict) or not document:
        raise BadColumns(_WANTED)
    found = []
    for title, words in document.items():
        if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            raise BadColumns(_WANTED)
        found.append(Column(title, tuple(words) or (title,)))
    return tuple(found)


_WANTED = marked(
    '必备栏目文件须是 JSON，形如 {"依申请公开": ["依申请公开"]}：栏目名称 → 链接上可能出现的字样。'
)
