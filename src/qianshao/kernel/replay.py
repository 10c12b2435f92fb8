"""Play bare facts against a kind's own functions: what the door would say, without a door.

The same ``allow``, ``fold``, ``clock`` and ``silence`` as in the product, so a reckoning on paper and a
duty in the ledger cannot come to different dates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .calendar import Calendar
from .clock import Deadline, SecondClock
from .declare import SHARED_FACTS, Fact, Kind, Look, Rules
from .lamp import Lamp, lamp
from .words import Words, say


class NotOpened(ValueError):
    """No fact that opens a duty of the kind is among those given; ``words`` name the ones that do."""

    def __init__(self, kind: Kind) -> None:
        opening = "、".join(act.fact.__name__ for act in kind.acts if act.opens)
        self.words = say("没有登记：至少要有一条 {facts}", facts=opening)
        super().__init__(str(self.words))


@dataclass(frozen=True, slots=True)
class Refusal:
    """A fact that was not taken, and why."""

    fact: Fact
    words: Words

    @property
    def article(self) -> str:
        """The article the refusal rests on, where it rests on one."""
        return str(dict(self.words.blanks).get("article", ""))


@dataclass(frozen=True)
class Replayed:
    """How a duty stands after its facts. ``told`` are those taken, ``drawn`` those silence added."""

    kind: Kind
    state: Any
    look: Look
    deadline: Deadline
    told: tuple[Fact, ...]
    drawn: tuple[Fact, ...]
    refused: tuple[Refusal, ...]
    beside: tuple[SecondClock, ...]
    missed_at: datetime | None

    def lamp(self, now: datetime) -> Lamp:
        """The lamp at a moment after the last fact."""
        phase = self.kind.phase(self.look.phase)
        return lamp(
            now,
            open=phase.open,
            paused=phase.paused,
            amber_at=self.deadline.amber_at,
            due_at=self.deadline.until,
            missed_at=self.missed_at,
        )


@dataclass
class _Play:
    kind: Kind
    calendar: Calendar
    rules: Rules
    told: list[Fact] = field(default_factory=list)
    drawn: list[Fact] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    missed_at: datetime | None = None

    def stand(self) -> tuple[Any, Look, Deadline]:
        state = self.kind.fold(self.told)
        return state, self.kind.look(state), self.kind.clock(state, self.calendar, self.rules)

    def meet(self, fact: Fact) -> None:
        """Take a fact or refuse it, after whatever silence brought about before it."""
        self.hush(fact.at)
        if words := self.refusal(fact):
            self.refused.append(Refusal(fact, words))
            return
        self.take(fact)

    def take(self, fact: Fact) -> None:
        if self.told and self.missed_at is None:
            _state, look, deadline = self.stand()
            open_ = self.kind.phase(look.phase).open
            if open_ and deadline.until is not None and deadline.until <= fact.at:
                self.missed_at = deadline.until
        self.told.append(fact)

    def hush(self, until: datetime) -> None:
        """Take what silence brought about by ``until``; each such fact must end the silence it ends."""
        while self.told and self.kind.silence is not None:
            fact = self.kind.silence(self.kind.fold(self.told), self.calendar, self.rules)
            if fact is None or fact.at > until:
                return
            self.take(fact)
            self.drawn.append(fact)

    def refusal(self, fact: Fact) -> Words | None:
        act = self.kind.act(type(fact).__name__)
        if not self.told:
            return None if act.opens else say("早于登记，不能记录“{act}”", act=act.title)
        if not act.follows:
            return say("这件事项已经登记过")
        if act.allow is None:
            return None
        state, _look, deadline = self.stand()
        return act.allow(state, fact, deadline)


def replay(
    kind: Kind, facts: Iterable[Fact], calendar: Calendar, rules: Rules, *, until: datetime | None = None
) -> Replayed:
    """The facts in order of their moments, those that happened by ``until`` when it is given.

    What silence brought about by then is taken too; without ``until``, by the last fact. Facts of
    the same moment keep their order, an opening one first. Raises ``NotOpened`` and ``CalendarMissing``.
    """
    play = _Play(kind, calendar, rules)
    ordered = sorted(facts, key=lambda fact: (fact.at, not kind.act(type(fact).__name__).opens))
    for fact in ordered:
        if not isinstance(fact, SHARED_FACTS) and (until is None or fact.at <= until):
            play.meet(fact)
    if not play.told:
        raise NotOpened(kind)
    if until is not None:
        play.hush(until)
    state, look, deadline = play.stand()
    beside = kind.beside(state, calendar, rules) if kind.beside else ()
    return Replayed(
        kind,
        state,
        look,
        deadline,
        tuple(play.told),
        tuple(play.drawn),
        tuple(play.refused),
        beside,
        play.missed_at,
    )
