"""A web page as lines and rows, in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from qianshao.kit.papers.html import INLINE

from .grids import Block, Line, Printed

_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SILENT = frozenset(
    {"script", "style", "noscript", "template", "head", "iframe", "svg", "select", "-comment"}
)
_INLINE = INLINE | {"-text"}
MOST_NODES = 400_000


def blocks_in(data: bytes) -> list[Block]:
    """Lines and rows; the page's title comes first. Broken markup is read as browsers read it."""
    tree = LexborHTMLParser(decoded(data))
    found: list[Block] = []
    if (title := tree.css_first("title")) is not None and title.text().strip():
        found.append(Line(title.text()))
    if tree.body is not None:
        found.extend(_Walk().blocks(tree.body))
    return found


def decoded(data: bytes) -> str:
    """By byte order mark, else as UTF-8 when all of it is, else by the declared name, else GB18030."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        named = _DECLARED.search(data[:4096])
        name = named.group(1).decode("ascii", "replace").lower() if named else "gb18030"
        if name in ("gb2312", "gbk"):
            name = "gb18030"
        try:
            return data.decode(name, "replace")
        except LookupError:
            return data.decode("gb18030", "replace")


class _Walk:
    """Goes down the tree once, without recursion into prose; gathers inline text into lines."""

    def __init__(self) -> None:
        self.line: list[str] = []

    def blocks(self, root: LexborNode) -> Iterator[Block]:
        stack: list[tuple[LexborNode, bool]] = [(root, False)]
        seen = 0
        while stack and seen < MOST_NODES:
            node, closing = stack.pop()
            seen += 1
            tag = node.tag or ""
            if closing:
                yield from self._flush()
                continue
            if tag in _SILENT:
                continue
            if tag == "-text":
                self.line.append(node.text_content or "")
                continue
            if tag == "br":
                yield from self._flush()
                continue
            if tag == "table" and not _is_layout(node):
                yield from self._flush()
                yield from _rows(node)
                continue
            if tag not in _INLINE:
                yield from self._flush()
                stack.append((node, True))
            children = list(node.iter(include_text=True))
            stack.extend((child, False) for child in reversed(children))
        yield from self._flush()

    def _flush(self) -> Iterator[Line]:
        text = re.sub(r"\s+", " ", "".join(self.line)).strip()
        self.line.clear()
        if text:
            yield Line(text)


def _is_layout(table: LexborNode) -> bool:
    """A table that holds another one is there to place things; the selector finds the node itself too."""
    return len(table.css("table")) > 1


def _rows(table: LexborNode) -> Iterator[Printed]:
    """Rows of one table; cells spanning rows push the later ones to the right, as on the page."""
    open_until: dict[int, int] = {}  # column → rows it is still covered
    for row in table.css("tr"):
        cells: list[tuple[int, str]] = []
        column = 0
        for part in row.iter():
            if part.tag not in ("td", "th"):
                continue
            while open_until.get(column, 0) > 0:
                column += 1
            wide, high = _span(part, "colspan"), _span(part, "rowspan")
            cells.append((column, re.sub(r"\s+", " ", part.text(deep=True, separator="")).strip()))
            for covered in range(column, column + wide):
                open_until[covered] = high
            column += wide
        open_until = {place: left - 1 for place, left in open_until.items() if left > 1}
        if cells:
            yield Printed(tuple(cells))


def _span(node: LexborNode, name: str) -> int:
    value = (node.attributes.get(name) or "").strip()
    return min(max(int(value), 1), 200) if value.isdigit() and len(value) < 6 else 1
