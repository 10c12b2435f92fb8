"""Balanced reports made from bare numbers, written down in every way the form allows; then one cell is broken.

Made without our own arithmetic, so that a mistake shared by the maker and the checker cannot hide.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qianshao.modules.openness.report import opening
from qianshao.modules.openness.report.check import check
from qianshao.modules.openness.report.finding import Finding

# The printed labels, typed from the form (国办公开办函〔2021〕30号), with the outcomes that add up to （七）.
OUTCOMES = [
    "（一）予以公开",
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）",
    "1.属于国家秘密",
    "2.其他法律行政法规禁止公开",
    "3.危及“三安全一稳定”",
    "4.保护第三方合法权益",
    "5.属于三类内部事务信息",
    "6.属于四类过程性信息",
    "7.属于行政执法案卷",
    "8.属于行政查询事项",
    "1.本机关不掌握相关政府信息",
    "2.没有现成信息需要另行制作",
    "3.补正后申请内容仍不明确",
    "1.信访举报投诉类申请",
    "2.重复申请",
    "3.要求提供公开出版物",
    "4.无正当理由大量反复申请",
    "5.要求行政机关确认或重新出具已获取信息",
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    "3.其他",
]
NEW, IN, ALL, OUT = (
    "一、本年新收政府信息公开申请数量",
    "二、上年结转政府信息公开申请数量",
    "（七）总计",
    "四、结转下年度继续办理",
)
GROUPS = {
    "三、本年度办理结果": None,
    "（三）不予公开": range(2, 10),
    "（四）无法提供": range(10, 13),
    "（五）不予处理": range(13, 18),
    "（六）其他处理": range(18, 21),
}
COLUMNS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
RESULTS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
COURSES = ["行政复议", "未经复议直接起诉", "复议后起诉"]
COUNT = st.integers(0, 60) | st.sampled_from([0, 0, 0, 1, 9_999])


@st.composite
def numbers(draw: st.DrawFn) -> dict[str, list[int]]:
    """Table three by its printed labels: seven numbers a row, every sum right."""
    six = st.lists(COUNT, min_size=6, max_size=6)
    rows = {label: draw(six) for label in OUTCOMES}
    rows[OUT] = draw(six)
    rows[ALL] = [sum(rows[label][place] for label in OUTCOMES) for place in range(6)]
    dealt = [rows[ALL][place] + rows[OUT][place] for place in range(6)]
    rows[IN] = [draw(st.integers(0, each)) for each in dealt]
    rows[NEW] = [each - before for each, before in zip(dealt, rows[IN], strict=True)]
    return {label: [*cells, sum(cells)] for label, cells in rows.items()}


def laid_out(rows: dict[str, list[int]], shape: str) -> Any:
    """The same table as different hands write it."""
    order = [NEW, IN, *OUTCOMES, ALL, OUT]
    match shape:
        case "lists":
            return {label: rows[label] for label in order}
        case "headings null":
            found: dict[str, Any] = {label: rows[label] for label in (NEW, IN)}
            for place, label in enumerate(OUTCOMES):
                found |= {group: None for group, of in GROUPS.items() if of and of[0] == place}
                found[label] = rows[label]
            return found | {ALL: rows[ALL], OUT: rows[OUT]}
        case "by column":
            return {label: dict(zip(COLUMNS, rows[label], strict=True)) for label in order}
        case "texts":
            return {label: [f"{each:,}" for each in rows[label]] for label in order}
        case "nested":
            found = {label: rows[label] for label in (NEW, IN, *OUTCOMES[:2])}
            for group, of in GROUPS.items():
                if of:
                    found[group] = {OUTCOMES[place]: rows[OUTCOMES[place]] for place in of}
            return found | {ALL: rows[ALL], OUT: rows[OUT]}
        case _:
            return [{"label": label, "values": rows[label]} for label in order]


SHAPES = ("lists", "headings null", "by column", "texts", "nested", "rows")


@st.composite
def reports(draw: st.DrawFn, shape: str = "") -> tuple[dict[str, list[int]], dict[str, Any]]:
    """The numbers of table three, and a whole report that balances."""
    rows = draw(numbers())
    courses = {}
    for course in COURSES:
        four = draw(st.lists(COUNT, min_size=4, max_size=4))
        courses[course] = dict(zip(RESULTS, [*four, sum(four)], strict=True))
    said = draw(st.booleans())
    new, person = rows[NEW][6], rows[NEW][0]
    report = {
        "body": "刺桐市教育局",
        "year": draw(st.integers(2021, 2025)),
        "form": "2021",
        "table2": {
            "规章": {"本年制发件数": 0, "本年废止件数": 0, "现行有效件数": draw(COUNT)},
            "行政规范性文件": {
                "本年制发件数": draw(COUNT),
                "本年废止件数": draw(COUNT),
                "现行有效件数": draw(COUNT),
            },
            "行政许可": {"本年处理决定数量": draw(COUNT)},
            "行政处罚": {"本年处理决定数量": draw(COUNT)},
            "行政强制": {"本年处理决定数量": draw(COUNT)},
            "行政事业性收费": {"本年收费金额（单位：万元）": 12.75},
        },
        "table3": laid_out(rows, shape or draw(st.sampled_from(SHAPES))),
        "table4": courses if draw(st.booleans()) else [list(each.values()) for each in courses.values()],
        "text": {
            "一": f"本年新收政府信息公开申请{new}件，其中自然人申请{person}件。" if said else "",
            "三": f"全年共收到政府信息公开申请{new}件，结转下年度继续办理{rows[OUT][6]}件。" if said else "",
            "五": "答复说理不够充分，下一步加强培训。",
        },
    }
    return rows, report


def found_in(folder: Path, report: dict[str, Any]) -> list[Finding]:
    file = folder / "r.json"
    file.write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    return check(opening.reports_in(file))


@given(made=reports())
@settings(max_examples=80, deadline=None)
def test_never_a_finding_on_a_report_that_balances(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[dict[str, list[int]], dict[str, Any]]
) -> None:
    _rows, report = made

    assert found_in(tmp_path_factory.mktemp("b"), report) == []


@given(
    made=reports(shape="lists"),
    label=st.sampled_from([NEW, IN, *OUTCOMES, ALL, OUT]),
    column=st.integers(0, 6),
    by=st.integers(1, 40),
)
@settings(max_examples=80, deadline=None)
def test_one_broken_cell_breaks_its_row_and_its_column_and_no_other(
    tmp_path_factory: pytest.TempPathFactory,
    made: tuple[dict[str, list[int]], dict[str, Any]],
    label: str,
    column: int,
    by: int,
) -> None:
    _rows, report = made
    wrong = copy.deepcopy(report)
    wrong["text"] = {}
    wrong["table3"][label][column] += by

    findings = found_in(tmp_path_factory.mktemp("b"), wrong)

    # Every cell is in the sum of its row; every one but 总计's own row sum in a column's: （七） in two of them.
    columns = {NEW: ["I1"], IN: ["I1"], OUT: ["I1"], ALL: ["I1", "I2"]}.get(label, ["I2"])
    assert sorted(each.id for each in findings) == sorted(["I3", *columns])
    assert {each.where.row for each in findings if each.id == "I3"} == {label}
    assert {each.where.column for each in findings if each.id != "I3"} == {COLUMNS[column]}
    assert {abs(each.stands - each.should) for each in findings} == {by}  # type: ignore[operator]
    assert {each.severity for each in findings} == {"error"}


@given(made=reports(), course=st.sampled_from(COURSES), result=st.sampled_from(RESULTS), by=st.integers(1, 9))
@settings(max_examples=40, deadline=None)
def test_one_broken_cell_of_table_four_breaks_its_group(
    tmp_path_factory: pytest.TempPathFactory,
    made: tuple[dict[str, list[int]], dict[str, Any]],
    course: str,
    result: str,
    by: int,
) -> None:
    _rows, report = made
    if isinstance(report["table4"], list):
        report["table4"][COURSES.index(course)][RESULTS.index(result)] += by
    else:
        report["table4"][course][result] += by

    (finding,) = found_in(tmp_path_factory.mktemp("b"), report)

    assert (finding.id, finding.where.row, finding.where.column) == ("I4", course, "总计")


@given(made=reports(shape="lists"), by=st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_a_sentence_with_another_number_than_the_table_is_found(
    tmp_path_factory: pytest.TempPathFactory,
    made: tuple[dict[str, list[int]], dict[str, Any]],
    by: int,
) -> None:
    rows, report = made
    report["text"] = {"三": f"全年共收到政府信息公开申请{rows[NEW][6] + by}件。"}

    (finding,) = found_in(tmp_path_factory.mktemp("b"), report)

    assert (finding.id, finding.stands, finding.should) == ("I7", rows[NEW][6] + by, rows[NEW][6])
