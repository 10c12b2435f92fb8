"""Lately opened, followed, and told: bounded, one's own, once, and only while one may see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from qianshao.core.accounts.actor import Actor
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.desk import services, telling
from qianshao.core.desk.models import Follow, Opened
from qianshao.core.duties.door import perform
from qianshao.core.duties.models import Duty
from qianshao.core.notices.models import Notice
from qianshao.core.org.models import Person, Unit
from qianshao.kernel.declare import Kind
from qianshao.modules.hotline import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Staff = Callable[..., Account]


@pytest.fixture
def staff(city: dict[str, Unit]) -> Staff:
    """An account with a role in a unit."""

    def made(role: str = "hotline.unit", unit: str = "water", name: str = "林一") -> Account:
        account = Account(login=f"{role}-{unit}-{name}".lower(), person=Person.objects.create(name=name))
        account.set_unusable_password()
        account.save()
        Grant.objects.create(account=account, role=role, unit=city[unit], valid_from=date(2020, 1, 1))
        return account

    return made


@pytest.fixture
def duty(city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime) -> Duty:
    fact = f.Received(at=now, title="路灯不亮", body="三天了", channel="web", unit="water")
    made = perform(kind=order_kind, fact=fact, actor=robot, now=now, src="test")
    return Duty.objects.get(stream=made.stream)


def test_only_the_last_thirty_stay_and_the_last_comes_first(staff: Staff, now: datetime) -> None:
    account, other = staff(), staff(name="陈二")
    for number in range(35):
        services.opened(account=account, stream=f"{number:026}", now=now + timedelta(minutes=number))
    services.opened(account=other, stream="0" * 26, now=now)

    lately = services.lately(account)
    assert (len(lately), lately[0]) == (30, f"{34:026}")
    assert Opened.objects.filter(account=account).count() == 30
    assert services.lately(other) == ["0" * 26]


def test_opened_again_at_once_nothing_is_written(
    staff: Staff, now: datetime, django_assert_num_queries: Callable[..., object]
) -> None:
    account = staff()
    services.opened(account=account, stream="1" * 26, now=now)

    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        services.opened(account=account, stream="1" * 26, now=now + timedelta(minutes=9))
    services.opened(account=account, stream="1" * 26, now=now + timedelta(minutes=11))
    assert Opened.objects.get().at == now + timedelta(minutes=11)


def test_followers_hear_once_of_a_new_phase(
    staff: Staff, duty: Duty, order_kind: Kind, robot: Actor, now: datetime
) -> None:
    account, nobody = staff(), staff(name="陈二")
    services.follow(account=account, what="duty", key=duty.stream, now=now)
    assert telling.tell_followers(now) == 0

    later = now + timedelta(hours=1)
    perform(
        kind=order_kind,
        fact=f.Replied(at=later, reply="已修好"),
        actor=robot,
        now=later,
        src="test",
        duty=duty,
    )

    assert telling.tell_followers(later) == 1
    assert telling.tell_followers(later) == 0
    notice = Notice.objects.get()
    assert (notice.account, notice.stream) == (account, duty.stream)
    assert str(notice.words).startswith(f"您关注的诉求工单 {duty.number} 现为")
    assert "路灯" not in str(notice.words)
    assert not Notice.objects.filter(account=nobody).exists()


def test_followers_hear_of_amber_and_red_though_nobody_acts(staff: Staff, duty: Duty, now: datetime) -> None:
    account = staff()
    services.follow(account=account, what="duty", key=duty.stream, now=now)
    assert duty.amber_at is not None and duty.due_at is not None

    assert telling.tell_followers(duty.amber_at - timedelta(seconds=1)) == 0
    assert telling.tell_followers(duty.amber_at) == 1
    assert telling.tell_followers(duty.due_at) == 1
    assert [str(row.words)[-3:] for row in Notice.objects.order_by("id")] == ["已临期", "已逾期"]


def test_who_may_see_it_no_more_hears_nothing_and_misses_it_for_good(
    staff: Staff, duty: Duty, order_kind: Kind, robot: Actor, now: datetime
) -> None:
    account = staff()
    services.follow(account=account, what="duty", key=duty.stream, now=now)
    later = now + timedelta(hours=1)
    perform(
        kind=order_kind,
        fact=f.Replied(at=later, reply="已修好"),
        actor=robot,
        now=later,
        src="test",
        duty=duty,
    )
    Grant.objects.filter(account=account).update(valid_to=now.date())

    assert telling.tell_followers(later) == 0
    Grant.objects.filter(account=account).update(valid_to=None)
    assert telling.tell_followers(later) == 0
    assert not Notice.objects.exists()


def test_a_follow_is_kept_once_let_go_and_bounded(
    staff: Staff, duty: Duty, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = staff()
    for _time in range(2):
        services.follow(account=account, what="duty", key=duty.stream, now=now)
    assert Follow.objects.count() == 1

    monkeypatch.setattr(services, "MOST", 1)
    with pytest.raises(services.TooMany):
        services.follow(account=account, what="unit", key="water", now=now)
    services.unfollow(account=account, what="duty", key=duty.stream)
    assert not services.follows(account, "duty", duty.stream)
