"""The story of 刺桐市 told in the order it was recorded; the same script tells the same story."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from random import Random

from qianshao.core.duties.door import Delivery, stream_of
from qianshao.core.duties.rulebook import Book
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.declare import Kind
from qianshao.modules.hotline import rules
from qianshao.modules.hotline.knowledge.kind import KNOWLEDGE
from qianshao.modules.hotline.module import ORDER
from qianshao.modules.learning.module import SESSION

from .answers import answers
from .cards import cards
from .city import City
from .days import openings
from .life import Promise, Step
from .openness import disclosures
from .orders import live
from .problems import problems
from .scales import Scale
from .sessions import sessions
from .supervision import supervised
from .upkeep import upkeep


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to be recorded, and when."""

    rec: datetime
    stream: str
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Script:
    """What a story follows from; ``present`` is the first day of its last part."""

    scale: Scale
    seed: int
    present: date
    until: datetime


def lives(script: Script, city: City, calendar: Calendar, book: Book) -> Iterator[list[Told]]:
    """The requests of the story in the order they came, each with all that happens to it by ``until``."""

    @cache
    def promise(on: date) -> Promise:
        rule = book.in_force(rules.ANSWER, on).rule
        return Promise(rule.term.n, rule.extension.n if rule.extension else 0)

    seed, until, number = script.seed, script.until, 0
    for day in openings(script.scale.duties, seed, script.present, until.date(), calendar):
        for at in day:
            number += 1
            steps = live(Random(f"{seed}/{number}"), at, city, promise(at.date()), calendar)
            yield _told(ORDER, f"sample/{seed}/{number}", steps, until)


def story(script: Script, city: City, calendar: Calendar, book: Book) -> Iterator[Told]:
    """Everything in the order it was recorded. Holds only what is still open, however long the story is."""
    waiting: list[tuple[datetime, str, int, Told]] = []
    for session in sessions(script.scale.months, script.seed, script.until, city, calendar):
        _wait(waiting, _told(SESSION, session.source, session.steps, script.until))
    for kept in answers(script.seed, script.present, script.until, city, calendar):
        _wait(waiting, _told(KNOWLEDGE, kept.source, kept.steps, script.until))
    told = (script.scale.duties, script.seed, script.present, script.until, city, calendar)
    disclosed = [*disclosures(*told)]
    given = cards(disclosed, script.seed, calendar, book)
    for work in (*disclosed, *given, *upkeep(*told), *supervised(*told), *problems(*told)):
        _wait(waiting, _told(work.kind, work.source, work.steps, script.until))
    for life in lives(script, city, calendar, book):
        if life:
            while waiting and waiting[0][0] < life[0].delivery.fact.at:
                yield heapq.heappop(waiting)[3]
            _wait(waiting, life)
    while waiting:
        yield heapq.heappop(waiting)[3]


def _wait(waiting: list[tuple[datetime, str, int, Told]], life: list[Told]) -> None:
    for number, told in enumerate(life):
        heapq.heappush(waiting, (told.rec, told.stream, number, told))


def _told(kind: Kind, source: str, steps: list[Step] | tuple[Step, ...], until: datetime) -> list[Told]:
    stream = stream_of(kind, source)
    told: list[Told] = []
    for number, step in enumerate(steps):
        if step.rec > until:
            break
        # An opening fact's source names the stream, so that the tick finds its own work done; a later fact
        # says which entry it follows, so that it never lands on top of what somebody else recorded.
        delivery = (
            Delivery(kind=kind, fact=step.fact, stream=stream, source=f"{source}/{number}", expected=number)
            if number
            else Delivery(kind=kind, fact=step.fact, source=source)
        )
        told.append(Told(step.rec, stream, delivery))
    return told
