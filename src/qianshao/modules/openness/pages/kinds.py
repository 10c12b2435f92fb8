"""What sort of page it is: article, list, policy document, interpretation, other."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .page import Found
from .seen import Seen

_INTERPRETS = re.compile(
    r"解读|图解|一图(?:读懂|看懂|了解|速览)|答记者问|政策问答|问答|简读|读懂|漫画说|政策解答|起草说明"
)
# A report of a meeting or a training about interpretation interprets nothing.
_EVENT = re.compile(r"(?:召开|举行|举办|开展|组织|参加).{0,40}(?:会|会议|培训|活动|讲座|班)$")
_GENUS = re.compile(
    r"(?:通知|意见|决定|公告|通告|通报|命令|令|办法|规定|细则|条例|规则|规程|规范|方案|规划|计划|措施|要点|纲要|标准|目录|清单|批复|法|准则|制度|预案|政策)(?:[（(\[〔【].{1,40})?$"
)
_POLICY_COLUMN = re.compile(
    r"政策文件|规范性文件|政府文件|部门文件|文件|法规|规章|法律|政策$|政策法规|行政规范|其他文件|政府令|府发|府办|公文|zcwj|zfwj"
)
_ADDRESS = re.compile(r"政策|文件|法规|规章|zcfg|zcwj|gfxwj|zfwj|wjk|flfg|/fl/", re.I)
_LIST_ADDRESS = re.compile(r"/(?:index(?:_\d+)?\.s?html?|list[^/]*|col/col\d+/(?:index\.s?html?)?|)$", re.I)
_GUIDE = re.compile(r"指南|年度报告|年报|简介|概况|机构职能|职责|章程|须知|流程|说明")
_LONG = 20  # characters from which a block is running text and not a word of a menu


def kind(seen: Seen, found: Mapping[str, Found]) -> Found:
    """One of ``page.KINDS`` with what decided; never empty, ``other`` is a full answer."""
    article = seen.label("ArticleTitle")
    listed = _is_list(seen, bool(article or seen.label("PubDate")), found)
    if listed:
        return listed
    title = found["title"].value if "title" in found else ""
    column = " ".join(
        value
        for value in (found["column"].value if "column" in found else "", seen.labels.get("columntype", ""))
        if value
    )
    prose = _prose(seen)
    stated = any(name in found for name in ("published_on", "formed_on", "document_number", "source"))
    document = bool(article) or prose >= 80 or (stated and (prose > 0 or "published_on" in found))
    if not document:
        return Found("other", "body", "no_text", "medium" if title else "low")
    if not title:
        return Found("article", "body", "prose", "low")
    if _INTERPRETS.search(title) and not _EVENT.search(title):
        return Found(
            "interpretation", "title", "title_words", "high" if "解读" in column + title else "medium", title
        )
    if "解读" in column and not (found.get("document_number") and _GENUS.search(title)):
        return Found("interpretation", "column", "column_words", "medium", column)
    numbered = found.get("document_number")
    genus = bool(_GENUS.search(title.rstrip(" 》")))
    if numbered and genus:
        return Found("policy_document", numbered.where, "numbered_document", "high", numbered.value)
    catalogue = seen.catalogued or any(
        one.table and one.field in ("publisher", "published_on", "formed_on", "document_number")
        for one in seen.printed
    )
    if genus and (_POLICY_COLUMN.search(column) or (catalogue and _ADDRESS.search(seen.url + column))):
        return Found("policy_document", "column", "column_words", "medium", column)
    if genus and "formed_on" in found and found["formed_on"].how == "signature" and catalogue:
        return Found("policy_document", found["formed_on"].where, "signed_document", "medium", title)
    sure = "high" if article else "medium"
    return Found(
        "article",
        "meta[name=ArticleTitle]" if article else "body",
        "label" if article else "prose",
        "high" if sure == "high" else "medium",
    )


def _is_list(seen: Seen, labelled: bool, found: Mapping[str, Found]) -> Found | None:
    if labelled:
        return None
    site = found["site_name"].value if "site_name" in found else ""
    if not seen.label("ColumnName") and site and "title" in found and found["title"].value == site:
        return Found("other", "title", "home_page", "medium", site)
    prose = _prose(seen)
    dated = len(seen.items)
    column = seen.label("ColumnName")
    title = found["title"].value if "title" in found else ""
    crumb = found["column"].value if "column" in found else ""
    printed = "published_on" in found and found["published_on"].how in (
        "printed_label",
        "info_line",
        "catalogue_table",
    )
    if dated >= 5 and prose < 40 * dated and not (printed and prose > 300):
        return Found("list", "body", "dated_links", "high" if column else "medium", str(dated))
    if column and not _GUIDE.search(title + column[0]) and prose < 400 and not printed:
        return Found("list", "meta[name=ColumnName]", "column_labels_only", "medium", column[0])
    if title and title == crumb and not prose and seen.linked_titles >= 5:
        return Found("list", found["column"].where, "linked_titles", "medium", str(seen.linked_titles))
    if not column and not prose and _LIST_ADDRESS.search(seen.url) and dated:
        return Found("list", "url", "address", "low", seen.url)
    return None


def _prose(seen: Seen) -> int:
    """Characters of running text that is not links."""
    return sum(
        len(block.text) - block.linked
        for block in seen.blocks
        if block.zone == "body"
        and not block.hidden
        and len(block.text) >= _LONG
        and block.linked * 2 < len(block.text)
    )
