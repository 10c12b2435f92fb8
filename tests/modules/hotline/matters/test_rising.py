"""What rises, what a rectification changed: known series, simulated ones, and published intervals."""

from __future__ import annotations

from datetime import date, timedelta
from math import inf, isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from qianshao.modules.hotline.matters import outbreak
from qianshao.modules.hotline.matters.message import Message
from qianshao.modules.hotline.matters.outbreak import LEAST_WEEKS, expected, judge
from qianshao.modules.hotline.matters.recurrence import compare
from qianshao.modules.hotline.matters.rising import by_class, by_group, by_place, last_day, rising

from .letters import START, letter


def test_a_level_series_expects_its_level_and_a_jump_is_an_alarm() -> None:
    quiet = judge([10, 9, 11, 10, 8, 12, 10, 9, 11, 10] * 3 + [11])
    jump = judge([10, 9, 11, 10, 8, 12, 10, 9, 11, 10] * 3 + [40])

    assert quiet.expected == pytest.approx(10, abs=0.7)
    assert not quiet.alarm
    assert jump.alarm
    assert jump.chance < 1e-6
    assert jump.limit == quiet.limit


def test_past_outbreaks_are_weighted_down() -> None:
    level = [10, 9, 11, 10, 8, 12] * 30
    young = [*level[:20], 60, *level[21:26]]
    old = [*level[:90], 60, 70, 65, *level[93:]]

    assert judge([*young, 40]).expected < sum(young[-12:]) / 12 - 2
    assert judge([*young, 60]).alarm
    assert judge([*old, 30]).expected == pytest.approx(10, abs=0.5)
    assert judge([*old, 30]).alarm


def test_a_season_that_comes_every_year_is_no_alarm() -> None:
    weeks = [round(10 + 30 * (week % 52 in range(20, 27))) + week % 3 for week in range(52 * 4 + 23)]

    in_season = judge(weeks)
    out_of_season = judge([*weeks[: 52 * 4 + 10], 40])

    assert in_season.seasonal
    assert not in_season.alarm
    assert in_season.expected > 25
    assert out_of_season.alarm


def test_the_coming_weeks_are_expected_by_season() -> None:
    weeks = [round(10 + 30 * (week % 52 in range(20, 27))) + week % 3 for week in range(52 * 4)]

    ahead = expected(weeks, 30)

    assert max(range(30), key=lambda week: ahead[week]) in range(20, 27)
    assert ahead[2] < 16


@pytest.mark.parametrize(
    ("weeks", "why"),
    [([5] * LEAST_WEEKS, "short"), ([3], "short"), ([1] * 20 + [1], "few"), ([0] * 20 + [4], "few")],
)
def test_where_nothing_can_be_said_nothing_is_said(weeks: list[int], why: str) -> None:
    assert (judge(weeks).why, judge(weeks).alarm) == (why, False)


def test_what_never_came_before_is_an_alarm_from_five_on() -> None:
    assert judge([0] * 20 + [5]).alarm


@pytest.mark.slow
@pytest.mark.parametrize("weeks", [30, 60, 220])
@pytest.mark.parametrize(("mean", "spread"), [(2.0, 1.0), (8.0, 1.5), (30.0, 3.0)])
def test_quiet_series_give_hardly_more_false_alarms_than_the_level_set(
    weeks: int, mean: float, spread: float
) -> None:
    random = np.random.default_rng(7)
    draw = (
        (lambda: random.poisson(mean, weeks))
        if spread == 1
        else (lambda: random.negative_binomial(mean / (spread - 1), 1 / spread, weeks))
    )

    alarms = sum(judge(draw().tolist()).alarm for _series in range(400))

    assert alarms <= binom.ppf(0.999, 400, 3 * outbreak.ALPHA)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=120))
def test_any_series_is_judged_without_a_fault(weeks: list[int]) -> None:
    found = judge(weeks)

    assert found.observed == weeks[-1]
    assert 0 <= found.chance <= 1
    assert found.why == "short" or (found.expected > 0 and found.limit >= found.expected)


