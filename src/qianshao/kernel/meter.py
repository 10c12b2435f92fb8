"""Meters (额度): a count against a ceiling or a floor in a period; drawing from one can be refused.

Amounts are whole units of whatever the meter counts. A reversed draw gives back what it took, and both stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from .hours import SHANGHAI
from .words import Words, say


class Span(StrEnum):
    """How often a meter begins anew."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


class Bound(StrEnum):
    """A ceiling may not be passed; a floor is to be reached by the period's end."""

    CEILING = "ceiling"
    FLOOR = "floor"


@dataclass(frozen=True)
class Meter:
    """A declared meter. ``article`` is where it stands.

    ``only_falls``: the year's number may not pass last year's unless an explanation is on file
    (整治形式主义为基层减负若干规定 2024: 文件、会议只减不增; reference BUR-10).
    """

    key: str
    title: str
    span: Span
    bound: Bound
    article: str
    only_falls: bool = False


@dataclass(frozen=True, slots=True)
class Draw:
    """An amount taken at a moment; ``reverses`` is the number of the draw it gives back, 0 for none.

    A reversal gives back the whole draw, whatever its own ``amount`` says.
    """

    number: int
    amount: int
    at: datetime
    reverses: int = 0


@dataclass(frozen=True, slots=True)
class MeterState:
    """How a meter stands in the period that holds the moment asked about."""

    period: str
    used: int
    limit: int | None
    before: int
    explained: bool

    @property
    def left(self) -> int | None:
        """What may still be drawn (ceiling) or is still owed (floor), never below 0; None without a limit."""
        return None if self.limit is None else max(0, self.limit - self.used)


def period_of(span: Span, at: datetime) -> str:
    """The name of a moment's period in Shanghai: 2026, 2026Q3 or 2026-09."""
    local = at.astimezone(SHANGHAI)
    match span:
        case Span.YEAR:
            return f"{local.year}"
        case Span.QUARTER:
            return f"{local.year}Q{(local.month + 2) // 3}"
        case Span.MONTH:
            return f"{local.year}-{local.month:02}"


def period_before(span: Span, at: datetime) -> str:
    """The same period a year earlier, which "only falls" compares with."""
    local = at.astimezone(SHANGHAI)
    leap = (local.month, local.day) == (2, 29)
    return period_of(span, local.replace(year=local.year - 1, day=28 if leap else local.day))


def used(meter: Meter, draws: Sequence[Draw], period: str) -> int:
    """What was taken in a period; a reversal gives back in the period of the draw it reverses, and only once."""
    return sum(draw.amount for draw in standing(draws) if period_of(meter.span, draw.at) == period)


class Reversible(Protocol):
    """Something numbered that another of its kind can take back (``reverses`` 0: takes nothing back)."""

    @property
    def number(self) -> int:
        """Its own number, from 1."""

    @property
    def reverses(self) -> int:
        """The number of what it takes back."""


R = TypeVar("R", bound=Reversible)


def standing(given: Iterable[R]) -> list[R]:
    """What still counts: neither a reversal nor reversed."""
    given = tuple(given)
    gone = {item.reverses for item in given}
    return [item for item in given if not item.reverses and item.number not in gone]


def refuse_reversal(given: Iterable[Reversible], number: int) -> Words | None:
    """Why the draw or point of this number cannot be taken back, or nothing: each once, a reversal never."""
    given = tuple(given)
    found = next((item for item in given if item.number == number), None)
    if found is None:
        return say("没有第 {number} 笔记录，不能冲正", number=number)
    if found.reverses:
        return say("第 {number} 笔本身是冲正，不能再冲正，请重新登记", number=number)
    if any(item.reverses == number for item in given):
        return say("第 {number} 笔已经冲正过", number=number)
    return None


def state(
    meter: Meter, draws: Sequence[Draw], now: datetime, *, limit: int | None, explained: bool = False
) -> MeterState:
    """The meter at ``now``; ``limit`` is what was set for this holder and period."""
    return MeterState(
        period=period_of(meter.span, now),
        used=used(meter, draws, period_of(meter.span, now)),
        limit=limit,
        before=used(meter, draws, period_before(meter.span, now)),
        explained=explained,
    )


def refuse(meter: Meter, stands: MeterState, amount: int) -> Words | None:
    """Why ``amount`` may not be drawn now, or nothing. Floors never refuse."""
    if amount < 1:
        return say("数量须为正整数")
    if meter.bound is Bound.FLOOR:
        return None
    after = stands.used + amount
    if stands.limit is None:
        return say(
            "{title}在 {period} 还没有核定额度，不能使用（{article}）",
            title=meter.title,
            period=stands.period,
            article=meter.article,
        )
    if after > stands.limit:
        return say(
            "{title}在 {period} 的额度为 {limit}，已用 {used}，再用 {amount} 将超出（{article}）",
            title=meter.title,
            period=stands.period,
            limit=stands.limit,
            used=stands.used,
            amount=amount,
            article=meter.article,
        )
    if meter.only_falls and not stands.explained and after > stands.before:
        return say(
            "{title}只减不增：上年同期 {before}，再用 {amount} 将达到 {after}，须先报送书面说明（{article}）",
            title=meter.title,
            before=stands.before,
            amount=amount,
            after=after,
            article=meter.article,
        )
    return None


def shortfall(meter: Meter, stands: MeterState) -> int:
    """What a floor still lacks; 0 for ceilings and for floors that are reached."""
    return stands.left or 0 if meter.bound is Bound.FLOOR else 0
