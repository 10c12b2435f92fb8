"""Our own report, made from any register, balances and is read back the same from every format."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import registers
from hypothesis import given, settings
from hypothesis import strategies as st

from qianshao.modules.openness.report import compute, exports, opening
from qianshao.modules.openness.report.check import check
from qianshao.modules.openness.report.form import COLUMNS, figures
from qianshao.modules.openness.report.model import Report
from qianshao.modules.openness.report.numerals import Cell


def numbers(report: Report) -> dict[tuple[str, str, str], object]:
    return {
        (table, row, column): cell.value
        for table in ("table2", "table3", "table4")
        for row, cells in report.table(table).items()
        for column, cell in cells.items()
    }


def written(report: Report, folder: Path) -> list[Path]:
    files = [folder / f"r.{kind}" for kind in ("docx", "html", "json")]
    files[0].write_bytes(exports.as_docx(report))
    files[1].write_text(exports.as_html(report), encoding="utf-8")
    files[2].write_text(json.dumps(exports.as_json(report), ensure_ascii=False), encoding="utf-8")
    return files


@settings(max_examples=60, deadline=None)
@given(requests=registers.requests, cases=registers.cases)
def test_a_report_of_any_register_balances_and_comes_back_from_every_format(
    tmp_path_factory: pytest.TempPathFactory,
    requests: list[compute.Request],
    cases: list[compute.Case],
) -> None:
    report = compute.report(
        body=registers.BODY, year=2024, requests=requests, cases=cases, entries=registers.ENTRIES
    )

    assert check([report]) == []
    for file in written(report, tmp_path_factory.mktemp("r")):
        (read,) = opening.reports_in(file)
        assert (read.body, read.year, read.form) == (report.body, 2024, "2021"), file.suffix
        assert numbers(read) == numbers(report), file.suffix
        assert check([read]) == [], file.suffix


@settings(max_examples=40, deadline=None)
@given(requests=registers.requests)
def test_what_one_year_carries_out_the_next_carries_in(requests: list[compute.Request]) -> None:
    years = [
        compute.report(
            body=registers.BODY,
            year=year,
            requests=requests,
            entries=registers.ENTRIES if year == 2024 else {},
        )
        for year in (2023, 2024)
    ]

    assert [finding for finding in check(years) if finding.id == "I5"] == []


def test_the_2019_form_has_one_row_for_other_handling(tmp_path: Path) -> None:
    report = registers.a_report(2020)

    for file in written(report, tmp_path):
        (read,) = opening.reports_in(file)
        assert read.form == "2019"
        assert "otherwise" in read.table3 and "not_corrected" not in read.table3
        assert numbers(read) == numbers(report)


def test_each_request_is_counted_once_on_each_side() -> None:
    open_at_year_end = registers.a_request(1, "person", 360, 20, "O2")

    assert compute.places(open_at_year_end, 2024, "2021") == ("new", "carried_out")
    assert compute.places(open_at_year_end, 2025, "2021") == ("carried_in", "granted", "total")
    assert compute.places(open_at_year_end, 2026, "2021") == ()


def test_a_record_that_cannot_be_counted_is_named() -> None:
    with pytest.raises(compute.BadRecord, match="依申请〔2024〕7号"):
        compute.report(
            body="甲",
            year=2024,
            requests=[compute.Request("依申请〔2024〕7号", "person", date(2024, 3, 1), date(2024, 4, 1), "")],
        )


@settings(max_examples=40, deadline=None)
@given(
    row=st.sampled_from(figures("2021")), column=st.sampled_from(list(COLUMNS)), value=st.integers(0, 99_999)
)
def test_a_wrong_cell_is_found_the_same_in_every_format(
    tmp_path_factory: pytest.TempPathFactory, row: str, column: str, value: int
) -> None:
    report = registers.a_report()
    report.table3[row][column] = Cell(str(value), value)

    direct = [(each.id, each.where, each.stands, each.should) for each in check([report])]

    for file in written(report, tmp_path_factory.mktemp("r")):
        found = [(each.id, each.where, each.stands, each.should) for each in check(opening.reports_in(file))]
        assert found == direct, file.suffix


@pytest.mark.parametrize(
    ("printed", "severity"), [("", "warning"), ("—", "warning"), ("/", "warning"), ("　", "warning")]
)
def test_a_cell_without_a_number_is_found_on_a_page(tmp_path: Path, printed: str, severity: str) -> None:
    file = tmp_path / "r.html"
    file.write_text(exports.as_html(registers.a_report()).replace(">1203<", f">{printed}<"), encoding="utf-8")

    (finding,) = check(opening.reports_in(file))

    assert (finding.id, finding.severity, finding.where.row) == ("I8", severity, "行政许可")


def test_nothing_of_django_is_needed_to_check_a_report() -> None:
    code = (
        "import sys; from qianshao.modules.openness.report import check, compute, exports, opening; "
        "from qianshao.modules.openness.letters import writing; "
        "from qianshao.modules.openness import interpretations_excerpt; "
        "sys.exit('django' in sys.modules)"
    )

    assert (
        subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": os.pathsep.join(sys.path)}).returncode
        == 0
    )