def stream(days: int, on: dict[int, int]) -> list[Message]:
    """One message about the market each day, and so many about the lamps on certain days."""
    found = [
        Message(f"m{day}", f"B3区东门市场摊位第{day}号占道", "", START + timedelta(days=day), "城市管理")
        for day in range(days)
    ]
    for day, count in on.items():
        found += [
            Message(f"l{day}-{n}", "B5区长虹路的路灯不亮", "", START + timedelta(days=day), "市政")
            for n in range(count)
        ]
    return found


def test_only_the_series_that_rises_is_an_alarm_and_it_names_its_messages() -> None:
    messages = stream(100, {20: 1, 97: 4, 99: 3})
    on = START.date() + timedelta(days=99)

    first, second = rising(messages, by_class(messages), on)

    assert (first.name, first.verdict.alarm, first.verdict.observed) == ("市政", True, 7)
    assert first.keys == ("l97-0", "l97-1", "l97-2", "l97-3", "l99-0", "l99-1", "l99-2")
    assert (second.name, second.verdict.alarm, second.verdict.observed) == ("城市管理", False, 7)
    assert {place: one for place, one in by_place(messages).items() if place.startswith("B")}.keys() == {
        "B3",
        "B5",
    }
    assert "长虹路" in by_place(messages)


def test_a_day_in_the_past_is_judged_by_what_was_known_then() -> None:
    messages = stream(100, {20: 1, 97: 4, 99: 3})
    before = START.date() + timedelta(days=90)

    assert not any(one.verdict.alarm for one in rising(messages, by_class(messages), before))


def test_a_stray_day_makes_neither_a_long_history_nor_a_far_end() -> None:
    messages = stream(300, {})
    strays = [letter("old", "旧信", "", -4000), letter("new", "远信", "", 9000)]

    assert last_day([*messages, *strays]) == START.date() + timedelta(days=299)
    (one,) = rising([*messages, *strays], {"all": range(302)}, START.date() + timedelta(days=299))
    assert len(one.weeks) == 42
    assert last_day([]) is None
    assert rising([], {}, date(2026, 3, 2)) == []


def test_a_group_of_one_is_no_series() -> None:
    messages = stream(3, {})

    assert by_group(messages, [(0, 2), (1,)]) == {"m0": [0, 2]}


def test_nothing_after_ten_before_is_a_fall_with_the_exact_limit() -> None:
    found = compare(10, 30, 0, 30)

    # Mid-P: half of (1 - share)^10 equals 2.5 %.
    share = 1 - (2 * 0.025) ** (1 / 10)
    assert (found.ratio, found.low) == (0, 0)
    assert found.high == pytest.approx(share / (1 - share))
    assert found.reading == "fell"
    assert found.chance == pytest.approx(0.5**10)


def test_the_interval_covers_equal_rates_of_unequal_periods() -> None:
    found = compare(20, 90, 10, 45)

    assert found.ratio == pytest.approx(1)
    assert found.low < 1 < found.high
    assert found.reading == "unclear"
    assert compare(5, 90, 25, 90).reading == "rose"


def test_zero_before_or_at_all() -> None:
    assert (compare(0, 30, 3, 30).ratio, compare(0, 30, 3, 30).high) == (inf, inf)
    assert isnan(compare(0, 30, 0, 30).ratio)
    assert compare(0, 30, 0, 30).reading == "unclear"


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 300), st.integers(1, 400), st.integers(0, 300), st.integers(1, 400))
def test_the_ratio_lies_within_its_interval_and_turning_the_periods_round_inverts_it(
    before: int, days_before: int, after: int, days_after: int
) -> None:
    found = compare(before, days_before, after, days_after)
    turned = compare(after, days_after, before, days_before)

    if before + after:
        assert found.low <= found.ratio <= found.high
        assert turned.low == pytest.approx(1 / found.high if found.high else inf)
        assert {found.reading, turned.reading} in ({"fell", "rose"}, {"unclear"})


@pytest.mark.parametrize("wrong", [(-1, 30, 0, 30), (0, 0, 0, 30), (0, 30, 0, -1)])
def test_impossible_counts_and_periods_are_refused(wrong: tuple[int, float, int, float]) -> None:
    with pytest.raises(ValueError, match="must"):
        compare(*wrong)
