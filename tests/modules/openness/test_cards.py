"""Cards through the door and the tick: once for each limit and level, told, explained, judged by somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cast import clerk, moment

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.accounts.models import Account, Grant
from qianshao.core.duties import registry
from qianshao.core.duties.door import Refused, perform
from qianshao.core.duties.models import Duty
from qianshao.core.duties.rebuild import rebuild
from qianshao.core.duties.stream import load
from qianshao.core.notices.models import Notice
from qianshao.core.notices.wake import wake
from qianshao.core.org.models import Person, Unit
from qianshao.kernel.declare import Fact
from qianshao.modules.openness.cards import facts as c
from qianshao.modules.openness.requests import facts as r

pytestmark = [pytest.mark.django_db, pytest.mark.database]
RECEIVED = moment("2025-09-25 10:00")  # due 2025-10-29, amber 2025-10-23
HANDLE, DECIDE = "openness.handle", "openness.decide"
HOUSING = clerk(HANDLE, path="/housing/", unit="housing", key="account:7")
HEAD = clerk(HANDLE, DECIDE, unit="office", key="account:8")


@pytest.fixture
def request_duty(city: dict[str, Unit], robot: Actor) -> Duty:
    """A request for information the housing bureau has to answer by 29 October."""
    return received(robot)


def received(robot: Actor, unit: str = "housing") -> Duty:
    fact = r.Received(at=RECEIVED, channel="web", wanted="征地批复", applicant="王五", unit=unit)
    return Duty.objects.get(stream=perform_on(None, fact, robot, "openness.request"))


def perform_on(duty: Duty | None, fact: Fact, actor: Actor, kind: str = "openness.card") -> str:
    receipt = perform(kind=registry.kind(kind), duty=duty, fact=fact, actor=actor, now=fact.at, src="test")
    if duty is not None:
        duty.refresh_from_db()
    return receipt.stream


def run_tick(*days: str) -> None:
    for day in days:
        while wake(moment(day), limit=10):
            pass


def cards() -> list[tuple[str, str]]:
    found = Duty.objects.filter(kind="openness.card").order_by("id").select_related("unit")
    return [(card.topic, card.unit.code if card.unit else "") for card in found]


def test_a_card_is_given_near_the_limit_and_another_when_it_has_passed(request_duty: Duty) -> None:
    run_tick("2025-10-24 23:59")
    assert cards() == []
    request_duty.refresh_from_db()
    assert request_duty.wake_at == moment("2025-10-25")  # looked at again for the card, not for the lamp

    run_tick("2025-10-25 00:00")
    assert cards() == [("黄牌", "housing")]

    run_tick("2025-10-29 23:59")
    assert cards() == [("黄牌", "housing")]

    run_tick("2025-10-30 00:00")
    assert cards() == [("黄牌", "housing"), ("红牌", "housing")]
    assert rebuild(write=False).none


def test_repeated_ticks_give_nothing_twice(request_duty: Duty, robot: Actor) -> None:
    for day in ("2025-10-27 09:00", "2025-10-28 09:00", "2025-10-30 09:00", "2025-11-05 09:00"):
        Duty.objects.filter(pk=request_duty.pk).update(wake_at=RECEIVED)
        run_tick(day, day)

    assert cards() == [("黄牌", "housing"), ("红牌", "housing")]
    entries = [len(stream.facts) for stream in load(set(streams()), lock=False)]
    assert entries == [1, 1]


def streams() -> list[str]:
    return list(Duty.objects.filter(kind="openness.card").values_list("stream", flat=True))


def test_a_tick_that_comes_late_gives_red_alone(request_duty: Duty) -> None:
    run_tick("2025-11-07 23:59")

    assert cards() == [("红牌", "housing")]


def test_a_limit_that_was_moved_earns_its_own_cards_and_the_old_ones_stay(
    request_duty: Duty, robot: Actor
) -> None:
    run_tick("2025-10-27 09:00")
    extended = r.Extended(at=moment("2025-10-28 09:00"), days=10, agreed_by="负责人")
    perform_on(request_duty, extended, robot, "openness.request")
    assert request_duty.due_at == moment("2025-11-13")

    run_tick("2025-10-28 09:01", "2025-10-30 09:00", "2025-11-07 23:59")
    assert cards() == [("黄牌", "housing")]

    run_tick("2025-11-08 00:00", "2025-11-13 00:00")
    limits = [stream.facts[0].fact for stream in load(set(streams()), lock=False)]
    assert sorted((fact.level, str(fact.limit)) for fact in limits if isinstance(fact, c.Issued)) == [
        ("red", "2025-11-12"),
        ("yellow", "2025-10-29"),
        ("yellow", "2025-11-12"),
    ]


def test_a_duty_that_was_kept_earns_nothing(request_duty: Duty, robot: Actor) -> None:
    answered = r.Answered(at=moment("2025-10-20 09:00"), outcome="provided")
    perform_on(request_duty, answered, robot, "openness.request")

    run_tick("2025-10-27 09:00", "2025-11-07 23:59")

    assert cards() == []


def test_nobody_is_judged_for_a_duty_of_no_unit_until_it_has_one(city: dict[str, Unit], robot: Actor) -> None:
    duty = received(robot, unit="")
    run_tick("2025-10-27 09:00")
    assert cards() == []

    perform_on(duty, r.Assigned(at=moment("2025-10-28 09:00"), unit="water"), robot, "openness.request")
    run_tick("2025-10-28 09:01")

    assert cards() == [("黄牌", "water")]


def test_a_card_names_its_duty_and_holds_nothing_personal(request_duty: Duty) -> None:
    run_tick("2025-11-07 23:59")

    (stream,) = load(set(streams()), lock=False)
    (body,) = stream.bodies
    assert body.data["stream"] == request_duty.stream
    assert body.data["number"] == request_duty.number
    assert (body.actor, body.pii) == ("machine:openness", {})
    assert "王五" not in body.body().decode() and "征地批复" not in body.body().decode()


def test_the_unit_is_told_of_its_card_once(request_duty: Duty, city: dict[str, Unit]) -> None:
    account = Account(login="housing", person=Person.objects.create(name="林一"))
    account.set_unusable_password()
    account.save()
    Grant.objects.create(
        account=account, role="openness.unit", unit=city["housing"], valid_from=RECEIVED.date()
    )

    run_tick("2025-10-30 09:00", "2025-10-30 09:01")

    (card,) = Duty.objects.filter(kind="openness.card")
    told = [str(notice) for notice in Notice.objects.filter(account=account) if "预警卡" in str(notice)]
    assert told == [f"收到预警卡 {card.number}（红牌），请签收并说明"]


def test_a_card_is_signed_for_explained_upheld_and_closed_when_nobody_appeals(request_duty: Duty) -> None:
    run_tick("2025-10-30 00:00")
    (card,) = Duty.objects.filter(kind="openness.card")

    perform_on(card, c.SignedFor(at=moment("2025-10-30 09:00")), HOUSING)
    perform_on(card, c.Explained(at=moment("2025-11-03 09:00"), explanation="人手不足"), HOUSING)
    perform_on(card, c.Decided(at=moment("2025-11-05 09:00"), outcome="upheld", reason="属实"), HEAD)
    assert (card.phase, card.open, card.due_at) == ("upheld", True, None)
    assert card.wake_at == moment("2025-11-13")

    run_tick("2025-11-12 23:59")
    card.refresh_from_db()
    assert card.phase == "upheld"
    run_tick("2025-11-20 09:00", "2025-11-20 09:01")

    card.refresh_from_db()
    assert (card.phase, card.open, card.closed_at) == ("closed", False, moment("2025-11-13"))
    assert rebuild(write=False).none


def test_a_card_is_withdrawn_on_appeal_by_somebody_who_is_not_judged(request_duty: Duty) -> None:
    run_tick("2025-10-30 00:00")
    (card,) = Duty.objects.filter(kind="openness.card")
    perform_on(card, c.Appealed(at=moment("2025-10-31 09:00"), grounds="已经答复，补录较晚"), HOUSING)
    withdrawn = c.Decided(at=moment("2025-11-03 09:00"), outcome="withdrawn", reason="申诉成立")

    judged = clerk(DECIDE, unit="housing", key="account:9")
    with pytest.raises(Refused, match="被评判单位以外"):
        perform_on(card, withdrawn, judged)
    with pytest.raises(NotAllowed):
        perform_on(card, withdrawn, HOUSING)
    perform_on(card, withdrawn, HEAD)

    assert (card.phase, card.open) == ("withdrawn", False)


def test_those_below_the_judged_unit_do_not_judge_it_and_those_of_the_city_judge_its_office(
    city: dict[str, Unit], robot: Actor
) -> None:
    for unit, refused, able in (("county-1", "town-1", "office"), ("office", "office", "city")):
        issued = c.Issued(at=RECEIVED, level="yellow", unit=unit, reason="督查发现")
        card = Duty.objects.get(stream=perform_on(None, issued, HEAD))
        perform_on(card, c.Explained(at=RECEIVED + timedelta(hours=1), explanation="已经整改"), robot)
        decided = c.Decided(at=RECEIVED + timedelta(hours=2), outcome="upheld", reason="属实")

        with pytest.raises(Refused, match="被评判单位以外"):
            perform_on(card, decided, clerk(DECIDE, unit=refused))
        perform_on(card, decided, clerk(DECIDE, unit=able))


def test_a_unit_gives_no_cards_by_hand(city: dict[str, Unit]) -> None:
    with pytest.raises(NotAllowed):
        perform_on(None, c.Issued(at=RECEIVED, level="red", unit="water", reason="督查发现"), HOUSING)
