"""Ceilings refuse, floors remind, reversals give back."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianshao.kernel.hours import SHANGHAI
from qianshao.kernel.meter import (
    Bound,
    Draw,
    Meter,
    Span,
    period_before,
    period_of,
    refuse,
    refuse_reversal,
    shortfall,
    state,
    used,
)

INSPECTIONS = Meter("inspections", "督查检查", Span.YEAR, Bound.CEILING, "BUR-23", only_falls=True)
SESSIONS = Meter("sessions", "学习", Span.MONTH, Bound.FLOOR, "LRN-01")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


DRAWS = (Draw(1, 2, at("2025-03-01")), Draw(2, 1, at("2025-05-01")), Draw(3, 1, at("2026-02-01")))


@pytest.mark.parametrize(
    ("limit", "explained", "amount", "said"),
    [
        (None, False, 1, "还没有核定额度"),
        (3, False, 0, "须为正整数"),
        (3, False, 3, "将超出"),
        (3, False, 2, None),
        (9, False, 3, "只减不增：上年同期 3"),
        (9, True, 3, None),
    ],
)
def test_a_ceiling_refuses_with_its_article(
    limit: int | None, explained: bool, amount: int, said: str | None
) -> None:
    stands = state(INSPECTIONS, DRAWS, at("2026-06-01"), limit=limit, explained=explained)

    words = refuse(INSPECTIONS, stands, amount)

    assert (stands.used, stands.before) == (1, 3)
    assert (words is None) if said is None else said in str(words)


def test_a_reversal_gives_back_in_the_period_of_what_it_reverses() -> None:
    draws = (*DRAWS, Draw(4, 2, at("2026-03-01"), reverses=1))

    assert [used(INSPECTIONS, draws, year) for year in ("2025", "2026")] == [1, 1]


def test_nothing_is_given_back_twice() -> None:
    draws = (*DRAWS, Draw(4, 2, at("2026-03-01"), reverses=1), Draw(5, 2, at("2026-03-02"), reverses=1))

    assert used(INSPECTIONS, draws, "2025") == 1
    assert used(INSPECTIONS, (*draws, Draw(6, 2, at("2026-03-03"), reverses=4)), "2025") == 1


@pytest.mark.parametrize(
    ("number", "said"),
    [(2, None), (1, "已经冲正过"), (4, "本身是冲正"), (9, "没有第 9 笔")],
)
def test_a_draw_is_taken_back_once_and_a_reversal_never(number: int, said: str | None) -> None:
    words = refuse_reversal((*DRAWS, Draw(4, 2, at("2026-03-01"), reverses=1)), number)

    assert (words is None) if said is None else said in str(words)


def test_a_floor_says_what_is_missing_and_refuses_nothing() -> None:
    stands = state(SESSIONS, (), at("2026-06-30"), limit=1)

    assert shortfall(SESSIONS, stands) == 1
    assert refuse(SESSIONS, stands, 5) is None
    assert (
        shortfall(SESSIONS, state(SESSIONS, (Draw(1, 1, at("2026-06-02")),), at("2026-06-30"), limit=1)) == 0
    )


def test_the_last_moment_of_a_year_belongs_to_it_in_shanghai() -> None:
    moment = datetime.fromisoformat("2025-12-31T15:59:59+00:00")

    assert [period_of(span, moment) for span in Span] == ["2025", "2025Q4", "2025-12"]


def test_the_29th_of_february_compares_with_the_28th_of_the_year_before() -> None:
    assert [period_before(span, at("2024-02-29")) for span in Span] == ["2023", "2023Q1", "2023-02"]


def test_a_limit_lowered_below_what_was_used_leaves_nothing_and_owes_nothing() -> None:
    assert state(INSPECTIONS, DRAWS, at("2025-06-01"), limit=2).left == 0


@given(st.lists(st.integers(1, 50), max_size=30), st.integers(0, 200))
def test_what_was_not_refused_never_passes_the_ceiling(amounts: list[int], limit: int) -> None:
    meter = Meter("m", "额度", Span.YEAR, Bound.CEILING, "")
    draws: list[Draw] = []
    for number, amount in enumerate(amounts, 1):
        if refuse(meter, state(meter, draws, at("2026-06-01"), limit=limit), amount) is None:
            draws.append(Draw(number, amount, at("2026-06-01")))

    assert used(meter, draws, "2026") <= limit
