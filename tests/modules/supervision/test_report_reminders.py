"""A unit hears of a report before it is due, once, and who else waits for it."""

from __future__ import annotations

from datetime import date

import pytest
from cast import clerk, moment

from qianshao.core.accounts.actor import Actor
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.duties import registry, rulebook
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.jobs import runner
from qianshao.core.notices.models import Notice
from qianshao.core.org.models import Person, Unit
from qianshao.kernel.declare import Fact
from qianshao.kernel.rulebook import from_body, to_body
from qianshao.modules.supervision.items import facts as f
from qianshao.modules.supervision.items.reminding import remind
from qianshao.site.supervision import reminder_job

pytestmark = [pytest.mark.django_db, pytest.mark.database]
BEGUN = moment("2026-01-05 09:00")


@pytest.fixture
def liaison(city: dict[str, Unit]) -> Account:
    """Who reads the items of the housing bureau."""
    account = Account(login="liaison", person=Person.objects.create(name="林一"))
    account.set_unusable_password()
    account.save()
    Grant.objects.create(
        account=account, role="supervision.unit", unit=city["housing"], valid_from=date(2025, 1, 1)
    )
    return account


def tell(fact: Fact, actor: Actor, duty: Duty | None = None) -> Duty:
    kind = registry.kind("supervision.item")
    receipt = perform(kind=kind, duty=duty, fact=fact, actor=actor, now=fact.at, src="test")
    return Duty.objects.get(stream=receipt.stream)


def item(robot: Actor, rhythm: str = "monthly") -> Duty:
    told = f.Assigned(
        at=BEGUN, title="建成口袋公园", unit="housing", origin="report", due=date(2026, 12, 31), rhythm=rhythm
    )
    duty = tell(told, robot)
    return tell(f.Signed(at=moment("2026-01-06")), robot, duty)


def told(account: Account) -> list[str]:
    return [str(one) for one in Notice.objects.filter(account=account).order_by("id") if "报送" in str(one)]


def test_the_owner_hears_of_a_monthly_report_three_working_days_before_and_only_once(
    liaison: Account, robot: Actor
) -> None:
    duty = item(robot)

    # 28 January 2026 is a Wednesday; the three working days before its end begin with Monday 26.
    assert remind(moment("2026-01-23 17:00")) == 0
    assert remind(moment("2026-01-26 08:00")) == 1
    assert remind(moment("2026-01-27 08:00")) == 0
    assert told(liaison) == ["“建成口袋公园”请于2026年1月28日前报送进展，报送一次，供所有需要的单位使用"]
    assert Notice.objects.get(account=liaison, text__contains="报送").stream == duty.stream

    tell(f.Reported(at=moment("2026-01-27 10:00"), progress="完成两成"), robot, duty)
    assert remind(moment("2026-01-28 08:00")) == 0
    assert remind(moment("2026-02-27 08:00")) == 1  # the next month's, of its own


def test_what_is_reported_in_time_is_not_asked_for_again(liaison: Account, robot: Actor) -> None:
    duty = item(robot)
    tell(f.Reported(at=moment("2026-01-20 10:00"), progress="完成两成"), robot, duty)

    assert remind(moment("2026-01-27 08:00")) == 0


def test_the_reminder_says_who_else_waits_for_the_same_report(liaison: Account, robot: Actor) -> None:
    duty = item(robot)
    office = clerk("supervision.read", "supervision.supervise", key="account:8")
    for who in ("市发改委", "市委督查室", "市发改委"):
        tell(f.ReportAsked(at=moment("2026-01-13 10:00"), who=who), office, duty)

    remind(moment("2026-01-27 08:00"))

    assert told(liaison) == [
        "“建成口袋公园”请于2026年1月28日前报送进展；市发改委、市委督查室也在等，报送一次即可"
    ]


@pytest.mark.parametrize(
    ("rhythm", "early", "day"),
    [
        ("quarterly", "2026-04-15 17:00", "2026-04-16 08:00"),
        ("quarter_end", "2026-03-25 17:00", "2026-03-26 08:00"),
    ],
)
def test_quarterly_reports_are_announced_as_well(
    liaison: Account, robot: Actor, rhythm: str, early: str, day: str
) -> None:
    item(robot, rhythm)

    assert remind(moment(early)) == 0
    assert remind(moment(day)) == 1


def test_a_city_that_wants_more_days_sets_them_and_what_is_out_already_follows(
    liaison: Account, robot: Actor
) -> None:
    item(robot)
    keeper = clerk("rules.set", key="account:9")
    body = to_body(rulebook.book().in_force("supervision.report-monthly", date(2026, 1, 12)))
    body |= {"edition": "2026-01", "valid_from": "2026-01-13", "amber": {"n": 7, "unit": "workday"}}
    rulebook.set_edition(from_body(body), actor=keeper, now=moment("2026-01-13"), reason="多提醒几天")
    rulebook.forget()

    assert remind(moment("2026-01-19 17:00")) == 0
    assert remind(moment("2026-01-20 08:00")) == 1


def test_the_run_of_the_day_is_queued_once_in_the_morning_and_tells(
    liaison: Account, robot: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminder_job, "_planned", set())
    item(robot)
    for at in ("2026-01-26 07:59", "2026-01-26 08:00", "2026-01-26 09:00"):
        reminder_job.plan(moment(at))
        runner.work_once(lambda at=at: moment(at))  # type: ignore[misc]

    assert len(told(liaison)) == 1
