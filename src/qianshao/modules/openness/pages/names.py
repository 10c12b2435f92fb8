"""What a page is called, where it stands, who made it: title, column, site, code, source, document number."""

from __future__ import annotations

import re
from collections.abc import Callable

from qianshao.kernel.words import marked

from . import numbers
from .blocks import even, tidy
from .page import Found
from .seen import NEAR, Answer, Seen
from .sure import filled, surer, unfilled

_MARKUP = re.compile(r"<[^>]{0,500}>?|&(?:nbsp|amp|lt|gt|quot|#\d{1,5});")
_CUT = re.compile(r"(?:…|\.{3,})+$")
_SITE_END = re.compile(
    r"(?:网站?|门户|政务网|人民政府|政府|委员会|办公室|办公厅|局|厅|部|院|署|总局|管委会|街道办事处|信息公开|欢迎您!?|平台|数据库)$"
)
_SEPARATOR = re.compile(r"\s*(?:[_|｜]|\s[-–—]+(?=\s)|(?<=\S)\s?[-–—]{1,2}\s?)\s*")
_CODE = re.compile(r"(?<![0-9A-Za-z])(bm\d{8}|\d{10})(?!\d)", re.I)
_CRUMB_HEAD = re.compile(
    r"^(?:您?的?(?:当前|现在|所在)?(?:所在)?的?位置(?:是|在)?|当前栏目|您现在的位置(?:是|在)?|位置)\s*:?\s*"
)
_CRUMB_SPLIT = re.compile(r"\s*(?:>>|>|»|›|→|/|－|\\|::|\u300b)\s*")
_NOT_COLUMN = frozenset(
    (
        "首页",
        "网站首页",
        "主页",
        "正文",
        "详情",
        "详情页",
        "内容",
        "内容页",
        "当前位置",
        "返回首页",
        "文章详情",
        "信息详情",
        "查看详情",
        "列表",
    )
)
# What a template puts into the title tag of every page: it names the page's sort, not the page.
_TEMPLATE_TITLES = frozenset(
    (
        "详情",
        "详情页",
        "正文",
        "内容",
        "内容页",
        "文章",
        "文章页",
        "文章详情",
        "信息详情",
        "查看详情",
        "无标题",
        "无标题文档",
        "untitled",
        "untitled document",
        "document",
        "title",
        "标题",
    )
)
_BESIDE_THEM = frozenset(("信息公开", "政府信息公开", "政务公开", "新闻", "公告", "网站"))
_GENERIC = frozenset(("本站", "本网", "网站", "原创", "转载", "互联网", "网络"))
_SERIAL = re.compile(r"第 ?\d{1,5} ?号")
_ISSUED_WITH = re.compile(
    r"[（(] ?(?:19|20)\d\d ?年 ?\d{1,2} ?月 ?\d{1,2} ?日 ?(?P<number>[\u4e00-\u9fff]{2,20}令 ?第 ?\d{1,4} ?号) ?(?:公布|发布)"
)
_SOURCE_END = re.compile(
    r"\s*(?:发布(?:时间|日期)|时间|日期|作者|编辑|责任编辑|浏览|字号|字体|点击|打印|分享|下载|收藏|纠错|关闭|【|(?:19|20)\d\d[-年/.]).*$"
)


def names(seen: Seen) -> dict[str, Found | str]:
    """Title, column, site name and code; a string instead of a value is the reason."""
    site = _site_name(seen)
    column = _column(seen)
    title = _title(
        seen, site if isinstance(site, Found) else None, column if isinstance(column, Found) else None
    )
    return {"site_name": site, "site_id_code": _code(seen), "column": column, "title": title}


def _site_name(seen: Seen) -> Found | str:
    label = seen.label("SiteName", "og:site_name")
    if label:
        official = label[1] == "SiteName"
        return Found(
            _clean(label[0]), f"meta[name={label[1]}]", "label", "high" if official else "medium", label[0]
        )
    parts = [part for part in _SEPARATOR.split(seen.title_tag) if part]
    if len(parts) > 1 and _SITE_END.search(parts[-1]) and len(parts[-1]) <= 40:
        return Found(re.sub(r"欢迎您!?$", "", parts[-1]), "title", "title_tag", "medium", seen.title_tag)
    return marked("没有 SiteName 标签，标题里也没有网站名称")


