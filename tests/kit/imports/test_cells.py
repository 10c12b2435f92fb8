"""Cells as offices write them: moments, numbers, choices, and what is refused without quoting it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cast import moment
from hypothesis import given
from hypothesis import strategies as st

from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.imports import cells
from qianshao.kit.imports.cells import BadCell
from qianshao.kit.sheets.model import Cell
from qianshao.modules.hotline import facts as f
from qianshao.modules.hotline.imports import COLUMNS

CHANNEL = next(column for column in COLUMNS if column.key == "channel")

MOMENTS: list[tuple[Cell, str]] = [
    ("2019-01-06 12:09:38", "2019-01-06 12:09:38"),
    ("2019/1/6 9:05", "2019-01-06 09:05"),
    ("2019.1.6", "2019-01-06"),
    ("2019年1月6日", "2019-01-06"),
    ("2019年1月6日 星期日 下午3点05分", "2019-01-06 15:05"),
    ("2019-01-06 上午12:30", "2019-01-06 00:30"),
    ("2019-01-06T12:09:38.512", "2019-01-06 12:09:38"),
    ("2019-01-06T04:09:38Z", "2019-01-06 12:09:38"),
    ("2019-01-06 04:09:38+00:00", "2019-01-06 12:09:38"),
    ("２０１９－０１－０６", "2019-01-06"),
    ("20190106", "2019-01-06"),
    ("20190106120938", "2019-01-06 12:09:38"),
    (43471.0, "2019-01-06"),
    ("43471.5", "2019-01-06 12:00"),
    (43471.50669, "2019-01-06 12:09:38"),
    (datetime(2019, 1, 6, 12, 9, 38, 700_000), "2019-01-06 12:09:38"),  # noqa: DTZ001 - a spreadsheet's
    (datetime(2019, 1, 6, 4, 9, 38, tzinfo=UTC), "2019-01-06 12:09:38"),
]


@pytest.mark.parametrize(("cell", "expected"), MOMENTS, ids=[str(cell) for cell, _at in MOMENTS])
def test_a_moment_is_read_however_it_is_written(cell: Cell, expected: str) -> None:
    assert cells.moment(cell, "受理时间") == moment(expected)


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("2019-02-30", "“受理时间”没有这一天或这一时刻"),
        ("2019-01-06 25:00", "“受理时间”没有这一天或这一时刻"),
        ("1/6/2019", "“受理时间”无法区分年、月、日"),
        ("19-01-06", "“受理时间”无法区分年、月、日"),
        ("昨天", "“受理时间”不是日期"),
        (12.0, "“受理时间”不是日期"),
        (True, "“受理时间”不是日期"),
    ],
)
def test_what_is_no_moment_is_refused(cell: Cell, problem: str) -> None:
    with pytest.raises(BadCell, match=problem):
        cells.moment(cell, "受理时间")


@given(st.datetimes(datetime(2007, 1, 1), datetime(2099, 12, 31), timezones=st.none()))  # noqa: DTZ001
def test_a_spreadsheets_count_of_days_gives_the_second_back(at: datetime) -> None:
    at = at.replace(microsecond=0)
    serial = (at - datetime(1899, 12, 30)).total_seconds() / 86400  # noqa: DTZ001

    assert cells.moment(serial, "受理时间") == at.replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize("cell", [1.23457e17, "1.23457E+17", " 4e+15 "])
def test_a_number_a_spreadsheet_cut_short_is_refused_for_it_would_name_many_orders(cell: Cell) -> None:
    with pytest.raises(BadCell, match="末尾几位已经丢失"):
        cells.number(cell, "原编号")


@pytest.mark.parametrize(("cell", "expected"), [(7.0, "7"), ("007", "007"), (" A-1 ", "A-1"), (None, "")])
def test_a_number_stays_as_it_was_given(cell: Cell, expected: str) -> None:
    assert cells.number(cell, "原编号") == expected


@pytest.mark.parametrize(("cell", "expected"), [("3天", 3.0), (2.5, 2.5), ("", None), ("1,000", 1000.0)])
def test_a_count_of_days(cell: Cell, expected: float | None) -> None:
    assert cells.amount(cell, "答复用时") == expected


@pytest.mark.parametrize("cell", ["-1", "三天", "3-5"])
def test_what_is_no_count_is_refused(cell: Cell) -> None:
    with pytest.raises(BadCell, match="不是数"):
        cells.amount(cell, "答复用时")


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("电话", "phone"),
        ("12345", "phone"),
        ("e刺桐APP", "web"),
        ("省平台", "upper"),
        ("board", "board"),
        ("", ""),
    ],
)
def test_a_choice_goes_by_key_title_usual_word_or_its_last_word(cell: str, key: str) -> None:
    assert cells.choice(cell, "渠道", f.CHANNELS, CHANNEL.spoken) == key


READERS: list[Callable[[str], object]] = [
    lambda cell: cells.moment(cell, "列"),
    lambda cell: cells.number(cell, "列"),
    lambda cell: cells.amount(cell, "列"),
    lambda cell: cells.text(cell, "列", 5),
    lambda cell: cells.choice(cell, "列", f.CHANNELS, CHANNEL.spoken),
]


@given(st.text("王小明13800138000市长", min_size=6, max_size=40), st.sampled_from(READERS))
def test_a_refusal_never_quotes_the_cell(words: str, read: Callable[[str], object]) -> None:
    try:
        read(words)
    except BadCell as error:
        assert words not in f"{error.problem}{error.mend}"
