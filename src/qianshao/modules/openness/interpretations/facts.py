"""What can happen to the interpretation of a policy document (政策解读; 国办发〔2016〕80号)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from qianshao.kernel.declare import Fact, choice, flag, text, unit

FORMS: Mapping[str, str] = {
    "text": "文字",
    "chart": "图表图解",
    "video": "音视频",
    "questions": "问答",
    "press": "新闻发布会",
    "expert": "专家解读",
    "media": "媒体专访",
}
SCOPE: Mapping[str, str] = {
    "rules": "规章",
    "normative": "行政规范性文件",
    "wide": "社会广泛关注的其他文件",
    "draft": "公开征求意见的草案",
    "none": "不在解读范围",
}
OWED = frozenset({"rules", "normative", "wide", "draft"})
INTERPRETERS: Mapping[str, str] = {
    "head": "起草部门主要负责人",
    "drafter": "起草部门其他人员",
    "expert": "专家学者",
    "other": "其他部门人员",
}
LINKS: Mapping[str, str] = {
    "both": "相互链接",
    "to_document": "仅解读链接文件",
    "from_document": "仅文件链接解读",
    "none": "没有链接",
}


@dataclass(frozen=True, kw_only=True)
class Proposed(Fact):
    """A document that has to be interpreted is being drafted; who drafts interprets."""

    version: ClassVar[int] = 2  # 2 added ``scope``
    title: str = text("文件名称", maximum=200)
    unit: str = unit("起草单位", required=False)
    scope: str = choice(
        "文件类别", SCOPE, required=False, hint="规章、规范性文件和社会广泛关注的文件应当解读"
    )


@dataclass(frozen=True, kw_only=True)
class Planned(Fact):
    """The interpretation is planned: what, in which form, by whom."""

    version: ClassVar[int] = 2  # 2 added ``unit`` and ``by``
    form: str = choice("解读形式", FORMS, required=False)
    plan: str = text("解读方案", required=False, maximum=2000)
    unit: str = unit("解读单位", required=False, hint="谁起草谁解读")
    by: str = choice("第一解读人", INTERPRETERS, required=False, hint="起草部门主要负责人是第一解读人")


@dataclass(frozen=True, kw_only=True)
class Submitted(Fact):
    """The document goes to the office for signing, with the plan (no plan, no receipt)."""

    note: str = text("说明", required=False, maximum=500)


@dataclass(frozen=True, kw_only=True)
class Drafted(Fact):
    """The text of the interpretation is there, to be signed together with the document."""

    form: str = choice("解读形式", FORMS, required=False)


@dataclass(frozen=True, kw_only=True)
class DocumentPublished(Fact):
    """The document is out: the interpretation is due with it, three working days after it at the latest."""

    version: ClassVar[int] = 2  # 2 added ``scope``
    title: str = text("文件名称", required=False, maximum=200)
    document_number: str = text("发文字号", required=False, maximum=60)
    unit: str = unit("起草单位", required=False)
    url: str = text("文件网址", required=False, maximum=500)
    scope: str = choice("文件类别", SCOPE, required=False)


@dataclass(frozen=True, kw_only=True)
class Interpreted(Fact):
    """The interpretation is out."""

    form: str = choice("解读形式", FORMS, required=False)
    url: str = text("解读网址", required=False, maximum=500)
    links: str = choice("与文件的链接", LINKS, required=False)
    excerpt: bool = flag("只是摘抄原文")


@dataclass(frozen=True, kw_only=True)
class Linked(Fact):
    """Document and interpretation were linked afterwards."""

    links: str = choice("与文件的链接", LINKS)


@dataclass(frozen=True, kw_only=True)
class Excused(Fact):
    """The document needs no interpretation after all; ``unpublished``: because it does not come out."""

    version: ClassVar[int] = 2  # 2 added ``unpublished``
    reason: str = text("无需解读的理由", maximum=500)
    unpublished: bool = flag("文件不公开发布")


AnyFact = Proposed | Planned | Submitted | Drafted | DocumentPublished | Interpreted | Linked | Excused
