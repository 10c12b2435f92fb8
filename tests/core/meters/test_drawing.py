"""Limits that refuse at once, explanations, giving back; and two hands on the last one."""

from __future__ import annotations

from datetime import datetime

import pytest
from cast import clerk, moment
from django.db import DatabaseError, connection, transaction
from scratch import scratch

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.duties import registry
from qianshao.core.ledger.models import Entry
from qianshao.core.ledger.register import stream_name
from qianshao.core.meters import services as meters
from qianshao.core.meters.models import Drawn
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import BadDeclaration, Module
from qianshao.kernel.ledger.entry import Entry as Body
from qianshao.kernel.meter import Bound, Meter, Span

pytestmark = [pytest.mark.django_db, pytest.mark.database]
VISITS = Meter("trial.visits", "督查次数", Span.YEAR, Bound.CEILING, "BUR-10", only_falls=True)
BRIEFS = Meter("trial.briefs", "简报", Span.MONTH, Bound.CEILING, "本办规定")
MODULE = Module("trial", "试用", (), meters=(VISITS, BRIEFS))


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_modules", (*registry.modules(), MODULE))


def take(unit: Unit, amount: int, robot: Actor, now: datetime, key: str = "trial.briefs") -> Drawn:
    return meters.draw(key, unit, amount, stream="s" * 26, actor=robot, now=now)


def test_nothing_can_be_drawn_before_a_limit_is_set(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    with pytest.raises(meters.Exhausted, match="还没有核定额度"):
        take(city["water"], 1, robot, now)

    assert not Drawn.objects.exists()


def test_a_draw_over_the_limit_is_refused_with_the_numbers_and_the_article(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    meters.set_limit("trial.briefs", city["water"], "2026-03", 3, actor=robot, now=now)
    take(city["water"], 2, robot, now)

    with pytest.raises(meters.Exhausted, match=r"额度为 3，已用 2，再用 2 将超出（本办规定）"):
        take(city["water"], 2, robot, now)

    assert meters.stands("trial.briefs", city["water"], now).left == 1
    assert meters.stands("trial.briefs", city["housing"], now).used == 0
    assert meters.stands("trial.briefs", city["water"], moment("2026-04-01")).limit is None


def test_a_later_limit_counts_and_the_earlier_one_stays_in_the_ledger(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    for amount in (3, 5):
        meters.set_limit("trial.briefs", city["water"], "2026-03", amount, actor=robot, now=now)

    assert meters.stands("trial.briefs", city["water"], now).limit == 5
    stream = stream_name("meter:trial.briefs:water")
    bodies = [Body.from_body(bytes(e.body)) for e in Entry.objects.filter(stream=stream).order_by("sseq")]
    assert [(b.fact, b.data["amount"]) for b in bodies] == [("LimitSet", 3), ("LimitSet", 5)]


def test_the_count_may_only_fall_unless_an_explanation_is_filed(city: dict[str, Unit], robot: Actor) -> None:
    water, before, now = city["water"], moment("2025-05-06"), moment("2026-05-06")
    for year, at in (("2025", before), ("2026", now)):
        meters.set_limit("trial.visits", water, year, 10, actor=robot, now=at)
    meters.explain("trial.visits", water, "首年设置", actor=robot, now=before)
    take(water, 1, robot, before, "trial.visits")
    take(water, 1, robot, now, "trial.visits")

    with pytest.raises(meters.Exhausted, match="只减不增"):
        take(water, 1, robot, now, "trial.visits")
    meters.explain("trial.visits", water, "防汛专项", actor=robot, now=now)

    assert take(water, 1, robot, now, "trial.visits").number == 3


def test_what_is_given_back_can_be_drawn_again_and_only_once(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    meters.set_limit("trial.briefs", city["water"], "2026-03", 1, actor=robot, now=now)
    taken = take(city["water"], 1, robot, now)
    meters.give_back("trial.briefs", city["water"], taken.number, actor=robot, now=now)

    with pytest.raises(meters.Exhausted, match="已经冲正过"):
        meters.give_back("trial.briefs", city["water"], taken.number, actor=robot, now=now)

    assert take(city["water"], 1, robot, now).number == 3


@pytest.mark.parametrize("period", ["2026", "2026Q1", "2026-13", "三月", ""])
def test_a_limit_needs_a_period_of_the_meter(
    period: str, city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    with pytest.raises(ValueError, match="不是简报的期间，例如 2026-03"):
        meters.set_limit("trial.briefs", city["water"], period, 1, actor=robot, now=now)


def test_only_those_who_may_set_limits_do(city: dict[str, Unit], now: datetime) -> None:
    with pytest.raises(NotAllowed, match="没有核定额度的权限"):
        meters.set_limit("trial.briefs", city["water"], "2026-03", 1, actor=clerk("meters.explain"), now=now)


def test_rows_are_only_added(city: dict[str, Unit], robot: Actor, now: datetime) -> None:
    meters.set_limit("trial.briefs", city["water"], "2026-03", 1, actor=robot, now=now)
    take(city["water"], 1, robot, now)

    for statement in ("UPDATE meters_drawn SET amount = 0", "DELETE FROM meters_limit"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_meter_of_another_modules_name_is_refused_at_start_up() -> None:
    with pytest.raises(BadDeclaration, match=r"burden\.visits: key is taken or does not begin with trial"):
        registry.check(
            [Module("trial", "试用", (), meters=(Meter("burden.visits", "", Span.YEAR, Bound.CEILING, ""),))]
        )


HANDS = """
import sys, time
from datetime import date, datetime, UTC
from qianshao.core.accounts.actor import machine
from qianshao.core.duties import registry
from qianshao.core.meters import services as meters
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Module
from qianshao.kernel.meter import Bound, Meter, Span
briefs = Meter("trial.briefs", "简报", Span.MONTH, Bound.CEILING, "本办规定")
registry._modules = (*registry.modules(), Module("trial", "试用", (), meters=(briefs,)))
now, robot = datetime(2026, 3, 2, tzinfo=UTC), machine("test")
"""


def test_two_hands_on_the_last_one_and_only_one_gets_it() -> None:
    with scratch() as place:
        place.run(
            HANDS
            + "unit = Unit.objects.create(code='water', name='w', short='w', kind='bureau', path='/water/',"
            " valid_from=date(2000, 1, 1), order=1)\n"
            "meters.set_limit('trial.briefs', unit, '2026-03', 1, actor=robot, now=now)"
        )
        take_one = (
            HANDS + "unit = Unit.objects.get()\n"
            "try:\n    meters.draw('trial.briefs', unit, 1, stream='s' * 26, actor=robot, now=now); print('taken')\n"
            "except meters.Exhausted:\n    print('refused')"
        )
        hands = [place.start(take_one) for _ in range(3)]
        results = sorted(hand.communicate(timeout=60)[0].strip() for hand in hands)

    assert results == ["refused", "refused", "taken"]
