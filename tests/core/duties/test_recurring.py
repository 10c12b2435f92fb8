"""A unit owes one study session a month, opened by itself and only once."""

from __future__ import annotations

from datetime import datetime

import pytest
from cast import moment

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.duties.door import Refused, perform
from qianshao.core.duties.models import Duty
from qianshao.core.duties.recurring import open_due
from qianshao.core.org.models import Unit
from qianshao.modules.learning.module import Held

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_each_holder_gets_its_month_once(city: dict[str, Unit], now: datetime) -> None:
    assert open_due(now) == 4
    assert open_due(now) == 0

    assert sorted(Duty.objects.values_list("unit__code", flat=True)) == [
        "county-1",
        "housing",
        "office",
        "water",
    ]
    assert set(Duty.objects.values_list("opened_at", "due_at")) == {
        (moment("2026-03-01"), moment("2026-04-01"))
    }


def test_the_next_month_opens_beside_the_last(city: dict[str, Unit], now: datetime) -> None:
    open_due(now)

    assert open_due(moment("2026-04-01 00:00")) == 4
    assert Duty.objects.count() == 8


def test_a_unit_that_ended_owes_nothing_any_more(city: dict[str, Unit], now: datetime) -> None:
    Unit.objects.filter(code="water").update(valid_to=moment("2026-03-02").date())

    assert open_due(now) == 3


def test_a_session_closes_its_month(city: dict[str, Unit], robot: Actor, now: datetime) -> None:
    open_due(now)
    kind = registry.kind("learning.session")
    duty = Duty.objects.get(unit__code="office")

    perform(
        kind=kind,
        duty=duty,
        fact=Held(at=now, topic="学习专题", present=12),
        actor=robot,
        now=now,
        src="test",
    )

    duty.refresh_from_db()
    assert (duty.open, duty.title, duty.missed_at) == (False, "2026-03 学习专题", None)
    with pytest.raises(Refused, match="已经登记"):
        perform(
            kind=kind,
            duty=duty,
            fact=Held(at=now, topic="又一次", present=1),
            actor=robot,
            now=now,
            src="test",
        )
