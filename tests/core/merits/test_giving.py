"""Points for entries: once each, taken back by another row, ranked with ties spelled out."""

from __future__ import annotations

from datetime import datetime

import pytest
from cast import clerk

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.duties import registry
from qianshao.core.ledger.models import Entry
from qianshao.core.ledger.register import append_register, stream_name
from qianshao.core.merits import services as merits
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Module
from qianshao.kernel.ledger.entry import Entry as Body
from qianshao.kernel.merit import MeritRule
from qianshao.kernel.meter import Span

pytestmark = [pytest.mark.django_db, pytest.mark.database]
IN_TIME = MeritRule("trial.in-time", "按时办结", 150, ("reply",), "本办规定", cap=200)
MODULE = Module("trial", "试用", (), merits=(IN_TIME,))
STREAM = stream_name("x")


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch, db: None, robot: Actor, now: datetime) -> None:
    monkeypatch.setattr(registry, "_modules", (*registry.modules(), MODULE))
    for _ in range(3):
        append_register(name="x", kind="register.x", fact="Happened", data={}, actor=robot, now=now)


def give(unit: Unit, sseq: int, robot: Actor, now: datetime) -> int:
    made = merits.give(
        "trial.in-time", unit, stream=STREAM, sseq=sseq, reason="提前办结", actor=robot, now=now
    )
    return made.number


def places(city: dict[str, Unit], now: datetime) -> list[tuple[int, str, int]]:
    units = [city["water"], city["housing"], city["office"]]
    return [(s.place, s.unit, s.hundredths) for s in merits.ranking(units, span=Span.YEAR, now=now)]


def test_points_are_ranked_and_held_to_their_cap(city: dict[str, Unit], robot: Actor, now: datetime) -> None:
    give(city["water"], 1, robot, now)
    give(city["water"], 2, robot, now)

    assert places(city, now) == [(1, "water", 200), (2, "housing", 0), (2, "office", 0)]


def test_an_entry_earns_a_rules_points_once(city: dict[str, Unit], robot: Actor, now: datetime) -> None:
    give(city["water"], 1, robot, now)

    with pytest.raises(merits.NotGiven, match="已经按这项规则评过分"):
        give(city["water"], 1, robot, now)


def test_a_point_needs_an_entry_that_is_there(city: dict[str, Unit], robot: Actor, now: datetime) -> None:
    with pytest.raises(merits.NotGiven, match="没有这条记录"):
        give(city["water"], 9, robot, now)


def test_a_point_taken_back_stays_readable_and_no_longer_counts(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    number = give(city["water"], 1, robot, now)
    merits.take_back(city["water"], number, reason="依据有误", actor=robot, now=now)

    assert places(city, now)[0] == (1, "housing", 0)
    assert [point.reverses for point in merits.points_of([city["water"]])] == [0, number]
    with pytest.raises(merits.NotGiven, match="已经冲正过"):
        merits.take_back(city["water"], number, reason="依据有误", actor=robot, now=now)
    assert give(city["water"], 1, robot, now) == 3


def test_numbers_of_one_unit_do_not_touch_anothers(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    give(city["housing"], 1, robot, now)
    number = give(city["water"], 2, robot, now)
    merits.take_back(city["water"], number, reason="依据有误", actor=robot, now=now)

    assert places(city, now)[0] == (1, "housing", 150)


def test_every_point_is_a_fact_of_the_ledger_that_names_its_entry(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    give(city["water"], 3, robot, now)

    body = Body.from_body(bytes(Entry.objects.get(stream=stream_name("merit:water")).body))
    assert (body.fact, body.data["for"], body.data["entry"]) == ("Given", STREAM, 3)
    assert body.data["hundredths"] == 150


def test_only_those_who_may_give_points_do(city: dict[str, Unit], now: datetime) -> None:
    with pytest.raises(NotAllowed, match="没有评分的权限"):
        give(city["water"], 1, clerk("hotline.read"), now)
