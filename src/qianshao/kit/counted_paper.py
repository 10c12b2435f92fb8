"""Papers of the office (.docx) in the layout of GB/T 9704—2012, whose numbers are links to their lists.

They hold counts and nothing that tells who wrote the file or where.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from urllib.parse import urljoin

from docx import Document
from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

TITLE, HEADING, BODY = "方正小标宋简体", "黑体", "仿宋_GB2312"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Number(Protocol):
    """A count with the address of its list, from the root of the site."""

    @property
    def value(self) -> int:
        """The count."""

    @property
    def url(self) -> str:
        """The address."""


Cell = str | Number


class Paper:
    """A paper as it is written; ``site`` is the address the links begin with, ``at`` the moment it speaks of."""

    def __init__(self, site: str, at: datetime) -> None:
        self.site = site
        self.at = at
        self.docx: Docx = Document()
        self._page()

    def _page(self) -> None:
        section = self.docx.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        style = self.docx.styles["Normal"]
        style.font.size = Pt(16)
        _face(style.element.get_or_add_rPr(), BODY)
        style.paragraph_format.line_spacing = Pt(28)
        style.paragraph_format.space_after = Pt(0)

    def title(self, text: str, below: str) -> None:
        """The title, and under it what the paper is about."""
        for line, face, size in ((text, TITLE, 22), (below, BODY, 16)):
            paragraph = self.docx.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _write(paragraph, line, face, size)

    def heading(self, text: str) -> None:
        """A heading of the first level."""
        line = self.docx.add_paragraph(style="Heading 1")
        line.paragraph_format.space_before = Pt(14)
        line.paragraph_format.first_line_indent = Pt(32)
        _write(line, text, HEADING, 16)

    def say(self, *parts: Cell) -> Paragraph:
        """A paragraph; numbers in it are links."""
        line = self.docx.add_paragraph()
        line.paragraph_format.first_line_indent = Pt(32)
        for part in parts:
            if isinstance(part, str):
                _write(line, part, BODY, 16)
            else:
                self.number(line, part)
        return line

    def small(self, title: str, number: Number) -> None:
        """A line of the notes: a number and its address written out."""
        line = self.docx.add_paragraph()
        line.paragraph_format.line_spacing = Pt(16)
        _write(line, f"{title} {number.value}  {urljoin(self.site, number.url)}", BODY, 10)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """A table; numbers in it are links."""
        table = self.docx.add_table(rows=0, cols=len(head), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for count, row in enumerate([head, *rows]):
            for cell, value in zip(table.add_row().cells, row, strict=True):
                line = cell.paragraphs[0]
                line.paragraph_format.line_spacing = Pt(18)
                line.alignment = WD_ALIGN_PARAGRAPH.CENTER
                if isinstance(value, str):
                    _write(line, value, HEADING if count == 0 else BODY, 12)
                else:
                    self.number(line, value, 12)

    def number(self, line: Paragraph, number: Number, size: int = 16) -> None:
        """A number that opens its list."""
        link = OxmlElement("w:hyperlink")
        address = urljoin(self.site, number.url)
        link.set(qn("r:id"), line.part.relate_to(address, RELATION.HYPERLINK, is_external=True))
        run = line.add_run(str(number.value))
        run.font.size = Pt(size)
        _face(run._r.get_or_add_rPr(), BODY)
        link.append(run._r)
        line._p.append(link)

    def made(self) -> bytes:
        """The file."""
        self._strip()
        kept = io.BytesIO()
        self.docx.save(kept)
        return kept.getvalue()

    def _strip(self) -> None:
        """Leave nothing of who made the file, with what, or when, but the day it speaks of."""
        core = self.docx.core_properties
        for name in ("author", "comments", "keywords", "last_modified_by", "subject", "title", "category"):
            setattr(core, name, "")
        core.revision = 1
        core.created = core.modified = self.at.replace(tzinfo=None, microsecond=0)
        package = self.docx.part.package
        for rid, relation in list(package.rels.items()):
            if relation.reltype in (RELATION.THUMBNAIL, RELATION.EXTENDED_PROPERTIES):
                del package.rels[rid]


def _write(line: Paragraph, text: str, face: str, size: int) -> None:
    run = line.add_run(text)
    run.font.size = Pt(size)
    _face(run._r.get_or_add_rPr(), face)


def _face(properties: object, face: str) -> None:
    fonts = properties.get_or_add_rFonts()  # type: ignore[attr-defined]
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(name), face)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(theme), None)
