"""What a sheet becomes: new, known, updated, changed or faulty rows; the preview says it beforehand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from cast import NOW, moment
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables import HEADER, LETTERS, write_csv, write_xlsx

from qianshao.core.duties.models import Duty
from qianshao.core.imports import runs
from qianshao.core.ledger.models import Entry
from qianshao.core.org.models import Unit
from qianshao.kit.imports import faults, mapping, running
from qianshao.kit.imports.spec import ImportSpec
from qianshao.kit.sheets.opening import open_sheet

from .conftest import ROBOT, Take

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_sheet_is_new_once_and_known_ever_after(take: Take) -> None:
    first, second = take(LETTERS), take(LETTERS)

    assert (first.counts, second.counts) == ({"new": 4}, {"known": 4})
    assert (first.run.pk, Duty.objects.count(), Entry.objects.count()) != (second.run.pk, 8, 14)
    assert (Duty.objects.count(), Entry.objects.count()) == (4, 7)


def test_other_orders_of_columns_other_encodings_and_a_workbook_are_the_same_rows(
    take: Take, tmp_path: Path
) -> None:
    take(LETTERS)
    turned = [tuple(reversed(row)) for row in LETTERS]
    same = [
        write_csv(tmp_path / "turned.csv", turned, tuple(reversed(HEADER))),
        write_csv(tmp_path / "gb.csv", encoding="gb18030", delimiter=";"),
        write_xlsx(tmp_path / "a.xlsx", [HEADER, *((int(row[0]), *row[1:]) for row in LETTERS)]),
        write_xlsx(
            tmp_path / "dates.xlsx",
            [HEADER, *((row[0], row[1], datetime.fromisoformat(row[2]), *row[3:]) for row in LETTERS)],
        ),
    ]

    assert [take(path).counts for path in same] == [{"known": 4}] * 4


def test_a_row_that_was_answered_since_is_updated_and_its_first_fact_stays(take: Take) -> None:
    take(LETTERS)
    answered = (*LETTERS[3][:4], "已贴告示", "2025-10-13 15:00:00")

    again = take([*LETTERS[:3], answered])

    assert again.counts == {"updated": 1, "known": 3}
    assert Duty.objects.get(number="4").closed_at == moment("2025-10-13 15:00")


def test_a_row_that_reads_otherwise_than_before_changes_nothing_and_names_what_differs(take: Take) -> None:
    take(LETTERS)
    entries = Entry.objects.count()

    again = take([("1", "路灯全灭", *LETTERS[0][2:]), ("2", *LETTERS[1][1:5], "2025-10-10 09:00:00")])

    assert again.counts == {"changed": 2}
    assert again.foreseen.changed == [(2, "标题"), (3, "时间")]
    assert Entry.objects.count() == entries


def test_the_same_number_twice_in_a_sheet_is_told_with_the_row_it_stood_in_first(take: Take) -> None:
    found = take([LETTERS[0], ("1", "另一件事", *LETTERS[0][2:]), LETTERS[0]])

    assert found.counts == {"new": 1, "known": 1, "changed": 1}
    assert found.foreseen.changed == [(3, "编号与第 2 行相同，内容不同")]


def test_the_same_number_from_another_platform_is_another_order(take: Take) -> None:
    take(LETTERS)

    assert take(LETTERS, source="省平台").counts == {"new": 4}


def test_rows_without_a_number_are_known_again_by_their_words(take: Take) -> None:
    rows, header = [row[1:] for row in LETTERS], HEADER[1:]

    assert [take(rows, header).counts for _time in range(2)] == [{"new": 4}, {"known": 4}]


def test_every_fault_names_row_column_and_mend_and_the_rest_is_taken_in(take: Take) -> None:
    def spoiled(number: str, **changes: str) -> tuple[str, ...]:
        cells = dict(zip(HEADER, LETTERS[0], strict=True)) | {"留言编号": number} | changes
        return tuple(cells.values())

    found = take(
        [
            spoiled("1"),
            spoiled("2", 留言时间="2025-02-30 08:00"),
            spoiled("3", 留言时间=""),
            spoiled("4", 答复时间="2025-09-21 08:00"),
            spoiled("5", 答复时间=""),
            spoiled("6", 答复意见=""),
            spoiled("7", 留言主题=""),
            spoiled("8", 留言时间="2099-01-01", 答复意见="", 答复时间=""),
            spoiled("9", 留言时间="1999-01-01"),
            spoiled("10", 留言主题="长" * 201),
            ("11", "只有两格"),
        ]
    )

    assert found.counts == {"new": 1, "faulty": 10}
    assert found.faults == [
        (3, ("C",), "“受理时间”没有这一天或这一时刻", "核对年月日和时间，例如二月没有30日"),
        (4, ("C",), "缺“受理时间”", "补上受理的日期和时间，例如 2019-01-06 12:09:38"),
        (5, ("C", "F"), "答复时间早于受理时间", "核对两个时间"),
        (6, ("E", "F"), "有答复内容，没有答复时间", "补上答复时间或答复用时；没有时间就算不出是否逾期"),
        (7, ("E", "F"), "有答复时间，没有答复内容", "补上答复内容；还没有答复的，两格都空着"),
        (8, ("B",), "缺“标题”", "请补填这一格"),
        (9, ("C",), "日期晚于现在", "核对年份和月份"),
        (10, ("C",), "1999 年没有工作日历，最早 2007年1月1日", "核对年份；更早的工单不能计算时限"),
        (11, ("B",), "“标题”有 201 个字，最多 200 个", "缩短这一格"),
        (12, ("C",), "缺“受理时间”", "补上受理的日期和时间，例如 2019-01-06 12:09:38"),
    ]
    assert found.foreseen.counts == found.counts


def test_a_thousand_rows_with_one_fault_are_counted_and_only_the_first_named(take: Take) -> None:
    found = take([(str(number), "", *LETTERS[0][2:]) for number in range(1000)])

    (alike,) = found.foreseen.alike.most(5)
    assert (alike.count, len(alike.rows), len(found.foreseen.faults)) == (1000, faults.SHOWN, 50)


def test_the_error_sheet_is_mended_and_handed_in_as_it_is(take: Take, tmp_path: Path) -> None:
    found = take([LETTERS[0], ("2", "=HYPERLINK(1)", "2025-02-30", "走过去会响", "", "")])
    path = tmp_path / "errors.xlsx"

    faults.write(path, found.sheet, runs.faults_of(found.run))
    book = openpyxl.load_workbook(path)
    page = book.active
    rows = list(page.iter_rows(values_only=True))
    mended = rows[0].index("留言时间") + 1
    assert rows[0] == (*mapping.FAULT_COLUMNS, *HEADER)
    assert rows[1][:6] == (
        3,
        "留言时间：“受理时间”没有这一天或这一时刻",
        "核对年月日和时间，例如二月没有30日",
        "2",
        "=HYPERLINK(1)",
        "2025-02-30",
    )
    assert page.cell(2, 5).data_type == "s"  # no cell is ever a formula
    assert page.cell(2, mended).fill.fgColor.rgb == "FFFFE08A"
    page.cell(2, mended).value = "2025-02-28"
    book.save(path)

    assert take(path).counts == {"new": 1}
    assert set(Duty.objects.values_list("number", flat=True)) == {"1", "2"}


def test_units_go_by_name_short_name_and_code_and_two_of_one_name_are_asked_about(
    take: Take, city: dict[str, Unit]
) -> None:
    county = city["county-1"]
    for code in ("lake-1", "lake-2"):
        Unit.objects.create(
            code=code,
            name=f"{code}城关镇人民政府",
            short="城关镇",
            kind="town",
            parent=county,
            path=f"{county.path}{code}/",
            valid_from=moment("2000-01-01").date(),
            order=9,
        )
    header = (*HEADER, "承办单位")
    names = ["市水利局", "水利局", "water", "", "城关镇", "没有这个局"]

    found = take([(str(n), *LETTERS[3][1:], name) for n, name in enumerate(names)], header)

    assert found.counts == {"new": 4, "faulty": 2}
    assert found.faults == [
        (6, ("G",), "“承办单位”可能指几个单位", "写全称，可能是：lake-1城关镇人民政府、lake-2城关镇人民政府"),
        (7, ("G",), "“承办单位”里的名称没有登记", "核对单位名称，或先登记该单位"),
    ]
    assert list(Duty.objects.order_by("number").values_list("unit__code", flat=True)) == ["water"] * 3 + [
        None
    ]


def test_days_to_the_answer_stand_in_for_its_moment(take: Take) -> None:
    header = ("编号", "标题", "受理日期", "内容", "答复内容", "办理天数")
    take(
        [("1", "标题", "2025-09-22", "内容", "答复", "5"), ("2", "标题", "2025-09-22", "内容", "答复", "0")],
        header,
    )

    assert list(Duty.objects.order_by("number").values_list("closed_at", flat=True)) == [
        moment("2025-09-27"),
        moment("2025-09-22"),
    ]


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_an_import_that_was_stopped_goes_on_behind_the_last_batch(
    rows: int, spec: ImportSpec, city: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 1)
    monkeypatch.setattr(running.batches, "__defaults__", (1,))
    sheet = open_sheet(write_csv(tmp_path / "a.csv"), known=lambda name: mapping.known(spec, name))
    reading = mapping.propose(spec, sheet.header)

    def opened() -> runs.ImportRun:
        return runs.open_run(
            spec=spec.key,
            file="a.csv",
            sha256=sheet.sha256,
            signature="",
            lines=5,
            reading=reading,
            actor=ROBOT,
            now=NOW,
        )

    class Enough(Exception):
        pass

    def beat(run: runs.ImportRun) -> None:
        if run.rows == rows:
            raise Enough

    run = opened()
    with pytest.raises(Enough):
        running.go(run, spec, sheet, actor=ROBOT, clock=lambda: NOW, beat=beat)
    assert (run.state, run.rows, Duty.objects.count()) == ("stopped", rows, rows)

    again = opened()
    running.go(again, spec, sheet, actor=ROBOT, clock=lambda: NOW, beat=lambda run: None)

    assert (again.pk, again.state, again.new, Duty.objects.count()) == (run.pk, "done", 4, 4)


_WORDS = (
    st.text(st.sampled_from("路灯不亮井盖=+-@\t'\"，,;\n一二"), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)
_ROWS = st.lists(
    st.tuples(
        st.integers(1, 40).map(str),
        _WORDS,
        st.datetimes(datetime(2010, 1, 1), datetime(2025, 12, 1)).map("{:%Y-%m-%d %H:%M:%S}".format),  # noqa: DTZ001
        _WORDS,
        st.just(""),
        st.just(""),
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_ROWS)
def test_whatever_a_sheet_holds_the_preview_foretells_and_a_second_time_adds_nothing(
    take: Take, tmp_path: Path, rows: list[tuple[str, ...]]
) -> None:
    first = take(rows)
    entries = Entry.objects.count()
    second = take(write_xlsx(tmp_path / "same.xlsx", [HEADER, *rows]))

    assert first.counts == +first.foreseen.counts
    assert sum(first.counts.values()) == len(rows)
    assert second.counts.get("new", 0) == 0
    assert Entry.objects.count() == entries
