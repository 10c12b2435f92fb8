"""Editions are added, never changed; a duty keeps the one it was born under until an officer applies another."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime

import pytest
from cast import clerk, moment

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.duties import notices_of_days, rulebook
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.duties.rebuild import rebuild, reschedule, reschedule_open
from qianshao.core.ledger.models import Entry
from qianshao.core.org.models import Unit
from qianshao.kernel.clock import Term
from qianshao.kernel.clock import Unit as Of
from qianshao.kernel.declare import Kind
from qianshao.kernel.rulebook import BadRule, NoRule, RuleText
from qianshao.modules.hotline import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def edition(name: str, days: int, since: date) -> RuleText:
    shipped = rulebook.book().in_force("hotline.answer", since)
    rule = replace(shipped.rule, edition=name, term=Term(days, Of.WORKDAY))
    return replace(shipped, rule=rule, valid_from=since, city=True)


def received(kind: Kind, actor: Actor, now: datetime, at: str, source: str) -> Duty:
    fact = f.Received(at=moment(at), title="路灯", body="不亮", channel="web")
    return Duty.objects.get(
        stream=perform(kind=kind, fact=fact, actor=actor, now=now, src="test", source=source).stream
    )


def test_a_new_edition_holds_from_its_day_and_older_duties_keep_theirs(
    city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime
) -> None:
    rulebook.set_edition(edition("city-1", 2, date(2026, 1, 1)), actor=robot, now=now, reason="本市规定")

    before = received(order_kind, robot, now, "2025-12-31 09:00", "1")
    after = received(order_kind, robot, now, "2026-01-05 09:00", "2")

    assert (before.rule, before.due_at) == ("*@2018", moment("2026-01-09"))
    assert (after.rule.split()[0], after.due_at) == ("hotline.answer@city-1", moment("2026-01-08"))


def test_an_officer_can_apply_an_edition_to_open_duties_with_a_trace(
    city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime
) -> None:
    duty = received(order_kind, robot, now, "2026-02-26 09:00", "1")
    rulebook.set_edition(edition("city-1", 10, date(2026, 1, 1)), actor=robot, now=now, reason="本市规定")

    moved = reschedule(
        because="统一适用新规定", actor=robot, now=now, duties=[duty], rule="hotline.answer@city-1"
    )

    old = duty.due_at
    duty.refresh_from_db()
    assert moved == 1
    assert (duty.rule.split()[0], duty.due_at) == ("hotline.answer@city-1", moment("2026-03-12"))
    data = json.loads(bytes(Entry.objects.get(sseq=2).body))["data"]
    assert datetime.fromisoformat(data["before"]) == old
    assert rebuild(write=False).none


@pytest.mark.parametrize("name", ["2018", "city-1"])
def test_a_name_or_a_day_already_taken_is_refused(
    city: dict[str, Unit], robot: Actor, now: datetime, name: str
) -> None:
    rulebook.set_edition(edition("city-1", 2, date(2026, 1, 1)), actor=robot, now=now, reason="本市规定")

    with pytest.raises(BadRule):
        rulebook.set_edition(edition(name, 3, date(2026, 1, 1)), actor=robot, now=now, reason="再来")


def test_only_the_keeper_of_rules_sets_them(city: dict[str, Unit], now: datetime) -> None:
    with pytest.raises(NotAllowed):
        rulebook.set_edition(
            edition("x", 2, date(2026, 1, 1)), actor=clerk("hotline.read"), now=now, reason="试"
        )


def test_a_rule_nobody_set_says_where_to_set_it() -> None:
    with pytest.raises(NoRule, match="没有现行版本"):
        rulebook.book().in_force("hotline.nothing", date(2026, 1, 1))


def test_a_notice_that_arrives_moves_open_duties_and_says_so(
    city: dict[str, Unit], order_kind: Kind, robot: Actor
) -> None:
    now = moment("2026-12-30 10:00")
    duty = received(order_kind, robot, now, "2026-12-30 09:00", "1")
    assert (duty.due_at, duty.provisional) == (moment("2027-01-08"), True)
    notice = {
        "year": 2027,
        "editions": [
            {
                "notice": {
                    "title": "测试通知",
                    "number": "",
                    "url": "",
                    "issued_on": "2026-11-30",
                    "verified": False,
                },
                "days": [
                    {"name": "元旦", "off": ["2027-01-01/2027-01-04"], "work": ["2027-01-09"]},
                ],
            }
        ],
    }

    notices_of_days.load(json.dumps(notice), "2027.json", actor=robot, now=now)
    moved = reschedule_open(because="载入2027年放假通知", actor=robot, now=now)

    duty.refresh_from_db()
    assert (moved, duty.due_at, duty.provisional) == (1, moment("2027-01-09"), False)
    assert rebuild(write=False).none
