"""Rates, medians and months in whole numbers."""

from __future__ import annotations

import statistics
from collections import Counter
from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianshao.kernel.numbers import basis_points, median, month_of, quantile

minutes = st.lists(st.integers(-50, 50), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("part", "whole", "points"),
    [(1, 3, 3333), (2, 3, 6667), (1, 20_000, 1), (1, 20_001, 0), (0, 5, 0), (5, 5, 10_000), (0, 0, None)],
)
def test_a_rate_is_rounded_half_up_and_there_is_none_out_of_nothing(
    part: int, whole: int, points: int | None
) -> None:
    assert basis_points(part, whole) == points


@given(st.integers(0, 10**15), st.integers(1, 10**15))
def test_a_rate_is_never_more_than_half_a_basis_point_off(part: int, whole: int) -> None:
    points = basis_points(part, whole)

    assert points is not None
    assert abs(Fraction(10_000 * part, whole) - points) <= Fraction(1, 2)


@given(minutes)
def test_the_median_is_always_the_lower_of_the_middle_two(values: list[int]) -> None:
    assert median(Counter(values)) == statistics.median_low(values)


@given(minutes, st.integers(1, 100))
def test_a_quantile_is_always_a_value_that_was_seen_and_the_smallest_that_suffices(
    values: list[int], hundredths: int
) -> None:
    found = quantile(Counter(values), hundredths)

    assert found in values
    assert 100 * sum(value <= found for value in values) >= hundredths * len(values)
    assert 100 * sum(value < found for value in values) < hundredths * len(values)


def test_nothing_has_no_median() -> None:
    assert (median({}), median({3: 0}), quantile({2: 0, 5: 1}, 1)) == (None, None, 5)


@pytest.mark.parametrize(
    "make", [lambda: quantile({1: 1}, 0), lambda: quantile({1: 1}, 101), lambda: basis_points(-1, 5)]
)
def test_what_is_no_count_and_no_per_cent_is_refused(make: object) -> None:
    with pytest.raises(ValueError, match=r"counts|1 to 100"):
        make()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("moment", "month"),
    [
        ("2025-12-31T15:59:59+00:00", 202512),
        ("2025-12-31T16:00:00+00:00", 202601),
        ("2026-03-01T00:00:00+08:00", 202603),
    ],
)
def test_a_month_begins_at_midnight_in_shanghai(moment: str, month: int) -> None:
    assert month_of(datetime.fromisoformat(moment)) == month
