"""Printed tables, row by row, into a report: whatever the merging, splitting or nesting of headers.

Readers give every document as a list of ``Block``: lines of prose and rows of cells, in the order a person
reads them. A cell that continues a merged one is not there again; its column is the first it covers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from . import names
from .form import COLUMNS, COURSES, FIRST_YEAR_OF_2021_FORM, NUMERALS, RESULTS, ROW, Form, columns_of
from .model import Report
from .numerals import Cell, cell, chinese, squeeze


@dataclass(frozen=True)
class Line:
    """A line of prose; ``name`` when it is the name of a worksheet."""

    text: str
    name: bool = False


@dataclass(frozen=True)
class Printed:
    """A row of a table: (column, text) of each cell that begins in it.

    ``sparse`` rows (worksheets) print merged cells as blanks, so a cell's place counts, not its number.
    """

    cells: tuple[tuple[int, str], ...]
    sparse: bool = False


Block = Line | Printed

_YEAR = re.compile(r"(20\d\d|二[〇○零O0][一二三四五六七八九〇○零]{2})年?度?")
_TITLE = re.compile(r"信息公开.{0,12}(?:年度)?.{0,6}报告|年度政府信息公开.{0,6}报告|信息公开年报")
_PERIOD = re.compile(r"(20\d\d)年1月1日")
_NOT_BODY = re.compile(
    r"(?:20\d\d|二[〇○零O0]..)年?度?|政府信息公开|政务公开|信息公开|工作|年度|报告|情况|年报|关于|的|[（(].{0,8}[)）]"
)
_ORGAN_ENDS = re.compile(r"[府厅局委办会院处室站队所心道镇乡县区市州省]$")
_NAMED = {
    "body": ("机关", "机关名称", "单位", "单位名称", "行政机关", "填报单位", "body"),
    "year": ("年份", "年度", "报告年度", "year"),
    "form": ("格式", "form"),
}
MOST_TITLE = 60
LONGEST = 60  # characters of a label, its blanks included
_PROSE = 16  # a longer cell outside the tables is prose


@dataclass
class _Header:
    """What the header rows above said: the place of each column."""

    table3: dict[str, int] = field(default_factory=dict)
    table4: list[int] = field(default_factory=list)
    table2: list[tuple[int, str]] = field(default_factory=list)


def assemble(blocks: Iterable[Block], file: str) -> list[Report]:
    """The reports a document holds, usually one; those without a single table are left out."""
    maker = _Maker(file)
    for block in blocks:
        if isinstance(block, Line):
            (maker.sheet if block.name else maker.line)(block.text)
        else:
            maker.row(block)
    return maker.done()


class _Maker:
    """Goes down the document once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Report] = []
        self.recent: list[str] = []
        self.begin()

    def begin(self) -> None:
        self.report = Report(file=self.file)
        self.header = _Header()
        self.section = ""
        self.before: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.stated: Form | None = None

    def again(self) -> None:
        """A table that was already read begins anew: the next report of the same file.

        Its body is the last one's until the lines before the table say otherwise.
        """
        body, lines = self.report.body, list(self.recent)
        self.finish()
        for text in lines:
            self.name(squeeze(text))
        self.report.body = self.report.body or body

    def sheet(self, name: str) -> None:
        """A new worksheet; its name may say which body or year it holds."""
        self.recent = [name]
        if not self.report.table3:
            self.name(squeeze(name))

    def name(self, bare: str) -> None:
        """Take the year and the body from a short line: 刺桐市教育局2023, 2024年."""
        if len(bare) > MOST_TITLE:
            return
        if self.report.year is None and (year := _YEAR.search(bare)) and year.group(1).isdigit():
            self.report.year = int(year.group(1))
        body = _NOT_BODY.sub("", bare)
        if not self.report.body and len(body) >= 3 and _ORGAN_ENDS.search(body):
            self.report.body = body

    def line(self, text: str) -> None:
        bare = squeeze(text)
        if not bare:
            return
        self.recent.append(text)
        if self._is_title(bare):
            if self.report.table3 and (self.report.table4 or self.section == NUMERALS[5]):
                self.finish()
            if not self.report.body and not self.report.table3:
                self._title(bare)
        opened = names.section(text)
        if opened is not None:
            self.section = NUMERALS[opened]
        elif self.section:
            self.texts.setdefault(self.section, []).append(text.strip())
        else:
            self.before.append(bare)
        if self.report.year is None and (period := _PERIOD.search(bare)) and "统计" in bare:
            self.report.year = int(period.group(1))

    @staticmethod
    def _is_title(bare: str) -> bool:
        return len(bare) <= MOST_TITLE and bool(_TITLE.search(bare)) and bare[-1] not in "。;:,"

    def _title(self, bare: str) -> None:
        year = _YEAR.search(bare)
        if year and self.report.year is None:
            digits = (
                year.group(1).translate(str.maketrans("○O0零", "〇〇〇〇")) if "二" in year.group(1) else ""
            )
            self.report.year = chinese(digits) if digits else int(year.group(1))
        body = _NOT_BODY.sub("", re.split(r"[-_|—]", bare)[0]).strip("《》“”\"'、,:")
        if not body and self.before and len(self.before[-1]) <= 30:
            body = self.before[-1] if _ORGAN_ENDS.search(self.before[-1]) else ""
        self.report.body = body

    def row(self, row: Printed) -> None:
        texts = [(column, text) for column, text in row.cells]
        found = [squeeze(text) for _column, text in texts]
        if not any(found):
            if self.header.table4 and not self.report.table4:
                self._row4(row)
            return
        if self._headers(row, found):
            return
        if self._row3(row) or self._row4(row) or self._row2(row):
            self.recent.clear()
            return
        filled = [text for _column, text in texts if squeeze(text)]
        if len(filled) == 2 and self._named(*filled):
            return
        if len(filled) == 1 or any(len(text) > _PROSE or names.section(text) is not None for text in filled):
            for text in filled:
                for line in text.splitlines():
                    self.line(line)

    def _named(self, name: str, value: str) -> bool:
        """A row such as 单位 | 刺桐市教育局 or 年份 | 2024 above the tables."""
        bare = squeeze(name).rstrip(":").lower()
        what = next((what for what, words in _NAMED.items() if bare in words), None)
        if what == "body":
            self.report.body = value.strip()
        elif what == "year" and (year := re.search(r"20\d\d", squeeze(value))):
            self.report.year = int(year.group())
        elif what == "form" and squeeze(value)[:4] in ("2019", "2021"):
            self.stated = "2019" if squeeze(value).startswith("2019") else "2021"
        return what is not None

    def _headers(self, row: Printed, found: list[str]) -> bool:
        places = {text: column for (column, _text), text in zip(row.cells, found, strict=True) if text}
        if "自然人" in places or "商业企业" in places:
            for column, text in zip((c for c, _t in row.cells), found, strict=True):
                key = names.table3_column(text) if text else None
                if key is None:
                    continue
                if key != "body":
                    self.header.table3[key] = column
                elif "商业企业" in places:
                    self.header.table3["body"] = column
            return True
        results = [
            column
            for (column, _text), text in zip(row.cells, found, strict=True)
            if text in RESULTS.values() or text in ("维持", "纠正", "未审结", "合计", "其它结果")
        ]
        if len(results) >= len(RESULTS) and any("维持" in text for text in found):
            self.header.table4 = (
                sorted({*self.header.table4, *results}) if not self.report.table4 else results
            )
            return True
        if {"行政复议", "行政诉讼"} <= set(found) or {"未经复议直接起诉", "复议后起诉"} <= set(found):
            return True
        measures = [
            (column, key)
            for (column, _text), text in zip(row.cells, found, strict=True)
            if text and not table2_label(text) and (key := names.table2_column(text))
        ]
        if measures and not any(table2_label(text) for text in found):
            self.header.table2 = measures
            return True
        return False

    def _row3(self, row: Printed) -> bool:
        label, place = "", -1
        for index, (_column, text) in enumerate(row.cells):
            if 1 < len(text) <= LONGEST and cell(text).value is None and names.table3_row(text):
                label, place = text, index
        key = names.table3_row(label) if label else None
        if key is None or (key == "total" and len(row.cells) - place - 1 < 2):
            return False
        rest = row.cells[place + 1 :]
        cells = self._seven(row, rest)
        if cells is None:
            return ROW[key].heading or bool(self.header.table3)
        if ROW[key].heading and all(each.fault == "blank" for each in cells.values()):
            return True
        if key in self.report.table3:
            if key != "new":
                return True
            places = self.header.table3
            self.again()
            self.header.table3 = places
        self.report.table3[key] = cells
        self.report.labels["table3", key] = re.sub(r"\s+", "", label)
        return True

    def _seven(self, row: Printed, rest: tuple[tuple[int, str], ...]) -> dict[str, Cell] | None:
        """The seven figures: the cells after the label when they are seven, else by the header's places."""
        if len(rest) == len(COLUMNS) and not row.sparse:
            return dict(zip(COLUMNS, (cell(text) for _column, text in rest), strict=True))
        if set(self.header.table3) == set(COLUMNS):
            at = dict(row.cells)
            places = self.header.table3
            if all(place in at for place in places.values()):
                return {name: cell(at[places[name]]) for name in COLUMNS}
            if row.sparse:
                return {name: cell(at.get(places[name], "")) for name in COLUMNS}
        filled = [text for _column, text in rest if text.strip()]
        if len(filled) == len(COLUMNS):
            return dict(zip(COLUMNS, map(cell, filled), strict=True))
        return None

    def _row4(self, row: Printed) -> bool:
        if not self.header.table4:
            return False
        names4 = [text for _column, text in row.cells if text and names.table4_course(text)]
        figures = [(column, text) for column, text in row.cells if not names.table4_course(text)]
        if names4 and len(self.header.table4) == len(RESULTS):
            return self._course(names4[-1], figures)
        if names4 or self.report.table4 or any(_labels_a_row(text) for _column, text in figures):
            return False
        wanted = len(RESULTS) * len(COURSES)
        if len(row.cells) != wanted and len(self.header.table4) == wanted:
            at = dict(row.cells)
            figures = [(column, at.get(column, "")) for column in self.header.table4]
        if len(figures) != wanted or any(
            cell(text).fault == "text" and len(text) > 6 for _c, text in figures
        ):
            return False
        if not any(text.strip() for _c, text in figures) and len(self.header.table4) < wanted:
            return False
        values = [cell(text) for _column, text in figures]
        for index, course in enumerate(COURSES):
            part = values[index * len(RESULTS) : (index + 1) * len(RESULTS)]
            self.report.table4[course] = dict(zip(RESULTS, part, strict=True))
        return True

    def _course(self, label: str, figures: list[tuple[int, str]]) -> bool:
        course = names.table4_course(label)
        at = dict(figures)
        chosen = [at[column] for column in self.header.table4 if column in at]
        if len(chosen) != len(RESULTS):
            chosen = [text for _column, text in figures][-len(RESULTS) :]
        if course is None or len(chosen) != len(RESULTS):
            return False
        self.report.table4[course] = dict(zip(RESULTS, map(cell, chosen), strict=True))
        self.report.labels["table4", course] = re.sub(r"\s+", "", label)
        return True

    def _row2(self, row: Printed) -> bool:
        first = next(((index, text) for index, (_c, text) in enumerate(row.cells) if text.strip()), None)
        if first is None or not self.header.table2 or not (key := table2_label(squeeze(first[1]))):
            return False
        if key in self.report.table2 and self.report.table3:
            header2 = self.header.table2
            self.again()
            self.header.table2 = header2
        rest = row.cells[first[0] + 1 :]
        measures = [name for _column, name in self.header.table2]
        at = dict(rest)
        if len(rest) == len(measures) and not row.sparse:
            values = [text for _column, text in rest]
        else:
            values = [at.get(column, "") for column, _name in self.header.table2]
        self.report.table2[key] = {name: cell(text) for name, text in zip(measures, values, strict=True)}
        self.report.labels["table2", key] = re.sub(r"\s+", "", first[1])
        return True

    def finish(self) -> None:
        """Close the report at hand; settle its form."""
        report = self.report
        if report.table3 or report.table4 or report.table2:
            if self.before and report.year is None:
                year = next((found for text in self.before if (found := _YEAR.match(text))), None)
                report.year = int(year.group(1)) if year and year.group(1).isdigit() else None
            _settle_form(report, self.stated)
            report.text = {name: "\n".join(lines) for name, lines in self.texts.items()}
            self.found.append(report)
        self.begin()

    def done(self) -> list[Report]:
        """All reports of the document."""
        self.finish()
        return self.found


def _labels_a_row(text: str) -> bool:
    return bool(text) and (table2_label(squeeze(text)) or names.table3_row(text)) is not None


def table2_label(text: str) -> str | None:
    """The row of table two a whole cell names; a column's title or a longer sentence is none."""
    key = names.table2_row(text)
    return key if key and len(text) <= 16 and not names.table2_column(text) else None


def _settle_form(report: Report, stated: Form | None) -> None:
    old = {"newly_made", "newly_public", "public_total", "items_before", "purchases"}
    measures = {name for cells in report.table2.values() for name in cells}
    if stated:
        report.form = stated
    elif measures & old:
        report.form = "2019"
    elif "other_reasons" in report.table3 or "not_corrected" in report.table3 or measures:
        report.form = "2021"
    elif report.year is not None and report.year < FIRST_YEAR_OF_2021_FORM:
        report.form = "2019"
    if report.form == "2019":
        for key, cells in report.table2.items():
            if "decisions" in cells and "handled" in columns_of(key, "2019"):
                cells["handled"] = cells.pop("decisions")
