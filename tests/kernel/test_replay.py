"""Facts played against a kind without a door: the same refusals, the same dates, and what silence draws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from cast import moment

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Citation, Deadline, Pause, Rule, SecondClock, Term, Unit, run
from qianshao.kernel.declare import Act, Fact, Kind, Look, Phase, Rules
from qianshao.kernel.lamp import Lamp
from qianshao.kernel.replay import NotOpened, replay
from qianshao.kernel.words import Words, say

RULE = Rule("test.answer", "1", Term(5, Unit.WORKDAY), Citation("法", "第一条", "1", "V"))
CHINA = Calendar.china()


@dataclass(frozen=True, kw_only=True)
class Opened(Fact):
    pass


@dataclass(frozen=True, kw_only=True)
class Found(Fact):
    """Opens, or comes later."""


@dataclass(frozen=True, kw_only=True)
class Asked(Fact):
    pass


@dataclass(frozen=True, kw_only=True)
class Lapsed(Fact):
    pass


@dataclass(frozen=True, kw_only=True)
class Done(Fact):
    pass


@dataclass(frozen=True)
class State:
    facts: tuple[Fact, ...]

    def last(self, kind: type[Fact]) -> Fact | None:
        return next((fact for fact in reversed(self.facts) if isinstance(fact, kind)), None)


def fold(facts: Iterable[Fact]) -> State:
    return State(tuple(facts))


def limit(asked: Fact) -> datetime:
    return asked.at + timedelta(days=3)


def clock(state: State, calendar: Calendar, rules: Rules) -> Deadline:
    asked, lapsed, done = state.last(Asked), state.last(Lapsed), state.last(Done)
    second = SecondClock(say("另一方"), limit(asked)) if asked else None
    pauses = [Pause(asked.at, lapsed.at if lapsed else None, say("等待"), second=second)] if asked else []
    return run(RULE, calendar, state.facts[0].at, pauses=pauses, stopped_at=done.at if done else None)


def look(state: State) -> Look:
    waiting = state.last(Asked) and not state.last(Lapsed)
    phase = "done" if state.last(Done) else "waiting" if waiting else "open"
    return Look(phase=phase, opened_at=state.facts[0].at)


def silence(state: State, calendar: Calendar, rules: Rules) -> Fact | None:
    asked = state.last(Asked)
    return Lapsed(at=limit(asked)) if asked and not state.last(Lapsed) and not state.last(Done) else None


def once(state: State, fact: Fact, deadline: Deadline) -> Words | None:
    return say("只问一次（{article}）", article="法 第二条") if state.last(Asked) else None


KIND = Kind(
    key="test.thing",
    title="事",
    law="法",
    fold=fold,
    clock=clock,
    look=look,
    silence=silence,
    phases=(
        Phase("open", "在办"),
        Phase("waiting", "等", paused=True, second="另一方"),
        Phase("done", "办结", open=False),
    ),
    acts=(
        Act(Opened, "登记", who="test.do", opens=True),
        Act(Found, "发现", who="test.do", opens=True, later=True),
        Act(Asked, "询问", who="test.do", allow=once),
        Act(Lapsed, "未答", who="test.do"),
        Act(Done, "办结", who="test.do"),
    ),
    rules=("test.answer",),
    reads="test.read",
    prefix="T",
)


def play(*facts: Fact, until: str = ""):
    return replay(KIND, facts, CHINA, {"test.answer": RULE}, until=moment(until) if until else None)


OPENED = Opened(at=moment("2025-10-13 09:00"))
ASKED = Asked(at=moment("2025-10-14 09:00"))


def test_facts_are_taken_in_order_of_their_moments_the_opening_one_first():
    at_once = Asked(at=OPENED.at)

    assert [type(fact) for fact in play(at_once, OPENED).told] == [Opened, Asked]


def test_what_the_kind_forbids_is_refused_with_its_article_and_changes_nothing():
    played = play(OPENED, ASKED, Asked(at=moment("2025-10-15")))

    assert [(type(one.fact).__name__, one.article) for one in played.refused] == [("Asked", "法 第二条")]
    assert played.told == (OPENED, ASKED)


def test_facts_before_the_opening_and_a_second_opening_are_refused():
    early, again = Done(at=moment("2025-10-01")), Opened(at=moment("2025-10-14"))

    assert [one.fact for one in play(early, OPENED, again).refused] == [early, again]


def test_an_opening_act_may_come_later_where_the_kind_says_so():
    found = Found(at=moment("2025-10-14"))

    assert play(OPENED, found).told == (OPENED, found)
    assert play(found).told == (found,)


def test_silence_is_drawn_before_the_fact_that_follows_it_and_by_the_moment_asked_about():
    done = Done(at=moment("2025-10-20 09:00"))

    assert [type(fact) for fact in play(OPENED, ASKED, done).told] == [Opened, Asked, Lapsed, Done]
    assert play(OPENED, ASKED).drawn == ()
    assert play(OPENED, ASKED, until="2025-10-17 08:59").look.phase == "waiting"
    assert play(OPENED, ASKED, until="2025-10-17 09:00").look.phase == "open"


def test_facts_after_the_moment_asked_about_are_not_there_yet():
    assert play(OPENED, ASKED, until="2025-10-13 12:00").told == (OPENED,)


def test_late_stays_late():
    done = Done(at=moment("2025-10-22"))
    played = play(OPENED, done)

    assert played.missed_at == moment("2025-10-21")
    assert played.lamp(moment("2025-10-23")) is Lamp.LATE
    assert play(OPENED, Done(at=moment("2025-10-20"))).missed_at is None


def test_without_an_opening_there_is_nothing_to_reckon():
    with pytest.raises(NotOpened, match="Opened、Found"):
        play(ASKED)
