"""The one door: what it writes, what it refuses, and that nothing is half-written."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from cast import clerk, moment

from qianshao.core.accounts.actor import Actor, NotAllowed
from qianshao.core.duties.door import (
    Delivery,
    Receipt,
    Refused,
    Stale,
    perform,
    perform_many,
    stream_of,
    void,
)
from qianshao.core.duties.models import Duty, Span
from qianshao.core.duties.rebuild import rebuild
from qianshao.core.ledger.models import Entry, Leaf, Sealed
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact, Kind
from qianshao.modules.hotline import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]

RECEIVED = f.Received(
    at=moment("2025-09-25 10:00"), title="路灯不亮", body="门口路灯坏了三天", channel="web", unit="housing"
)


@pytest.fixture
def order(city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime) -> Duty:
    perform(
        kind=order_kind, fact=RECEIVED, actor=robot, now=now, src="test", source="a:1", subject="citizen-1"
    )
    return Duty.objects.get()


def act(
    duty: Duty, kind: Kind, fact: Fact, actor: Actor, now: datetime, expected: int | None = None
) -> Receipt:
    return perform(kind=kind, duty=duty, fact=fact, actor=actor, now=now, src="test", expected=expected)


def test_an_entry_and_its_projection_are_written_together(order: Duty, now: datetime) -> None:
    assert Entry.objects.count() == 1
    assert (order.phase, order.unit.code, order.open) == ("handling", "housing", True)
    # 26 Sep, 28 Sep (make-up Sunday), 29, 30 Sep, 9 Oct: five working days after the day of receipt.
    assert order.due_at == moment("2025-10-10")
    assert order.recorded_at == now
    assert order.version == 1
    assert [(span.since, span.until) for span in Span.objects.all()] == [(RECEIVED.at, None)]


def test_the_citizens_words_are_in_no_table(order: Duty) -> None:
    body = json.loads(bytes(Entry.objects.get().body))

    assert set(body["pii"]) == {"title", "body"}
    assert "路灯" not in json.dumps(body, ensure_ascii=False)
    assert "路灯".encode() not in bytes(Sealed.objects.get().box)
    assert order.title == ""


def test_an_answer_closes_and_a_late_one_stays_late(
    order: Duty, order_kind: Kind, robot: Actor, now: datetime
) -> None:
    act(order, order_kind, f.Replied(at=moment("2025-10-10 09:00"), reply="已修复"), robot, now)

    order.refresh_from_db()
    assert (order.open, order.phase) == (False, "replied")
    assert order.missed_at == order.due_at == moment("2025-10-10")
    assert [span.missed_at for span in Span.objects.order_by("since")] == [None, moment("2025-10-10")]


def test_an_answer_on_the_last_day_is_in_time(
    order: Duty, order_kind: Kind, robot: Actor, now: datetime
) -> None:
    act(order, order_kind, f.Replied(at=moment("2025-10-09 23:59"), reply="已修复"), robot, now)

    order.refresh_from_db()
    assert order.missed_at is None


def test_the_same_delivery_twice_is_recorded_once(
    order: Duty, order_kind: Kind, robot: Actor, now: datetime
) -> None:
    again = perform(
        kind=order_kind, fact=RECEIVED, actor=robot, now=now, src="test", source="a:1", subject="citizen-1"
    )

    assert (again.repeated, again.changed, again.sseq) == (True, False, 1)
    assert Entry.objects.count() == 1


def test_the_same_delivery_with_other_words_is_reported_as_changed(
    order: Duty, order_kind: Kind, robot: Actor, now: datetime
) -> None:
    other = f.Received(at=RECEIVED.at, title="路灯不亮", body="改过的内容", channel="web", unit="housing")

    again = perform(kind=order_kind, fact=other, actor=robot, now=now, src="test", source="a:1")

    assert (again.repeated, again.changed) == (True, True)


def test_the_second_clerk_sees_what_the_first_did(
    order: Duty, order_kind: Kind, robot: Actor, now: datetime
) -> None:
    act(order, order_kind, f.Dispatched(at=now, unit="water"), robot, now, expected=1)

    with pytest.raises(Stale) as stale:
        act(order, order_kind, f.Dispatched(at=now, unit="housing"), robot, now, expected=1)

    assert [body.fact for body in stale.value.since] == ["Dispatched"]
    assert Entry.objects.count() == 2


def test_without_the_capability_in_that_unit_nothing_happens(
    order: Duty, order_kind: Kind, now: datetime
) -> None:
    stranger = clerk("hotline.handle", path="/water/")

    with pytest.raises(NotAllowed):
        act(order, order_kind, f.Replied(at=now, reply="已修复"), stranger, now)

    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        (f.Replied(at=moment("2027-01-01"), reply="早"), "晚于现在"),
        (f.Replied(at=moment("2025-09-24"), reply="早"), "早于登记时间"),
        (f.Extended(at=moment("2025-09-26"), days=0, reason="难", agreed_by="主任"), "至少 1 个工作日"),
        (f.Supplied(at=moment("2025-09-26")), "没有要求诉求人补充"),
    ],
)
def test_what_the_rules_forbid_is_refused_with_a_sentence(
    order: Duty, order_kind: Kind, robot: Actor, now: datetime, fact: Fact, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        act(order, order_kind, fact, robot, now)

    assert Entry.objects.count() == 1


def test_a_refused_delivery_leaves_the_rest_of_its_batch_alone(
    city: dict[str, Unit], order_kind: Kind, robot: Actor, now: datetime
) -> None:
    good = Delivery(kind=order_kind, fact=RECEIVED, source="b:1")
    bad = Delivery(
        kind=order_kind, fact=f.Replied(at=now, reply="无此单"), stream=stream_of(order_kind, "b:2")
    )

    outcomes = perform_many([good, bad], actor=robot, now=now, src="test")

    assert [type(outcome) for outcome in outcomes] == [Receipt, Refused]
    assert Duty.objects.count() == 1


def test_a_pause_stops_the_clock_and_the_callers_runs(
    order: Duty, order_kind: Kind, robot: Actor, now: datetime
) -> None:
    asked = f.Asked(at=moment("2025-09-26 09:00"), until=moment("2025-10-15").date(), what="门牌号")
    act(order, order_kind, asked, robot, now)
    order.refresh_from_db()
    assert (order.paused, order.due_at, order.wake_at) == (True, None, moment("2025-10-16"))

    act(order, order_kind, f.Supplied(at=moment("2025-10-13 09:00")), robot, now)

    order.refresh_from_db()
    assert (order.paused, order.phase) == (False, "handling")
    # 26 Sep was counted, 13 Oct is the day the pause ends and is not; four more: 14, 15, 16, 17 Oct.
    assert order.due_at == moment("2025-10-18")


def test_a_voided_entry_no_longer_counts_and_stays_readable(
    order: Duty, order_kind: Kind, robot: Actor, now: datetime
) -> None:
    act(order, order_kind, f.Replied(at=moment("2025-09-26"), reply="答错了单"), robot, now)
    order.refresh_from_db()

    void(duty=order, kind=order_kind, entry=2, reason="答复贴错工单", actor=robot, now=now, src="test")

    order.refresh_from_db()
    assert (order.open, order.version) == (True, 3)
    with pytest.raises(Refused, match="已经冲正过"):
        void(duty=order, kind=order_kind, entry=2, reason="再来", actor=robot, now=now, src="test")


def test_recorded_time_never_goes_back_in_a_stream(
    order: Duty, order_kind: Kind, robot: Actor, now: datetime
) -> None:
    stepped_back = now - timedelta(hours=2)

    receipt = act(order, order_kind, f.Dispatched(at=moment("2025-09-26"), unit="water"), robot, stepped_back)

    assert receipt.recorded_at == now + timedelta(microseconds=1)
    assert json.loads(bytes(Entry.objects.get(sseq=2).body))["data"]["skew"] is True


def test_leaves_are_gapless_and_in_order_of_entries(
    order: Duty, order_kind: Kind, robot: Actor, now: datetime
) -> None:
    for day in range(2, 12):
        perform(
            kind=order_kind,
            fact=f.Received(at=moment(f"2025-12-{day:02}"), title="一", body="二", channel="phone"),
            actor=robot,
            now=now,
            src="test",
        )

    from qianshao.core.ledger import store

    store.seal()
    assert list(Leaf.objects.order_by("seq").values_list("seq", flat=True)) == list(range(11))
    assert list(Leaf.objects.order_by("seq").values_list("eid", flat=True)) == list(
        Entry.objects.order_by("eid").values_list("eid", flat=True)
    )


def test_rebuild_changes_nothing(order: Duty, order_kind: Kind, robot: Actor, now: datetime) -> None:
    act(
        order,
        order_kind,
        f.Extended(at=moment("2025-09-29"), days=3, reason="会商", agreed_by="主任"),
        robot,
        now,
    )

    assert rebuild(write=True).none


def test_a_moment_with_a_fraction_stands_as_its_entry_tells_it(
    order: Duty, order_kind: Kind, robot: Actor
) -> None:
    machine_made = moment("2025-09-26 09:30").replace(microsecond=829_132)
    act(order, order_kind, f.Dispatched(at=machine_made, unit="water"), robot, machine_made)

    assert Span.objects.filter(duty=order).latest("since").since.microsecond == 0
    assert rebuild(write=False).none


def test_rebuild_names_and_mends_a_row_somebody_changed(order: Duty) -> None:
    Duty.objects.update(due_at=moment("2030-01-01"), missed_at=None)

    found = rebuild(write=True)

    assert found.changed == {order.stream: ["due_at"]}
    assert rebuild(write=False).none
