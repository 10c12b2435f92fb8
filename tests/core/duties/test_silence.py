"""What the law draws from silence is recorded by the tick: once, dated when the time ran out, and reversible."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cast import moment

from qianshao.core.accounts.actor import Actor
from qianshao.core.duties import registry, silence
from qianshao.core.duties.door import perform, void
from qianshao.core.duties.models import Duty
from qianshao.core.duties.rebuild import rebuild
from qianshao.core.duties.stream import load
from qianshao.core.notices.wake import wake
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact
from qianshao.modules.openness.requests import facts as f

pytestmark = [pytest.mark.django_db, pytest.mark.database]
RECEIVED = moment("2025-09-25 10:00")


@pytest.fixture
def request_duty(city: dict[str, Unit], robot: Actor) -> Duty:
    """A request for information, just received."""
    fact = f.Received(at=RECEIVED, channel="web", wanted="征地批复", unit="housing")
    receipt = perform(
        kind=registry.kind("openness.request"), fact=fact, actor=robot, now=RECEIVED, src="test"
    )
    return Duty.objects.get(stream=receipt.stream)


def act(duty: Duty, fact: Fact, robot: Actor, now: str = "") -> None:
    kind = registry.kind("openness.request")
    perform(kind=kind, duty=duty, fact=fact, actor=robot, now=moment(now) if now else fact.at, src="test")
    duty.refresh_from_db()


def names(duty: Duty) -> list[str]:
    (stream,) = load([duty.stream], lock=False)
    return [type(item.fact).__name__ for item in stream.facts]


def consult(duty: Duty, robot: Actor) -> None:
    act(duty, f.Consulted(at=moment("2025-10-09 09:00"), whom="third_party"), robot)


def test_the_clock_of_a_request_goes_on_when_the_third_party_stays_silent(request_duty: Duty, robot: Actor):
    consult(request_duty, robot)
    assert (request_duty.paused, request_duty.due_at) == (True, None)
    assert request_duty.wake_at == moment("2025-10-30")

    wake(moment("2025-10-30 00:05"), limit=10)

    request_duty.refresh_from_db()
    assert (request_duty.phase, request_duty.paused) == ("in_process", False)
    assert request_duty.due_at == moment("2025-11-20")
    assert names(request_duty) == ["Received", "Consulted", "ConsultationLapsed"]
    assert rebuild(write=False).none


def test_a_tick_that_comes_days_late_dates_the_silence_when_it_fell(request_duty: Duty, robot: Actor):
    consult(request_duty, robot)

    wake(moment("2025-11-15 00:05"), limit=10)

    (stream,) = load([request_duty.stream], lock=False)
    assert stream.facts[-1].fact.at == moment("2025-10-30")


def test_nothing_is_drawn_before_its_time_or_twice(request_duty: Duty, robot: Actor):
    consult(request_duty, robot)
    streams, at = [request_duty.stream], moment("2025-10-30")

    assert silence.record(streams, at - timedelta(seconds=1)) == 0
    assert silence.record(streams, at) == 1
    assert silence.record(streams, at) == 0


def test_an_opinion_that_came_in_time_and_was_recorded_late_counts_from_when_it_came(
    request_duty: Duty, robot: Actor
):
    consult(request_duty, robot)
    wake(moment("2025-10-30 00:05"), limit=10)
    request_duty.refresh_from_db()

    act(request_duty, f.ConsultationAnswered(at=moment("2025-10-16 09:00")), robot, now="2025-11-03")

    assert request_duty.due_at == moment("2025-11-07")


def test_a_request_not_corrected_is_given_up_and_an_officer_may_reverse_it(request_duty: Duty, robot: Actor):
    asked = f.CorrectionAsked(at=moment("2025-09-28 09:00"), until=moment("2025-10-15").date(), items="名称")
    act(request_duty, asked, robot)
    wake(moment("2025-10-16 00:05"), limit=10)
    request_duty.refresh_from_db()
    assert (request_duty.phase, request_duty.open) == ("given_up", False)

    kind, now = registry.kind("openness.request"), moment("2025-10-17 09:00")
    void(duty=request_duty, kind=kind, entry=3, reason="申请人住院", actor=robot, now=now, src="test")
    wake(moment("2025-10-17 09:05"), limit=10)

    request_duty.refresh_from_db()
    assert (request_duty.phase, request_duty.open) == ("correction_asked", True)
    assert names(request_duty) == ["Received", "CorrectionAsked", "GivenUp", "Voided"]
