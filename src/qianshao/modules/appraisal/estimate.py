"""How much of what was declared is true, estimated from the spot check, with an interval that holds at its stated rate.

*One unit.* Its declarations form two strata (ordinary, high risk) of known sizes N₁, N₂, from which n₁, n₂ were drawn
without replacement. Every declaration is worth 1 (confirmed), ½ (partly) or 0 (refuted). The estimate is the
stratified (Horvitz–Thompson) mean Σ N_h·ȳ_h / N (Cochran, *Sampling Techniques*, 3rd ed. 1977, §5.3). The interval is exact
for the finite population, not an approximation: a total is kept unless every population of that total makes an
estimate as high as ours, or as low, less likely than half the error. Populations are all numbers of wholly, partly and
not true declarations in each stratum; chances are (multivariate) hypergeometric. For yes-or-no worths this is the
interval of Wendell & Schmee, JASA 91 (1996) 825–830. It holds at least at the stated rate, whatever the truth.

*The city.* Many strata; Wilson's interval (JASA 22 (1927) 209–212) for the stratified mean with the effective sample size
that its variance implies, p(1-p)/v (Korn & Graubard, Survey Methodology 24 (1998) 193–201; compared with others by
Franco et al., J. Survey Statistics and Methodology 7 (2019) 334–364).

Shares are floats from 0 to 1; nothing here is ever written to the ledger as a float.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import comb, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Chances = NDArray[np.float64]
    Numbers = NDArray[np.int64]

CONFIRMED, PARTLY, REFUTED = 1.0, 0.5, 0.0
_SLACK = 1e-12  # tails are sums of rounded terms; a total exactly at the limit is kept


class BadSample(ValueError):
    """Counts no draw can give: more drawn than there are, or nothing drawn from a stratum that is not empty."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """``size`` declarations, and how many of those drawn were confirmed, partly true, refuted."""

    size: int
    confirmed: int
    partly: int
    refuted: int

    def __post_init__(self) -> None:
        if min(self.size, self.confirmed, self.partly, self.refuted) < 0 or self.drawn > self.size:
            raise BadSample(f"{self.drawn} of {self.size} declarations were checked")
        if self.size and not self.drawn:
            raise BadSample(f"none of {self.size} declarations of a stratum was checked")

    @property
    def drawn(self) -> int:
        """How many were checked."""
        return self.confirmed + self.partly + self.refuted

    @property
    def mean(self) -> float:
        """The mean worth of those checked."""
        return (self.confirmed + PARTLY * self.partly) / self.drawn

    @property
    def variance(self) -> float:
        """The sample variance of the worth, n - 1 below; 0 for fewer than two."""
        if self.drawn < 2:
            return 0.0
        squares = self.confirmed * CONFIRMED**2 + self.partly * PARTLY**2
        return max(0.0, (squares - self.drawn * self.mean**2) / (self.drawn - 1))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with its interval; ``rate`` is how often such intervals hold, at least."""

    value: float
    low: float
    high: float
    rate: float


def mean(strata: Sequence[Stratum]) -> float:
    """The stratified mean worth; raises ``BadSample`` without a declaration."""
    whole = sum(stratum.size for stratum in strata)
    if not whole:
        raise BadSample("there is no declaration")
    return sum(stratum.size * stratum.mean for stratum in strata if stratum.size) / whole


def of_unit(strata: Sequence[Stratum], rate: float = 0.9) -> Estimate:
    """The true share of one unit's declarations, exact; at most two strata. Raises ``BadSample``."""
    there = [stratum for stratum in strata if stratum.size]
    if len(there) > 2:
        raise BadSample(f"{len(there)} strata, at most two")
    value = mean(there)
    whole = sum(stratum.size for stratum in there)
    low, high = _kept(there, (1 - rate) / 2)
    return Estimate(value, low / whole, high / whole, rate)


def _kept(strata: Sequence[Stratum], tail: float) -> tuple[float, float]:
    """The smallest and the largest total worth that the sample does not rule out, in declarations."""
    one, other = (*strata, Stratum(0, 0, 0, 0))[:2]
    checked = sum(2 * stratum.confirmed + stratum.partly for stratum in strata)
    unchecked = 2 * sum(stratum.size - stratum.drawn for stratum in strata)
    up, down = _tails(
        (one.size, one.drawn, 2 * one.confirmed + one.partly),
        (other.size, other.drawn, 2 * other.confirmed + other.partly),
    )
    kept = [
        total
        for total in range(
            checked, checked + unchecked + 1
        )  # what was seen is known, the rest may be anything
        if min(up[total], down[total]) > tail - _SLACK
    ]
    return kept[0] / 2, kept[-1] / 2


