"""A report as .docx, .html and JSON; each is read back by the checker as the same report."""

from __future__ import annotations

from html import escape
from typing import Any

from qianshao.kit.paper import Box, Paper

from .finding import plain
from .form import BLOCKS, COLUMNS, COURSES, MEASURES, NUMERALS, RESULTS, SECTIONS, rows
from .layout import HEAD_ROWS, WIDTHS, boxes
from .model import Report, printed_row

_TABLES = {1: "table2", 2: "table3", 3: "table4"}


def title(report: Report) -> str:
    """刺桐市教育局2024年政府信息公开工作年度报告."""
    return f"{report.body}{report.year}年政府信息公开工作年度报告"


def opening(report: Report) -> str:
    """The sentence every report begins with: by which law, of which days."""
    return (
        "根据《中华人民共和国政府信息公开条例》的规定，编制本报告。"
        f"本报告所列数据的统计期限为{report.year}年1月1日至12月31日。"
    )


def _paragraphs(report: Report, index: int) -> list[str]:
    return [line.strip() for line in report.text.get(NUMERALS[index], "").splitlines() if line.strip()]


def as_docx(report: Report) -> bytes:
    """The official layout: six sections, tables with merged headers."""
    paper = Paper(title(report))
    paper.centred(title(report), title=True)
    paper.empty()
    paper.line(opening(report))
    for index, name in enumerate(SECTIONS):
        paper.heading(f"{NUMERALS[index]}、{name}")
        if table := _TABLES.get(index):
            paper.table(boxes(report, table), WIDTHS[table], HEAD_ROWS[table])
        for text in _paragraphs(report, index):
            paper.line(text)
    return paper.as_docx()


def as_html(report: Report) -> str:
    """A page that stands alone: no script, nothing fetched."""
    parts = [f"<h1>{escape(title(report))}</h1>", f"<p>{escape(opening(report))}</p>"]
    for index, name in enumerate(SECTIONS):
        parts.append(f"<h2>{NUMERALS[index]}、{name}</h2>")
        if table := _TABLES.get(index):
            parts.append(_html_table(boxes(report, table), name))
        parts.extend(f"<p>{escape(text)}</p>" for text in _paragraphs(report, index))
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{escape(title(report))}</title><style>{_STYLE}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


_STYLE = (
    "body{max-width:52rem;margin:2rem auto;padding:0 1rem;font:1.05rem/1.8 FangSong,仿宋,serif}"
    "h1{text-align:center;font-family:方正小标宋简体,SimSun,serif}p{text-indent:2em}"
    "table{border-collapse:collapse;width:100%;font-size:.85rem;line-height:1.4}"
    "td,th{border:1px solid;padding:.2rem .3rem;font-weight:normal;text-align:center}"
)


def _html_table(found: list[Box], caption: str) -> str:
    lines: dict[int, list[Box]] = {}
    for box in sorted(found, key=lambda box: (box.row, box.column)):
        lines.setdefault(box.row, []).append(box)
    rows_ = []
    for line in range(max(lines) + 1):
        cells = "".join(_html_box(box) for box in lines.get(line, []))
        rows_.append(f"<tr>{cells}</tr>")
    return f'<table aria-label="{escape(caption)}">\n' + "\n".join(rows_) + "\n</table>"


def _html_box(box: Box) -> str:
    tag = "th" if box.head else "td"
    spans = (f' rowspan="{box.rows}"' if box.rows > 1 else "") + (
        f' colspan="{box.columns}"' if box.columns > 1 else ""
    )
    return f"<{tag}{spans}>{escape(box.text)}</{tag}>"


def as_json(report: Report) -> dict[str, Any]:
    """What ``check-report`` reads; headings are null."""

    def number(table: str, row: str, column: str) -> Any:
        return plain(report.value(table, row, column))

    return {
        "body": report.body,
        "year": report.year,
        "form": report.form,
        "table2": {
            printed_row("table2", row): {
                MEASURES[name]: number("table2", row, name) for name in block.columns
            }
            for block in BLOCKS[report.form]
            for row in block.rows
        },
        "table3": {
            row.label: None if row.heading else [number("table3", row.key, column) for column in COLUMNS]
            for row in rows(report.form)
        },
        "table4": {
            label: {name: number("table4", course, column) for column, name in RESULTS.items()}
            for course, label in COURSES.items()
        },
        "text": dict(report.text),
    }
