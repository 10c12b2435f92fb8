"""Owners are told 临期 and then 逾期, each once for each deadline, and the next wake is set."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from cast import moment

from qianshao.core.accounts.actor import Actor
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.notices import telling
from qianshao.core.notices.models import Notice
from qianshao.core.notices.wake import wake
from qianshao.core.org.models import Person, Unit
from qianshao.kernel.declare import Fact, Kind
from qianshao.kernel.words import say
from qianshao.modules.hotline import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]
RECEIVED = moment("2025-09-25 10:00")


def account(login: str, unit: Unit, role: str) -> Account:
    made = Account.objects.create(login=login, person=Person.objects.create(name=login))
    Grant.objects.create(account=made, role=role, unit=unit, valid_from=date(2000, 1, 1))
    return made


@pytest.fixture
def owner(city: dict[str, Unit]) -> Account:
    return account("owner", city["housing"], "hotline.unit")


@pytest.fixture
def chief(city: dict[str, Unit]) -> Account:
    return account("chief", city["office"], "hotline.chief")


def receive(kind: Kind, robot: Actor, unit: str = "housing", source: str = "a:1") -> Duty:
    fact = f.Received(at=RECEIVED, title="路灯不亮", body="坏了", channel="web", unit=unit)
    receipt = perform(kind=kind, fact=fact, actor=robot, now=RECEIVED, src="test", source=source)
    return Duty.objects.get(stream=receipt.stream)


def act(duty: Duty, kind: Kind, fact: Fact, robot: Actor) -> None:
    perform(kind=kind, duty=duty, fact=fact, actor=robot, now=fact.at, src="test")


def told(to: Account) -> list[str]:
    return [str(notice) for notice in Notice.objects.filter(account=to).order_by("id")]


def test_the_owner_is_told_amber_then_overdue_and_then_nothing_more(
    owner: Account, chief: Account, order_kind: Kind, robot: Actor
) -> None:
    duty = receive(order_kind, robot)
    assert duty.amber_at is not None and duty.due_at is not None

    assert wake(duty.amber_at - timedelta(seconds=1), limit=10) == 0
    assert wake(duty.amber_at, limit=10) == 1
    assert wake(duty.amber_at, limit=10) == 0
    assert wake(duty.due_at, limit=10) == 1
    assert wake(duty.due_at + timedelta(days=365), limit=10) == 0

    until = "2025年10月9日"
    assert told(owner) == [
        f"诉求工单 {duty.number} 临期：应于 {until} 前办结",
        f"诉求工单 {duty.number} 逾期：应于 {until} 前办结",
    ]
    notices = Notice.objects.filter(account=owner).order_by("id")
    assert [(notice.sort, notice.urgent) for notice in notices] == [("amber", False), ("due", False)]
    assert told(chief) == []
    duty.refresh_from_db()
    assert duty.wake_at is None


def test_a_duty_found_overdue_is_not_called_amber_as_well(
    owner: Account, order_kind: Kind, robot: Actor
) -> None:
    duty = receive(order_kind, robot)

    wake(moment("2025-12-01"), limit=10)

    assert told(owner) == [f"诉求工单 {duty.number} 逾期：应于 2025年10月9日 前办结"]


def test_an_act_that_sets_the_wake_back_tells_nobody_twice(
    owner: Account, order_kind: Kind, robot: Actor
) -> None:
    duty = receive(order_kind, robot)
    later = moment("2025-10-09 10:00")
    wake(later, limit=10)
    before = told(owner)

    act(duty, order_kind, f.Dispatched(at=later, unit="housing"), robot)
    assert wake(later, limit=10) == 1

    assert told(owner) == before


def test_the_second_clock_of_a_paused_duty_is_told_by_its_name(
    owner: Account, order_kind: Kind, robot: Actor
) -> None:
    duty = receive(order_kind, robot)
    act(duty, order_kind, f.Asked(at=moment("2025-09-28 10:00"), what="地址", until=date(2025, 9, 30)), robot)
    duty.refresh_from_db()
    assert duty.paused and duty.wake_at is not None

    wake(duty.wake_at, limit=10)

    assert len(told(owner)) == 1
    assert "诉求人补充期限已到" in told(owner)[0]
    duty.refresh_from_db()
    assert duty.wake_at is None


def test_a_unit_without_anybody_is_answered_for_above_and_a_city_without_by_the_chief(
    city: dict[str, Unit], chief: Account, order_kind: Kind, robot: Actor
) -> None:
    county = account("county", city["county-1"], "hotline.unit")
    receive(order_kind, robot, "town-1", "a:1")
    receive(order_kind, robot, "water", "a:2")
    receive(order_kind, robot, "", "a:3")

    assert wake(moment("2025-12-01"), limit=10) == 3

    assert (len(told(county)), len(told(chief))) == (1, 2)


def test_waking_goes_in_batches(owner: Account, order_kind: Kind, robot: Actor) -> None:
    for number in range(5):
        receive(order_kind, robot, source=f"a:{number}")

    assert [wake(moment("2025-12-01"), limit=2) for _round in range(4)] == [2, 2, 1, 0]

    assert len(told(owner)) == 5


def test_a_batch_asks_the_same_number_of_questions_however_large(
    owner: Account, order_kind: Kind, robot: Actor, django_assert_max_num_queries: object
) -> None:
    for number in range(40):
        receive(order_kind, robot, source=f"a:{number}")

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        wake(moment("2025-12-01"), limit=100)


def test_a_key_reaches_an_account_once(owner: Account, chief: Account, now: datetime) -> None:
    words = say("{kind} {until}", kind="督办", until=date(2026, 3, 2))

    assert telling.tell(key="k", to=[owner.pk], words=words, stream="", now=now) == 1
    assert telling.tell(key="k", to=[owner.pk, chief.pk], words=words, stream="", now=now) == 1
    assert Notice.objects.count() == 2
    assert Notice.objects.filter(account=owner).get().words == words


def test_reading_marks_only_ones_own_notices(owner: Account, chief: Account, now: datetime) -> None:
    telling.tell(key="k", to=[owner.pk, chief.pk], words=say("好"), stream="", now=now)

    assert telling.read(account=owner.pk, notices=[n.pk for n in Notice.objects.all()], now=now) == 1
    assert Notice.objects.get(account=chief).read_at is None
