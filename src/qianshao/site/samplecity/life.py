"""One thing after another that happens to a request in the story, with the moments they were recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.declare import Fact
from qianshao.modules.hotline import facts as f

from .city import REFORM_AT, serving
from .days import desk


@dataclass(frozen=True, slots=True)
class Promise:
    """The rule an order is born under, as far as the story plays with it; both in working days."""

    days: int
    extension: int


@dataclass(frozen=True, slots=True)
class Step:
    """A fact and the moment somebody recorded it."""

    rec: datetime
    fact: Fact


@dataclass(slots=True)
class Life:
    """An order growing step by step; no step is recorded before the one it follows."""

    random: Random
    calendar: Calendar
    steps: list[Step] = field(default_factory=list)
    unit: str = ""

    @property
    def last(self) -> datetime:
        """When the last step was recorded."""
        return self.steps[-1].rec

    def later(self, at: datetime) -> datetime:
        """``at``, or a little after the last step when that is later."""
        return at if at > self.last else self.last + timedelta(minutes=self.random.randint(12, 150))

    def workday(self, since: datetime, n: int) -> datetime:
        """A moment at the desk ``n`` working days after another moment, never before the last step."""
        on = since.date()
        day = self.calendar.add_workdays(on, n) if n else self.calendar.next_workday(on)
        return self.later(desk(self.random, day))

    def add(self, fact: Fact, rec: datetime | None = None) -> None:
        """Record a fact some minutes after it happened, or at ``rec``."""
        self.steps.append(Step(rec or fact.at + timedelta(seconds=self.random.randint(20, 900)), fact))

    def dispatch(self, at: datetime, unit: str, note: str = "", *, firm: bool = False, co: str = "") -> None:
        """Name the unit that answers."""
        self.unit = serving(unit, at.date())
        self.add(f.Dispatched(at=at, unit=self.unit, note=note, firm=firm, co_units=co))

    def reformed(self, at: datetime) -> datetime:
        """Before a step after the reform, hand the order to whoever took over the unit's work."""
        if self.last < REFORM_AT <= at and serving(self.unit, at.date()) != self.unit:
            self.dispatch(
                REFORM_AT + timedelta(minutes=self.random.randint(10, 200)), self.unit, "机构改革，职责划转"
            )
            return self.later(at)
        return at
