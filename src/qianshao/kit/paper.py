"""Official paper as a Word document: the measures and types of GB/T 9704-2012, and nothing about who made it.

The file is written part by part, so that it holds no author, no date, no thumbnail and no template, and the
same words always give the same bytes. Fonts name stand-ins for machines without 方正小标宋 or 仿宋_GB2312.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal
from xml.sax.saxutils import escape

Align = Literal["left", "center", "right", "both"]

TITLE_FONT, BODY_FONT, HEAD_FONT, SUBHEAD_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
_STAND_INS = {
    TITLE_FONT: "方正小标宋_GBK,华文中宋,宋体",
    BODY_FONT: "仿宋,FangSong,华文仿宋",
    HEAD_FONT: "SimHei,Noto Sans CJK SC",
    SUBHEAD_FONT: "楷体,KaiTi,华文楷体",
}
TITLE_SIZE, BODY_SIZE, TABLE_SIZE = 44, 32, 21  # half points: 二号, 三号, 五号
LINE = 560  # twentieths of a point: 28 points, 22 lines to the page
_MARGINS = (
    'w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" w:footer="992" w:gutter="0"'
)
WIDTH = 11906 - 1474 - 1587  # twentieths of a point between the margins of A4
BLANK = "＿＿＿＿＿＿"

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FIXED = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Box:
    """A cell of a table: where it begins, how far it goes, what stands in it; ``of`` names the figure's row and column."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    align: Align = "center"
    head: bool = False
    of: tuple[str, str] | None = None


@dataclass
class Paper:
    """Lines and tables, in order; ``as_docx`` gives the file."""

    title: str
    _body: list[str] = field(default_factory=list)

    def heading(self, text: str, level: int = 1) -> None:
        """一、… in 黑体, （一）… in 楷体."""
        self._add(text, font=HEAD_FONT if level == 1 else SUBHEAD_FONT, indent=True)

    def centred(self, text: str, *, title: bool = False) -> None:
        """The title of the document, or a line under it."""
        if title:
            self._add(text, font=TITLE_FONT, size=TITLE_SIZE, align="center", line=700)
        else:
            self._add(text, align="center")

    def line(self, text: str, *, indent: bool = True, align: Align = "both") -> None:
        """A paragraph of the body, two characters in."""
        self._add(text, indent=indent, align=align)

    def empty(self) -> None:
        """An empty line."""
        self._add("")

    def page_break(self) -> None:
        """Go on on a new page: for the slip that stays with the office."""
        self._body.append('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')

    def table(self, boxes: Iterable[Box], widths: Sequence[int], head_rows: int = 0) -> None:
        """A ruled table; ``widths`` are shares of the width between the margins."""
        scale = WIDTH / sum(widths)
        self._body.append(_table(list(boxes), [round(width * scale) for width in widths], head_rows))

    def _add(
        self,
        text: str,
        *,
        font: str = BODY_FONT,
        size: int = BODY_SIZE,
        align: Align = "both",
        indent: bool = False,
        line: int = LINE,
    ) -> None:
        shape = f'<w:spacing w:before="0" w:after="0" w:line="{line}" w:lineRule="exact"/>'
        if indent:
            shape += f'<w:ind w:firstLineChars="200" w:firstLine="{size * 20}"/>'
        self._body.append(f'<w:p><w:pPr>{shape}<w:jc w:val="{align}"/></w:pPr>{_run(text, font, size)}</w:p>')

    def as_docx(self) -> bytes:
        """The whole file; the same paper gives the same bytes."""
        document = (
            f"{_HEAD}<w:document {_W}><w:body>{''.join(self._body)}"
            f'<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar {_MARGINS}/></w:sectPr></w:body></w:document>'
        )
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
            for name, text in {**_PARTS, "word/document.xml": document}.items():
                info = zipfile.ZipInfo(name, _FIXED)
                info.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(info, text.encode("utf-8"))
        return made.getvalue()


def _run(text: str, font: str, size: int) -> str:
    if not text:
        return ""
    letters = escape(_CONTROL.sub("", text))
    return (
        f'<w:r><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{font}" w:hint="eastAsia"/>'
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr><w:t xml:space="preserve">{letters}</w:t></w:r>'
    )


def _table(boxes: list[Box], widths: list[int], head_rows: int) -> str:
    covered = {(box.row + down, box.column): (box, down) for box in boxes for down in range(box.rows)}
    height = max(box.row + box.rows for box in boxes)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = []
    for row in range(height):
        cells, column = [], 0
        while column < len(widths):
            box, down = covered.get((row, column), (Box(row, column, ""), 0))
            cells.append(_box(box, down, sum(widths[column : column + box.columns])))
            column += box.columns
        head = "<w:tblHeader/>" if row < head_rows else ""
        rows.append(f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(cells)}</w:tr>")
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _box(box: Box, down: int, width: int) -> str:
    span = f'<w:gridSpan w:val="{box.columns}"/>' if box.columns > 1 else ""
    merge = "" if box.rows == 1 else '<w:vMerge w:val="restart"/>' if down == 0 else "<w:vMerge/>"
    text = _run(box.text, BODY_FONT, TABLE_SIZE) if down == 0 else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/><w:jc w:val="{box.align}"/></w:pPr>{text}</w:p></w:tc>'
    )


def _fonts() -> str:
    return "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{stand_ins}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/></w:font>'
        for name, stand_ins in _STAND_INS.items()
    )


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {
    "[Content_Types].xml": (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        f'<Override PartName="/word/fontTable.xml" ContentType="{_TYPE}.fontTable+xml"/>'
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        "</Relationships>"
    ),
    "docProps/core.xml": f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"/>',
    "word/_rels/document.xml.rels": (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/fontTable" Target="fontTable.xml"/></Relationships>'
    ),
    "word/styles.xml": (
        f"{_HEAD}<w:styles {_W}><w:docDefaults><w:rPrDefault><w:rPr>"
        f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{BODY_FONT}"/>'
        f'<w:sz w:val="{BODY_SIZE}"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        '<w:pPr><w:widowControl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/></w:style>'
        "</w:styles>"
    ),
    "word/fontTable.xml": f"{_HEAD}<w:fonts {_W}>{_fonts()}</w:fonts>",
}