def _code(seen: Seen) -> Found | str:
    label = seen.label("SiteIDCode")
    if label:
        match = _CODE.fullmatch(re.sub(r"[\s:：]", "", even(label[0])))
        if match:
            code = match[1].lower()
            return Found(code, "meta[name=SiteIDCode]", "label", "high", label[0], _odd_area(seen, code))
    for one in seen.printed:
        if one.field == "site_id_code":
            match = _CODE.search(even(one.value))
            if match and match.start() < 4:
                return Found(match[1].lower(), seen.place(one), "printed_label", "medium", one.value[:30])
    for block in seen.blocks:
        position = block.text.find("标识码")
        if position >= 0:
            match = _CODE.search(block.text, position)
            if match and match.start() - position < 8:
                return Found(match[1].lower(), f"{block.where} “标识码”", "printed_label", "medium")
    if label:
        return marked("SiteIDCode 的值不是十位数字，也不是 bm 加八位数字")
    return marked("没有 SiteIDCode 标签，页脚也没有网站标识码")


# GB/T 2260: the first two digits of the code are the province's.
_PROVINCES = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古", "21": "辽宁", "22": "吉林", "23": "黑龙江", "31": "上海",
    "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西", "37": "山东", "41": "河南", "42": "湖北", "43": "湖南",
    "44": "广东", "45": "广西", "46": "海南", "50": "重庆", "51": "四川", "52": "贵州", "53": "云南", "54": "西藏", "61": "陕西",
    "62": "甘肃", "63": "青海", "64": "宁夏", "65": "新疆",
}  # fmt: skip


def _odd_area(seen: Seen, code: str) -> str:
    """A remark when the site names another province than its code."""
    if code.startswith("bm"):
        return ""
    if code[:2] not in _PROVINCES:
        return marked("标识码前两位不是省级行政区划代码")
    name = seen.labels.get("sitename", "")
    named = [key for key, province in _PROVINCES.items() if name.startswith(province)]
    return marked("标识码所属的省份与网站名称不符") if named and named[0] != code[:2] else ""


def crumbs(seen: Seen) -> tuple[list[str], str]:
    """The steps of the path line (当前位置) and where it stands."""
    collected: list[str] = []
    where = ""
    for index, block in enumerate(seen.blocks[:4000]):
        if block.hidden or block.zone == "foot":
            continue
        head = _CRUMB_HEAD.match(block.text)
        path = bool(head and head.end() >= 3)
        if not path and not (block.crumb and re.match(r"(?:网站)?首\s?页", block.text)):
            continue
        collected, where = [block.text], block.where
        for after in seen.blocks[index + 1 : index + 9]:
            if not (after.crumb or after.text.startswith((">", "»", "›"))) or len(after.text) > 60:
                break
            collected.append(after.text)
        if re.search(r"首\s?页", " ".join(collected)):
            break
    text = _CRUMB_HEAD.sub("", " > ".join(collected))
    steps = [step.strip(" :>") for step in _CRUMB_SPLIT.split(text)]
    return [step for step in steps if step], where


def _column(seen: Seen) -> Found | str:
    label = seen.label("ColumnName")
    if label:
        value = _clean(label[0])
        if re.fullmatch(r"\d+", value):
            return Found(value, "meta[name=ColumnName]", "label", "low", label[0], marked("栏目名称只是数字"))
        return Found(value, "meta[name=ColumnName]", "label", "high", label[0])
    other = seen.label("channel", "columnname", "catalog")
    if other:
        return Found(_clean(other[0]), f"meta[name={other[1]}]", "label", "medium", other[0])
    steps, where = crumbs(seen)
    steps = [step for step in steps if step.replace(" ", "") not in _NOT_COLUMN and len(step) <= 30]
    if len(steps) >= 2 and seen.title_tag.startswith(steps[-1]):
        steps.pop()
    if steps:
        return Found(steps[-1], where, "breadcrumb", "medium", " > ".join(steps))
    parts = [part for part in _SEPARATOR.split(seen.title_tag) if part]
    if len(parts) == 3 and _SITE_END.search(parts[2]) and 2 <= len(parts[1]) <= 10:
        return Found(parts[1], "title", "title_tag", "low", seen.title_tag)
    return marked("没有 ColumnName 标签，位置栏里也没有栏目")