@lru_cache(maxsize=4096)
def _tails(one: tuple[int, int, int], other: tuple[int, int, int]) -> tuple[list[float], list[float]]:
    """For each total, in halves: the greatest chance any population has of an estimate as high as ours, and as low.

    Each argument is (size, drawn, worth seen in halves) of a stratum.
    """
    import numpy as np  # only those who rate wait for it

    (size, drawn, seen), (size2, drawn2, seen2) = one, other
    chances, worths = _populations(size, drawn)
    chances2, worths2 = _populations(size2, drawn2)
    # size * worth / drawn of both strata, with the fractions multiplied out.
    step, step2 = size * max(drawn2, 1), size2 * max(drawn, 1)
    ours = step * seen + step2 * seen2
    sums = step * np.arange(2 * drawn + 1)[:, None] + step2 * np.arange(2 * drawn2 + 1)[None, :]
    up, down = np.zeros(2 * (size + size2) + 1), np.zeros(2 * (size + size2) + 1)
    starts, starts2 = _starts(worths), _starts(worths2)
    for found, tail in ((up, sums >= ours), (down, sums <= ours)):
        both = chances @ (tail.astype(float) @ chances2.T)
        most = np.maximum.reduceat(np.maximum.reduceat(both, starts, axis=0), starts2, axis=1)
        for worth in range(2 * size + 1):
            part = found[worth : worth + 2 * size2 + 1]
            np.maximum(part, most[worth], out=part)
    return [float(chance) for chance in up], [float(chance) for chance in down]


def _starts(worths: Numbers) -> Numbers:
    """Where the populations of each worth begin in the sorted list."""
    import numpy as np

    return np.searchsorted(worths, np.arange(worths[-1] + 1))


@lru_cache(maxsize=32)
def _populations(size: int, drawn: int) -> tuple[Chances, Numbers]:
    """All populations of a stratum in order of their worth: a row each of the chances of what a draw is worth.

    A population is how many are wholly and how many partly true; worth is counted in halves. Multivariate
    hypergeometric chances.
    """
    import numpy as np

    every = sorted(
        ((whole, partly) for whole in range(size + 1) for partly in range(size - whole + 1)),
        key=lambda one: 2 * one[0] + one[1],
    )
    wholes, partlies = np.array(every).T
    nothing = size - wholes - partlies
    ways = np.array([[comb(n, k) for k in range(drawn + 1)] for n in range(size + 1)], dtype=float)
    chances = np.zeros((len(every), 2 * drawn + 1))
    for a in range(drawn + 1):
        for b in range(drawn - a + 1):
            chances[:, 2 * a + b] += ways[wholes, a] * ways[partlies, b] * ways[nothing, drawn - a - b]
    return chances / comb(size, drawn), 2 * wholes + partlies


def of_city(strata: Sequence[Stratum], rate: float = 0.9) -> Estimate:
    """The true share of all declarations of many units, by Wilson's interval. Raises ``BadSample``."""
    there = [stratum for stratum in strata if stratum.size]
    value = mean(there)
    whole = sum(stratum.size for stratum in there)
    variance = sum(
        (stratum.size / whole) ** 2
        * _spread(stratum, there)
        / stratum.drawn
        * (1 - stratum.drawn / stratum.size)
        for stratum in there
    )
    if all(stratum.drawn == stratum.size for stratum in there):
        return Estimate(value, value, value, rate)  # everything was checked
    effective = _effective(value, variance, there, whole)
    z = NormalDist().inv_cdf(0.5 + rate / 2)
    centre = (value + z * z / (2 * effective)) / (1 + z * z / effective)
    half = z / (1 + z * z / effective) * sqrt(value * (1 - value) / effective + (z / (2 * effective)) ** 2)
    return Estimate(value, max(0.0, centre - half), min(1.0, centre + half), rate)


def _spread(stratum: Stratum, all_of_them: Sequence[Stratum]) -> float:
    """A stratum's variance; one of which a single declaration was checked borrows that of all together."""
    if stratum.drawn > 1:
        return stratum.variance
    drawn = sum(one.drawn for one in all_of_them)
    centre = sum(one.drawn * one.mean for one in all_of_them) / drawn
    squares = sum(one.confirmed + PARTLY**2 * one.partly for one in all_of_them)
    return max(0.0, squares / drawn - centre**2)


def _effective(value: float, variance: float, strata: Sequence[Stratum], whole: int) -> float:
    """How many independent checks tell as much: from the variance, or from the weights where all were alike."""
    by_weights = 1 / sum(
        (stratum.size / whole) ** 2 / stratum.drawn * (1 - stratum.drawn / stratum.size) for stratum in strata
    )
    if variance <= 0 or not 0 < value < 1:
        return by_weights
    return min(value * (1 - value) / variance, 4 * by_weights)
