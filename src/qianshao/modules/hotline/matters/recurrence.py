"""Did it help? How often a matter came before a rectification and after, with the uncertainty.

Counts of two periods of known length are compared by the ratio of their rates. Given the sum, the later count is
binomial; the interval is the mid-P version of Clopper and Pearson's (Berry & Armitage, Mid-P confidence intervals: a
brief review, The Statistician 44 (1995) 417–423), which is exact where zero calls come and not needlessly wide. Count
different texts (``heat``), not copies: one person who calls ten times is not ten independent events.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Literal

CONFIDENCE = 0.95
Reading = Literal["fell", "rose", "unclear"]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The rate after, as a multiple of the rate before, with its interval; ``chance`` is two-sided mid-P.

    ``ratio`` is infinite where nothing came before, and not a number where nothing came at all.
    """

    before: int
    after: int
    ratio: float
    low: float
    high: float
    chance: float
    reading: Reading


def compare(
    before: int, days_before: float, after: int, days_after: float, confidence: float = CONFIDENCE
) -> Recurrence:
    """Compare ``after`` messages in ``days_after`` days with ``before`` in ``days_before``.

    Raises ``ValueError`` for a negative count, a period without length or a confidence outside 0 to 1.
    """
    if min(before, after) < 0 or min(days_before, days_after) <= 0 or not 0 < confidence < 1:
        raise ValueError("counts must not be negative, periods and confidence must be positive")
    total = before + after
    if total == 0:
        return Recurrence(0, 0, float("nan"), 0.0, inf, 1.0, "unclear")
    tail = (1 - confidence) / 2
    exposure = days_before / days_after
    low = 0.0 if after == 0 else exposure * _odds(_share(after, total, 1 - tail))
    high = inf if before == 0 else exposure * _odds(_share(after, total, tail))
    ratio = inf if before == 0 else after / before * exposure
    even = days_after / (days_before + days_after)
    under = _up_to(after, total, even)
    chance = min(1.0, 2 * min(under, 1 - under))
    reading: Reading = "fell" if high < 1 else "rose" if low > 1 else "unclear"
    return Recurrence(before, after, ratio, low, high, chance, reading)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf


def _up_to(count: int, total: int, share: float) -> float:
    """Mid-P: the chance of fewer, and half that of as many."""
    from scipy.stats import binom

    return float(binom.cdf(count - 1, total, share) + 0.5 * binom.pmf(count, total, share))


def _share(count: int, total: int, level: float) -> float:
    """The share at which so few are as likely as ``level``; the chance falls as the share grows."""
    from scipy.optimize import brentq

    at_ends = _up_to(count, total, 0.0) - level, _up_to(count, total, 1.0) - level
    if at_ends[0] <= 0:
        return 0.0
    if at_ends[1] >= 0:
        return 1.0
    return float(brentq(lambda share: _up_to(count, total, share) - level, 0.0, 1.0, xtol=1e-12))
