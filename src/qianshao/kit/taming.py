"""Hostile markup made harmless before the parser sees it: its cost grows with the square of some shapes.

Measured: 100,000 nested elements take lexbor 156 s, 50,000 attributes on one element 20 s; flat pages of the
same size take milliseconds. What is left out is said in a remark.
"""

from __future__ import annotations

import re

from qianshao.kernel.words import marked

MOST_CHARACTERS = 10 * 2**20
DEEPEST = 400
_MANY = 3_000  # elements below which no shape costs anything
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})")
# Their end tags may be left out, so open ones say nothing of depth; the void ones never have any.
_NO_DEPTH = frozenset(
    [
        "p",
        "li",
        "td",
        "th",
        "tr",
        "dt",
        "dd",
        "option",
        "optgroup",
        "thead",
        "tbody",
        "tfoot",
        "colgroup",
        "rp",
        "rt",
        "html",
        "head",
        "body",
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{16384,}")
_ATTRIBUTES = re.compile(r"<[a-zA-Z][^<>]{4000,}?>")


def tame(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with too long tags and too deep elements left out, and what was done."""
    remarks: list[str] = []
    if len(text) > MOST_CHARACTERS:
        text = text[:MOST_CHARACTERS]
        remarks.append(marked("页面超过 10 MB，只读了前一部分"))
    if "\x00" in text:
        text = text.replace("\x00", "")
        remarks.append(marked("页面中有空字符"))
    if len(text) > 4000:
        cut = _LONG_TAG.sub("<i>", text)
        cut = _ATTRIBUTES.sub(_few, cut)
        if cut != text:
            text = cut
            remarks.append(marked("页面中有过长的标签，已略去"))
    if text.count("<") > _MANY:
        flat = _shallow(text)
        if flat is not None:
            text = flat
            remarks.append(marked("页面嵌套过深，更深的标签已略去"))
    return text, tuple(remarks)


def _few(match: re.Match[str]) -> str:
    """A tag as it is, unless it has hundreds of attributes."""
    tag = match.group()
    return tag if len(tag.split()) < 300 else "<i>"


def _shallow(text: str) -> str | None:
    """The text without the tags that open below the deepest level kept; None when none does."""
    depth, dropped = 0, 0
    pieces: list[str] = []
    last = 0
    for match in _TAG.finditer(text):
        name = match[2].lower()
        if name in _NO_DEPTH:
            continue
        if match[1]:
            if dropped:
                dropped -= 1
                pieces.append(text[last : match.start()])
                last = _tag_end(text, match.end())
            else:
                depth = max(0, depth - 1)
        elif depth >= DEEPEST:
            dropped += 1
            pieces.append(text[last : match.start()])
            last = _tag_end(text, match.end())
        else:
            depth += 1
    return "".join([*pieces, text[last:]]) if pieces else None


def _tag_end(text: str, start: int) -> int:
    """Where a dropped tag ends; within 4 KB, or right after its name."""
    end = text.find(">", start, start + 4096)
    return start if end < 0 else end + 1
