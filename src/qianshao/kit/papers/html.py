"""A web page as lines and tables: the part of it that holds most of the text, under the page's own title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..decoding import decode
from ..taming import tame
from .model import Block, Cell, Line, Table

_SILENT = frozenset(
    ("script", "style", "noscript", "template", "head", "iframe", "svg", "select", "button", "nav", "footer")
)
INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "ins",
        "label",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
        "var",
        "o:p",
    ]
)
MOST_NODES = 400_000
MOST_SPAN = 200
MOST_ROWS = 20_000
_MOST_OF = 0.6
_DEEPEST = 30
_SPACE = re.compile(r"[ \t\r\n\f\v]+")


def blocks_in(data: bytes) -> list[Block]:
    """The title, then the main part. Broken markup is read as browsers read it; scripts are not run."""
    text, _remarks = tame(decode(data).text)
    tree = LexborHTMLParser(text)
    found: list[Block] = []
    body = tree.body
    if body is None:
        return found
    main = _main(body)
    blocks = list(_walk(main))
    title = _title(tree)
    first = "".join(block.text for block in blocks[:6] if isinstance(block, Line))
    if title and re.sub(r"\s", "", title) not in re.sub(r"\s", "", first):
        found.append(Line(title))
    return found + blocks


def blocks_of(fragment: str) -> list[Block]:
    """The tables and lines of a piece of markup."""
    text, _remarks = tame(fragment)
    body = LexborHTMLParser(text).body
    return [] if body is None else list(_walk(body))


def _title(tree: LexborHTMLParser) -> str:
    for meta in tree.css("meta"):
        if (meta.attributes.get("name") or "").lower() == "articletitle" and meta.attributes.get("content"):
            return _even(meta.attributes["content"] or "")
    for name in ("h1", "title"):
        node = tree.css_first(name)
        if node is not None and node.text().strip():
            return re.split(r"[_|]| - |--", _even(node.text()))[0].strip()
    return ""


def _main(body: LexborNode) -> LexborNode:
    """Down as long as one child holds most of the text and is not a table, a row or a line."""
    node, size = body, len(body.text(deep=True))
    for _level in range(_DEEPEST):
        best: LexborNode | None = None
        length = 0
        for child in node.iter():
            if child.tag in (
                "div",
                "section",
                "article",
                "main",
                "body",
                "form",
                "center",
                "td",
                "tr",
                "tbody",
                "table",
            ):
                this = len(child.text(deep=True))
                if this > length:
                    best, length = child, this
        if best is None or length < size * _MOST_OF or (best.tag == "table" and _is_of_cells(best)):
            return node
        node = best
    return node


def _is_of_cells(table: LexborNode) -> bool:
    """A table that holds rows rather than the layout of the page."""
    return len(table.css("table")) <= 1 and len(table.css("td, th")) > 3


def _walk(root: LexborNode) -> Iterator[Block]:
    """Once through the tree without recursion; inline text is gathered into lines."""
    stack: list[tuple[LexborNode, bool]] = [(root, False)]
    pieces: list[str] = []
    seen = 0

    def flush() -> Iterator[Line]:
        line = _even("".join(pieces))
        pieces.clear()
        if line:
            yield Line(line)

    while stack and seen < MOST_NODES:
        node, closing = stack.pop()
        seen += 1
        tag = node.tag or ""
        if closing:
            yield from flush()
        elif tag == "-text":
            pieces.append(node.text_content or "")
        elif tag in ("br", "hr"):
            yield from flush()
        elif tag == "table" and _is_of_cells(node):
            yield from flush()
            yield _table(node)
        elif tag not in _SILENT and not tag.startswith(("-", "!", "_")):
            if tag not in INLINE:
                yield from flush()
                stack.append((node, True))
            stack.extend((child, False) for child in reversed(list(node.iter(include_text=True))))
    yield from flush()


def _table(table: LexborNode) -> Table:
    """Cells at their places; those that span rows push the later ones to the right, as on the page."""
    cells: list[Cell] = []
    open_until: dict[int, int] = {}
    for number, row in enumerate(table.css("tr")[:MOST_ROWS]):
        column = 0
        for part in row.iter():
            if part.tag not in ("td", "th"):
                continue
            while open_until.get(column, 0) > number:
                column += 1
            wide, high = _span(part, "colspan"), _span(part, "rowspan")
            cells.append(Cell(number, column, _cell(part), high, wide))
            for covered in range(column, column + wide):
                open_until[covered] = number + high
            column += wide
            if column > MOST_SPAN:
                break
    return Table(tuple(cells))


def _cell(node: LexborNode) -> str:
    return "\n".join(block.text for block in _walk(node) if isinstance(block, Line))


def _span(node: LexborNode, name: str) -> int:
    value = (node.attributes.get(name) or "").strip()
    return min(max(int(value), 1), MOST_SPAN) if value.isdigit() and len(value) < 6 else 1


def _even(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
