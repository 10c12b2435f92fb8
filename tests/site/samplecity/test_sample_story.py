"""The story before the door hears it: deterministic, in order, and never ahead of itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from cast import moment

from qianshao.core.duties import rulebook
from qianshao.kernel.calendar import Calendar
from qianshao.site.samplecity.city import city_of
from qianshao.site.samplecity.replay import sittings
from qianshao.site.samplecity.scales import scale_of
from qianshao.site.samplecity.story import Script, Told, story

pytestmark = pytest.mark.django_db
UNTIL = moment("2026-03-02 15:00")


def told(until: datetime = UNTIL, seed: int = 1, scale: str = "600") -> list[Told]:
    size = scale_of(scale)
    script = Script(size, seed, date(2025, 1, 1), until)
    return list(story(script, city_of(size, seed), Calendar.china(), rulebook.book()))


def test_the_same_script_tells_the_same_story():
    assert told() == told()


def test_another_seed_tells_another_story():
    assert told(seed=2) != told()


def test_a_later_end_only_adds_to_the_story():
    requests = [one for one in told() if one.delivery.kind.key == "hotline.order"]
    later = [one for one in told(UNTIL + timedelta(days=30)) if one.delivery.kind.key == "hotline.order"]

    assert later[: len(requests)] == requests
    assert len(later) > len(requests)


def test_everything_is_recorded_in_order_and_never_before_it_happened():
    recorded = told()

    assert all(one.delivery.fact.at <= one.rec <= UNTIL for one in recorded)
    assert [one.rec for one in recorded] == sorted(one.rec for one in recorded)


def test_nobody_acts_twice_on_a_request_in_one_sitting():
    for sitting in sittings(told()):
        assert len({one.stream for one in sitting}) == len(sitting)


def test_telephone_numbers_cannot_exist():
    phones = {one.delivery.fact.phone for one in told() if hasattr(one.delivery.fact, "phone")}

    assert phones
    assert all(phone.startswith("100") and len(phone) == 11 for phone in phones)


def test_today_some_requests_wait_for_their_caller_and_some_for_their_unit():
    last = {one.stream: type(one.delivery.fact).__name__ for one in told(scale="4200")}

    assert {"Asked", "Supplied", "Extended", "Dispatched", "Replied", "Withdrawn"} <= set(last.values())


def test_mistakes_are_reversed_by_an_entry():
    assert [one for one in told(scale="4200") if type(one.delivery.fact).__name__ == "Voided"]


def test_requests_for_information_meet_everything_the_law_provides_for():
    recorded = told(scale="4200")
    facts = {
        type(one.delivery.fact).__name__ for one in recorded if one.delivery.kind.key == "openness.request"
    }

    assert {
        "CorrectionAsked",
        "Corrected",
        "GivenUp",
        "Consulted",
        "ConsultationAnswered",
        "Extended",
    } <= facts
    assert {"Answered", "Delivered", "Withdrawn"} <= facts


def test_a_later_end_only_adds_to_the_work_of_disclosure():
    def of(until: datetime) -> list[Told]:
        ours = [one for one in told(until) if one.delivery.kind.key.startswith("openness.")]
        return [one for one in ours if one.rec <= UNTIL]

    assert of(UNTIL) == of(UNTIL + timedelta(days=40))
