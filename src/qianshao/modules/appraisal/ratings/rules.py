"""The clocks of a rating: days in which the unit may contest its score, then days in which others decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Deadline, SecondClock, last_day, run
from qianshao.kernel.declare import Look, Rules
from qianshao.kernel.words import Words, say

from . import facts as f

CONTEST, DECIDE = "appraisal.rating-appeal", "appraisal.rating-appeal-decision"
_FULL = 100_00  # hundredths of a point


@dataclass(frozen=True)
class Rating:
    """A unit's rating; ``rated`` is the one that counts, ``times`` how often it was worked out."""

    rated: f.Rated
    times: int = 1
    appealed: f.Appealed | None = None
    decided: f.AppealDecided | None = None
    placed: f.Placed | None = None

    @property
    def adjusted(self) -> int:
        """What the decision on the appeal adds to the score or takes from it, in hundredths."""
        if self.decided is None:
            return 0
        return {"raised": 1, "lowered": -1}.get(self.decided.result, 0) * self.decided.hundredths

    @property
    def hundredths(self) -> int:
        """The score that is placed: as worked out, corrected by the decision, between 0 and 100 points."""
        return min(_FULL, max(0, self.rated.hundredths + self.adjusted))

    @property
    def appeal_open(self) -> bool:
        """Whether an appeal waits."""
        return self.appealed is not None and self.decided is None


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
            case f.Appealed():
                found = replace(found, appealed=fact)
            case f.AppealDecided():
                found = replace(found, decided=fact)
            case f.Placed():
                found = replace(found, placed=fact)
            case _:
                assert_never(fact)
    return found


def clock(found: Rating, calendar: Calendar, rules: Rules) -> Deadline:
    """Deciding an appeal is owed; before that the unit has its days, counted from the score that stands."""
    if found.appealed is not None:
        stopped = found.decided.at if found.decided else None
        return run(rules[DECIDE], calendar, found.appealed.at, stopped_at=stopped)
    if found.placed is not None:
        return Deadline(None)
    until = run(rules[CONTEST], calendar, found.rated.at).until
    return Deadline(None, waiting=SecondClock(say("申诉期限"), until))


def look(found: Rating) -> Look:
    """What lists show: score and interval as the title, place and level as marks."""
    rated, placed = found.rated, found.placed
    return Look(
        phase=phase(found),
        opened_at=rated.at,
        closed_at=placed.at if placed else None,
        title=_title(found),
        unit=rated.unit,
        topic=rated.round,
        marks=tuple(marks(found)),
    )


def phase(found: Rating) -> str:
    """The station a rating is at."""
    if found.placed:
        return "placed"
    if found.appeal_open:
        return "appealed"
    return "decided" if found.decided else "rated"


def _title(found: Rating) -> str:
    rated = found.rated
    level = f"{f.LEVELS[found.placed.level]} 第{found.placed.place}名 " if found.placed else ""
    share, low, high = (f"{bp / 100:.1f}" for bp in (rated.completion_bp, rated.low_bp, rated.high_bp))
    return f"{level}{found.hundredths / 100:.2f}分 完成率{share}%（{low}%–{high}%）"


def marks(found: Rating) -> Iterator[str]:
    """What figures count."""
    if found.rated.excess_bp:
        yield "over_declared"
    if found.times > 1:
        yield "again"
    if found.appealed:
        yield "appealed"
    if found.adjusted:
        yield "corrected"
    if found.placed:
        yield f"level_{found.placed.level}"
        if found.placed.exempt:
            yield f"exempt_{found.placed.exempt}"


def _while_open(found: Rating) -> Words | None:
    return say("位次已于{on}确定", on=found.placed.on) if found.placed else None


def may_rate(found: Rating, fact: f.Rated, deadline: Deadline) -> Words | None:
    """Again only while it has no place, and of the same unit and round."""
    same = (fact.round, fact.unit) == (found.rated.round, found.rated.unit)
    return _while_open(found) or (None if same else say("不是同一单位、同一轮评比"))


def may_appeal(found: Rating, fact: f.Appealed, deadline: Deadline) -> Words | None:
    """Once, within the days given."""
    if found.appealed:
        return say("已于{on}申诉，申诉以一次为限", on=found.appealed.on)
    until = deadline.waiting.until if deadline.waiting else None
    if until is not None and fact.at >= until:
        return say("申诉期限（至{limit}）已过", limit=last_day(until))
    return _while_open(found)


def may_decide(found: Rating, fact: f.AppealDecided, deadline: Deadline) -> Words | None:
    """What was appealed, once; a correction says by how much."""
    if not found.appeal_open:
        return _while_open(found) or say("没有等待处理的申诉")
    if fact.result == "kept":
        return say("维持得分的，不填更正分值") if fact.hundredths else None
    return None if fact.hundredths else say("更正得分的，须填写更正分值")


def may_place(found: Rating, fact: f.Placed, deadline: Deadline) -> Words | None:
    """Once, when the unit has had its days and its appeal was decided."""
    if found.appeal_open:
        return say("申诉还没有处理")
    until = deadline.waiting.until if deadline.waiting else None
    if until is not None and fact.at < until:
        return say("申诉期限（至{limit}）未满", limit=last_day(until))
    return _while_open(found)
