"""The printed tables of a report as boxes: which cell spans what, for Word and for the web alike."""

from __future__ import annotations

from qianshao.kit.paper import Box

from .form import BLOCKS, COLUMNS, COURSES, DISCLOSED, MEASURES, RESULTS, ROW, rows
from .model import Report

NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
WIDTHS = {"table2": (3, 3, 3, 3), "table3": (2, 3, 8, 2, 2, 2, 2, 2, 2, 2), "table4": (1,) * 15}
HEAD_ROWS = {"table2": 0, "table3": 3, "table4": 3}


def boxes(report: Report, table: str) -> list[Box]:
    """The boxes of ``table2``, ``table3`` or ``table4``."""
    return {"table2": _table2, "table3": _table3, "table4": _table4}[table](report)


def _text(report: Report, table: str, row: str, column: str) -> str:
    value = report.value(table, row, column)
    return "0" if value is None else f"{value}"


def _table2(report: Report) -> list[Box]:
    found: list[Box] = []
    line = 0
    for block in BLOCKS[report.form]:
        found.append(Box(line, 0, block.title, columns=4, head=True))
        spans = _spans(len(block.columns))
        found.append(Box(line + 1, 0, "信息内容", head=True))
        for (start, wide), name in zip(spans, block.columns, strict=True):
            found.append(Box(line + 1, start, MEASURES[name], columns=wide, head=True))
        line += 2
        for row in block.rows:
            found.append(Box(line, 0, DISCLOSED[row], head=True))
            for (start, wide), name in zip(spans, block.columns, strict=True):
                text = _text(report, "table2", row, name)
                found.append(Box(line, start, text, columns=wide, of=(row, name)))
            line += 1
    return found


def _spans(count: int) -> list[tuple[int, int]]:
    return {1: [(1, 3)], 2: [(1, 1), (2, 2)], 3: [(1, 1), (2, 1), (3, 1)]}[count]


def _table3(report: Report) -> list[Box]:
    names = list(COLUMNS.values())
    found = [
        Box(0, 0, NOTE, rows=3, columns=3, head=True),
        Box(0, 3, "申请人情况", columns=7, head=True),
        Box(1, 3, names[0], rows=2, head=True),
        Box(1, 4, "法人或其他组织", columns=5, head=True),
        Box(1, 9, names[-1], rows=2, head=True),
        *(Box(2, 4 + place, name, head=True) for place, name in enumerate(names[1:-1])),
    ]
    figures = [row for row in rows(report.form) if not row.heading]
    inside = [row for row in figures if row.key not in ("new", "carried_in", "carried_out")]
    for line, row in enumerate(figures, start=3):
        if row.key in ("new", "carried_in", "carried_out"):
            found.append(Box(line, 0, row.label, columns=3, align="left", head=True))
        else:
            if row is inside[0]:
                found.append(Box(line, 0, ROW["results"].label, rows=len(inside), head=True))
            siblings = [other for other in inside if other.group and other.group == row.group]
            if not siblings:
                found.append(Box(line, 1, row.label, columns=2, align="left", head=True))
            else:
                if row is siblings[0]:
                    found.append(Box(line, 1, ROW[row.group].label, rows=len(siblings), head=True))
                found.append(Box(line, 2, row.label, align="left", head=True))
        for place, column in enumerate(COLUMNS):
            text = _text(report, "table3", row.key, column)
            found.append(Box(line, 3 + place, text, of=(row.key, column)))
    return found


def _table4(report: Report) -> list[Box]:
    review, direct, after = COURSES.values()
    found = [
        Box(0, 0, review, columns=5, head=True),
        Box(0, 5, "行政诉讼", columns=10, head=True),
        Box(1, 5, direct, columns=5, head=True),
        Box(1, 10, after, columns=5, head=True),
    ]
    for place, (course, result) in enumerate((course, result) for course in COURSES for result in RESULTS):
        tall = 2 if course == "review" else 1
        found.append(Box(3 - tall, place, RESULTS[result], rows=tall, head=True))
        found.append(Box(3, place, _text(report, "table4", course, result), of=(course, result)))
    return found