def _title(seen: Seen, site: Found | None, column: Found | None) -> Found | str:
    label = seen.label("ArticleTitle")
    site_name = site.value if site else ""
    if label:
        value = _clean(label[0])
        if value and value != site_name:
            longer = _continued(seen, value)
            if longer:
                return Found(longer[0], longer[1], "heading", "high", label[0], marked("标签里的标题不完整"))
            return Found(value, "meta[name=ArticleTitle]", "label", "high", label[0])
    heading = _heading(seen, site_name)
    tag = _from_tag(seen.title_tag, site_name, column.value if column else "")
    if template := _of_the_template(seen.title_tag, site_name):
        tag = ""
    if tag and not site and len(tag) <= 20 and _SITE_END.search(tag) and (named := _only_other(seen, tag)):
        return named
    if heading and tag and (_same(heading.value, tag) or heading.value in tag):
        return surer(heading, "high", marked("标题标签与正文标题一致"))
    for one in seen.printed_as("title"):
        if (one.table or seen.catalogued) and len(one.value) >= 4:
            return Found(_clean(one.value), seen.place(one), "catalogue_table", "medium")
    if tag and tag != site_name and len(tag) >= 2 and not (heading and len(tag) < 4):
        return Found(tag, "title", "title_tag", "medium", seen.title_tag)
    if heading:
        return heading
    if tag:
        return Found(tag, "title", "title_tag", "low", seen.title_tag)
    if label and unfilled(label[0]):
        return marked("标题处是未填写的模板")
    if template:
        return marked("标题标签是模板里的通用词，正文里也没有标题")
    return marked("没有 ArticleTitle 标签，没有标题标签，也没有正文标题")


def _only_other(seen: Seen, tag: str) -> Found | None:
    """The one h1 besides the site's name, on a page whose title tag holds nothing but that."""
    others = {
        block.text: block
        for block in seen.blocks[:6000]
        if block.tag == "h1"
        and block.zone == "body"
        and not block.hidden
        and len(block.text) >= 8
        and block.text != tag
    }
    if len(others) != 1:
        return None
    ((text, block),) = others.items()
    return Found(text, block.where, "heading", "medium", text, marked("标题标签里只有网站名称"))


def _of_the_template(title_tag: str, site_name: str) -> bool:
    """Whether the title tag is the same on every page of the site: 信息公开-详情."""
    parts = {part.lower() for part in _SEPARATOR.split(title_tag) if part and part != site_name}
    return bool(parts & _TEMPLATE_TITLES) and parts <= _TEMPLATE_TITLES | _BESIDE_THEM


def _continued(seen: Seen, value: str) -> tuple[str, str] | None:
    """The whole title when the label was cut off with dots."""
    start = _CUT.sub("", value)
    if start == value or len(start) < 6:
        return None
    for block in seen.blocks:
        if (
            block.text.startswith(even(start))
            and len(block.text) > len(start)
            and not _CUT.search(block.text)
        ):
            return block.text[:300], block.where
    return None


def _heading(seen: Seen, site_name: str) -> Found | None:
    """The first h1 to h3 outside menus that names the document and not the site or a box on the page."""
    tag = seen.title_tag
    best: Found | None = None
    for block in seen.blocks[:6000]:
        if (
            not (block.heading or block.titled)
            or block.hidden
            or block.zone != "body"
            or (block.crumb and not block.heading)
        ):
            continue
        text = block.text
        if (
            len(text) < 4
            or len(text) > 200
            or text == site_name
            or text.endswith((":", "：", ">"))
            or ":" in text[:5]
        ):
            continue
        if even(tag).startswith(text) or text in even(tag):
            return Found(text, block.where, "heading", "high", text)
        if best is None and block.tag in ("h1", "h2", "h3") and block.heading:
            best = Found(text, block.where, "heading", "medium", text)
    return best


def _from_tag(tag: str, site_name: str, column: str) -> str:
    """The title tag without the names of site and column before or after it."""
    tag = _clean(tag)
    if not filled(tag):
        return ""
    parts = [part.strip() for part in _SEPARATOR.split(tag) if part.strip()]
    if len(parts) < 2:
        return tag
    kept = list(parts)

    def strip(is_outside: Callable[[str], bool]) -> None:
        while len(kept) > 1 and is_outside(kept[-1]):
            kept.pop()
        while len(kept) > 1 and is_outside(kept[0]):
            kept.pop(0)

    strip(lambda part: part == site_name or bool(site_name and (part in site_name or site_name in part)))
    strip(lambda part: part == column)
    if kept[-1] != column:
        while len(kept) > 1 and _SITE_END.search(kept[-1]) and len(kept[-1]) <= 30:
            kept.pop()
    if kept == parts:
        return tag
    start = tag.find(kept[0])
    return tag[start : tag.find(kept[-1], start) + len(kept[-1])]


