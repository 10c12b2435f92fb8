"""The numbers a watch holds a site against come from the rulebook, where a city can set its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qianshao.core.duties.rulebook import Book, shipped
from qianshao.kernel.clock import Term
from qianshao.modules.openness.interpretations_excerpt import compare
from qianshao.modules.openness.watch import settings
from qianshao.modules.openness.watch.items import BadColumns, Column, Numbers, columns_of

TODAY = date(2026, 3, 2)


def test_the_shipped_rulebook_says_what_the_product_starts_with() -> None:
    assert settings.numbers(Book(shipped()), TODAY) == Numbers()


@pytest.mark.parametrize(
    ("key", "read"),
    [
        (settings.HOME, lambda numbers: numbers.home_days),
        (settings.NEWS, lambda numbers: numbers.news_days),
        (settings.NOTICES, lambda numbers: numbers.notice_months),
        (settings.OTHERS, lambda numbers: numbers.other_months),
        (settings.SLOW, lambda numbers: numbers.slow_seconds),
        (settings.SHARE, lambda numbers: numbers.excerpt.share),
        (settings.SENTENCE, lambda numbers: numbers.excerpt.sentence),
        (settings.FEWEST, lambda numbers: numbers.excerpt.fewest),
    ],
)
def test_what_a_city_sets_is_what_a_watch_uses(key, read) -> None:
    text = Book(shipped()).in_force(key, TODAY)
    own = replace(
        text,
        rule=replace(text.rule, edition="city-1", term=Term(9, text.rule.term.unit)),
        valid_from=date(2026, 1, 1),
        city=True,
    )
    book = Book((*shipped(), own))

    assert read(settings.numbers(book, TODAY)) == 9
    assert read(settings.numbers(book, date(2025, 12, 31))) != 9


def test_a_lower_limit_makes_an_excerpt_of_what_was_none() -> None:
    document = "各单位应当在每年三月底以前报送上一年度的检查结果并说明整改情况。" * 2
    reading = (
        document
        + "为什么这样规定？因为去年的结果报得太晚，来不及安排当年的工作，大家意见很大，所以提前。" * 2
    )

    measured = compare(document, reading, settings.excerpt(Book(shipped()), TODAY))

    assert measured.share is not None and not measured.is_excerpt
    assert compare(document, reading, replace(measured.limits, share=measured.share)).is_excerpt


def test_a_city_names_the_columns_its_sites_must_have() -> None:
    assert columns_of({"惠企政策": ["惠企政策", "助企政策"], "议事公开": []}) == (
        Column("惠企政策", ("惠企政策", "助企政策")),
        Column("议事公开", ("议事公开",)),
    )


@pytest.mark.parametrize(
    "given", [[], {}, "惠企政策", {"惠企政策": "助企"}, {"惠企政策": [1]}, {"惠企政策": [" "]}]
)
def test_anything_else_is_refused_with_what_is_wanted(given: object) -> None:
    with pytest.raises(BadColumns, match="JSON"):
        columns_of(given)
