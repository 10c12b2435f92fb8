"""Whole lives of a request against a count done day by day, by another calendar than ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from chinese_calendar import is_workday
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reckoning import due, flags, reckon, refused, told

DAY = timedelta(days=1)


def after(start: date, n: int, out: tuple[date, date] | None = None) -> date:
    """The n-th working day after a day; days after the first of ``out`` up to the second do not count."""
    on = start
    while n:
        on += DAY
        n -= is_workday(on) and not (out is not None and out[0] < on <= out[1])
    return on


@dataclass
class Life:
    """Facts as they are written down, and what a clerk with a calendar makes of them."""

    facts: list[dict[str, Any]]
    last: date = date.min
    flags: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@st.composite
def lives(draw: st.DrawFn) -> Life:
    def days(most: int, least: int = 0) -> timedelta:
        return timedelta(days=draw(st.integers(least, most)))

    received = date(2023, 1, 3) + days(1000)
    life = Life([told("Received", received.isoformat(), channel="web")])
    start = here = received
    if draw(st.booleans()):
        asked = here + days(14)
        until = asked + days(20, 1)
        notice = told("CorrectionAsked", asked.isoformat(), until=until.isoformat())
        life.facts.append(notice)
        if asked > after(received, 7):
            life.flags.append("late_correction_notice")
        if draw(st.booleans()):  # a second notice is refused and moves nothing
            life.facts.append(notice)
            life.refused.append("CorrectionAsked")
        start = here = min(asked + days(20), until)
        life.facts.append(told("Corrected", start.isoformat()))
    out: tuple[date, date] | None = None
    if draw(st.booleans()):
        sent = here + days(10)
        whom = draw(st.sampled_from(["third_party", "co_maker", "other_body"]))
        delivered = sent + days(4)
        back = delivered + days(30)
        life.facts.append(told("Consulted", sent.isoformat(), whom=whom, delivered_on=delivered.isoformat()))
        life.facts.append(told("ConsultationAnswered", back.isoformat(), whom=whom))
        limit = after(delivered, 15)
        out = (sent, back)
        if whom != "other_body" and back > limit:
            life.flags.append("late_opinion")
            out = (sent, limit)
        assume(sent < after(start, 20))
        here = back
    more = 0
    if draw(st.booleans()):
        on, more = here + days(25), draw(st.integers(1, 20))
        life.facts.append(told("Extended", on.isoformat(), days=more, agreed_by="公开科科长"))
        if on > after(start, 20, out):
            life.flags.append("late_extension")
        here = on
    life.last = after(start, 20 + more, out)
    if draw(st.booleans()):
        answered = here + days(40)
        life.facts.append(told("Answered", answered.isoformat()))
        if answered > life.last:
            life.flags.append("late_answer")
    return life


@given(life=lives())
@settings(max_examples=400, deadline=None)
def test_a_whole_life_comes_to_the_day_and_the_remarks_of_a_count_by_hand(life: Life) -> None:
    played = reckon("openness.request", *life.facts)

    assert due(played) == life.last.isoformat()
    assert sorted(flags(played)) == sorted(life.flags)
    assert [name for name, _article in refused(played)] == life.refused


def test_a_reply_on_the_day_of_an_extension_or_an_opinion_leaves_the_day_it_was_due() -> None:
    received = told("Received", "2025-09-25")
    sent = told("Consulted", "2025-10-09", whom="third_party")
    opinion, reply = told("ConsultationAnswered", "2025-10-16"), told("Answered", "2025-10-16")
    longer = told("Extended", "2025-10-16", days=10, agreed_by="公开科科长")

    assert due(reckon("openness.request", received, sent, opinion, reply)) == "2025-11-06"
    assert due(reckon("openness.request", received, longer, reply)) == "2025-11-12"
