"""Printed labels: "发布日期：2024-05-30" in a line, or a cell with its neighbour in a catalogue table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .blocks import Block

_GAP = r"[ \u3000]*"


def _spaced(word: str) -> str:
    return _GAP.join(word)


# Each label once, with the field it speaks of; "" is a label that only ends the value before it.
# 公开目录 tables follow 国办发〔2007〕 form and its local kin; 发文日期 there is the day of the document itself.
WORDS: dict[str, str] = {
    **dict.fromkeys(("发布时间", "发布日期", "时间发布", "公开日期", "公开时间", "公布日期", "公布时间", "上网日期", "上网时间", "网上发布日期",
                     "信息发布日期", "信息发布时间", "发布于", "发表时间", "发表日期", "刊发时间", "发稿时间", "信息公开日期", "文章发布时间", "网站发布日期"), "published_on"),
    **dict.fromkeys(("更新时间", "更新日期", "录入时间", "添加时间", "信息时间"), "updated_on"),
    **dict.fromkeys(("日期", "时间"), "some_day"),
    **dict.fromkeys(("成文日期", "成文时间", "发文日期", "发文时间", "生成日期", "生成时间", "形成日期", "形成时间", "印发日期", "印发时间", "签发日期",
                     "制发日期", "制定日期", "文件日期", "作出处罚决定的日期", "作出行政处罚决定的日期", "处罚决定日期", "作出决定日期", "信息生成日期", "信息形成日期"), "formed_on"),
    **dict.fromkeys(("发文字号", "发文文号", "公文字号", "文件字号", "文件编号", "文号", "公文文号", "文件文号", "发文编号", "行政处罚决定书文号", "行政处罚决定文书号", "决定书文号", "发布文号", "字号"), "document_number"),
    **dict.fromkeys(("来源", "信息来源", "文章来源", "稿件来源", "新闻来源", "内容来源", "稿源", "出处", "来源单位"), "source"),
    **dict.fromkeys(("发布机构", "公开机构", "信息发布机构", "发布单位", "公开单位", "公开主体", "发布主体", "公开责任部门"), "publisher"),
    **dict.fromkeys(("信息名称", "文件名称", "标题", "名称", "公文名称", "信息标题"), "title"),
    **dict.fromkeys(("网站标识码", "政府网站标识码", "网站识别码"), "site_id_code"),
    **dict.fromkeys(("索引号", "信息索引", "信息索引号", "主题分类", "信息分类", "信息类别", "体裁分类", "组配分类", "服务对象", "公开方式", "公开形式", "公开时限", "公开范围",
                     "发文机关", "发文机构", "发文单位", "制发机关", "制发单位", "责任部门", "主题词", "关键词", "关键字", "语种", "信息格式", "内容概述", "相关信息",
                     "有效性", "效力状态", "是否有效", "生效日期", "生效时间", "实施日期", "施行日期", "失效日期", "失效时间", "废止日期", "有效期", "截止日期", "截止时间",
                     "责任编辑", "编辑", "作者", "审核", "初审", "复审", "终审", "浏览次数", "浏览量", "阅读次数", "阅读量", "点击", "点击数", "点击量", "访问量", "字体", "字体大小",
                     "分享", "分享到", "打印", "文章类型", "背景色", "保护视力色", "视力保护色", "留言时间", "当前位置", "所在位置", "您的位置", "主办单位", "主办", "承办单位",
                     "备案号", "附件", "下载", "次", "被处罚当事人", "作出处罚决定的机关名称", "主要负责人", "扫一扫", "收藏", "纠错", "体裁", "名录号", "规范性文件登记号", "规范性文件编号", "登记号", "统一编号"), ""),
    # Pages in traditional characters, and for readers abroad; only single words, for spaces are taken out of a label before it is looked up.
    **dict.fromkeys(("發布日期", "發佈日期", "發布時間", "發佈時間"), "published_on"), "來源": "source",
    "Source": "source", "Published": "published_on", "Updated": "updated_on", "Author": "", "Editor": "",
}  # fmt: skip
_BY_LENGTH = sorted(WORDS, key=len, reverse=True)
_ANY = re.compile("(?P<label>" + "|".join(_spaced(word) for word in _BY_LENGTH) + ")[ \u3000]?(?P<colon>:+)")
_NO_COLON = re.compile(
    "(?:^|(?<=[ 】\\])|丨·]))(?P<label>"
    + "|".join(_spaced(word) for word in _BY_LENGTH if WORDS[word] in ("published_on", "formed_on"))
    + r")[ \u3000]{0,3}(?=(?:19|20)\d\d\s?[-./年])"
)
_END = re.compile(
    r"[【\[|丨]|(?<=\S)\s{2,}|(?:浏览|阅读|点击)(?:次数|量|数)?|字体|字号|打印|分享|扫一扫|保护视力|我要纠错|收藏本页"
)
_CELL = re.compile(r"[\s:\[\]【】]+")
# 图片来源, 活动时间, 出生日期: after another character these speak of something else.
_WEAK = frozenset(
    ("日期", "时间", "来源", "名称", "标题", "字号", "作者", "附件", "下载", "次", "编辑", "点击", "主办")
)


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A printed label with its value; ``table`` when it stood in a cell of its own."""

    field: str
    label: str
    value: str
    block: int
    table: bool


