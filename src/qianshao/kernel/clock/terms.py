"""What a clock is made of: terms, rules with their citation, what interrupts them, and the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from ..hours import DAY, midnight
from ..words import Words, say

INSTANT_BEFORE = timedelta(microseconds=1)


class Unit(StrEnum):
    """What a term counts; the first three run through the day, the next three end with one.

    The rest are for settings that stand in the rulebook too; no clock runs by them.
    """

    MINUTE = "minute"
    HOUR = "hour"
    OFFICE_HOUR = "office_hour"
    CALENDAR_DAY = "calendar_day"
    WORKDAY = "workday"
    MONTH = "month"
    SECOND = "second"
    PERCENT = "percent"
    LETTER = "letter"

    @property
    def exact(self) -> bool:
        """Counted from the moment (民法典 第二百零一条第二款), not by whole days."""
        return self in _EXACT

    @property
    def timed(self) -> bool:
        """A length of time that a clock can run by."""
        return self not in (Unit.SECOND, Unit.PERCENT, Unit.LETTER)


_EXACT = frozenset((Unit.MINUTE, Unit.HOUR, Unit.OFFICE_HOUR))


class Start(StrEnum):
    """Where the count begins; ``START_CITATIONS`` says by what law.

    ``NEXT_DAY``: the day of the event (receipt, signature) is not counted. ``INSTANT``: from the
    moment, for hours and minutes. ``SAME_DAY``: that day counts ("含当日"). ``NEXT_WORKDAY``: what
    arrives on a day off is taken as received on the next working day, which is not counted.
    """

    NEXT_DAY = "next_day"
    INSTANT = "instant"
    SAME_DAY = "same_day"
    NEXT_WORKDAY = "next_workday"


START_CITATIONS = {
    Start.NEXT_DAY: "民法典 第二百零一条第一款",
    Start.INSTANT: "民法典 第二百零一条第二款",
    Start.SAME_DAY: "民法典 第二百零四条（另有规定或者约定）",
    Start.NEXT_WORKDAY: "民法典 第二百零四条（另有规定或者约定）",
}
MONTH_END = "民法典 第二百零二条"
ROLL_OVER = "民法典 第二百零三条第一款"


class LateExtension(StrEnum):
    """What becomes of an extension made after the time had run out."""

    REFUSE = "refuse"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time, or another amount a rule sets. Raises ``ValueError`` for less than one unit."""

    n: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.n < 1:
            raise ValueError(f"a term is at least one {self.unit}, not {self.n}")

    @property
    def words(self) -> Words:
        """The term as the office says it: 20 个工作日."""
        match self.unit:
            case Unit.SECOND:
                return say("{n} 秒", n=self.n)
            case Unit.MINUTE:
                return say("{n} 分钟", n=self.n)
            case Unit.HOUR:
                return say("{n} 小时", n=self.n)
            case Unit.OFFICE_HOUR:
                return say("{n} 个工作小时", n=self.n)
            case Unit.CALENDAR_DAY:
                return say("{n} 日", n=self.n)
            case Unit.WORKDAY:
                return say("{n} 个工作日", n=self.n)
            case Unit.MONTH:
                return say("{n} 个月", n=self.n)
            case Unit.PERCENT:
                return say("{n}%", n=self.n)
            case Unit.LETTER:
                return say("{n} 字", n=self.n)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule stands. ``status``: text/V (checked law), memory/M (unverified), setting (the city's)."""

    law: str
    article: str
    edition: str
    status: str

    def __str__(self) -> str:
        return f"{self.law} {self.article}".strip()


@dataclass(frozen=True, slots=True)
class Rule:
    """A term in one edition of the rulebook.

    ``amber``: how long before the end the lamp turns. ``roll``: a term of calendar days or months
    that ends on a day off ends on the next working day (民法典 第二百零三条); working days never do,
    hours run on. ``extension``: the most it may grow, together, in ``extension_times`` acts, agreed
    by someone when ``consent``. ``promised``: the shorter clock the city promises beside the law's.

    Raises ``ValueError`` when start or extension does not fit the term's unit.
    """

    key: str
    edition: str
    term: Term
    citation: Citation
    amber: Term | None = None
    roll: bool = True
    start: Start = Start.NEXT_DAY
    extension: Term | None = None
    promised: Term | None = None
    extension_times: int = 1
    consent: bool = False
    late_extension: LateExtension = LateExtension.REFUSE

    def __post_init__(self) -> None:
        if self.term.unit.exact != (self.start is Start.INSTANT):
            raise ValueError(f"{self.key}: a term in {self.term.unit} cannot start as {self.start}")
        if self.extension and self.extension.unit is not self.term.unit:
            raise ValueError(f"{self.key}: extended in {self.extension.unit}, counted in {self.term.unit}")


@dataclass(frozen=True, slots=True)
class SecondClock:
    """The clock that runs while another stands: whose turn it is, and until when."""

    name: Words
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that does not count, from ``since`` to ``until`` (None: still standing).

    A clock of days still counts the day on which the pause begins and no longer the day on which it
    ends, as the law counts every period. With ``restarts`` the count begins afresh at its end
    (政府信息公开条例 第三十条: 答复期限自收到补正之日起计算).
    """

    since: datetime
    until: datetime | None
    why: Words
    article: str = ""
    restarts: bool = False
    second: SecondClock | None = None

    @classmethod
    def between(
        cls,
        since: date,
        ended_on: date | None,
        why: Words,
        article: str = "",
        *,
        restarts: bool = False,
        second: SecondClock | None = None,
    ) -> Pause:
        """A pause known by its days: asked on the first, answered on the last."""
        until = None if ended_on is None else midnight(ended_on) + DAY
        return cls(midnight(since), until, why, article, restarts, second)


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, given at an instant; ``by`` is who agreed, or empty."""

    at: datetime
    term: Term
    by: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of a clock's story.

    ``amount`` in ``unit`` is what it counted, or kept from counting. Clocks of hours and minutes
    tell their segments in minutes, clocks of months in calendar days.
    """

    since: datetime
    until: datetime
    counted: bool
    amount: int
    unit: Unit
    why: Words
    article: str
    provisional: bool


@dataclass(frozen=True)
class Deadline:
    """The answer of a clock. ``until`` is exclusive, in Asia/Shanghai; None while the clock stands.

    ``waiting`` is the second clock that runs instead; ``flags`` are remarks for the reader.
    ``segments`` are worked out when first asked for, so a million deadlines cost no stories.
    """

    until: datetime | None
    amber_at: datetime | None = None
    provisional: bool = False
    rule: Rule | None = None
    promised_until: datetime | None = None
    flags: tuple[Words, ...] = ()
    waiting: SecondClock | None = None
    story: Callable[[], tuple[Segment, ...]] = field(default=tuple, repr=False, compare=False)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The clock from its start to ``until`` without a gap (to the pause, when it stands)."""
        return self.story()

    @property
    def last_day(self) -> date | None:
        """The last day on which the promise can be kept: how a day's deadline is printed."""
        return None if self.until is None else last_day(self.until)


def last_day(until: datetime) -> date:
    """The day an exclusive instant closes: midnight belongs to the day before it."""
    return (until - INSTANT_BEFORE).date()
