"""The page of where and when calls come: every number opens exactly its orders, and the map is told how it is set."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from cast import NOW, SignIn, clerk
from django.test import Client

from qianshao.core.accounts.actor import machine
from qianshao.core.duties import registry
from qianshao.core.duties.door import Delivery, perform_many
from qianshao.core.org.models import Unit
from qianshao.kernel.hours import SHANGHAI
from qianshao.kit.queries import figures
from qianshao.modules.hotline import facts as f
from qianshao.modules.hotline.models import Member
from qianshao.site.hotline import spread
from qianshao.site.hotline.spans import Span
from qianshao.site.oversight.figures import Opened, Reader

pytestmark = pytest.mark.django_db
READER = Reader(clerk("hotline.read"), NOW)
TODAY = NOW.astimezone(SHANGHAI).date()


def calls(place: str, days_ago: list[int], topic: str = "路灯") -> list[str]:
    kind = registry.kind("hotline.order")
    deliveries = [
        Delivery(
            kind=kind,
            fact=f.Received(
                at=NOW - timedelta(days=ago),
                title="某事",
                body="经过",
                channel="web",
                topic=topic,
                place=place,
            ),
        )
        for ago in days_ago
    ]
    found = perform_many(deliveries, actor=machine("test"), now=NOW, src="test")
    return [one.stream for one in found if hasattr(one, "stream")]


def asked(days: int = 60, **given: str) -> spread.Asked:
    return spread.Asked(Span(TODAY - timedelta(days=days - 1), TODAY), **given)


def counts(opened: Opened) -> int:
    return figures.count(opened.because, READER.actor, READER.now)


def test_a_call_lies_where_its_place_says_and_every_number_counts_its_list(city: dict[str, Unit]) -> None:
    calls("刺东县望潮镇", [1, 2, 3, 50])
    calls("刺东县", [70])
    calls("外地", [2])
    calls("", [3])

    found = spread.gather(READER, asked())
    (line,) = found.districts

    assert (line.orders.value, line.before.value, line.week.value) == (4, 1, 3)
    assert (found.all.value, found.nowhere.value) == (6, 1)
    assert isinstance(found.elsewhere, Opened) and found.elsewhere.value == 1
    opened = (line.orders, line.before, line.heated, line.week, found.all, found.nowhere, found.elsewhere)
    assert [counts(one) for one in opened] == [one.value for one in opened]


def test_heat_is_what_is_new_and_a_copy_adds_less_than_another_text(city: dict[str, Unit]) -> None:
    one, other = calls("刺东县", [0, 14])
    apart = spread.gather(READER, asked()).districts[0].heat
    for stream, days in ((one, 0), (other, 14)):
        Member.objects.create(stream=stream, group=other, text=0, at=NOW - timedelta(days=days))

    alike = spread.gather(READER, asked()).districts[0].heat

    assert apart == pytest.approx(1.5)
    assert alike == pytest.approx(1.693, abs=0.001)


def test_a_week_above_the_limit_is_said_to_rise(city: dict[str, Unit], sign_in: SignIn) -> None:
    calls("刺东县", [*range(8, 120, 3), *[1, 2, 3, 4, 5, 6] * 3])

    (line,) = spread.gather(READER, asked()).districts

    assert line.verdict.alarm and line.times is not None and line.times > 3
    assert "明显上升" in sign_in("hotline.agent").get("/hotline/spread/?show=rise").content.decode()


def test_a_class_and_a_district_narrow_the_calendar_and_a_day_opens_its_list(city: dict[str, Unit]) -> None:
    calls("刺东县", [1, 1, 2])
    calls("外地", [1])
    calls("刺东县", [1], topic="噪声")

    found = spread.gather(READER, asked(topic="路灯", district="county-1"))
    days = {day: opened for month in found.months for pair in month.days if pair for day, opened in (pair,)}

    assert len(days) == 60
    assert days[TODAY - timedelta(days=1)].value == 2 == counts(days[TODAY - timedelta(days=1)])
    assert sum(month.all for month in found.months) == 3
    assert set(found.topics) == {"路灯", "噪声"}


def test_the_page_carries_what_the_drawings_are_read_from(city: dict[str, Unit], sign_in: SignIn) -> None:
    calls("刺东县", [1])
    page = sign_in("hotline.agent").get("/hotline/spread/").content.decode()

    assert 'data-unit="county-1"' in page and page.count(" data-heat") == 1
    assert len(re.findall('data-day="[0-9-]{10}"', page)) == 365
    assert "qianshao org map" in page


@pytest.mark.parametrize("wrong", ["show=none", "since=2026-99-01", "since=2026-03-01&until=2026-02-01"])
def test_a_wrong_address_is_a_sentence_and_strangers_have_no_page(
    city: dict[str, Unit], sign_in: SignIn, wrong: str
) -> None:
    assert sign_in("hotline.agent").get(f"/hotline/spread/?{wrong}").status_code == 400
    assert sign_in("openness.clerk").get("/hotline/spread/").status_code == 403
    assert Client().get("/hotline/spread/").status_code == 302
