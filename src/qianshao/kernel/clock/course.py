"""A count under way, and what it meets: pauses, fresh starts, extensions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..hours import in_shanghai
from ..words import Words, named, say
from .terms import Extension, LateExtension, Pause, Rule, last_day

STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Interruption:
    """A pause that took effect, clipped to the clock."""

    pause: Pause
    since: datetime
    until: datetime


class Course(ABC):
    """A count under way: where it began, how long it is, what has been taken out of it.

    Excluded time is kept as an ``int`` of the course's own measure: days, or microseconds.
    """

    __slots__ = ("excluded", "flags", "interruptions", "n", "not_before", "standing", "start")

    def __init__(self, start: datetime, n: int) -> None:
        self.start = start
        self.n = n
        self.excluded = 0
        self.not_before: datetime | None = None
        self.standing: Interruption | None = None
        self.interruptions: list[Interruption] = []
        self.flags: list[Words] = []

    @abstractmethod
    def until(self) -> datetime:
        """When the count is over, as things stand; never before the end of the latest pause."""

    @abstractmethod
    def restart(self, until: datetime) -> None:
        """Put the count back to zero at the end of a pause."""

    @abstractmethod
    def measure(self, since: datetime, until: datetime) -> int:
        """What a pause takes out of the count."""

    @abstractmethod
    def after(self, until: datetime) -> datetime:
        """The earliest a further pause can begin without taking the same time out twice."""

    @abstractmethod
    def within(self, since: datetime) -> datetime:
        """Where a pause takes hold that begins after the last counted day, in its roll-over."""

    @abstractmethod
    def provisional(self, until: datetime) -> bool:
        """Whether a notice still to come could move ``until``."""

    def follow(self, rule: Rule, happened: Sequence[Pause | Extension], stopped_at: datetime | None) -> None:
        """Let the course meet what happened, in order of time."""
        granted: list[Extension] = []
        for event in happened:
            if isinstance(event, Pause):
                self._pause(event, stopped_at)
                continue
            until = None if self.standing else self.until()
            if refusal := may_extend(rule, until, granted, event):
                self.flags.append(
                    named("extension_without_effect", say("延长不生效：{why}", why=str(refusal)))
                )
                continue
            if until is not None and event.at >= until:
                late = say("延长作出时期限已经届满（{at}）", at=event.at)
                self.flags.append(named("late_extension", late))
            granted.append(event)
            self.n += event.term.n

    def _pause(self, pause: Pause, stopped_at: datetime | None) -> None:
        """Take a pause out of the count, or start afresh after it."""
        if self.standing:
            return
        since = max(in_shanghai(pause.since), self.start)
        ended = stopped_at if pause.until is None else min(pause.until, stopped_at or pause.until)
        until = None if ended is None else in_shanghai(ended)
        if self.not_before is not None:  # pauses that overlap are one
            since = max(since, self.after(self.not_before))
            if until is not None and pause.restarts:
                until = max(until, self.not_before)
        if until is not None and until <= since:
            return
        if since >= self.until():
            idle = say("{since}起的暂停在期限届满之后，不改变期限", since=since)
            self.flags.append(named("pause_after_due", idle))
        elif until is None:
            self.standing = Interruption(pause, since, since)
            self.flags.append(named(STANDING, say("自{since}起暂停计时", since=since)))
        else:
            since = self.within(since)
            self.interruptions.append(Interruption(pause, since, until))
            if pause.restarts:
                self.restart(until)
                self.excluded = 0
            else:
                self.excluded += self.measure(since, until)
            self.not_before = until


def may_extend(
    rule: Rule, until: datetime | None, granted: Sequence[Extension], asked: Extension
) -> Words | None:
    """Why ``asked`` cannot be given on top of ``granted``, or nothing; ``until`` is the present limit."""
    if rule.extension is None:
        return say("本期限不能延长")
    if asked.term.unit is not rule.extension.unit:
        return say("延长的单位须与期限一致（最多 {limit}）", limit=str(rule.extension.words))
    if len(granted) >= rule.extension_times:
        return say("最多延长 {n} 次，已经用完", n=rule.extension_times)
    if sum(extension.term.n for extension in (*granted, asked)) > rule.extension.n:
        return say("延长合计最多 {limit}", limit=str(rule.extension.words))
    if rule.consent and not asked.by:
        return say("延长须经负责人同意")
    if rule.late_extension is LateExtension.REFUSE and until is not None and asked.at >= until:
        return say("期限已于{on}届满，不能再延长", on=last_day(until))
    return None


def in_order(
    pauses: Sequence[Pause], extensions: Sequence[Extension], stopped_at: datetime | None
) -> list[Pause | Extension]:
    """What happened before the stop, by time; at the same instant an extension comes first."""
    dated: list[tuple[datetime, bool, Pause | Extension]] = [(e.at, False, e) for e in extensions]
    dated += [(pause.since, True, pause) for pause in pauses]
    dated.sort(key=lambda one: one[:2])
    return [event for at, _, event in dated if stopped_at is None or at < stopped_at]
