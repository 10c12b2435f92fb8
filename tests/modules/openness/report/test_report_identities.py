"""One cell broken at a time, in every cell: the identities that hold the cell are found, and only those."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import registers
from hypothesis import given, settings
from hypothesis import strategies as st

from qianshao.modules.openness.report import opening
from qianshao.modules.openness.report.check import check
from qianshao.modules.openness.report.finding import Finding
from qianshao.modules.openness.report.form import COLUMNS, ROW, figures

COLUMN_NAMES = list(COLUMNS.values())
LABELS = {ROW[key].label: key for key in figures("2021")}


def findings_in(folder: Path, *made: dict[str, Any]) -> list[Finding]:
    files = []
    for number, each in enumerate(made):
        file = folder / f"{number}.json"
        file.write_text(json.dumps(each, ensure_ascii=False), encoding="utf-8")
        files.append(file)
    return check([report for file in files for report in opening.reports_in(file)])


def oracle(made: dict[str, Any]) -> set[tuple[str, str]]:
    """The broken identities of table three, counted anew from the printed numbers: (id, row or column)."""
    table = {label: cells for label, cells in made["table3"].items() if cells}
    by_key = {LABELS[label]: cells for label, cells in table.items()}
    parts = [key for key in by_key if key not in ("new", "carried_in", "total", "carried_out")]
    broken = set()
    for place, name in enumerate(COLUMN_NAMES):
        at = {key: cells[place] for key, cells in by_key.items()}
        if at["new"] + at["carried_in"] != at["total"] + at["carried_out"]:
            broken.add(("I1", name))
        if at["total"] != sum(at[key] for key in parts):
            broken.add(("I2", name))
    broken |= {("I3", label) for label, cells in table.items() if cells[6] != sum(cells[:6])}
    return broken


def said(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(each.id, each.where.row if each.id == "I3" else each.where.column) for each in findings}


@settings(max_examples=200, deadline=None)
@given(
    changes=st.lists(
        st.tuples(st.sampled_from(list(LABELS)), st.integers(0, 6), st.integers(0, 30)),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_cells_are_changed_exactly_the_broken_identities_are_found(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, int, int]]
) -> None:
    made = registers.as_json()
    for label, place, value in changes:
        made["table3"][label][place] = value

    findings = findings_in(tmp_path_factory.mktemp("r"), made)

    assert said(findings) == oracle(made)
    assert {finding.severity for finding in findings} <= {"error"}


@pytest.mark.parametrize("label", LABELS)
def test_a_wrong_cell_inside_the_table_is_pointed_at(tmp_path: Path, label: str) -> None:
    made = registers.as_json()
    was = made["table3"][label][2]
    made["table3"][label][2] = was + 3

    findings = findings_in(tmp_path, made)

    assert len(findings) >= 2
    for finding in findings:
        assert finding.suspect is not None
        assert (finding.suspect.row, finding.suspect.column) == (label, "科研机构")
        assert (finding.suspect.stands, finding.suspect.should) == (was + 3, was)


def test_the_form_s_own_identity_names_its_four_cells(tmp_path: Path) -> None:
    made = registers.as_json()
    label = ROW["carried_out"].label
    made["table3"][label][0] += 1
    made["table3"][label][6] += 1

    first, second = findings_in(tmp_path, made)

    assert (first.id, first.where.column, second.where.column) == ("I1", "自然人", "总计")
    assert first.where.row == "一 + 二 = （七） + 四"
    assert len(first.where.cells) == 4
    assert first.stands == first.should + 1  # type: ignore[operator]


@pytest.mark.parametrize("course", ["行政复议", "未经复议直接起诉", "复议后起诉"])
@pytest.mark.parametrize("result", ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"])
def test_a_wrong_cell_of_table_four_breaks_its_course_alone(tmp_path: Path, course: str, result: str) -> None:
    made = registers.as_json()
    made["table4"][course][result] += 2

    (finding,) = findings_in(tmp_path, made)

    assert (finding.id, finding.where.row, finding.where.column) == ("I4", course, "总计")
    assert abs(finding.stands - finding.should) == 2  # type: ignore[operator]


@pytest.mark.parametrize(
    ("printed", "fault"),
    [(None, "空白"), ("", "空白"), ("—", "横线"), ("/", "横线"), ("无", "横线"), ("若干", "不是数字")],
)
def test_a_cell_that_is_no_number_is_found_once_where_it_stood_for_nought(
    tmp_path: Path, printed: str | None, fault: str
) -> None:
    made = registers.as_json()
    label = "3.要求提供公开出版物"
    place = made["table3"][label].index(0)
    made["table3"][label][place] = printed

    (finding,) = findings_in(tmp_path, made)

    assert (finding.id, finding.severity, finding.where.row) == ("I8", "warning", label)
    assert (finding.where.column, finding.stands, finding.should) == (COLUMN_NAMES[place], printed or None, 0)
    assert fault in str(finding.says)


def test_a_blank_that_hides_a_number_makes_its_sums_not_assessable_and_says_what_it_was(
    tmp_path: Path,
) -> None:
    made = registers.as_json()
    label = "一、本年新收政府信息公开申请数量"
    was = made["table3"][label][0]
    made["table3"][label][0] = None

    findings = findings_in(tmp_path, made)

    assert was > 0
    assert {finding.id: finding.severity for finding in findings} == {
        "I1": "not assessable",
        "I3": "not assessable",
        "I8": "warning",
    }
    assert next(finding.should for finding in findings if finding.id == "I8") == was


def test_a_blank_total_is_not_assessable(tmp_path: Path) -> None:
    made = registers.as_json()
    made["table3"]["2.重复申请"][6] = None

    findings = findings_in(tmp_path, made)

    assert {(finding.id, finding.severity) for finding in findings} >= {
        ("I3", "not assessable"),
        ("I8", "warning"),
    }
    assert all(finding.severity != "error" for finding in findings)


def test_decimals_and_negatives_are_faults_except_in_money(tmp_path: Path) -> None:
    made = registers.as_json()
    made["table2"]["行政事业性收费"]["本年收费金额（单位：万元）"] = 12.75
    made["table2"]["行政许可"]["本年处理决定数量"] = 3.5
    made["table4"]["行政复议"]["其他结果"] = -1
    made["table4"]["行政复议"]["总计"] -= 1

    findings = findings_in(tmp_path, made)

    assert [(each.id, each.where.row, each.stands) for each in findings] == [
        ("I8", "行政许可", pytest.approx(3.5)),
        ("I8", "行政复议", -1),
    ]


def test_the_next_year_must_carry_in_what_this_year_carried_out(tmp_path: Path) -> None:
    years = [registers.as_json(2024), registers.as_json(2025)]
    for column in (0, 6):
        years[1]["table3"]["一、本年新收政府信息公开申请数量"][column] -= 1
        years[1]["table3"]["二、上年结转政府信息公开申请数量"][column] += 1

    findings = [each for each in findings_in(tmp_path, *reversed(years)) if each.id == "I5"]

    assert [(each.where.column, each.report.year, each.severity) for each in findings] == [
        ("自然人", 2025, "error"),
        ("总计", 2025, "error"),
    ]
    assert all(each.stands == each.should + 1 for each in findings)  # type: ignore[operator]


def test_documents_in_force_follow_from_the_year_before(tmp_path: Path) -> None:
    years = [registers.as_json(2023), registers.as_json(2024)]
    years[1]["table2"]["规章"] = {"本年制发件数": 2, "本年废止件数": 1, "现行有效件数": 5}
    years[1]["table2"]["行政规范性文件"] = {"本年制发件数": 3, "本年废止件数": 2, "现行有效件数": 21}

    (finding,) = [each for each in findings_in(tmp_path, *years) if each.id == "I6"]

    assert (finding.where.row, finding.where.column) == ("行政规范性文件", "现行有效件数")
    assert (finding.stands, finding.should, finding.severity) == (21, 22, "warning")


def test_units_are_never_held_against_each_other(tmp_path: Path) -> None:
    before, after = registers.as_json(2023, "刺桐市教育局"), registers.as_json(2024, "刺桐市财政局")
    after["table3"]["二、上年结转政府信息公开申请数量"] = [0] * 7
    after["table3"]["四、结转下年度继续办理"] = [0] * 7
    after["table3"]["一、本年新收政府信息公开申请数量"] = after["table3"]["（七）总计"]

    assert [each.id for each in findings_in(tmp_path, before, after)] == []


def test_a_new_report_on_the_old_form_is_found(tmp_path: Path) -> None:
    old = registers.as_json(2020)

    assert findings_in(tmp_path, old) == []
    (finding,) = findings_in(tmp_path, {**old, "year": 2022})
    assert (finding.id, finding.severity, finding.stands, finding.should) == (
        "FORM",
        "warning",
        "2019",
        "2021",
    )


def test_a_row_nobody_can_place_makes_the_sum_not_assessable(tmp_path: Path) -> None:
    made = registers.as_json()
    made["table3"]["新设的一行"] = made["table3"].pop("2.重复申请")

    findings = findings_in(tmp_path, made)

    assert {(finding.id, finding.severity) for finding in findings} == {("I2", "not assessable")}
