"""A unit owes one study session a month and one report a year, opened by itself and only once."""

from __future__ import annotations

from datetime import datetime

import pytest
from cast import moment
from django.db.models import QuerySet

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry
from qianshao.core.duties.door import Refused, perform
from qianshao.core.duties.models import Duty
from qianshao.core.duties.recurring import open_due
from qianshao.core.org.models import Unit
from qianshao.modules.learning.module import Held

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SESSIONS, REPORTS = (
    4,
    5,
)  # the city, its office, two bureaus and a county report; the city itself does not study


def sessions() -> QuerySet[Duty]:
    return Duty.objects.filter(kind="learning.session")


def test_each_holder_gets_its_month_once(city: dict[str, Unit], now: datetime) -> None:
    assert open_due(now) == SESSIONS + REPORTS
    assert open_due(now) == 0

    assert sorted(sessions().values_list("unit__code", flat=True)) == [
        "county-1",
        "housing",
        "office",
        "water",
    ]
    assert set(sessions().values_list("opened_at", "due_at")) == {
        (moment("2026-03-01"), moment("2026-04-01"))
    }


def test_the_next_month_opens_beside_the_last(city: dict[str, Unit], now: datetime) -> None:
    open_due(now)

    assert open_due(moment("2026-04-01 00:00")) == SESSIONS
    assert sessions().count() == 2 * SESSIONS


def test_a_year_that_ended_owes_its_report_by_who_owes_it(city: dict[str, Unit], now: datetime) -> None:
    open_due(now)

    reports = Duty.objects.filter(kind="openness.yearly_report")
    assert dict(reports.values_list("unit__code", "due_at")) == {
        "city": moment("2026-04-01"),
        "county-1": moment("2026-04-01"),
        "office": moment("2026-02-01"),
        "housing": moment("2026-02-01"),
        "water": moment("2026-02-01"),
    }


def test_a_unit_that_ended_owes_nothing_any_more(city: dict[str, Unit], now: datetime) -> None:
    Unit.objects.filter(code="water").update(valid_to=moment("2026-03-02").date())

    assert open_due(now) == SESSIONS - 1 + REPORTS - 1


def test_a_session_closes_its_month(city: dict[str, Unit], robot: Actor, now: datetime) -> None:
    open_due(now)
    kind = registry.kind("learning.session")
    duty = sessions().get(unit__code="office")

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
