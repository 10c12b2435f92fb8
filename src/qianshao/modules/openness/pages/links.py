"""Links that belong to a document: its annexes, its interpretation, the policy it interprets; and items of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

from . import dates
from .blocks import Anchor, Block, Body
from .page import Confidence, Link, Role

_FILE = re.compile(
    r"\.(?:pdf|docx?|wps|xlsx?|et|pptx?|dps|ofd|rar|zip|7z|txt|csv|rtf|ceb|odt|ods)(?:$|[?#&])", re.I
)
_DOWNLOAD = re.compile(r"download|attach|filename=|/file/|/fujian/", re.I)
_ANNEX = re.compile(r"^\s*(?:附件|附表|附录|相关附件)|^\d{1,2}[.、．]\s*\S")
_INTERPRETATION = re.compile(r"解读|图解|一图(?:读懂|看懂|了解|速览)|答记者问|政策问答|读懂|起草说明|问答")
_POLICY_WORDS = re.compile(
    r"(?:关于.{2,80}的?(?:通知|意见|决定|公告|通告|办法|规定|方案|细则|批复|规划|措施))|《.{4,80}》|[〔［\[]20\d\d[〕］\]].{0,8}号"
)
_ORIGINAL = re.compile(
    r"^(?:查看|点击查看|阅读)?(?:政策|文件)?(?:原文|全文)(?:链接|查看|下载)?$|解读的?(?:文件|政策)|政策原文|原文件"
)
_BOX_INTERPRETATION = re.compile(
    r"^(?:相关|政策|文件|关联|专家|媒体|部门|图文|图片|视频|多媒体|领导)*解读(?:链接|材料|信息|文件)?\s*:?$|^解读(?:链接|材料)"
)
_BOX_POLICY = re.compile(
    r"^(?:相关|关联|对应|所解读|解读|政策|文件)*(?:文件|政策|原文|政策原文|政策文件)(?:链接)?\s*:?$|^(?:文件|政策)原文"
)
_BOX_ANNEX = re.compile(r"^(?:相关)?附件(?:下载|信息|列表)?\s*(?:>>)?\s*:?$")
_BOX_OTHER = re.compile(
    r"^(?:相关(?:新闻|阅读|文章|稿件|信息|链接|推荐|报道)|推荐阅读|延伸阅读|热点|上一篇|下一篇|友情链接)"
)
_COLUMN_NAME = re.compile(
    r"^(?:政策|文件|部门|专家|媒体|图文|图片|视频|数字|国家|省级?|市级?|区级?|县级?|上级|本级|领导|新闻)*(?:解读|图解|问答|文件|政策)(?:回应|专栏|库|及解读)?(?:[ >》]*|更多.*)$"
)
_SHARE = ("javascript:", "#", "mailto:", "tel:", "data:", "vbscript:")
_BOX_REACH = 14
_TEXT_BEFORE = 80  # letters of running text before a box of recommendations makes the page an article
MOST = 200


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list page: its link and the day printed beside it (ISO), if any."""

    href: str
    text: str
    day: str


def document_links(body: Body, base: str, kind: str, title_block: int | None) -> tuple[Link, ...]:
    """The links of a document by role, each once; a list page has none."""
    if kind in ("list", "other"):
        return ()
    boxes = _boxes(body.blocks)
    found: dict[tuple[str, str], Link] = {}
    for anchor in body.anchors:
        if anchor.zone == "foot" or anchor.href.lower().startswith(_SHARE):
            continue
        answer = _role(anchor, body.blocks, boxes, kind, title_block)
        if answer is None:
            continue
        role, sure = answer
        href = joined(base, anchor.href)
        where = body.blocks[anchor.block].where if anchor.block < len(body.blocks) else "a"
        text = anchor.text if not anchor.text.endswith(("...", "…")) else anchor.title or anchor.text
        found.setdefault((role, href), Link(role, href, (text or anchor.title)[:300], where, sure))
        if len(found) >= MOST:
            break
    return tuple(found.values())


@lru_cache(maxsize=8192)
def joined(base: str, href: str) -> str:
    """An address made absolute; as it is when it cannot be understood. Menus repeat, so answers are kept."""
    try:
        return urljoin(base, href)
    except ValueError:
        return href


def _boxes(blocks: Sequence[Block]) -> dict[int, str]:
    """For the blocks after a heading such as 相关解读 the role that box has."""
    found: dict[int, str] = {}
    role, left = "", 0
    for index, block in enumerate(blocks):
        text = block.text
        if len(text) <= 16:
            new = _box(text)
            # In a menu 政策解读 is itself a link; over a box of links it is a heading.
            if new is not None and block.linked < len(text):
                role, left = new, _BOX_REACH
                found[index] = role
                continue
        if left:
            left -= 1
            if len(text) - block.linked > 60:
                role = ""  # running text: the box has ended
        if left and role:
            found[index] = role
    return found


