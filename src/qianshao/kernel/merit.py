"""Merits (评分): points with a reason, each traced to its entry; ranked with ties spelled out.

Points are whole hundredths, so that sums are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from .meter import Span, period_of, standing
from .words import Words, say

# 整治形式主义为基层减负若干规定 (2024), reference BUR-13 and BUR-14: never content of appraisal, never the measure of work.
FORBIDDEN: Mapping[str, str] = {
    "leader.instruction": "BUR-13",
    "article.published": "BUR-13",
    "brief.published": "BUR-13",
    "experience.published": "BUR-13",
    "meeting.held": "BUR-14",
    "document.issued": "BUR-14",
    "photo": "BUR-14",
    "study.notes": "BUR-14",
    "study.hours": "BUR-14",
    "like": "BUR-14",
    "vote": "BUR-14",
    "forward": "BUR-14",
    "check_in": "BUR-14",
}


class ForbiddenInput(ValueError):
    """An appraisal would judge work by a trace the burden rules forbid; names the trace and the rule."""

    def __init__(self, key: str, trace: str) -> None:
        super().__init__(
            f"{key}：不得以“{trace}”作为考核或评价的内容（{FORBIDDEN[trace]}，整治形式主义为基层减负若干规定）"
        )
        self.trace = trace
        self.rule = FORBIDDEN[trace]


def check_inputs(key: str, inputs: Iterable[str]) -> None:
    """Refuse a scoring rule or an appraisal figure that uses a forbidden trace; raises ``ForbiddenInput``.

    A trace is found wherever it stands in a dotted name: ``learning.check_in`` is a check-in too.
    """
    for name in inputs:
        for trace in FORBIDDEN:
            if f".{trace}." in f".{name}.":
                raise ForbiddenInput(key, trace)


@dataclass(frozen=True)
class MeritRule:
    """What earns or costs points: ``hundredths`` each time, at most ``cap`` and at least ``floor`` in a period.

    Raises ``ForbiddenInput``, and ``ValueError`` when the floor lies above the cap.
    """

    key: str
    title: str
    hundredths: int
    inputs: tuple[str, ...]
    article: str
    cap: int | None = None
    floor: int | None = None

    def __post_init__(self) -> None:
        check_inputs(self.key, self.inputs)
        if self.cap is not None and self.floor is not None and self.floor > self.cap:
            raise ValueError(f"{self.key}: the floor {self.floor} lies above the cap {self.cap}")


@dataclass(frozen=True, slots=True)
class Point:
    """Points given to a unit for an entry, with the reason a reader is told.

    ``reverses`` is the number of the point it takes back, 0 for none (``meter.refuse_reversal`` says whether it may).
    """

    number: int
    rule: str
    unit: str
    hundredths: int
    entry: str
    at: datetime
    reason: str
    reverses: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit's place. Equal totals share a place and the next one is skipped (1, 2, 2, 4)."""

    place: int
    unit: str
    hundredths: int
    tied: bool

    @property
    def words(self) -> Words:
        """第2名（并列）."""
        return say("第{n}名（并列）", n=self.place) if self.tied else say("第{n}名", n=self.place)


def total(
    rules: Mapping[str, MeritRule], units: Iterable[str], points: Iterable[Point], *, span: Span, period: str
) -> dict[str, int]:
    """The hundredths of each of ``units`` in a period (``meter.period_of``), 0 for those without a point.

    Summed by rule, held to the rule's cap and floor, then added. A reversed point is gone from the period it
    was given in, whenever it was reversed. Raises ``KeyError`` for an unknown rule or a unit that is not scored.
    """
    by_rule: dict[tuple[str, str], int] = {}
    for point in standing(points):
        if period_of(span, point.at) == period:
            place = (point.unit, point.rule)
            by_rule[place] = by_rule.get(place, 0) + point.hundredths
    totals = dict.fromkeys(units, 0)
    for (unit, key), hundredths in by_rule.items():
        totals[unit] += _held(rules[key], hundredths)
    return totals


def _held(rule: MeritRule, hundredths: int) -> int:
    if rule.cap is not None:
        hundredths = min(hundredths, rule.cap)
    return hundredths if rule.floor is None else max(hundredths, rule.floor)


def ranked(totals: Mapping[str, int]) -> list[Standing]:
    """Standard competition ranking (1224), highest first, equal totals in order of the units' codes."""
    order = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    counts: dict[int, int] = {}
    for _unit, hundredths in order:
        counts[hundredths] = counts.get(hundredths, 0) + 1
    found: list[Standing] = []
    for number, (unit, hundredths) in enumerate(order, 1):
        same = bool(found) and found[-1].hundredths == hundredths
        found.append(Standing(found[-1].place if same else number, unit, hundredths, counts[hundredths] > 1))
    return found
