"""Points add up exactly, keep to their caps, and never come from a forbidden trace."""

from __future__ import annotations

import pytest

from qianshao.kernel.merit import FORBIDDEN, ForbiddenInput, MeritRule, Point, ranked, total

RULES = {
    "late": MeritRule("late", "逾期扣分", -50, ("hotline.late",), "", floor=-100),
    "mended": MeritRule("mended", "系统性问题解决", 200, ("issue.closed",), "", cap=300),
}


def test_totals_keep_to_cap_and_floor_and_forget_what_was_taken_back() -> None:
    points = [
        *(Point(n, "late", "housing", -50, f"e{n}") for n in range(1, 5)),
        *(Point(n, "mended", "water", 200, f"e{n}") for n in range(5, 8)),
        Point(8, "late", "water", -50, "e8"),
        Point(9, "late", "water", 50, "e9", reverses=8),
    ]

    assert total(RULES, points) == {"housing": -100, "water": 300}


def test_equal_totals_share_a_place_and_the_next_is_skipped() -> None:
    standings = ranked({"a": 100, "b": 300, "c": 100, "d": 50})

    assert [(s.place, s.unit, s.tied) for s in standings] == [
        (1, "b", False),
        (2, "a", True),
        (2, "c", True),
        (4, "d", False),
    ]
    assert str(standings[1].words) == "第2名（并列）"


@pytest.mark.parametrize(("trace", "rule"), sorted(FORBIDDEN.items()))
def test_a_forbidden_trace_is_refused_by_name(trace: str, rule: str) -> None:
    with pytest.raises(ForbiddenInput, match=rule):
        MeritRule("bad", "不该有的评分", 1, ("hotline.late", trace), "")
