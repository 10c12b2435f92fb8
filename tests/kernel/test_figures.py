"""Selections travel as queries and come back the same; rates are never made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qianshao.kernel.figures import BadSelection, Condition, Figure, Scope, Selection, scoped

WORDS = {"phase": "text", "month": "number", "open": "flag", "due_at": "instant", "unit": "unit"}
SPOKEN = st.characters(codec="utf-8", exclude_characters="\0")
conditions = st.one_of(
    st.builds(
        Condition,
        st.just("phase"),
        st.sampled_from(("", "not", "has")),
        st.text(SPOKEN, min_size=1, max_size=20),
    ),
    st.builds(Condition, st.just("month"), st.sampled_from(("", "lt", "gte")), st.integers(-(10**9), 10**9)),
    st.builds(Condition, st.just("open"), st.just(""), st.booleans()),
    st.builds(
        Condition, st.just("due_at"), st.sampled_from(("lt", "gte")), st.just("2026-03-02T09:00:00+08:00")
    ),
    st.builds(
        Condition,
        st.just("unit"),
        st.just("in"),
        st.lists(st.text("abc-,%2C ", min_size=1, max_size=5), min_size=1, max_size=4).map(tuple),
    ),
    st.builds(Condition, st.just("unit"), st.just("empty"), st.booleans()),
)


@given(st.lists(conditions, max_size=5, unique_by=lambda c: c.parameter), st.sampled_from(("", "2025-12-31")))
def test_a_selection_comes_back_from_its_query(where: list[Condition], as_of: str) -> None:
    selection = Selection("hotline.order", tuple(where), as_of)

    back = Selection.from_query(selection.to_query(), WORDS)  # type: ignore[arg-type]

    assert sorted(back.where, key=lambda c: c.parameter) == sorted(where, key=lambda c: c.parameter)
    assert (back.kind, back.as_of, back.to_query()) == ("hotline.order", as_of, selection.to_query())


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("colour=red", "没有名为“colour”的筛选项"),
        ("month__has=3", "month 可用的比较为"),
        ("open=yes", "须为 1（是）或 0（否）"),
        ("month=x", "须为整数"),
        ("month=--5", "须为整数"),
        ("month=%D9%A3", "须为整数"),
        ("month__in=202601,x", "须为整数"),
        ("month=9999999999999999999", "须为整数"),
        ("unit__in=%2C", "至少列出一项"),
        ("phase=%00", "不能识别的字符"),
        ("phase__in=open%2C%00", "不能识别的字符"),
        ("phase=" + "x" * 201, "最多 200 个字符"),
        ("due_at__lt=2026-13-01", "须为日期"),
        ("as_of=gestern", "须为日期"),
    ],
)
def test_a_bad_query_says_which_parameter_and_what_is_allowed(query: str, said: str) -> None:
    with pytest.raises(BadSelection, match=said):
        Selection.from_query(query, WORDS)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["", (), ("open", "")])
def test_a_condition_that_its_link_would_lose_is_refused(value: str | tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="phase__empty"):
        Condition("phase", "in" if isinstance(value, tuple) else "", value)


@pytest.mark.parametrize("query", ["phase=&kind=", "page=3&sort=due_at", ""])
def test_an_empty_form_field_and_the_lists_own_parameters_ask_for_nothing(query: str) -> None:
    assert Selection.from_query(query, WORDS, ignore=("page", "sort")) == Selection()  # type: ignore[arg-type]


def test_an_offset_typed_into_the_address_keeps_its_plus() -> None:
    typed = Selection.from_query("due_at__lt=2026-03-02T09:00:00+08:00", WORDS)  # type: ignore[arg-type]

    assert typed.where == (Condition("due_at", "lt", "2026-03-02T09:00:00+08:00"),)


def test_a_scope_is_spelled_out_in_the_query() -> None:
    scope = Scope(unit="housing", since="2026-01-01", until="2026-02-01", as_of="2026-03-01")

    assert scoped("hotline.order", scope, Condition("open", "", True)).to_query() == (
        "kind=hotline.order&open=1&opened_at__gte=2026-01-01&opened_at__lt=2026-02-01"
        "&unit__under=housing&as_of=2026-03-01"
    )


@pytest.mark.parametrize(
    ("value", "of", "points"),
    [(1, 3, 3333), (2, 3, 6667), (1, 8, 1250), (0, 5, 0), (0, 0, None), (5, None, None)],
)
def test_a_rate_is_rounded_half_up_and_nothing_out_of_nothing_is_no_rate(
    value: int, of: int | None, points: int | None
) -> None:
    assert Figure(value, of, Selection()).basis_points == points
