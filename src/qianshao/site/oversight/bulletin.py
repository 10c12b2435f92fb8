"""The monthly bulletin (.docx), written from the figures of the board and in the layout of GB/T 9704—2012.

Every number is a link to its list. It holds counts of units alone, and nothing that tells who wrote the file or where.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from qianshao.core.duties import registry
from qianshao.kit import telling

from . import figures
from .figures import Opened, Reader, Row, Share

TITLE, HEADING, BODY = "方正小标宋简体", "黑体", "仿宋_GB2312"
_SHOWN = 20  # units in a table; the rest is on the board
Cell = str | Opened


class BadMonth(ValueError):
    """A month that cannot be reported on; says why."""


def month_of(text: str, reader: Reader) -> date:
    """The first day of ``2026-10``; empty is the month of the reader's day. Raises ``BadMonth``."""
    if not text:
        return reader.on.replace(day=1)
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise BadMonth(_("月份须写成 2026-10，不是“{value}”").format(value=text[:20])) from None
    if month > reader.on:
        raise BadMonth(_("{month} 还没有到来").format(month=text))
    if month.year < 1902:
        raise BadMonth(_("“{name}”的年份超出范围").format(name="month"))
    return month


def write(month: date, reader: Reader, *, site: str) -> bytes:
    """The bulletin of a month as its last day left things; ``site`` is the address the links begin with."""
    end = _next(month) - timedelta(days=1)
    return _Bulletin(month, reader.at_end_of(end), site).made()


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


