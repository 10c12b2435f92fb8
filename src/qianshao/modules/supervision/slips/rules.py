"""The clocks of a slip, and when an item earns which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, Rule, SecondClock, earlier, last_day, run
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.hours import DAY, midnight
from qianshao.kernel.words import Words, named, say

from . import facts as f

RECEIPT, ANSWER = "supervision.slip-receipt", "supervision.slip-answer"
LEVEL_RULES: Mapping[str, str] = {level: f"supervision.slip-{level}" for level in f.LEVELS}
_FIRST: Mapping[str, int] = {"": 0, "important": 1, "special": 2}


@dataclass(frozen=True)
class Slip:
    """A slip as its facts leave it."""

    issued: f.Issued
    received: f.Received | None = None
    answered: f.Answered | None = None
    sent_back: int = 0
    withdrawn: f.Withdrawn | None = None

    @property
    def closed_at(self) -> datetime | None:
        """When nothing was asked any more."""
        last = self.withdrawn or self.answered
        return last.at if last else None


def fold(facts: Iterable[f.AnyFact]) -> Slip:
    """The slip after these facts; the first is always ``Issued``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.Issued)
    slip = Slip(first)
    for fact in stream:
        match fact:
            case f.Issued():
                slip = Slip(fact)
            case f.Received():
                slip = replace(slip, received=fact)
            case f.Answered():
                slip = replace(slip, answered=fact)
            case f.SentBack():
                slip = replace(slip, answered=None, sent_back=slip.sent_back + 1)
            case f.Withdrawn():
                slip = replace(slip, withdrawn=fact)
            case _:
                assert_never(fact)
    return slip


def clock(slip: Slip, calendar: Calendar, rules: Rules) -> Deadline:
    """The unit answers within so many working days of issue; an answer sent back does not start it anew."""
    deadline = run(rules[ANSWER], calendar, slip.issued.at, stopped_at=slip.closed_at)
    limit = run(rules[RECEIPT], calendar, slip.issued.at).until
    if slip.received and limit and slip.received.at >= limit:
        late = named("late_receipt", say("签收超过时限（应于{limit}前）", limit=limit))
        deadline = replace(deadline, flags=(*deadline.flags, late))
    return deadline


def beside(slip: Slip, calendar: Calendar, rules: Rules) -> tuple[SecondClock, ...]:
    """Receipt is owed until it is there."""
    if slip.received or slip.closed_at:
        return ()
    return (SecondClock(say("签收督办单"), run(rules[RECEIPT], calendar, slip.issued.at).until),)


def look(slip: Slip) -> Look:
    """What lists show."""
    issued = slip.issued
    stations = (
        ("withdrawn", slip.withdrawn),
        ("answered", slip.answered),
        ("received", slip.received),
    )
    return Look(
        phase=next((key for key, there in stations if there), "issued"),
        opened_at=issued.at,
        closed_at=slip.closed_at,
        title=issued.matter[:200],
        unit=issued.unit,
        topic=f"{f.LEVELS.get(issued.level, '')}色",
        number=issued.number,
        marks=(f"level_{issued.level}", *(("sent_back",) if slip.sent_back else ())),
    )


def ladder(
    calendar: Calendar,
    rules: Mapping[str, Rule],
    *,
    weight: str,
    amber_at: datetime | None,
    due_at: datetime,
    given: Iterable[str],
) -> list[tuple[datetime, str]]:
    """When an item earns which slip, in order, those it has already left out; each moment is a midnight.

    Three occasions: so many days before the limit (not before its own lamp turns amber), and from the so-many-th day
    after it, twice. Blue comes first, for an important matter orange, for a special one red (三明市三色单, DUB-07).
    """
    blue, orange, red = (rules[level] for level in f.LEVELS)
    before = earlier(calendar, due_at, blue.term, None)
    after, later = (run(rule, calendar, midnight(last_day(due_at))).until for rule in (orange, red))
    assert after is not None and later is not None
    levels = list(f.LEVELS)
    highest = max((levels.index(level) for level in given), default=-1)
    found: list[tuple[datetime, str]] = []
    for step, moment in enumerate((max(before, amber_at or before), after - DAY, later - DAY)):
        place = min(_FIRST[weight] + step, len(levels) - 1)
        if place > highest:
            found.append((moment, levels[place]))
            highest = place
    return found


def while_open(slip: Slip, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """Nothing more is done to a slip that was taken back."""
    return say("督办单已于{on}撤回", on=slip.withdrawn.on) if slip.withdrawn else None


def may_receive(slip: Slip, fact: f.Received, deadline: Deadline) -> Words | None:
    """Once."""
    received = say("督办单已于{on}签收", on=slip.received.on) if slip.received else None
    return while_open(slip, fact, deadline) or received


def may_answer(slip: Slip, fact: f.Answered, deadline: Deadline) -> Words | None:
    """After receipt, once until it is sent back; late is accepted and stays late."""
    if slip.received is None:
        return while_open(slip, fact, deadline) or say("签收以后才能回复")
    answered = say("已于{on}回复", on=slip.answered.on) if slip.answered else None
    return while_open(slip, fact, deadline) or answered


def may_send_back(slip: Slip, fact: f.SentBack, deadline: Deadline) -> Words | None:
    """Only what was answered."""
    return while_open(slip, fact, deadline) or (None if slip.answered else say("还没有回复"))
