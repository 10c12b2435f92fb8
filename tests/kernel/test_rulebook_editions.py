"""The rulebook is read with its editions, or says what is wrong with it and where."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qianshao.rulebook
from qianshao.kernel.clock import Term, Unit
from qianshao.kernel.rulebook import (
    CHECKED,
    STATUSES,
    BadRule,
    NoRule,
    RuleText,
    from_body,
    in_force,
    overlay,
    parse,
    shortened,
    to_body,
)

SHIPPED = sorted(Path(str(qianshao.rulebook.__file__)).parent.glob("*.toml"))
RULE = """
[[rule]]
key = "hotline.answer"
title = "答复"
edition = "2018"
valid_from = 2018-09-01
term = { n = 5, unit = "workday" }
law = "条例"
article = "第二十四条"
status = "V"
"""


def changed(old: str, new: str) -> str:
    assert old in RULE
    return RULE.replace(old, new)


def edition(name: str, since: str, until: str = "", *, city: bool = False) -> RuleText:
    (text,) = parse(changed('"2018"', f'"{name}"'), "test.toml")
    return replace(
        text,
        valid_from=date.fromisoformat(since),
        valid_to=date.fromisoformat(until) if until else None,
        city=city,
    )


def test_a_rule_is_read_with_its_number_and_its_article() -> None:
    (text,) = parse(RULE, "hotline.toml")

    assert (text.name, text.rule.term, text.checked) == ("hotline.answer@2018", Term(5, Unit.WORKDAY), True)
    assert str(text.rule.citation) == "条例 第二十四条"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rule = 3", "只能由 \\[\\[rule\\]\\] 表组成"),
        ("rule = [3]", "只能由 \\[\\[rule\\]\\] 表组成"),
        ("[[rules]]\nkey = 1", "只能由 \\[\\[rule\\]\\] 表组成"),
        ("[[rule", "不是有效的 TOML"),
        (changed('title = "答复"\n', ""), "test.toml 第 1 条规则（hotline.answer）：缺少 title"),
        (changed('"答复"', "3"), "title 须为文字"),
        (changed('"V"', '["V"]'), "status 须为文字"),
        (changed('"V"', '"sure"'), "status 须为 V、"),
        (changed("2018-09-01", '"2018-09-01"'), "valid_from 须为日期"),
        (changed("2018-09-01", "2018-09-01T00:00:00"), "valid_from 须为日期"),
        (changed("n = 5", "n = 0"), "term 须写成"),
        (changed("n = 5", "n = true"), "term 须写成"),
        (changed("n = 5", 'n = "5"'), "term 须写成"),
        (changed("n = 5", "n = 5, at = 3"), "term 须写成"),
        (changed('"workday"', '"week"'), "term 须写成"),
        (changed('{ n = 5, unit = "workday" }', "5"), "term 须为"),
        (RULE + "colour = 1", "不认识的字段 colour"),
        (RULE + "roll = 'no'", "roll 须为true 或 false"),
        (RULE + "extension_times = true", "extension_times 须为整数"),
        (RULE + "start = 'never'", "start 须为 next_day、"),
        (RULE + "late_extension = 'shrug'", "late_extension 须为 refuse、mark 之一"),
        (RULE + "valid_to = 2018-09-01", "须晚于 valid_from"),
        (changed('"2018"', '"2018 修订"'), "也不能含空格或 @"),
        (changed('"hotline.answer"', '"a@b"'), "也不能含空格或 @"),
        (RULE + RULE, "这一版本已经存在"),
    ],
)
def test_a_rule_that_cannot_be_read_says_where_and_what_is_expected(text: str, said: str) -> None:
    with pytest.raises(BadRule, match=said):
        parse(text, "test.toml")


@pytest.mark.parametrize(
    ("day", "name"),
    [("2018-09-01", "2018"), ("2021-12-31", "2018"), ("2022-01-01", "2022"), ("2030-01-01", "2022")],
)
def test_an_edition_without_an_end_holds_until_the_next(day: str, name: str) -> None:
    texts = overlay((), [edition("2022", "2022-01-01"), edition("2018", "2018-09-01")])

    assert in_force(texts, "hotline.answer", date.fromisoformat(day)).edition == name


@pytest.mark.parametrize("day", ["2018-08-31", "2021-01-01"])
def test_before_the_first_and_between_two_editions_there_is_no_rule(day: str) -> None:
    texts = overlay((), [edition("2018", "2018-09-01", "2021-01-01"), edition("2022", "2022-01-01")])

    with pytest.raises(NoRule, match=r"hotline\.answer"):
        in_force(texts, "hotline.answer", date.fromisoformat(day))


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        (("a", "2018-01-01"), ("b", "2018-01-01"), "也从 2018-01-01 起施行"),
        (("a", "2018-01-01", "2022-01-01"), ("b", "2021-12-31"), "两个版本重叠"),
        (("a", "2021-12-31"), ("b", "2018-01-01", "2022-01-01"), "两个版本重叠"),
        (("a", "2018-01-01", "2022-01-01"), ("b", "2019-01-01", "2020-01-01"), "两个版本重叠"),
    ],
)
def test_two_editions_of_one_source_never_hold_on_one_day(
    first: tuple[str, ...], then: tuple[str, ...], said: str
) -> None:
    with pytest.raises(BadRule, match=said):
        overlay([edition(*first)], [edition(*then)])


def test_an_edition_may_begin_on_the_day_the_one_before_has_ended() -> None:
    texts = overlay([edition("a", "2018-01-01", "2022-01-01")], [edition("b", "2022-01-01")])

    assert in_force(texts, "hotline.answer", date(2022, 1, 1)).edition == "b"


def test_the_citys_edition_goes_before_the_shipped_one_while_it_holds() -> None:
    shipped = [edition("2018", "2018-09-01"), edition("2024", "2024-01-01")]
    texts = overlay(shipped, [edition("city-1", "2020-01-01", "2025-01-01", city=True)])
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2024, 6, 1), date(2025, 1, 1))

    assert [in_force(texts, "hotline.answer", day).edition for day in days] == [
        "2018",
        "city-1",
        "city-1",
        "2024",
    ]


spans = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), min_size=1, max_size=5)


@given(spans)
def test_what_overlay_accepts_never_has_two_bounded_answers_for_a_day(
    given_spans: list[tuple[int, int]],
) -> None:
    start = date(2020, 1, 1)
    accepted: tuple[RuleText, ...] = ()
    for number, (since, length) in enumerate(given_spans):
        begins = start + timedelta(since)
        text = replace(
            edition(str(number), begins.isoformat()),
            valid_to=begins + timedelta(length) if length else None,
        )
        try:
            accepted = overlay(accepted, [text])
        except BadRule:
            continue

    for day in (start + timedelta(n) for n in range(70)):
        holding = [t for t in accepted if t.valid_from <= day and (t.valid_to is None or day < t.valid_to)]
        assert sum(t.valid_to is not None for t in holding) <= 1
        if holding:
            assert in_force(accepted, "hotline.answer", day).valid_from == max(t.valid_from for t in holding)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_every_shipped_rule_is_read_and_goes_through_its_stored_form_unchanged(file: Path) -> None:
    for text in parse(file.read_text(encoding="utf-8"), file.name):
        assert replace(from_body(to_body(text)), city=False) == text
        assert text.key.startswith(f"{file.stem}.")


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_a_shipped_rule_that_is_not_checked_law_tells_the_reader_so(file: Path) -> None:
    for text in parse(file.read_text(encoding="utf-8"), file.name):
        assert text.checked or ("未核实" in text.note and text.rule.citation.status not in CHECKED)
        assert text.rule.citation.status in STATUSES


def test_a_stored_edition_with_a_bad_day_names_the_rule() -> None:
    (text,) = parse(RULE, "x")

    with pytest.raises(BadRule, match=r"hotline\.answer 的 valid_from：“gestern”不是日期"):
        from_body(to_body(text) | {"valid_from": "gestern"})


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["a.x@1", "a.y@1"], "a.x@1 a.y@1"),
        (["a.x@1", "a.y@1", "a.z@1"], "*@1"),
        (["a.x@1", "a.y@city-1", "a.z@1", "a.w@1"], "a.y@city-1 *@1"),
        ([], ""),
    ],
)
def test_the_edition_most_rules_share_is_told_once(names: list[str], told: str) -> None:
    assert shortened(names) == told
