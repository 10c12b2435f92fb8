"""A Word document as lines and rows: straight from its markup, so that merged cells are what they are."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from qianshao.kernel.words import say

from .grids import Block, Line, Printed
from .model import Unreadable

PART = "word/document.xml"
MOST_UNPACKED = 64 * 2**20  # bytes of the one part that is read
MOST_RATIO = 200
DEEPEST = 40

_P, _TBL, _TR, _TC = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_T, _TAB, _BR, _CR = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
_TC_PR, _SPAN, _V_MERGE, _VAL = qn("w:tcPr"), qn("w:gridSpan"), qn("w:vMerge"), qn("w:val")
_TR_PR, _BEFORE = qn("w:trPr"), qn("w:gridBefore")
_SDT = qn("w:sdt")
_THROUGH = {
    _SDT,
    qn("w:sdtContent"),
    qn("w:ins"),
    qn("w:smartTag"),
    qn("w:customXml"),
    qn("w:body"),
    qn("w:moveTo"),
}


def blocks_in(data: bytes, file: str) -> list[Block]:
    """Lines and rows in reading order; raises ``Unreadable``. Nothing outside the document is fetched."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            info = package.getinfo(PART)
            if info.file_size > MOST_UNPACKED or info.file_size > MOST_RATIO * max(info.compress_size, 1024):
                raise Unreadable(say("{file} 解开后过大，没有读取。", file=file))
            with package.open(info) as part:
                markup = part.read(MOST_UNPACKED + 1)
    except KeyError as error:
        raise Unreadable(say("{file} 不是 Word 文档（.docx）。", file=file)) from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        ValueError,
    ) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(say("{file} 已损坏或设有密码，打不开。", file=file)) from error
    if len(markup) > MOST_UNPACKED:
        raise Unreadable(say("{file} 解开后过大，没有读取。", file=file))
    try:
        body = parse_xml(markup).find(qn("w:body"))
    except (SyntaxError, AttributeError, ValueError) as error:  # lxml's parse errors are SyntaxErrors
        raise Unreadable(say("{file} 已损坏，请用 Word 打开后另存。", file=file)) from error
    return list(_walk(body, 0)) if body is not None else []


def _walk(parent: Any, depth: int) -> Iterator[Block]:
    if depth > DEEPEST:
        return
    for element in parent:
        if element.tag == _P:
            for line in _text(element).split("\n"):
                if line.strip():
                    yield Line(line)
        elif element.tag == _TBL:
            yield from _rows(element, depth)
        elif element.tag in _THROUGH:
            yield from _walk(element, depth + 1)


def _rows(table: Any, depth: int) -> Iterator[Block]:
    for row in _children(table, _TR):
        cells: list[tuple[int, str]] = []
        nested: list[Any] = []
        column = _number(row.find(_TR_PR), _BEFORE, 0)
        for part in _children(row, _TC):
            properties = part.find(_TC_PR)
            merge = properties.find(_V_MERGE) if properties is not None else None
            if merge is None or merge.get(_VAL) == "restart":
                cells.append((column, "".join(_text(each) for each in part if each.tag in (_P, _SDT))))
            column += max(_number(properties, _SPAN, 1), 1)
            nested.extend(each for each in part if each.tag == _TBL)
        if depth < DEEPEST:
            for inner in nested:
                yield from _rows(inner, depth + 1)
        if cells:
            yield Printed(tuple(cells))


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, also where a content control or a tracked insertion wraps them."""
    for each in parent:
        if each.tag == tag:
            yield each
        elif each.tag in _THROUGH:
            yield from _children(each, tag)


def _number(properties: Any, name: str, default: int) -> int:
    found = properties.find(name) if properties is not None else None
    value = found.get(_VAL) if found is not None else None
    return int(value) if value is not None and value.isdigit() and len(value) < 5 else default


def _text(element: Any) -> str:
    """Printed text: deleted words and field codes are other tags and stay out."""
    found = []
    for each in element.iter(_T, _TAB, _BR, _CR):
        found.append((each.text or "") if each.tag == _T else "\n" if each.tag in (_BR, _CR) else " ")
    return "".join(found)
