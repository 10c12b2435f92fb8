"""A Word document as lines and tables, straight from its markup; merged cells and automatic numbers are what they are."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from qianshao.kernel.words import say

from .model import Block, Cell, Line, PaperError, Table
from .numbers import Numbers

PART = "word/document.xml"
MOST_UNPACKED = 64 * 2**20  # bytes of one part
MOST_RATIO = 200
DEEPEST = 40
MOST_COLUMNS = 200

_P, _TBL, _TR, _TC = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_T, _TAB, _BR, _CR = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
_TC_PR, _SPAN, _V_MERGE, _VAL = qn("w:tcPr"), qn("w:gridSpan"), qn("w:vMerge"), qn("w:val")
_TR_PR, _BEFORE = qn("w:trPr"), qn("w:gridBefore")
_SDT, _RUN = qn("w:sdt"), qn("w:r")
_THROUGH = {
    _SDT,
    *map(qn, ("w:sdtContent", "w:ins", "w:smartTag", "w:customXml", "w:body", "w:moveTo", "w:hyperlink")),
}


def blocks_in(data: bytes, file: str) -> list[Block]:
    """Lines and tables in reading order; raises ``PaperError``. Nothing outside the document is fetched."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            markup = _part(package, PART, file)
            if markup is None:
                raise PaperError(say("{file} 不是 Word 文档（.docx）。", file=file))
            numbering = _part(package, "word/numbering.xml", file)
            styles = _part(package, "word/styles.xml", file)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise PaperError(say("{file} 已损坏或设有密码，打不开。", file=file)) from error
    try:
        body = parse_xml(markup).find(qn("w:body"))
        numbers = Numbers(_tree(numbering), _tree(styles))
    except (SyntaxError, AttributeError, ValueError) as error:  # lxml's parse errors are SyntaxErrors
        raise PaperError(say("{file} 已损坏，请用 Word 打开后另存。", file=file)) from error
    return list(_walk(body, numbers, 0)) if body is not None else []


def _tree(markup: bytes | None) -> Any:
    return None if markup is None else parse_xml(markup)


def _part(package: zipfile.ZipFile, name: str, file: str) -> bytes | None:
    """The bytes of a part, None when there is none; refused by its size before it is unpacked."""
    try:
        info = package.getinfo(name)
    except KeyError:
        return None
    if info.file_size > MOST_UNPACKED or info.file_size > MOST_RATIO * max(info.compress_size, 1024):
        raise PaperError(say("{file} 解开后过大，没有读取。", file=file))
    with package.open(info) as part:
        markup = part.read(MOST_UNPACKED + 1)
    if len(markup) > MOST_UNPACKED:
        raise PaperError(say("{file} 解开后过大，没有读取。", file=file))
    return markup


def _walk(parent: Any, numbers: Numbers, depth: int) -> Iterator[Block]:
    if depth > DEEPEST:
        return
    for element in parent:
        if element.tag == _P:
            for line in (numbers.before(element) + _text(element)).split("\n"):
                if line.strip():
                    yield Line(line)
        elif element.tag == _TBL:
            yield from _table(element, numbers, depth)
        elif element.tag in _THROUGH:
            yield from _walk(element, numbers, depth + 1)


def _table(table: Any, numbers: Numbers, depth: int) -> Iterator[Block]:
    cells: list[Cell] = []
    above: dict[int, int] = {}  # column → the cell that a continued one lengthens
    nested: list[Any] = []
    for line, row in enumerate(_children(table, _TR)):
        column = _number(row.find(_TR_PR), _BEFORE, 0)
        for part in _children(row, _TC):
            properties = part.find(_TC_PR)
            merge = properties.find(_V_MERGE) if properties is not None else None
            wide = max(_number(properties, _SPAN, 1), 1)
            goes_on = merge is not None and merge.get(_VAL) != "restart"
            if goes_on and column in above:
                old = cells[above[column]]
                cells[above[column]] = Cell(old.row, old.column, old.text, line - old.row + 1, old.columns)
            else:
                above[column] = len(cells)
                cells.append(Cell(line, column, _lines(part, numbers), 1, wide))
            column = min(column + wide, MOST_COLUMNS)
            nested.extend(each for each in part if each.tag == _TBL)
    if cells:
        yield Table(tuple(cells))
    if depth < DEEPEST:
        for inner in nested:
            yield from _table(inner, numbers, depth + 1)


def _lines(part: Any, numbers: Numbers) -> str:
    return "\n".join(numbers.before(each) + _text(each) for each in _children(part, _P)).strip("\n")


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Those of a tag, also where a content control or a tracked insertion wraps them."""
    for each in parent:
        if each.tag == tag:
            yield each
        elif each.tag in _THROUGH:
            yield from _children(each, tag)


def _number(properties: Any, name: str, default: int) -> int:
    found = properties.find(name) if properties is not None else None
    value = found.get(_VAL) if found is not None else None
    return int(value) if value is not None and value.isdigit() and len(value) < 4 else default


def _text(element: Any) -> str:
    """Printed text: deleted words and field codes are other tags and stay out."""
    found = []
    for each in element.iter(_T, _TAB, _BR, _CR):
        if each.tag == _TAB and each.getparent().tag != _RUN:
            continue  # a tab stop of the layout
        found.append((each.text or "") if each.tag == _T else "\n" if each.tag in (_BR, _CR) else " ")
    return "".join(found)