class _Bulletin:
    def __init__(self, month: date, reader: Reader, site: str) -> None:
        self.month = month
        self.reader = reader
        self.site = site
        self.rates = figures.timeliness(reader)
        self.paper: Paper = Document()

    def made(self) -> bytes:
        self._page()
        self._head()
        self._rates()
        self._ranking()
        self._cards()
        self._late()
        self._notes()
        self._strip()
        kept = io.BytesIO()
        self.paper.save(kept)
        return kept.getvalue()

    def _page(self) -> None:
        section = self.paper.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        style = self.paper.styles["Normal"]
        style.font.size = Pt(16)
        _face(style.element.get_or_add_rPr(), BODY)
        style.paragraph_format.line_spacing = Pt(28)
        style.paragraph_format.space_after = Pt(0)

    def _head(self) -> None:
        title = self.paper.add_paragraph()
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        text = _("{city}政务公开监察月报").format(city=settings.CITY_NAME)
        _write(title, text, TITLE, 22)
        below = self.paper.add_paragraph()
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _write(
            below, _("（{month}）").format(month=telling.month(self.month.year, self.month.month)), BODY, 16
        )
        said = _("统计截至{day}。本年累计指本年1月1日以后登记的事项；上年同期指上年1月1日至上年同日。")
        self._said(said.format(day=telling.day(self.reader.on)))

    def _rates(self) -> None:
        self._heading(_("一、三项按时率"))
        last = self.reader.at_end_of(self.month - timedelta(days=1))
        rows: list[list[Cell]] = []
        for item in self.rates:
            month_before = figures.rate(item.indicator, last)
            for title, share, than in (
                (_("本年累计"), item.year, None),
                (_("上月末"), month_before, item.year),
                (_("上年同期"), item.before, item.year),
            ):
                changed = figures.change(than, share) if than else ""
                name = telling.sentence(item.indicator.title) if than is None else ""
                rows.append([name, title, share.part, share.whole, share.rate, changed])
        head = [_("指标"), _("时段"), _("按时"), _("应办结"), _("按时率"), _("本年累计增减（百分点）")]
        self._table(head, rows)
        for item in self.rates:
            formula = telling.sentence(item.indicator.formula)
            title = telling.sentence(item.indicator.title)
            self._said(_("{title}：{formula}。").format(title=title, formula=formula))
            for said, left in item.year.left_out:
                line = self._said(_("{said}：").format(said=said))
                self._number(line, left)

    def _ranking(self) -> None:
        self._heading(_("二、各单位位次"))
        for key in figures.RATES:
            item = figures.indicator(key)
            ranked = figures.ranking(item, self.reader)
            self._said(telling.sentence(item.title) + _("（比率相同的位次并列）："))
            if not ranked:
                self._said(_("没有应办结的事项。"))
                continue
            rows = [_share(share) for share in ranked[:_SHOWN]]
            self._table([_("位次"), _("单位"), _("按时"), _("应办结"), _("按时率")], rows)
            self._more(len(ranked))

    def _cards(self) -> None:
        self._heading(_("三、预警卡"))
        head = [_("单位"), *(telling.sentence(title) for title in figures.GRAVEST_FIRST)]
        given = figures.cards_given(self.reader, self.month, _next(self.month))
        first = date(self.month.year, 1, 1)
        year = figures.cards_given(self.reader, first, _next(self.month))
        self._table(
            [_("时段"), *head[1:]],
            [[_("本月发出且未撤销"), *given.cells], [_("本年累计"), *year.cells]],
        )
        self._said(_("月末有效（已发出、未撤销、未了结）的预警卡，按单位："))
        self._rows(head, figures.cards(self.reader), _("没有有效的预警卡。"))

    def _late(self) -> None:
        self._heading(_("四、逾期未办结的事项"))
        head = [_("单位"), *(telling.sentence(registry.kind(key).title) for key in figures.KINDS)]
        self._rows(head, figures.overdue(self.reader), _("没有逾期的事项。"))

    def _notes(self) -> None:
        self._heading(_("说明"))
        self._said(_("各数字均链接到其名单，名单的件数即该数字；地址如下，其余数字可在文中点开。"))
        for item in self.rates:
            for opened in (item.year.part, item.year.whole):
                line = self.paper.add_paragraph()
                line.paragraph_format.line_spacing = Pt(16)
                title = telling.sentence(item.indicator.title)
                _write(line, f"{title} {opened.value}  {self._address(opened)}", BODY, 10)

    def _rows(self, head: Sequence[str], rows: Sequence[Row], none: str) -> None:
        if not rows:
            self._said(none)
            return
        self._table(head, [[row.title, *row.cells] for row in rows[:_SHOWN]])
        self._more(len(rows))

    def _more(self, found: int) -> None:
        if found > _SHOWN:
            said = _("仅列前 {shown} 个单位，共 {n} 个，全部见监察页。")
            self._said(said.format(shown=_SHOWN, n=found))

    def _heading(self, text: str) -> None:
        line = self.paper.add_paragraph(style="Heading 1")
        line.paragraph_format.space_before = Pt(14)
        line.paragraph_format.first_line_indent = Pt(32)
        _write(line, text, HEADING, 16)

    def _said(self, text: str) -> Paragraph:
        line = self.paper.add_paragraph()
        line.paragraph_format.first_line_indent = Pt(32)
        _write(line, text, BODY, 16)
        return line

    def _table(self, head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        table = self.paper.add_table(rows=0, cols=len(head), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for number, row in enumerate([head, *rows]):
            for cell, value in zip(table.add_row().cells, row, strict=True):
                line = cell.paragraphs[0]
                line.paragraph_format.line_spacing = Pt(18)
                line.alignment = WD_ALIGN_PARAGRAPH.CENTER
                if isinstance(value, Opened):
                    self._number(line, value, 12)
                else:
                    _write(line, value, HEADING if number == 0 else BODY, 12)

    def _number(self, line: Paragraph, opened: Opened, size: int = 16) -> None:
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), line.part.relate_to(self._address(opened), RELATION.HYPERLINK, is_external=True))
        run = line.add_run(str(opened.value))
        run.font.size = Pt(size)
        _face(run._r.get_or_add_rPr(), BODY)
        link.append(run._r)
        line._p.append(link)

    def _address(self, opened: Opened) -> str:
        return urljoin(self.site, opened.url)

    def _strip(self) -> None:
        """Leave nothing of who made the file, with what, or when, but the day it speaks of."""
        core = self.paper.core_properties
        for name in ("author", "comments", "keywords", "last_modified_by", "subject", "title", "category"):
            setattr(core, name, "")
        core.revision = 1
        core.created = core.modified = self.reader.at.replace(tzinfo=None, microsecond=0)
        package = self.paper.part.package
        for rid, relation in list(package.rels.items()):
            if relation.reltype in (RELATION.THUMBNAIL, RELATION.EXTENDED_PROPERTIES):
                del package.rels[rid]


def _share(share: Share) -> list[Cell]:
    return [str(share.place), share.title, share.part, share.whole, share.rate]


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