def _box(text: str) -> str | None:
    for pattern, role in (
        (_BOX_INTERPRETATION, "interpretation"),
        (_BOX_POLICY, "policy"),
        (_BOX_ANNEX, "attachment"),
        (_BOX_OTHER, ""),
    ):
        if pattern.match(text):
            return role
    return None


def _role(
    anchor: Anchor, blocks: Sequence[Block], boxes: dict[int, str], kind: str, title_block: int | None
) -> tuple[Role, Confidence] | None:
    text = anchor.text or anchor.title
    box = boxes.get(anchor.block, "")
    inside = title_block is None or anchor.block > title_block
    line = blocks[anchor.block].text if anchor.block < len(blocks) else ""
    if is_file(anchor.href):
        # A file outside the document's part of the page belongs to the site (software, manuals).
        return ("attachment", "high" if inside else "low") if inside or box == "attachment" else None
    if box == "attachment" and _DOWNLOAD.search(anchor.href):
        return "attachment", "medium"
    if _DOWNLOAD.search(anchor.href) and _ANNEX.match(text) and inside:
        return "attachment", "medium"
    if not text or not inside:
        return None
    column = _COLUMN_NAME.match(text) is not None
    if box == "interpretation" and not column and (len(text) >= 8 or _INTERPRETATION.search(text)):
        return "interpretation", "high"
    if kind == "interpretation":
        if box == "policy" and not column and not _INTERPRETATION.search(text):
            return "policy", "high"
        if _ORIGINAL.search(text):
            return "policy", "high"
        if (
            anchor.zone == "body"
            and not column
            and box == ""
            and _POLICY_WORDS.search(text)
            and not _INTERPRETATION.search(text)
            and anchor.block not in boxes
        ):
            return "policy", "medium"
        if re.match(r"(?:相关)?(?:政策|文件)(?:原文|链接|文件)?\s*:", line) and not column:
            return "policy", "high"
        return None
    if anchor.zone == "nav" or column:
        return None
    if re.match(r"(?:相关|政策|文件|图文)?解读\s*:", line):
        return "interpretation", "high"
    if (
        kind == "policy_document"
        and _INTERPRETATION.search(text)
        and len(text) >= 6
        and anchor.block not in boxes
    ):
        return "interpretation", "medium"
    return None


def is_file(href: str) -> bool:
    """Whether an address names a file to be downloaded and not a page."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return bool(
        _FILE.search(unquote(parts.path)) or (_DOWNLOAD.search(href) and _FILE.search(unquote(parts.query)))
    )


def linked_titles(body: Body) -> int:
    """How many links in the body read like titles of documents."""
    return sum(
        anchor.zone == "body" and len(anchor.text) >= 8 and not anchor.href.lower().startswith(_SHARE)
        for anchor in body.anchors
    )


def _recommended(blocks: Sequence[Block]) -> int:
    """Where the recommendations below a text begin; behind the last block when there is no text before them."""
    prose = 0
    for index, block in enumerate(blocks):
        if prose >= _TEXT_BEFORE and len(block.text) <= 16 and _BOX_OTHER.match(block.text):
            return index
        if block.zone == "body" and not block.hidden and len(block.text) >= 20 and not block.linked:
            prose += len(block.text)
    return len(blocks)


def _in_row(blocks: Sequence[Block], linked: set[int], start: int, index: int) -> bool:
    """Cells side by side of which only the first is a link: number, title, document number, day."""
    return all(blocks[one].cell for one in range(start, index + 1)) and not any(
        one in linked for one in range(start + 1, index + 1)
    )


def listed_items(body: Body) -> tuple[Item, ...]:
    """Links with a day printed in the same line, right beside it or in the same row of a table, as lists print them.

    What an article recommends below its text (相关文章) makes it no list.
    """
    blocks = body.blocks
    end = _recommended(blocks)
    linked = {anchor.block for anchor in body.anchors}
    found: list[Item] = []
    for anchor in body.anchors:
        if anchor.zone == "foot" or len(anchor.text) < 6 or anchor.href.lower().startswith(_SHARE):
            continue
        if anchor.block >= end:
            break
        for index in (anchor.block, anchor.block + 1, anchor.block - 1, anchor.block + 2, anchor.block + 3):
            if not 0 <= index < len(blocks):
                continue
            if index > anchor.block + 1 and not _in_row(blocks, linked, anchor.block, index):
                break
            text = blocks[index].text
            if len(text) > 200 or (index != anchor.block and len(text) > 24):
                continue
            printed = dates.first(text.replace(anchor.text, "") if index == anchor.block else text)
            if printed is not None:
                found.append(Item(anchor.href, anchor.text, printed.day.isoformat()))
                break
        if len(found) >= 500:
            break
    return tuple(found)
