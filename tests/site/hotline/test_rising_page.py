"""The page of what rises: alarms with observed, expected and limit, their lists, and the season to come."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from cast import NOW, SignIn, clerk

from qianshao.core.accounts.actor import machine
from qianshao.core.duties import registry
from qianshao.core.duties.door import Delivery, perform_many
from qianshao.core.org.models import Unit
from qianshao.modules.hotline import facts as f
from qianshao.modules.hotline.models import Member
from qianshao.site.hotline import rising

pytestmark = pytest.mark.django_db
READER = clerk("hotline.read")


def calls(topic: str, days_ago: list[int], **fields: str) -> list[str]:
    kind = registry.kind("hotline.order")
    facts = [
        f.Received(
            at=NOW - timedelta(days=ago),
            title="某事",
            body="某事的经过",
            channel="web",
            topic=topic,
            **fields,
        )
        for ago in days_ago
    ]
    found = perform_many(
        [Delivery(kind=kind, fact=fact) for fact in facts], actor=machine("test"), now=NOW, src="test"
    )
    return [one.stream for one in found if hasattr(one, "stream")]


def test_a_class_and_a_place_and_a_group_that_rise_open_exactly_their_week(
    sign_in: SignIn, city: dict[str, Unit]
) -> None:
    calls("供水", list(range(8, 150, 3)), place="刺东县")
    burst = calls("供水", [1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 1, 2], place="刺东县")
    calls("路灯", list(range(1, 150, 2)), place="望潮镇")
    for stream in burst:
        Member.objects.create(stream=stream, group=burst[0], text=0, at=NOW)
    client = sign_in("hotline.agent")
    page = client.get("/hotline/rising/").content.decode()
    found = rising.gather(READER, NOW)

    assert [line.title for line in found.classes] == ["供水"]
    assert [line.title for line in found.places] == ["刺东县"]
    assert [line.key for line in found.groups] == [burst[0]]
    assert found.classes[0].verdict.observed == len(burst) > found.classes[0].verdict.limit
    for line in (*found.classes, *found.places, *found.groups):
        listed = client.get(line.observed.url).content.decode()
        assert set(re.findall(r'/duties/([0-9a-z]{26})/"', listed)) == set(burst)
    assert "某事" in page


def test_a_quiet_city_raises_no_alarm_and_young_records_know_no_season(
    sign_in: SignIn, city: dict[str, Unit]
) -> None:
    calls("路灯", list(range(1, 150, 2)))
    found = rising.gather(READER, NOW)

    assert (found.classes, found.places, found.groups) == ((), (), ())
    assert not found.seasonal
    assert found.ahead[0].total == pytest.approx(14, abs=1.5)
    assert "记录不足两年" in sign_in("hotline.agent").get("/hotline/rising/").content.decode()


def test_what_comes_each_year_is_told_ahead_and_may_be_opened_as_a_problem(
    sign_in: SignIn, city: dict[str, Unit]
) -> None:
    season = [364 * year - day for year in (1, 2, 3) for day in range(1, 28) for _n in range(3)]
    calls("积水", [*season, *range(1, 1200, 14)])
    found = rising.gather(READER, NOW)
    (line,) = found.ahead

    assert found.seasonal
    assert line.rises
    assert line.total > 5 * line.recent.value
    page = sign_in("hotline.agent").get("/hotline/problems/new/?topic=积水").content.decode()
    assert "2025-03-03" in page
    assert re.search(r"2025-03 8\d", page)


def test_an_empty_city_has_an_empty_page_and_strangers_have_none(
    sign_in: SignIn, city: dict[str, Unit]
) -> None:
    assert "还没有分了类别的工单" in sign_in("hotline.agent").get("/hotline/rising/").content.decode()
    assert sign_in("openness.clerk").get("/hotline/rising/").status_code == 403
