"""Points add up exactly, keep to their caps, and never come from a forbidden trace."""

from __future__ import annotations

from datetime import datetime

import pytest

from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.merit import FORBIDDEN, ForbiddenInput, MeritRule, Point, check_inputs, ranked, total
from qianshao.kernel.meter import Span

RULES = {
    "late": MeritRule("late", "逾期扣分", -50, ("hotline.late",), "", floor=-100),
    "mended": MeritRule("mended", "系统性问题解决", 200, ("issue.closed",), "", cap=300),
}


UNITS = ("housing", "police", "water")


def point(number: int, rule: str, unit: str, month: int = 3, reverses: int = 0) -> Point:
    at = datetime(2026, month, 31, 12, tzinfo=SHANGHAI)
    return Point(number, rule, unit, RULES[rule].hundredths, f"e{number}", at, "测试", reverses)


def test_totals_keep_to_cap_and_floor_and_forget_what_was_taken_back() -> None:
    points = [
        *(point(n, "late", "housing") for n in range(1, 5)),
        *(point(n, "mended", "water") for n in range(5, 8)),
        point(8, "late", "water"),
        point(9, "late", "water", reverses=8),
    ]

    assert total(RULES, UNITS, points, span=Span.YEAR, period="2026") == {
        "housing": -100,
        "police": 0,
        "water": 300,
    }


def test_a_point_reversed_in_a_later_period_is_gone_from_its_own() -> None:
    points = [point(1, "late", "water", month=3), point(2, "late", "water", month=5, reverses=1)]

    by_quarter = [total(RULES, UNITS, points, span=Span.QUARTER, period=f"2026Q{n}")["water"] for n in (1, 2)]

    assert by_quarter == [0, 0]


def test_a_cap_holds_in_each_period_anew() -> None:
    points = [point(n, "mended", "water", month=n) for n in (1, 3, 5, 7)]

    totals = [
        total(RULES, UNITS, points, span=Span.QUARTER, period=f"2026Q{n}")["water"] for n in (1, 2, 3, 4)
    ]

    assert totals == [300, 200, 200, 0]


def test_a_unit_without_a_point_is_ranked_above_one_that_lost_some() -> None:
    totals = total(RULES, UNITS, [point(1, "late", "housing")], span=Span.YEAR, period="2026")

    assert [(s.place, s.unit) for s in ranked(totals)] == [(1, "police"), (1, "water"), (3, "housing")]


def test_a_unit_that_is_not_scored_gets_no_points() -> None:
    with pytest.raises(KeyError, match="visitor"):
        total(RULES, UNITS, [point(1, "late", "visitor")], span=Span.YEAR, period="2026")


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


@pytest.mark.parametrize("name", ["learning.check_in", "evidence.photo.count", "hotline.like"])
def test_a_forbidden_trace_is_found_wherever_it_stands_in_a_name(name: str) -> None:
    with pytest.raises(ForbiddenInput, match="BUR-14"):
        check_inputs("bad", (name,))


def test_a_word_that_only_contains_a_forbidden_one_is_allowed() -> None:
    check_inputs("good", ("hotline.forwarded", "photographer", "hotline.late"))


def test_a_floor_above_the_cap_is_refused() -> None:
    with pytest.raises(ValueError, match="above the cap"):
        MeritRule("bad", "上下限颠倒", 1, (), "", cap=0, floor=1)
