"""From an estimate to points: the formula everybody can work out again by hand.

score = 100 · completion - 2 · 100 · excess - slips

*completion* is the estimated share of the items due that are truly done: what was declared, times the share of it the
spot check bears out. *excess* is what the unit declared beyond the **upper** end of the interval: a unit pays for what
sampling cannot explain, not for bad luck in the draw. Slips cost what their merit rule says, each traced to its entry.
Points are whole hundredths, shares whole basis points (1/10,000).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from qianshao.kernel.merit import Standing, ranked

from .estimate import BadSample, Stratum, of_unit

FORMULA = "得分 = 100 × 估计完成率 − 200 × 超出区间上限的虚报率 − 督办单扣分"
RATE = 0.9
PENALTY = 2
GOOD, FAIR = 80_00, 60_00  # hundredths of a point
EXCELLENT_SHARE = 4  # at most one unit in four, rounded down (cf. the 25 % of civil servants, PER-04)
EXCELLENT_LEAST = 90_00


@dataclass(frozen=True, slots=True)
class Score:
    """A unit's shares in basis points and points in hundredths."""

    due: int
    declared: int
    checked: int
    declared_bp: int
    completion_bp: int
    low_bp: int
    high_bp: int
    excess_bp: int
    slips: int
    hundredths: int


def score(due: int, strata: Sequence[Stratum], slips: int) -> Score:
    """A unit's score: ``due`` items were due, ``strata`` are its declarations, ``slips`` hundredths (0 or less).

    Raises ``BadSample`` when more was declared than was due, or a stratum was not checked.
    """
    declared = sum(stratum.size for stratum in strata)
    if not 0 <= declared <= due or due < 1:
        raise BadSample(f"{declared} declared of {due} due")
    checked = sum(stratum.drawn for stratum in strata)
    if not declared:
        return Score(due, 0, 0, 0, 0, 0, 0, 0, slips, max(0, slips))
    found = of_unit(strata, RATE)
    part = declared / due * 10_000
    declared_bp, completion_bp = round(part), round(part * found.value)
    # Outwards, so that rounding never makes the interval narrower than it is.
    low_bp, high_bp = floor(part * found.low + 1e-9), min(declared_bp, ceil(part * found.high - 1e-9))
    excess_bp = max(0, declared_bp - high_bp)
    points = completion_bp - PENALTY * excess_bp + slips
    return Score(
        due, declared, checked, declared_bp, completion_bp, low_bp, high_bp, excess_bp, slips, max(0, points)
    )


def levels(totals: Mapping[str, int]) -> dict[str, tuple[Standing, str]]:
    """Each unit's place and level. Equal scores share a place; a tie across the edge of 优秀 stays below it."""
    order = ranked(totals)
    most = len(order) // EXCELLENT_SHARE
    found: dict[str, tuple[Standing, str]] = {}
    for one in order:
        together = sum(other.place == one.place for other in order)
        fits = one.place - 1 + together <= most and one.hundredths >= EXCELLENT_LEAST
        level = "excellent" if fits else "good" if one.hundredths >= GOOD else "fair"
        found[one.unit] = (one, level if one.hundredths >= FAIR else "poor")
    return found
