"""What the door keeps from an order: names of what is not there; and what a list finds of a step left undone."""

from __future__ import annotations

import pytest
from cast import clerk, moment

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.duties import rulebook
from qianshao.core.duties.door import Refused, perform
from qianshao.core.duties.models import Duty
from qianshao.core.duties.stream import load
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact, Kind
from qianshao.kernel.figures import Condition, Selection
from qianshao.kit.duties import timeline, titles
from qianshao.kit.queries import figures
from qianshao.modules.hotline import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NOW = moment("2026-03-02 09:30")


def told(kind: Kind, actor: Actor, *facts: Fact) -> Duty:
    duty = None
    for fact in facts:
        perform(kind=kind, fact=fact, actor=actor, now=NOW, src="test", duty=duty)
        duty = duty or Duty.objects.latest("id")
    assert duty is not None
    duty.refresh_from_db()
    return duty


def received(**more: object) -> f.Received:
    return f.Received(
        at=moment("2026-02-27 09:00"), title="林小满反映路灯", body="不亮", channel="web", **more
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (f.Merged(at=NOW, into="RX-none"), "没有编号为“RX-none”的诉求工单，请核对编号"),
        (f.Merged(at=NOW, into="same"), "“same”就是本件，请填另一件的编号"),
        (f.Dispatched(at=NOW, unit="housing", co_units="water，moon"), "没有编码为“moon”的单位"),
    ],
)
def test_a_name_of_what_is_not_there_is_refused(
    city: dict[str, Unit], order_kind: Kind, robot: Actor, fact: Fact, said: str
) -> None:
    duty = told(order_kind, robot, received(number="same"))

    with pytest.raises(Refused, match=said):
        perform(kind=order_kind, fact=fact, actor=robot, now=NOW, src="test", duty=duty)


def test_a_list_finds_the_steps_left_undone_past_their_time(
    city: dict[str, Unit], order_kind: Kind, robot: Actor
) -> None:
    late = told(order_kind, robot, received())  # not dispatched within 24 hours
    told(order_kind, robot, received(unit="housing"))  # came with its unit: nothing to dispatch here
    told(
        order_kind, robot, received(), f.Replied(at=moment("2026-02-27 10:00"), reply="已修")
    )  # or its answer
    sent = f.Dispatched(at=moment("2026-02-28 08:00"), unit="water")
    told(order_kind, robot, received(), sent)  # to be signed for until the end of Monday
    overdue = Selection(order_kind.key, (Condition("step_late", "", True),))

    assert [duty.pk for duty in figures.queryset(overdue, robot, NOW)] == [late.pk]
    assert figures.count(overdue, robot, moment("2026-03-04")) == 2
    assert figures.count(Selection(order_kind.key, overdue.where, "2026-02-27"), robot, NOW) == 0


def test_who_asked_for_secrecy_is_known_to_nobody_who_may_not_see_it_in_full(
    city: dict[str, Unit], order_kind: Kind, robot: Actor
) -> None:
    duty = told(
        order_kind,
        robot,
        received(unit="housing", caller="林小满", phone="13812345678", secret=True, email="a@example.cn"),
    )
    unit = clerk("hotline.read", "hotline.text", path="/housing/")
    chief = clerk("hotline.read", "hotline.text", "hotline.reveal")

    def shown(actor: Actor) -> list[str]:
        (stream,) = load([duty.stream], lock=False)
        (entry,) = timeline.told(stream, titles.reader(duty, order_kind, actor))
        return [
            value.text for value in entry.values if value.label in ("诉求人", "联系电话", "电子邮箱", "标题")
        ]

    kept = "本人要求保密，不予显示"
    assert shown(unit) == ["***反映路灯", kept, kept, kept]
    assert shown(chief) == ["林**反映路灯", "林**", "138****5678", "******"]
    assert titles.titles([duty], unit)[duty.stream].text == "***反映路灯"


def test_an_order_from_before_the_steps_had_clocks_is_read_by_their_first_edition(order_kind: Kind) -> None:
    rules = rulebook.book().pinned("hotline.answer@2018", order_kind.rules)

    assert set(rules) == set(order_kind.rules)
    assert rules["hotline.sign"].edition == "2018"


def test_a_clerk_of_the_city_dispatches_what_no_unit_has_and_a_unit_does_not(
    city: dict[str, Unit], order_kind: Kind, robot: Actor
) -> None:
    duty = told(order_kind, robot, received())
    sent = f.Dispatched(at=NOW, unit="housing")

    def dispatch(path: str) -> None:
        actor = clerk("hotline.dispatch", path=path)
        perform(kind=order_kind, fact=sent, actor=actor, now=NOW, src="test", duty=duty)

    with pytest.raises(NotAllowed):
        dispatch("/housing/")
    dispatch("/")
