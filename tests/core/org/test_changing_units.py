"""Units that are added, renamed and merged; posts held in turn; every change in the ledger."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest
from cast import clerk

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.ledger.models import Entry
from qianshao.core.ledger.register import append_register, stream_name
from qianshao.core.org import queries, services
from qianshao.core.org.models import Holding, Person, Unit, UnitName
from qianshao.core.org.services import BadChange
from qianshao.kernel.ledger.entry import Entry as Body

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MERGED = date(2025, 7, 1)


def facts() -> list[Body]:
    stream = stream_name("org")
    return [
        Body.from_body(bytes(entry.body)) for entry in Entry.objects.filter(stream=stream).order_by("sseq")
    ]


def add(parent: Unit, code: str, name: str, robot: Actor, now: datetime) -> Unit:
    return services.add_unit(
        code=code,
        name=name,
        short=name,
        kind="bureau",
        parent=parent,
        since=date(2020, 1, 1),
        order=9,
        actor=robot,
        now=now,
    )


def test_a_new_unit_stands_below_its_parent_and_in_the_ledger(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    unit = add(city["county-1"], "c1-edu", "刺东县教育局", robot, now)

    assert unit.path == "/county-1/c1-edu/"
    (fact,) = facts()
    assert (fact.fact, fact.data["code"], fact.data["parent"]) == ("UnitAdded", "c1-edu", "county-1")
    assert (fact.kind, fact.actor, fact.sseq, fact.prev) == ("register.org", "machine:test", 1, "")


def test_register_facts_form_one_stream_that_never_steps_back_in_time(robot: Actor, now: datetime) -> None:
    for number in range(3):
        append_register(name="x", kind="register.x", fact="Changed", data={"n": number}, actor=robot, now=now)

    bodies = [
        Body.from_body(bytes(e.body)) for e in Entry.objects.filter(stream=stream_name("x")).order_by("sseq")
    ]
    assert [body.sseq for body in bodies] == [1, 2, 3]
    assert [body.prev for body in bodies] == ["", bodies[0].leaf(), bodies[1].leaf()]
    assert bodies[0].rec < bodies[1].rec < bodies[2].rec
    assert bodies[1].data == {"n": 1, "skew": True}


def test_a_code_is_never_used_twice(city: dict[str, Unit], robot: Actor, now: datetime) -> None:
    with pytest.raises(BadChange, match="已经用过"):
        add(city["city"], "water", "水务局", robot, now)

    assert facts() == []


def test_a_renamed_unit_keeps_its_old_name_on_past_days(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    unit = add(city["city"], "plan", "市规划局", robot, now)

    services.rename_unit(
        unit=unit, name="市自然资源和规划局", short="资规局", since=date(2024, 5, 1), actor=robot, now=now
    )

    assert queries.name_on(unit, date(2024, 4, 30)) == "市规划局"
    assert queries.name_on(unit, date(2024, 5, 1)) == "市自然资源和规划局"
    assert Unit.objects.get(code="plan").name == "市自然资源和规划局"


@pytest.mark.parametrize(("since", "says"), [(date(2020, 1, 1), "应晚于"), (date(2026, 3, 3), "晚于今天")])
def test_a_new_name_comes_after_the_last_one_and_not_tomorrow(
    city: dict[str, Unit], robot: Actor, now: datetime, since: date, says: str
) -> None:
    unit = add(city["city"], "plan", "市规划局", robot, now)

    with pytest.raises(BadChange, match=says):
        services.rename_unit(unit=unit, name="新", short="新", since=since, actor=robot, now=now)


def test_merged_units_are_there_until_the_day_and_their_successor_after(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    one, two = add(city["city"], "a", "市文化局", robot, now), add(city["city"], "b", "市旅游局", robot, now)
    into = add(city["city"], "c", "市文化和旅游局", robot, now)

    services.merge_units(old=[one, two], into=into, on=MERGED, actor=robot, now=now)

    there = set(queries.units_on(date(2025, 6, 30)).values_list("code", flat=True))
    after = set(queries.units_on(MERGED).values_list("code", flat=True))
    assert there - after == {"a", "b"}
    one.refresh_from_db()
    assert (queries.successor_on(one, date(2025, 6, 30)).code, queries.successor_on(one, MERGED).code) == (
        "a",
        "c",
    )
    assert facts()[-1].data == {"codes": ["a", "b"], "into": "c", "on": "2025-07-01", "skew": True}


def test_a_unit_with_units_or_people_in_it_is_not_merged(
    city: dict[str, Unit], robot: Actor, now: datetime
) -> None:
    with pytest.raises(BadChange, match="望潮镇"):
        services.merge_units(old=[city["county-1"]], into=city["water"], on=MERGED, actor=robot, now=now)
    post = services.add_post(unit=city["housing"], title="局长", actor=robot, now=now)
    services.hold_post(
        person=Person.objects.create(name="陈二"), post=post, since=date(2020, 1, 1), actor=robot, now=now
    )
    with pytest.raises(BadChange, match="“局长”仍由 陈二 担任"):
        services.merge_units(old=[city["housing"]], into=city["water"], on=MERGED, actor=robot, now=now)

    assert Unit.objects.filter(merged_into=None).count() == len(city)


def test_the_tree_puts_each_unit_after_the_one_above(city: dict[str, Unit]) -> None:
    assert [(unit.code, depth) for unit, depth in queries.tree(date(2026, 1, 1))] == [
        ("city", 0),
        ("office", 1),
        ("housing", 1),
        ("water", 1),
        ("county-1", 1),
        ("town-1", 2),
    ]


def test_one_post_is_held_by_one_person_at_a_time(city: dict[str, Unit], robot: Actor, now: datetime) -> None:
    post = services.add_post(unit=city["water"], title="局长", actor=robot, now=now)
    first, second = (Person.objects.create(name=name) for name in ("陈二", "林三"))
    held = services.hold_post(person=first, post=post, since=date(2020, 1, 1), actor=robot, now=now)

    with pytest.raises(BadChange, match="由 陈二 担任"):
        services.hold_post(person=second, post=post, since=date(2025, 1, 1), actor=robot, now=now)
    services.end_holding(holding=held, on=date(2025, 1, 1), actor=robot, now=now)
    services.hold_post(person=second, post=post, since=date(2025, 1, 1), actor=robot, now=now)

    assert [h.person.name for h in queries.holdings_on(city["water"], date(2024, 12, 31))] == ["陈二"]
    assert [h.person.name for h in queries.holdings_on(city["water"], date(2025, 1, 1))] == ["林三"]
    with pytest.raises(BadChange):
        services.end_holding(holding=held, on=date(2025, 2, 1), actor=robot, now=now)
    assert all("陈二" not in json.dumps(fact.data, ensure_ascii=False) for fact in facts())


def test_only_who_manages_the_unit_above_may_change_it(city: dict[str, Unit], now: datetime) -> None:
    county = clerk("org.manage", path="/county-1/")

    services.add_post(unit=city["town-1"], title="镇长", actor=county, now=now)
    with pytest.raises(NotAllowed):
        services.add_post(unit=city["water"], title="局长", actor=county, now=now)
    with pytest.raises(NotAllowed):
        services.rename_unit(
            unit=city["water"], name="x", short="x", since=date(2026, 1, 1), actor=county, now=now
        )
    assert (UnitName.objects.count(), Holding.objects.count()) == (0, 0)
