"""A report as JSON: ``body``, ``year``, ``form``, ``table2``, ``table3``, ``table4``, ``text``.

Tables are objects by printed label; a row is a list in the form's column order, an object by column name, or
null. Nested objects (heading → row, block → row, 行政诉讼 → course) are followed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from qianshao.kernel.words import say

from . import names
from .form import (
    COLUMNS,
    COURSES,
    FIRST_YEAR_OF_2021_FORM,
    NUMERALS,
    RESULTS,
    ROW,
    SECTIONS,
    Form,
    columns_of,
)
from .model import Report, Unreadable
from .numerals import Cell, cell, whole

DEEPEST = 12
_FORMS: dict[Form, tuple[str, ...]] = {"2019": ("2019", "60号", "2020"), "2021": ("2021", "30号")}


def reports_in(data: bytes, file: str) -> list[Report]:
    """One report, a list of them, or ``{"reports": […]}``; raises ``Unreadable``."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise Unreadable(say("{file} 不是完整的 JSON，请重新导出。", file=file)) from error
    if isinstance(found, dict) and isinstance(found.get("reports"), list):
        found = found["reports"]
    several = found if isinstance(found, list) else [found]
    if not several or not all(isinstance(each, dict) for each in several):
        raise Unreadable(say("{file} 里没有年度报告：应是一个带 table3 等项的 JSON 对象。", file=file))
    return [_report(each, file) for each in several]


def _report(raw: dict[str, Any], file: str) -> Report:
    year = _year(raw.get("year"), file)
    report = Report(file=file, body=str(raw.get("body") or "").strip(), year=year)
    tables = [raw.get("table2"), raw.get("table3"), raw.get("table4")]
    if all(table in (None, {}, []) for table in tables):
        raise Unreadable(say("{file} 里没有 table2、table3、table4 中的任何一个。", file=file))
    _table3(report, raw.get("table3"))
    report.form = _form(raw.get("form"), report, raw.get("table2"), file)
    if report.form == "2019":
        _one_row_for_the_sixth(report)
    _table2(report, raw.get("table2"))
    _table4(report, raw.get("table4"))
    report.text = dict(_texts(raw.get("text")))
    for name in ("table2", "table3", "table4"):
        if raw.get(name) not in (None, {}, []) and not report.table(name):
            # Given and not understood is not the same as balanced.
            raise Unreadable(
                say(
                    "{file} 的 {table} 里没有一行认得出：应是“行名 → 一行数字”的对象。", file=file, table=name
                )
            )
    return report


def _year(raw: Any, file: str) -> int | None:
    found = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", str(raw)) if raw is not None else None
    if raw is not None and found is None:
        raise Unreadable(say("{file} 的 year 应是四位年份。", file=file))
    return int(found.group()) if found else None


def _form(raw: Any, report: Report, table2: Any, file: str) -> Form:
    if raw is not None:
        form = next((form for form, words in _FORMS.items() if any(each in str(raw) for each in words)), None)
        if form is None:
            raise Unreadable(say("{file} 的 form 应是 2021 或 2019。", file=file))
        return form
    if "not_corrected" in report.table3:
        return "2021"
    labels = " ".join("/".join(path) for path, _value in _leaves(table2))
    if re.search(r"新制作|新公开|上一?年项目|采购", labels):
        return "2019"
    return "2019" if report.year is not None and report.year < FIRST_YEAR_OF_2021_FORM else "2021"


def _one_row_for_the_sixth(report: Report) -> None:
    """On the 2019 form （六） is one row; rows of the later form that are all null are not on it."""
    for row in ("not_corrected", "fee_unpaid", "other_reasons"):
        cells = report.table3.get(row)
        if cells and all(each.fault == "blank" for each in cells.values()):
            del report.table3[row]