def source(seen: Seen) -> Answer:
    """Where the page says its content comes from (ContentSource, 来源)."""
    label = seen.label("ContentSource", "source", "contentsource", "mediaid")
    title = seen.labels.get("articletitle", "")
    named: Found | None = None
    if label and label[0] != title:
        named = Found(
            _clean(label[0]),
            f"meta[name={label[1]}]",
            "label",
            "high" if label[1] == "ContentSource" else "medium",
            label[0],
        )
    printed = _printed_source(seen)
    if named and printed and not _same(named.value, printed.value):
        if _CUT.search(printed.value) or printed.value in named.value:
            return Answer(named, others=[printed])
        if named.value in printed.value and len(named.value) >= 2:
            return Answer(named, others=[printed])
        # A label that only repeats the site's own name is the template's; the printed one was entered.
        own = {seen.site_name, *(part for part in _SEPARATOR.split(seen.title_tag) if part)}
        default = any(named.value in part for part in own) or named.value in _GENERIC
        chosen, other = (printed, named) if default else (named, printed)
        return Answer(surer(chosen, "medium", marked("标签与印出的来源不一致")), others=[other])
    if named or printed:
        return Answer(named or printed)
    for one in seen.printed_as("publisher"):
        value = _source_value(one.value)
        if (one.table or seen.catalogued) and value:
            return Answer(
                Found(
                    value,
                    seen.place(one),
                    "catalogue_table",
                    "low",
                    one.value,
                    marked("没有写明来源，取发布机构"),
                )
            )
    if label and label[0] == title:
        return Answer(None, marked("来源标签重复了标题"))
    return Answer(None, marked("没有 ContentSource 标签，页面也没有印来源"))


def _printed_source(seen: Seen) -> Found | None:
    for one in seen.printed_as("source"):
        if seen.title_block is not None and not one.table:
            # Below the text it is the credit of a picture or a notice of the site.
            near = seen.distance(one.block) <= 3 * NEAR or len(seen.blocks[one.block].text) < 60
            if not near:
                continue
        value = _source_value(one.value)
        if value:
            how = "catalogue_table" if one.table else "printed_label"
            return Found(value, seen.place(one), how, "high", one.value)
    return None


def _source_value(text: str) -> str:
    value = _SOURCE_END.sub("", text).strip(" :【】[]()（）,，;；、")
    return value if filled(value) and len(value) <= 80 and re.search(r"\w", value) else ""


def number(seen: Seen) -> Answer:
    """The document's own number: from the catalogue table, a label, the line under the title, or the title."""
    label = seen.label("DocumentNumber", "fileNum", "wenhao", "docno")
    if label:
        value = numbers.find(even(label[0]))
        if value:
            return Answer(Found(value[0], f"meta[name={label[1]}]", "label", "high", label[0]))
    blank = False
    for one in seen.printed_as("document_number"):
        value = numbers.find(one.value)
        if value and value[1] <= 4:
            how = "catalogue_table" if one.table else "printed_label"
            return Answer(Found(value[0], seen.place(one), how, "high", one.value[:80]))
        blank = blank or one.label != "字号"
    line = _number_line(seen) or _order_line(seen)
    if line:
        return Answer(line)
    title = seen.labels.get("articletitle") or seen.title_tag
    value = numbers.find(even(title))
    if value and re.search(r"[（(]\s*$", even(title)[: value[1]]):
        return Answer(Found(value[0], "标题", "title", "medium", title))
    if blank:
        return Answer(None, marked("文号处没有可以认出的文号"))
    return Answer(None, marked("页面没有印发文字号"))


def _order_line(seen: Seen) -> Found | None:
    """（2024年5月20日刺桐市人民政府令第15号公布 …） under the title of a rule names the order it came out with."""
    begin = seen.title_block or 0
    for block in seen.blocks[begin : begin + NEAR]:
        match = None if block.hidden or block.zone == "foot" else _ISSUED_WITH.match(block.text)
        if match:
            return Found(
                match["number"].replace(" ", ""), block.where, "printed_line", "medium", match.group()
            )
    return None


def _number_line(seen: Seen) -> Found | None:
    """A number alone on a line between the title and the text; quoted numbers stand inside sentences."""
    begin = max(0, (seen.title_block or 0) - 6)
    before = ""
    for block in seen.blocks[begin : begin + 60]:
        if block.hidden or block.zone == "foot" or len(block.text) > 60:
            continue
        value = numbers.only(block.text)
        if value is None and _SERIAL.fullmatch(block.text) and before.endswith("令"):
            value = before[-24:] + block.text.replace(" ", "")
        before = block.text
        if value:
            return Found(
                value,
                block.where,
                "printed_line",
                "high" if seen.title_block is not None else "medium",
                block.text,
            )
    return None


def _clean(text: str) -> str:
    return tidy(_MARKUP.sub(" ", text) if "<" in text or "&" in text else text)


def _same(one: str, other: str) -> bool:
    return "".join(filter(str.isalnum, one)) == "".join(filter(str.isalnum, other))
