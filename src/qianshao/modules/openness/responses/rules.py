"""The hours of a public response (OPN-1): the numbers are from memory, so each is a setting marked unverified."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, Rule, SecondClock, run
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.words import Words, say

from .. import flags
from . import facts as f

WORD, PRESS, OTHER = "openness.response-word", "openness.response-press", "openness.response-other"


@dataclass(frozen=True)
class Response:
    """A matter as its facts leave it; of words published the first counts."""

    arose: f.Arose
    spoke: f.Spoke | None = None
    press: f.PressMet | None = None
    let_be: f.LetBe | None = None

    @property
    def word(self) -> f.Spoke | f.PressMet | None:
        """The first authoritative word; a press conference is one."""
        said = [one for one in (self.spoke, self.press) if one is not None]
        return min(said, key=lambda one: one.at, default=None)

    @property
    def closed_at(self) -> datetime | None:
        """When all that was owed was said: a grave event asks for the press too."""
        last = self.let_be or (self.press if self.arose.grave else self.word)
        return last.at if last else None


def fold(facts: Iterable[f.AnyFact]) -> Response:
    """The matter after these facts; the first is always ``Arose``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.Arose)
    response = Response(first)
    for fact in stream:
        match fact:
            case f.Arose():
                response = replace(response, arose=fact)
            case f.Spoke():
                response = replace(response, spoke=response.spoke or fact)
            case f.PressMet():
                response = replace(response, press=fact)
            case f.LetBe():
                response = replace(response, let_be=fact)
            case _:
                assert_never(fact)
    return response


def clock(response: Response, calendar: Calendar, rules: Rules) -> Deadline:
    """First the word, then, of a grave event, the press; each from the moment it arose."""
    arose = response.arose
    key = OTHER if not arose.grave else WORD if response.word is None else PRESS
    deadline = run(rules[key], calendar, arose.at, stopped_at=response.closed_at)
    return replace(deadline, flags=(*deadline.flags, *_remarks(response, calendar, rules)))


def _remarks(response: Response, calendar: Calendar, rules: Rules) -> list[Words]:
    arose, found = response.arose, list[Words]()
    steps: tuple[tuple[Rule, f.Spoke | f.PressMet | None], ...] = (
        (rules[WORD if arose.grave else OTHER], response.word),
        (rules[PRESS], response.press if arose.grave else None),
    )
    for (rule, done), remark in zip(steps, (flags.late_word, flags.late_press), strict=True):
        until = run(rule, calendar, arose.at).until
        if done is not None and until is not None and done.at > until:
            found.append(remark(until, done.at, str(rule.citation)))
    return found


def beside(response: Response, calendar: Calendar, rules: Rules) -> tuple[SecondClock, ...]:
    """While the first word of a grave event is awaited, the press conference's clock runs too."""
    if response.closed_at is not None or response.word is not None or not response.arose.grave:
        return ()
    return (SecondClock(say("举行新闻发布会"), run(rules[PRESS], calendar, response.arose.at).until),)


def look(response: Response) -> Look:
    """What lists show."""
    arose = response.arose
    return Look(
        phase=phase(response),
        opened_at=arose.at,
        closed_at=response.closed_at,
        title=arose.title,
        unit=arose.unit,
        topic="突发事件" if arose.grave else "一般舆情",
    )


def phase(response: Response) -> str:
    """The station a matter is at."""
    if response.closed_at is not None:
        return "let_be" if response.let_be else "answered"
    return "spoken" if response.spoke else "awaited"


def while_open(response: Response, fact: f.AnyFact, deadline: Deadline) -> Words | None:
    """Nothing more is owed once it is closed."""
    if response.let_be:
        return say("已确认无需回应")
    return say("已于{on}回应", on=response.closed_at.date()) if response.closed_at else None


def may_meet(response: Response, fact: f.PressMet, deadline: Deadline) -> Words | None:
    """Once is what the clock asks for."""
    if response.press:
        return say("已于{on}举行新闻发布会", on=response.press.on)
    return while_open(response, fact, deadline)
