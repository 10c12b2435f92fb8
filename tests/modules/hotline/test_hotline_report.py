"""What an import tells of how letters were answered: each number counted by hand here, and equal to its list."""

from __future__ import annotations

from datetime import datetime

import pytest
from cast import NOW, moment

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.imports.models import ImportLine, ImportRun
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Kind
from qianshao.modules.hotline import facts as f
from qianshao.modules.hotline import report, told

pytestmark = [pytest.mark.django_db, pytest.mark.database]
# received, answered, unit; late by the working days in the comment
ORDERS = [
    ("2025-09-22 08:30", "2025-09-23 17:00", "housing"),
    ("2025-09-25 10:00", "2025-10-09 23:59", "housing"),
    ("2025-09-25 10:00", "2025-10-10 00:00", "housing"),  # 1
    ("2025-09-25 10:00", "2025-10-14 09:00", "water"),  # 4: 10, 11 (worked), 13, 14 October
    ("2025-10-13 10:00", "2025-10-25 09:00", "water"),  # 5: 21, 22, 23, 24 October … a Saturday adds none
    ("2025-10-13 10:00", "", ""),
    ("2026-03-01 10:00", "", "water"),
]


@pytest.fixture
def run(city: dict[str, Unit], order_kind: Kind, robot: Actor) -> int:
    made = ImportRun.objects.create(
        spec="hotline.order",
        sha256="",
        signature="",
        columns={},
        constants={},
        source="12345",
        actor="t",
        made_at=NOW,
    )
    for row, (opened, closed, unit) in enumerate(ORDERS, 2):
        fact = f.Received(at=moment(opened), title="标题", body="内容", channel="web", unit=unit)
        stream = perform(kind=order_kind, fact=fact, actor=robot, now=NOW, src="test").stream
        if closed:
            duty = Duty.objects.get(stream=stream)
            answer = f.Replied(at=moment(closed), reply="答复")
            perform(kind=order_kind, duty=duty, fact=answer, actor=robot, now=NOW, src="test")
        ImportLine.objects.create(run=made, row=row, stream=stream, outcome="new", note="")
    return made.pk


def test_the_totals_are_what_a_hand_counts(run: int) -> None:
    found = report.of_run(run, NOW)

    counted = {name: found[name] for name in (*report.GROUPS, "judged", "in_time_rate", "unit_unknown")}
    assert counted == {
        "total": 7,
        "answered_in_time": 2,
        "answered_late": 3,
        "open": 2,
        "open_overdue": 1,
        "withdrawn": 0,
        "judged": 6,
        "in_time_rate": 33.33,
        "unit_unknown": 1,
    }
    late = (found["median_late_workdays"], found["p90_late_workdays"], found["longest_late_workdays"])
    assert late == (4, 4, 4)
    # working days to the answer: 1, 5, 6, 9, 9
    assert (found["median_workdays"], found["longest_days"]) == (6, 19.0)


def test_months_and_units_stand_in_their_order(run: int) -> None:
    found = report.of_run(run, NOW)

    months = [
        (row["month"], row["total"], row["answered_in_time"], row["answered_late"])
        for row in found["by_month"]
    ]
    units = [(row["unit"], row["in_time_rate"], row["judged"]) for row in found["by_unit"]]
    assert months == [("2025-09", 4, 2, 2), ("2025-10", 2, 0, 1), ("2026-03", 1, 0, 0)]
    assert units == [("housing", 66.67, 3), ("water", 0.0, 2)]


@pytest.mark.parametrize("name", report.GROUPS)
def test_every_number_equals_its_list(run: int, name: str) -> None:
    found = report.of_run(run, NOW)

    assert report.records(run, name, NOW).count() == found[name]
    for row in found["by_month"]:
        month = int(row["month"].replace("-", ""))
        assert report.records(run, name, NOW).filter(month=month).count() == row[name]
    for row in found["by_unit"]:
        assert report.records(run, name, NOW).filter(unit__code=row["unit"]).count() == row[name]


@pytest.mark.parametrize(
    ("at", "overdue"),
    [("2025-10-20 23:59", 0), ("2025-10-21 00:00", 1), ("2026-03-06 23:59", 1), ("2026-03-07", 2)],
)
def test_an_order_is_overdue_from_the_midnight_after_its_last_day(run: int, at: str, overdue: int) -> None:
    assert report.of_run(run, moment(at))["open_overdue"] == overdue


def test_the_report_in_sentences(run: int) -> None:
    lines = told.lines(report.of_run(run, NOW))

    assert "共 7 件，其中已到期或已答复 6 件" in lines
    assert "  按时答复 2 件（33.33%）" in lines
    assert "  未答复 2 件，其中已逾期 1 件" in lines
    assert "有 1 件没有承办单位，不参加单位排名。" in lines
    assert lines[0].startswith("适用规则：诉求办理答复时限 5 个工作日（")
    widths = {told._width(line) for line in lines if line.startswith(("2025-", "受理月份"))}
    assert len(widths) == 1


def test_nothing_counted_is_a_dash_and_never_a_nought() -> None:
    empty = report.of_run(0, datetime(2026, 3, 2, tzinfo=NOW.tzinfo))

    assert (empty["in_time_rate"], empty["median_days"], empty["by_month"]) == (None, None, [])
    assert "  按时答复 0 件（—）" in told.lines(empty)
