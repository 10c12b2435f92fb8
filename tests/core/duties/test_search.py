"""Finding duties by words and by the initials of their titles."""

from __future__ import annotations

import pytest
from cast import NOW, moment
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry, reindexing, search
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.initials import initials, typed
from qianshao.core.ledger import vault
from qianshao.core.org.models import Unit
from qianshao.modules.hotline import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("市财政局", "sczj"),
        ("路灯不亮", "ldbl"),
        ("中国银行", "zgyh"),  # the word decides: 行 alone is x
        ("12345热线", "12345rx"),
        ("ＡＢ 路（一期）", "ablyq"),
        ("……", ""),
    ],
)
def test_initials_are_those_of_the_words(text: str, letters: str) -> None:
    assert initials(text) == letters


@pytest.mark.parametrize(
    ("query", "letters"),
    [("CZJ", "czj"), ("c z j", "czj"), ("c", ""), ("2026", ""), ("财政", ""), ("a-b", "")],
)
def test_only_letters_can_be_initials(query: str, letters: str) -> None:
    assert typed(query) == letters


@pytest.fixture
def lamp(city: dict[str, Unit], robot: Actor) -> Duty:
    """An order about a lamp, told in words that its title has not."""
    fact = f.Received(
        at=moment("2026-02-27"), title="小区路灯不亮", body="物业不管，停车难", channel="web", unit="housing"
    )
    receipt = perform(kind=registry.kind("hotline.order"), fact=fact, actor=robot, now=NOW, src="test")
    return Duty.objects.get(stream=receipt.stream)


def found(query: str) -> list[Duty]:
    clause = search.clause(query)
    assert clause is not None
    return list(Duty.objects.filter(RawSQL(*clause, output_field=BooleanField())))


@pytest.mark.parametrize("query", ["路灯", "停车难", "ldbl", "LDBL", "xqld", "bl", "xqldbl"])
def test_a_duty_is_found_by_its_words_and_its_titles_initials(lamp: Duty, query: str) -> None:
    assert found(query) == [lamp]


@pytest.mark.parametrize("query", ["lbdl", "tcn", "路亮", "ldblx"])
def test_it_is_not_found_by_other_orders_of_letters_or_the_initials_of_its_story(
    lamp: Duty, query: str
) -> None:
    assert found(query) == []


def test_nothing_is_left_to_be_found_once_it_is_dropped(lamp: Duty) -> None:
    search.drop(lamp.pk)

    assert found("ldbl") == [] and found("路灯") == []


def test_reindexing_finds_again_what_was_lost_and_nothing_that_was_erased(lamp: Duty, robot: Actor) -> None:
    search.drop(lamp.pk)

    assert list(reindexing.reindex()) == [1]
    assert found("ldbl") == [lamp] and found("停车难") == [lamp]

    vault.destroy(lamp.subject)
    list(reindexing.reindex())
    assert found("ldbl") == [] and found("停车难") == []
