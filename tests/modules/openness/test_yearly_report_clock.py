"""31 January for a department, 31 March for a government, whatever the day of the week (AR-DEPT, AR-GOV)."""

from __future__ import annotations

import pytest
from reckoning import due, flags, reckon, refused, told

KIND = "openness.yearly_report"


@pytest.mark.parametrize(
    ("ended", "body", "more", "last_day"),
    [
        ("2025-12-31", "department", {}, "2026-01-31"),  # a Saturday: the law says no roll-over
        ("2025-12-31", "government", {}, "2026-03-31"),
        ("2026-01-01", "department", {}, "2026-01-31"),
        ("2026-01-01", "government", {}, "2026-03-31"),
        ("2026-01-01", "department", {"year": 2025}, "2026-01-31"),
        ("2026-12-31", "department", {}, "2027-01-31"),
        ("2023-12-31", "government", {}, "2024-03-31"),
        ("2018-12-31", "department", {}, "2019-03-31"),  # the old law: everybody by 31 March
        ("2019-12-31", "department", {}, "2020-01-31"),
    ],
)
def test_the_report_is_out_by_its_day(ended, body, more, last_day):
    played = reckon(KIND, told("YearEnded", ended, body=body, **more))

    assert (due(played), played.deadline.provisional) == (last_day, False)
    days = sum(segment.amount for segment in played.deadline.segments if segment.counted)
    assert days == {"01": 31}.get(last_day[5:7], 90 if last_day[:4] != "2024" else 91)


@pytest.mark.parametrize(("published", "remarks"), [("2026-01-31", []), ("2026-02-02", ["late_report"])])
def test_a_late_report_is_marked(published, remarks):
    played = reckon(KIND, told("YearEnded", "2025-12-31", body="department"), told("Published", published))

    assert (flags(played), played.look.phase) == (remarks, "published")


def test_a_department_hands_in_and_a_government_does_not():
    handed = told("HandedIn", "2026-02-02")
    department = reckon(KIND, told("YearEnded", "2025-12-31", body="department"), handed)
    government = reckon(KIND, told("YearEnded", "2025-12-31", body="government"), handed)

    assert (flags(department), department.look.phase) == (["late_hand_in"], "handed_in")
    assert refused(government) == [("HandedIn", "政府信息公开条例 第四十九条第二款")]
