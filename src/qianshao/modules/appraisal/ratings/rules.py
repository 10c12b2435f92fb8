"""A rating: no clock of its own, the round's publication holds for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.words import Words, say

from . import facts as f


@dataclass(frozen=True)
class Rating:
    """A unit's rating; ``rated`` is the one that counts, ``times`` how often it was worked out."""

    rated: f.Rated
    times: int = 1
    placed: f.Placed | None = None


def fold(facts: Iterable[f.AnyFact]) -> Rating:
    """The rating after these facts; the first is always ``Rated``."""
    stream = iter(facts)
    first = next(stream)
    assert isinstance(first, f.Rated)
    found = Rating(first)
    for fact in stream:
        match fact:
            case f.Rated():
                found = replace(found, rated=fact, times=found.times + 1)
            case f.Placed():
                found = replace(found, placed=fact)
            case _:
                assert_never(fact)
    return found


def clock(found: Rating, calendar: Calendar, rules: Rules) -> Deadline:
    """None."""
    return Deadline(None)


def look(found: Rating) -> Look:
    """What lists show: score and interval as the title, place and level as marks."""
    rated, placed = found.rated, found.placed
    return Look(
        phase="placed" if placed else "rated",
        opened_at=rated.at,
        closed_at=placed.at if placed else None,
        title=_title(found),
        unit=rated.unit,
        topic=rated.round,
        marks=tuple(marks(found)),
    )


def _title(found: Rating) -> str:
    rated = found.rated
    level = f"{f.LEVELS[found.placed.level]} 第{found.placed.place}名 " if found.placed else ""
    share, low, high = (f"{bp / 100:.1f}" for bp in (rated.completion_bp, rated.low_bp, rated.high_bp))
    return f"{level}{rated.hundredths / 100:.2f}分 完成率{share}%（{low}%–{high}%）"


def marks(found: Rating) -> Iterator[str]:
    """What figures count."""
    if found.rated.excess_bp:
        yield "over_declared"
    if found.times > 1:
        yield "again"
    if found.placed:
        yield f"level_{found.placed.level}"
        if found.placed.exempt:
            yield f"exempt_{found.placed.exempt}"


def may_rate(found: Rating, fact: f.Rated, deadline: Deadline) -> Words | None:
    """Again only while it has no place, and of the same unit and round."""
    if found.placed:
        return say("位次已于{on}确定", on=found.placed.on)
    same = (fact.round, fact.unit) == (found.rated.round, found.rated.unit)
    return None if same else say("不是同一单位、同一轮评比")


def may_place(found: Rating, fact: f.Placed, deadline: Deadline) -> Words | None:
    """Once."""
    return say("位次已于{on}确定", on=found.placed.on) if found.placed else None
