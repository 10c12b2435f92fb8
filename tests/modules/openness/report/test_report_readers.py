"""Reports as other people's offices print them: all of them hold the same figures, and are read the same."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import registers

from qianshao.modules.openness.report import exports, opening
from qianshao.modules.openness.report.check import check
from qianshao.modules.openness.report.form import COLUMNS, rows
from qianshao.modules.openness.report.layout import boxes
from qianshao.modules.openness.report.model import Report, Unreadable

REPORT = registers.a_report()
HTML = exports.as_html(REPORT)


def numbers(report: Report) -> dict[tuple[str, str, str], object]:
    return {
        (table, row, column): cell.value
        for table in ("table2", "table3", "table4")
        for row, cells in report.table(table).items()
        for column, cell in cells.items()
    }


def read(tmp_path: Path, name: str, content: str | bytes) -> Report:
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    (report,) = opening.reports_in(file)
    return report


FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
PAGES = {
    "full-width digits": re.sub(r"(?<=<td>)\d+(?=</td>)", lambda m: m.group().translate(FULL_WIDTH), HTML),
    "thousands separated and with units": HTML.replace(">1203<", ">1,203件<"),
    "odd spaces in labels": HTML.replace("一、本年新收", "一、 本 年<br>新收").replace(
        "1.属于国家秘密", "1．属于&nbsp;国家秘密"
    ),
    "no numbering": re.sub(r"<th>\d\.(?=\D)", "<th>", HTML)
    .replace("（七）总计", "总计")
    .replace("四、结转", "结转"),
    "cells as paragraphs of a word processor": re.sub(
        r"<(t[dh])([^>]*)>(.*?)</\1>",
        r'<\1\2 style="width:1px"><p class="MsoNormal"><span>\3</span><o:p></o:p></p></\1>',
        HTML,
    ),
    "declared and encoded as GBK": HTML.replace('charset="utf-8"', 'charset="gb2312"'),
    "table three split over two pages": HTML.replace(
        '<tr><th rowspan="5">（五）不予处理</th>',
        '</table><p>（续表）</p><table><tr><th rowspan="5">（五）不予处理</th>',
    ),
    "a layout table around everything": HTML.replace("<body>", "<body><table><tr><td>").replace(
        "</body>", "</td></tr></table></body>"
    ),
    "unclosed cells and rows": re.sub(r"</t[dhr]>", "", HTML),
    "a menu before and a footer after": HTML.replace(
        "<body>",
        "<body><nav><ul><li>首页<li>政务公开<li>一、总体情况</ul></nav><script>var a='<table>'</script>",
    ).replace("</body>", "<footer>主办：某市人民政府办公室 网站标识码3500000000</footer></body>"),
    "applicants in a header of its own shape": HTML.replace(
        '<th rowspan="2">自然人</th><th colspan="5">法人或其他组织</th><th rowspan="2">总计</th></tr>\n<tr>',
        '<th>自然人</th><th colspan="5">法人或其他组织</th><th>总计</th></tr>\n<tr><th></th>',
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_whatever_its_markup(tmp_path: Path, name: str) -> None:
    encoding = "gb18030" if "GBK" in name else "utf-8"

    report = read(tmp_path, "page.html", PAGES[name].encode(encoding))

    assert PAGES[name] != HTML
    assert numbers(report) == numbers(REPORT)
    assert (report.body, report.year, check([report])) == (REPORT.body, 2024, [])


def sheet_of(report: Report, sheet: Any, table: str, top: int) -> int:
    found = boxes(report, table)
    for box in found:
        value: object = int(box.text) if box.text.isdigit() else box.text
        sheet.cell(top + box.row, box.column + 1, value)
        if box.rows > 1 or box.columns > 1:
            sheet.merge_cells(
                start_row=top + box.row,
                end_row=top + box.row + box.rows - 1,
                start_column=box.column + 1,
                end_column=box.column + box.columns,
            )
    return top + max(box.row for box in found) + 3


def workbook(report: Report, *, one_sheet: bool) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = exports.title(report)
    top = 3
    for table, name in (("table2", "表二"), ("table3", "表三"), ("table4", "表四")):
        if not one_sheet and table != "table2":
            sheet = book.create_sheet(name)
            top = 2
        top = sheet_of(report, sheet, table, top)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("one_sheet", [True, False])
def test_a_workbook_with_merged_cells_is_read(tmp_path: Path, one_sheet: bool) -> None:
    report = read(tmp_path, "r.xlsx", workbook(REPORT, one_sheet=one_sheet))

    assert numbers(report) == numbers(REPORT)
    assert (report.body, report.year, check([report])) == (REPORT.body, 2024, [])


def test_prose_beside_its_heading_on_a_sheet_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([exports.title(REPORT)])
    top = sheet_of(REPORT, sheet, "table3", 3)
    for row, (name, text) in enumerate(
        (
            ("总体情况", "2024年，上年结转2件，共收到政府信息公开申请19件。"),
            ("存在的主要问题及改进情况", "力度不够。"),
        ),
        start=top,
    ):
        sheet.cell(row, 1, name)
        sheet.cell(row, 2, text)
    book.save(tmp_path / "r.xlsx")

    (report,) = opening.reports_in(tmp_path / "r.xlsx")

    assert list(report.text) == ["一", "五"]
    assert [(finding.stands, finding.should) for finding in check([report])] == [(19, 20)]


def test_a_workbook_may_hold_several_years_one_to_a_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for year in (2023, 2024):
        sheet = book.create_sheet(f"{year}年")
        sheet.append(["单位", "刺桐市教育局"])
        top = 3
        for table in ("table2", "table3", "table4"):
            top = sheet_of(registers.a_report(year), sheet, table, top)
        sheet.cell(top, 1, "一、总体情况")
        sheet.cell(top, 2, f"{year}年，我局共收到政府信息公开申请999件。")
    book.save(tmp_path / "all.xlsx")

    reports = opening.reports_in(tmp_path / "all.xlsx")

    assert [(report.body, report.year) for report in reports] == [
        ("刺桐市教育局", 2023),
        ("刺桐市教育局", 2024),
    ]
    assert [numbers(report) for report in reports] == [
        numbers(registers.a_report(year)) for year in (2023, 2024)
    ]
    assert {finding.id for finding in check(reports)} == {"I6", "I7"}


def test_a_document_made_with_word_is_read(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("刺桐市教育局")
    document.add_paragraph("政府信息公开工作2024年度报告")
    for heading, table in (
        ("二、主动公开政府信息情况", "table2"),
        ("三、收到和处理政府信息公开申请情况", "table3"),
        ("四、政府信息公开行政复议、行政诉讼情况", "table4"),
    ):
        document.add_paragraph(heading)
        found = boxes(REPORT, table)
        grid = document.add_table(
            max(box.row + box.rows for box in found), max(box.column + box.columns for box in found)
        )
        for box in found:
            first = grid.cell(box.row, box.column)
            first.merge(grid.cell(box.row + box.rows - 1, box.column + box.columns - 1)).text = box.text
    kept = io.BytesIO()
    document.save(kept)

    report = read(tmp_path, "r.docx", kept.getvalue())

    assert numbers(report) == numbers(REPORT)
    assert (report.body, report.year, report.form) == ("刺桐市教育局", 2024, "2021")


def shaped(change: str) -> dict[str, Any]:
    made = registers.as_json()
    match change:
        case "rows by column name":
            made["table3"] = {
                label: cells and dict(zip(COLUMNS.values(), cells, strict=True))
                for label, cells in made["table3"].items()
            }
        case "rows by nested column names":
            table3: dict[str, Any] = {}
            for label, cells in made["table3"].items():
                named = dict(zip(COLUMNS.values(), cells or [], strict=False))
                person, total = named.pop("自然人", None), named.pop("总计", None)
                table3[label] = cells and {"自然人": person, "法人或其他组织": named, "总计": total}
            made["table3"] = table3
        case "rows by their number on the form":
            made["table3"] = {row.part: made["table3"][row.label] for row in rows("2021") if not row.heading}
        case "rows under their headings":
            flat, nested = made["table3"], {}
            for row in rows("2021"):
                if row.group:
                    heading = next(other.label for other in rows("2021") if other.key == row.group)
                    nested.setdefault(heading, {})[row.label] = flat[row.label]
                elif not row.heading:
                    nested[row.label] = flat[row.label]
            made["table3"] = nested
        case "whole paths as labels":
            made["table3"] = {
                (next((o.label for o in rows("2021") if o.key == row.group), "") + row.label): made["table3"][
                    row.label
                ]
                for row in rows("2021")
            }
        case "table four as lists":
            made["table4"] = {label: list(cells.values()) for label, cells in made["table4"].items()}
        case "table four nested and flat":
            review, direct, after = (list(cells.values()) for cells in made["table4"].values())
            made["table4"] = {
                "行政复议": review,
                "行政诉讼": {"未经复议直接起诉": direct, "复议后起诉": after},
            }
        case "table four as one row":
            made["table4"] = [value for cells in made["table4"].values() for value in cells.values()]
        case "table two under its clauses":
            table = made["table2"]
            made["table2"] = {
                "第二十条第（一）项": {
                    name: list(table[name].values()) for name in ("规章", "行政规范性文件")
                },
                "第二十条第（五）项": {"行政许可": table["行政许可"]},
                "第二十条第（六）项": {"行政处罚": 17, "行政强制": [0]},
                "第二十条第（八）项": {"行政事业性收费": {"本年收费金额（单位：万元）": 0}},
            }
        case "numbers as words":
            made["table3"] = {
                label: cells and [f"{cell}" for cell in cells] for label, cells in made["table3"].items()
            }
            made["year"], made["form"] = "2024年", 2021
    return made


@pytest.mark.parametrize(
    "change",
    [
        "rows by column name",
        "rows by nested column names",
        "rows by their number on the form",
        "rows under their headings",
        "whole paths as labels",
        "table four as lists",
        "table four nested and flat",
        "table four as one row",
        "table two under its clauses",
        "numbers as words",
    ],
)
def test_json_is_read_in_every_natural_shape(tmp_path: Path, change: str) -> None:
    made = shaped(change)

    report = read(tmp_path, "r.json", json.dumps(made, ensure_ascii=False))

    assert made != registers.as_json()
    assert numbers(report) == numbers(REPORT)
    assert check([report]) == []


def test_a_list_of_reports_in_one_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "all.json"
    file.write_text(json.dumps([registers.as_json(body="甲局"), registers.as_json(body="乙局")]))

    assert [report.body for report in opening.reports_in(file)] == ["甲局", "乙局"]


def bomb() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "")
        package.writestr("word/document.xml", b" " * (65 * 2**20))
    return kept.getvalue()


def entities() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as package:
        package.writestr(
            "word/document.xml",
            '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document '
            'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
            "<w:t>&a;</w:t></w:r></w:p></w:body></w:document>",
        )
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.docx", b"", "空文件"),
        ("broken.docx", b"PK\x03\x04 word/document.xml", "已损坏"),
        ("bomb.docx", bomb(), "解开后过大"),
        ("entities.docx", entities(), "没有找到"),
        ("broken.xlsx", b"PK\x03\x04", "已损坏"),
        ("old.doc", b"\xd0\xcf\x11\xe0", "另存为"),
        ("broken.json", b'{"table3": ', "JSON"),
        ("deep.json", b"[" * 100_000, "JSON"),
        ("list.json", b"[1, 2]", "没有年度报告"),
        ("other.json", b'{"body": "x", "year": 2024}', "table2"),
        ("year.json", b'{"year": "soon", "table3": {"a": 1}}', "year"),
        ("page.html", "<html><p>今天天气很好".encode(), "没有找到"),
        ("note.txt", b"hello", ".docx"),
    ],
)
def test_what_is_no_report_is_refused_with_a_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    with pytest.raises(Unreadable, match=sentence) as refusal:
        opening.reports_in(file)
    assert name in str(refusal.value) or name.endswith("xlsx")