def _leaves(raw: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value that is no object, with the keys that lead to it."""
    if isinstance(raw, dict) and len(path) < DEEPEST:
        for key, value in raw.items():
            yield from _leaves(value, (*path, str(key)))
    elif (
        isinstance(raw, list) and raw and all(isinstance(each, dict) for each in raw) and len(path) < DEEPEST
    ):
        for number, each in enumerate(raw):
            label = next((each[name] for name in ("label", "row", "name", "项目") if name in each), None)
            values = next((each[name] for name in ("values", "cells", "numbers") if name in each), each)
            yield from _leaves(values, (*path, str(label) if label is not None else str(number)))
    else:
        yield path, raw


def _cell(raw: Any) -> Cell:
    match raw:
        case None:
            return Cell("", None, "blank")
        case bool():
            return Cell(str(raw).lower(), None, "text")
        case int():
            return Cell(str(raw), raw) if abs(raw) < 10**15 else Cell("…", None, "text")
        case Decimal():
            return Cell(str(raw), whole(raw)) if raw.is_finite() else Cell(str(raw), None, "text")
        case str():
            return cell(raw)
        case _:
            return Cell(str(raw)[:40], None, "text")


def _table3(report: Report, raw: Any) -> None:
    for path, value in _leaves(raw):
        if not path:
            continue
        if (column := names.table3_column(path[-1])) and not isinstance(value, list) and len(path) > 1:
            labels = path[:-1]
        elif not isinstance(value, list) and len(path) > 1 and (column := names.table3_column(path[0])):
            labels = path[1:]
        else:
            column, labels = None, path
        row = _row_of(labels)
        if row is None:
            if _has_figures(value):
                report.strange.append("/".join(labels))
            continue
        if _is_heading(row, value):
            continue
        report.labels.setdefault(
            ("table3", row), next((own for own in reversed(labels) if not own.startswith("法人")), "").strip()
        )
        if column:
            report.table3.setdefault(row, {})[column] = _cell(value)
        elif value is None:
            report.table3.setdefault(row, {}).update((name, _cell(None)) for name in COLUMNS)
        elif not isinstance(value, list):
            report.table3.setdefault(row, {})["total"] = _cell(value)
        elif len(value) == len(COLUMNS):
            report.table3.setdefault(row, {}).update(zip(COLUMNS, map(_cell, value), strict=True))
        else:
            report.strange.append("/".join(labels))


def _row_of(labels: tuple[str, ...]) -> str | None:
    """The row by its own label, else by the whole path: （六）其他处理 / 3.其他."""
    own = [label for label in labels if not label.strip().startswith("法人")] or list(labels)
    return names.table3_row(own[-1], numbered=True) or names.table3_row("/".join(own), numbered=True)


def _is_heading(row: str, value: Any) -> bool:
    """A heading without figures of its own is no row to judge."""
    return ROW[row].heading and not _has_figures(value)


def _has_figures(value: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    return any(_cell(each).value is not None for each in values)


def _table4(report: Report, raw: Any) -> None:
    if isinstance(raw, list) and len(raw) == 15:
        raw = dict(zip(COURSES.values(), (raw[0:5], raw[5:10], raw[10:15]), strict=True))
    elif isinstance(raw, list) and len(raw) == 3 and all(isinstance(each, list) for each in raw):
        raw = dict(zip(COURSES.values(), raw, strict=True))
    for path, value in _leaves(raw):
        course = next((found for label in reversed(path) if (found := names.table4_course(label))), None)
        course = course or names.table4_course("/".join(path))
        if isinstance(value, list) and len(value) == 10 and course is None:
            for name, part in (("direct", value[:5]), ("after_review", value[5:])):
                report.table4[name] = dict(zip(RESULTS, map(_cell, part), strict=True))
            continue
        if course is None:
            continue
        if isinstance(value, list) and len(value) == len(RESULTS):
            report.table4.setdefault(course, {}).update(zip(RESULTS, map(_cell, value), strict=True))
        elif not isinstance(value, list) and (column := names.table4_column(path[-1])):
            report.table4.setdefault(course, {})[column] = _cell(value)
        elif value is None:
            report.table4[course] = {name: _cell(None) for name in RESULTS}
        own = next((label for label in reversed(path) if names.table4_course(label)), "")
        if own and course in report.table4:
            report.labels.setdefault(("table4", course), own.strip())


def _table2(report: Report, raw: Any) -> None:
    for path, value in _leaves(raw):
        joined = "/".join(path)
        row = next((found for label in reversed(path) if (found := names.table2_row(label))), None)
        if row is None:
            continue
        printed = columns_of(row, report.form)
        own = next(label for label in reversed(path) if names.table2_row(label) == row)
        report.labels.setdefault(("table2", row), own.strip())
        cells = report.table2.setdefault(row, {})
        if isinstance(value, list):
            if len(value) == len(printed):
                cells.update(zip(printed, map(_cell, value), strict=True))
            continue
        if value is None and not names.table2_column(path[-1]):
            cells.update((name, _cell(None)) for name in printed)
            continue
        column = names.table2_column(path[-1]) or names.table2_column(joined)
        if column == "decisions" and report.form == "2019":
            column = "handled"
        if column:
            cells[column] = _cell(value)
        elif len(printed) == 1:
            cells[printed[0]] = _cell(value)
    report.table2 = {row: cells for row, cells in report.table2.items() if cells}


def _texts(raw: Any) -> Iterator[tuple[str, str]]:
    if isinstance(raw, str):
        yield "", raw
    elif isinstance(raw, list):
        for number, each in enumerate(raw):
            yield (NUMERALS[number] if number < len(SECTIONS) else str(number + 1)), _prose(each)
    elif isinstance(raw, dict):
        for key, value in raw.items():
            yield str(key), _prose(value)


def _prose(raw: Any) -> str:
    match raw:
        case str():
            return raw
        case list():
            return "\n".join(_prose(each) for each in raw)
        case dict():
            return "\n".join(_prose(each) for each in raw.values())
        case _:
            return ""