def labelled(blocks: Sequence[Block]) -> Iterator[Labelled]:
    """All labels of a page with their values, in order."""
    for index, block in enumerate(blocks):
        if block.hidden:
            continue
        text = block.text
        if len(text) <= 24:
            word = _CELL.sub("", text)
            field = WORDS.get(word)
            if field is not None:
                value = _below(blocks, index) or _next_value(blocks, index)
                if value and (block.cell or ":" in text or text.startswith(("【", "["))):
                    yield Labelled(field, word, value, index, block.cell)
                continue
        if ":" in text or "日期" in text or "时间" in text:
            yield from _in_line(text, index, block.cell)


def _next_value(blocks: Sequence[Block], index: int) -> str:
    """The neighbour that answers a label standing alone; a label is no answer to another."""
    if index + 1 >= len(blocks):
        return ""
    after = blocks[index + 1]
    word = _CELL.sub("", after.text)
    if word in WORDS or (after.zone == "foot") != (blocks[index].zone == "foot"):
        return ""
    if _ANY.match(after.text):
        return ""
    return after.text[:400]


def _is_label(block: Block) -> bool:
    return len(block.text) <= 24 and _CELL.sub("", block.text) in WORDS


def _below(blocks: Sequence[Block], index: int) -> str:
    """The value under a heading cell: a row of labels over a row of as many values."""
    if blocks[index].tag != "th":
        return ""
    start = stop = index
    while start and blocks[start - 1].tag == "th" and _is_label(blocks[start - 1]):
        start -= 1
    while stop < len(blocks) and blocks[stop].tag == "th" and _is_label(blocks[stop]):
        stop += 1
    values = blocks[stop : 2 * stop - start]
    if (
        stop - start < 2
        or len(values) < stop - start
        or any(_is_label(one) or not one.cell for one in values)
    ):
        return ""
    return values[index - start].text[:400]


def _in_line(text: str, index: int, table: bool) -> Iterator[Labelled]:
    text = text[:4000]
    marks = [
        match
        for match in _ANY.finditer(text)
        if match["label"] not in _WEAK or match.start() == 0 or not _is_han(text[match.start() - 1])
    ]
    marks += list(_NO_COLON.finditer(text))
    marks.sort(key=lambda match: match.start())
    for number, match in enumerate(marks):
        stop = marks[number + 1].start() if number + 1 < len(marks) else len(text)
        value = text[match.end() : stop]
        end = _END.search(value)
        word = _CELL.sub("", match["label"])
        field = WORDS[word]
        if end and field not in ("title", "document_number"):
            value = value[: end.start()]
        value = value.strip(" ,，;；、|·")
        if field and value:
            yield Labelled(field, word, value, index, table)
