"""The clocks of a round: declarations, visits, publication."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, run, set_limit
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.hours import DAY, midnight
from qianshao.kernel.sampling import commitment
from qianshao.kernel.words import Words, say

from . import facts as f

PUBLISH = "appraisal.publish"


@dataclass(frozen=True)
class Round:
    """A round as its facts leave it."""

    opened: f.Opened
    sealed: f.Sealed | None = None
    drawn: f.Drawn | None = None
    revealed: f.Revealed | None = None
    rated: f.Rated | None = None
    published: f.Published | None = None


def fold(facts: Iterable[f.AnyFact]) -> Round:
    """The round after these facts; the first is always ``Opened``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.Opened)
    found = Round(first)
    for fact in stream:
        match fact:
            case f.Opened():
                found = Round(fact)
            case f.Sealed():
                found = replace(found, sealed=fact)
            case f.Drawn():
                found = replace(found, drawn=fact)
            case f.Revealed():
                found = replace(found, revealed=fact)
            case f.Rated():
                found = replace(found, rated=fact)
            case f.Published():
                found = replace(found, published=fact)
            case _:
                assert_never(fact)
    return found


def clock(found: Round, calendar: Calendar, rules: Rules) -> Deadline:
    """The last day to declare, then to visit, then so many working days to publish after the last visit."""
    opened = found.opened
    if found.drawn is None:
        return _by(found, opened.declare_by, say("申报截止日"))
    if found.revealed is None:
        return _by(found, opened.visit_by, say("抽查截止日"))
    stopped = found.published.at if found.published else None
    return run(rules[PUBLISH], calendar, found.revealed.at, stopped_at=stopped)


def _by(found: Round, last: date, why: Words) -> Deadline:
    return set_limit(found.opened.at, midnight(last) + DAY, why, found.opened.title)


def look(found: Round) -> Look:
    """What lists show."""
    closed: datetime | None = found.published.at if found.published else None
    return Look(
        phase=phase(found),
        opened_at=found.opened.at,
        closed_at=closed,
        title=found.opened.title,
        unit=found.opened.unit,
        number=found.opened.name,
        wake_at=midnight(found.drawn.on) + DAY if found.drawn and not found.revealed else None,
    )


def phase(found: Round) -> str:
    """The station a round is at."""
    stations = (
        ("published", found.published),
        ("rated", found.rated),
        ("revealed", found.revealed),
        ("drawn", found.drawn),
        ("sealed", found.sealed),
    )
    return next((key for key, there in stations if there), "declaring")


def may_seal(found: Round, fact: f.Sealed, deadline: Deadline) -> Words | None:
    """Once, and when the time to declare is over, so that the list is whole."""
    if found.sealed:
        return say("名单和种子已于{on}封存", on=found.sealed.on)
    if fact.on <= found.opened.declare_by:
        return say("申报截止日（{day}）还没有过", day=found.opened.declare_by)
    return None


def may_draw(found: Round, fact: f.Drawn, deadline: Deadline) -> Words | None:
    """Once, from what was sealed."""
    if found.drawn:
        return say("已于{on}抽取", on=found.drawn.on)
    return None if found.sealed else say("名单和种子还没有封存")


def may_reveal(found: Round, fact: f.Revealed, deadline: Deadline) -> Words | None:
    """After the visits, and only the seed that was committed to."""
    if found.drawn is None or found.sealed is None:
        return say("还没有抽取")
    if found.revealed:
        return say("种子已于{on}公布", on=found.revealed.on)
    try:
        matches = commitment(bytes.fromhex(fact.seed)) == found.sealed.commitment
    except ValueError:
        matches = False
    return None if matches else say("种子与抽取前封存的承诺不符")


def may_rate(found: Round, fact: f.Rated, deadline: Deadline) -> Words | None:
    """After the seed is public."""
    if found.rated:
        return say("已于{on}评分", on=found.rated.on)
    return None if found.revealed else say("种子公布以后才能评分")


def may_publish(found: Round, fact: f.Published, deadline: Deadline) -> Words | None:
    """After rating, once."""
    if found.published:
        return say("已于{on}公布", on=found.published.on)
    return None if found.rated else say("评分以后才能公布")
