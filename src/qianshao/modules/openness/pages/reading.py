"""The reader: every field from the places that may state it, in the order they deserve belief.

The labels of 政府网站发展指引 (国办发〔2017〕47号) come first, then what is printed around the title, then the catalogue table
of 政府信息公开目录, then weaker signs. Where two disagree the value is not taken for sure, and both are told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from qianshao.kernel.words import marked
from qianshao.kit.decoding import decode
from qianshao.kit.taming import tame

from . import days, kinds, names
from .blocks import Body, body_of, tidy
from .labels import labelled
from .links import document_links, joined, linked_titles, listed_items
from .page import FIELDS, Found, Page
from .seen import Seen

_TEXT = 40_000
_OFFICIAL = frozenset(
    [
        "sitename",
        "sitedomain",
        "siteidcode",
        "columnname",
        "columndescription",
        "columnkeywords",
        "columntype",
        "articletitle",
        "pubdate",
        "contentsource",
    ]
)


def read(data: bytes, *, url: str = "", content_type: str = "") -> Page:
    """Read a page from its bytes. ``url`` is its address when known, ``content_type`` the HTTP header.

    Never raises on hostile or broken markup; a field that cannot be read is absent and ``missing`` says why.
    """
    decoded = decode(data, content_type)
    text, tamed = tame(decoded.text)
    text, unclosed = _with_title_closed(text)
    tree = LexborHTMLParser(text)
    body = body_of(tree)
    labels, doubled = _labels(tree)
    base = _base(tree, url, labels)
    seen = Seen(
        labels=labels,
        blocks=body.blocks,
        printed=tuple(labelled(body.blocks)),
        title_tag=_title_tag(tree),
        url=url or labels.get("url", ""),
        items=listed_items(body),
        linked_titles=linked_titles(body),
        declared=tuple(_declared(tree)) if _MACHINE_DAYS.search(text) else (),
    )
    found: dict[str, Found] = {}
    missing: dict[str, str] = {}
    others: dict[str, list[Found]] = {}
    found_names = names.names(seen)
    for name in ("site_name", "site_id_code", "column", "title"):
        _put(name, found_names[name], found, missing)
    seen.settle(found)
    for name, answer in (
        ("document_number", names.number(seen)),
        ("source", names.source(seen)),
        ("published_on", days.published(seen)),
        ("formed_on", days.formed(seen)),
    ):
        _put(name, answer.found or answer.why, found, missing)
        if answer.others:
            others[name] = answer.others
    kind = kinds.kind(seen, found)
    found["kind"] = kind
    if kind.value in ("list", "other"):
        _not_a_document(found, missing, kind.value)
    elsewhere = _elsewhere(tree, body)
    if elsewhere:
        missing = dict.fromkeys(missing, elsewhere)
        seen.remarks.append(elsewhere)
    return Page(
        url=url,
        encoding=decoded.encoding,
        encoding_from=decoded.because,
        found=found,
        missing=missing,
        others=others,
        links=document_links(body, base, kind.value, seen.title_block),
        remarks=(*tamed, *unclosed, *_remarks(seen, doubled, body), *_out_of_order(found)),
        labels=labels,
        outgoing=_outgoing(body, base),
        listed=tuple((joined(base, item.href), item.day) for item in seen.items),
        menu=tuple(dict.fromkeys(a.text for a in body.anchors if 2 <= len(a.text) <= 16)),
        scripted=tree.css_first("script") is not None,
        text=" ".join(block.text for block in body.blocks if block.zone == "body" and not block.hidden)[
            :_TEXT
        ],
    )


def _put(name: str, answer: Found | str, found: dict[str, Found], missing: dict[str, str]) -> None:
    if isinstance(answer, Found):
        found[name] = answer
    else:
        missing[name] = answer


_FEWEST = 20  # letters a page must show before its own words are judged


def _elsewhere(tree: LexborHTMLParser, body: Body) -> str:
    """Why a page shows next to nothing: its text is in frames, or comes from scripts; empty when it has text."""
    shown = sum(len(block.text) for block in body.blocks if not block.hidden)
    if shown >= _FEWEST:
        return ""
    if tree.css_first("frame[src], iframe[src]") is not None:
        return marked("网页的内容在框架（frame）里，请另读框架里的网页")
    if tree.css_first("script") is not None:
        return marked("网页的内容由脚本生成，须在浏览器中查看")
    return ""


def _declared(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    """Days of publication meant for machines, with their place: JSON-LD, microdata, the only ``time`` element."""
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            told = json.loads(node.text()[:_LD_JSON])
        except (ValueError, RecursionError):
            continue
        for one in (told, *(told.get("@graph") or ())) if isinstance(told, dict) else told:
            value = one.get("datePublished") if isinstance(one, dict) else None
            if isinstance(value, str):
                yield value, "script[type=application/ld+json] datePublished"
    for node in tree.css('[itemprop="datePublished"]'):
        attributes = node.attributes
        yield (
            attributes.get("content") or attributes.get("datetime") or node.text()[:60],
            "[itemprop=datePublished]",
        )
    times = {node.attributes.get("datetime") or "" for node in tree.css("time[datetime]")}
    if len(times) == 1:
        yield times.pop(), "time[datetime]"


_LD_JSON = 100_000
_MACHINE_DAYS = re.compile("datePublished|datetime=", re.I)
_TITLE_OPENS = re.compile(r"<title(?:\s[^>]*)?>[^<]*", re.I)
_TITLE_SHUTS = re.compile(r"</title", re.I)


def _with_title_closed(text: str) -> tuple[str, list[str]]:
    """A title tag nobody closed swallows the whole page by the rules of HTML; it ends where the next tag begins."""
    opened = _TITLE_OPENS.search(text)
    if opened is None or _TITLE_SHUTS.search(text, opened.end()):
        return text, []
    return f"{text[: opened.end()]}</title>{text[opened.end() :]}", [marked("title 标签没有结束")]


def _out_of_order(found: Mapping[str, Found]) -> list[str]:
    """A document is not published before it was made: one of the two days is wrong, and nobody here knows which."""
    made, out = found.get("formed_on"), found.get("published_on")
    return [marked("成文日期晚于发布日期，其中有一个不对")] if made and out and made.value > out.value else []


_OF_A_LIST = marked("这是列表页，页面上的值不属于页面本身")
_OF_NO_ARTICLE = marked("这是非文章页，页面上的值不属于页面本身")


def _not_a_document(found: dict[str, Found], missing: dict[str, str], kind: str) -> None:
    """A list states dates, numbers and sources of what it lists, not of itself."""
    for name in FIELDS:
        one = found.get(name)
        if name in ("document_number", "formed_on", "published_on", "source") and one and one.how != "label":
            del found[name]
            missing[name] = _OF_A_LIST if kind == "list" else _OF_NO_ARTICLE


def _labels(tree: LexborHTMLParser) -> tuple[dict[str, str], list[str]]:
    """Meta labels by lower-case name: the first with a value; names given twice with different values."""
    labels: dict[str, str] = {}
    doubled: list[str] = []
    for node in tree.css("meta"):
        attributes = node.attributes
        name = (attributes.get("name") or attributes.get("property") or "").strip().lower()
        value = tidy(attributes.get("content") or "")[:2000]
        if not name:
            continue
        before = labels.get(name)
        if not before:
            labels[name] = value
        elif value and value != before and name in _OFFICIAL and name not in doubled:
            doubled.append(name)
    return labels, doubled


def _title_tag(tree: LexborHTMLParser) -> str:
    node = tree.css_first("title")
    return "" if node is None else tidy(node.text()[:2000])


def _base(tree: LexborHTMLParser, url: str, labels: Mapping[str, str]) -> str:
    """The address relative links are taken from: base element, own address, the Url label when absolute."""
    own = url if urlsplit(url).scheme in ("http", "https") else ""
    if not own and urlsplit(labels.get("url", "")).scheme in ("http", "https"):
        own = labels["url"]
    node = tree.css_first("base[href]")
    return joined(own, (node.attributes.get("href") or "").strip()) if node is not None else own


def _outgoing(body: Body, base: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for anchor in body.anchors:
        href = joined(base, anchor.href).partition("#")[0]
        if href.startswith(("http://", "https://")):
            found[href] = None
    return tuple(found)


def _remarks(seen: Seen, doubled: list[str], body: Body) -> list[str]:
    told = [marked("有标签出现多次且内容不同，取第一个有值的")] if doubled else []
    told += seen.remarks
    if body.cut:
        told.append(marked("页面过大，只读了前一部分"))
    if "\ufffd" in (seen.title_tag + " ".join(seen.labels.values())):
        told.append(marked("页面中有无法解码的字符"))
    return told
