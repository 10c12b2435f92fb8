"""Whether this week's count is more than chance: Farrington's method as improved by Noufaily and others.

Noufaily, Enki, Farrington, Garthwaite, Andrews, Charlett: An improved algorithm for outbreak detection in multiple
surveillance systems, Statistics in Medicine 32 (2013) 1206–1222. Weekly counts of the past are fitted by a
quasi-Poisson regression with a trend and ten seasonal periods; past outbreaks are weighted down by their residuals;
the upper limit is a quantile of the negative binomial with the fitted mean and dispersion; a count is only judged
where at least five came in four weeks.

Departures, for a young hotline has no years to look back on:

- With less than ``_LONG`` weeks of history the level of the ``_SHORT`` weeks before the last ``_SHORT_GUARD`` is taken,
  without trend or season: a season that nobody has seen twice looks like a trend and runs away with the expectation.
- Past outbreaks are told by the spread of the middle half of the residuals (median absolute deviation); in a short past
  one outbreak would otherwise be measured by itself.
- The limit's variance includes that of the fitted mean, without which a short baseline gives more false alarms.

``benchmarks/bench_rising.py`` measures the rate of false alarms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

ALPHA = 0.005  # one-sided; the rate measured in simulation is about twice that, see the benchmark
LEAST_WEEKS = 8  # of baseline; with fewer nothing is said
_GUARD = 26  # weeks left out before the one judged, so that a slow outbreak is not its own baseline
_LONG = 130  # weeks of history from which trend and season are fitted: two years before the weeks left out
_SHORT, _SHORT_GUARD = 12, 1
_PERIODS = 10
_YEAR = 52.18
_HALF_WIDTH = 3  # weeks on either side that belong to the season of the week judged
_DOWN = 2.58  # Anscombe residuals above this are weighted down
_FEW, _IN_WEEKS = 5, 4

Reals = NDArray[np.float64]
Why = Literal["", "short", "few"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One series in one week. ``score`` is (observed - expected) ÷ (limit - expected); above 1 is an alarm.

    ``why`` says why nothing was judged: ``short`` history, or too ``few`` messages.
    """

    observed: int
    expected: float
    limit: float
    score: float
    chance: float  # of so many or more in a quiet week
    alarm: bool
    baseline: int  # weeks the expectation rests on
    seasonal: bool
    why: Why = ""


def judge(weeks: Sequence[int], alpha: float = ALPHA) -> Verdict:
    """Judge the last of these weekly counts by those before it."""
    from scipy.stats import nbinom, poisson

    counts = np.asarray(weeks, dtype=np.float64)
    past = counts[:-1]
    long = len(past) >= _LONG
    baseline = past[:-_GUARD] if long else past[:-_SHORT_GUARD][-_SHORT:]
    observed = int(counts[-1])
    if len(baseline) < LEAST_WEEKS:
        return Verdict(observed, float("nan"), float("nan"), 0.0, 1.0, False, len(baseline), False, "short")
    mean, variance, seasonal = _expected(baseline, len(past), long)
    if variance > mean * (1 + 1e-9):
        size, share = mean * mean / (variance - mean), mean / variance
        limit = float(nbinom.ppf(1 - alpha, size, share))
        chance = float(nbinom.sf(observed - 1, size, share))
    else:
        limit = float(poisson.ppf(1 - alpha, mean))
        chance = float(poisson.sf(observed - 1, mean))
    limit = max(limit, mean + 1)
    score = (observed - mean) / (limit - mean)
    enough = bool(counts[-_IN_WEEKS:].sum() >= _FEW)
    return Verdict(
        observed, mean, limit, score, chance, enough and score > 1, len(baseline), seasonal, "" if enough else "few"
    )  # fmt: skip


def expected(weeks: Sequence[int], ahead: int) -> list[float]:
    """What the coming weeks would bring if nothing happens: by season where two years are known, else the level."""
    counts = np.asarray(weeks, dtype=np.float64)
    long = len(counts) >= _LONG - _GUARD
    baseline = counts if long else counts[-_SHORT:]
    return (
        [_expected(baseline, len(baseline) + step, long)[0] for step in range(ahead)] if len(counts) else []
    )


def _expected(baseline: Reals, week: int, long: bool) -> tuple[float, float, bool]:
    """Mean and variance of the count of ``week`` in a quiet time, and whether its season was known."""
    if not baseline.sum():
        quiet = 0.5 / len(baseline)
        return quiet, quiet, False
    seasonal = long
    design, now = _design(len(baseline), week, seasonal, trend=long)
    fit = _fit(baseline, design, now)
    if fit is None or (design.shape[1] > 1 and fit[0] > baseline.max()):
        design, now = _design(len(baseline), week, seasonal, trend=False)  # a trend may not run away
        fit = _fit(baseline, design, now)
    if fit is None:
        design, now = _design(len(baseline), week, False, trend=False)
        seasonal, fit = False, _fit(baseline, design, now)
    if fit is None:
        raise ArithmeticError("a mean can always be fitted")
    return fit[0], fit[1], seasonal


def _design(size: int, week: int, seasonal: bool, trend: bool) -> tuple[Reals, Reals]:
    at = np.append(np.arange(size), week).astype(np.float64)
    columns = [np.ones(size + 1)]
    if trend:
        columns.append((at - at[:-1].mean()) / max(size, 1))
    if seasonal:
        period = _period(at, week)
        columns += [(period == number).astype(np.float64) for number in range(1, _PERIODS)]
    whole: Reals = np.column_stack(columns)
    return whole[:-1], whole[-1]


def _period(at: NDArray[np.generic], week: int) -> NDArray[np.int64]:
    """0 for weeks at the time of the year of ``week``, 1–9 for the rest of the year in equal parts."""
    apart = np.mod(np.asarray(at, dtype=np.float64) - week + _HALF_WIDTH + 0.5, _YEAR)
    width = 2 * _HALF_WIDTH + 1
    rest = (apart - width) / (_YEAR - width) * (_PERIODS - 1)
    return np.where(apart < width, 0, 1 + np.clip(np.floor(rest), 0, _PERIODS - 2)).astype(np.int64)


def _fit(counts: Reals, design: Reals, now: Reals) -> tuple[float, float] | None:
    """Mean and variance expected at ``now``; nothing where the regression does not settle."""
    weights = np.ones(len(counts))
    found = _regress(counts, design, weights)
    for _round in range(2):
        if found is None:
            return None
        coefficients, covariance = found
        mean = np.exp(design @ coefficients)
        spread = _middle_spread(counts, mean)
        leverage = np.einsum("ij,jk,ik->i", design, covariance, design) * mean * weights
        residual = 1.5 * (counts ** (2 / 3) * mean ** (-1 / 6) - np.sqrt(mean))
        residual /= np.sqrt(spread * np.clip(1 - leverage, 1e-6, None))
        weights = np.where(residual > _DOWN, np.maximum(residual, _DOWN) ** -2.0, 1.0)
        weights *= len(weights) / weights.sum()
        found = _regress(counts, design, weights)
    if found is None:
        return None
    coefficients, covariance = found
    mean = np.exp(design @ coefficients)
    spread = _dispersion(counts, mean, weights, design.shape[1])
    expected_now = float(np.exp(now @ coefficients))
    unsure = float(now @ covariance @ now) * spread
    if not np.isfinite(expected_now) or not np.isfinite(unsure):
        return None
    return expected_now, spread * expected_now + unsure * expected_now**2


def _dispersion(counts: Reals, mean: Reals, weights: Reals, parameters: int) -> float:
    left = max(len(counts) - parameters, 1)
    return max(1.0, float((weights * (counts - mean) ** 2 / np.maximum(mean, 1e-9)).sum()) / left)


def _middle_spread(counts: Reals, mean: Reals) -> float:
    """The dispersion of the middle half, which an outbreak in a short past does not hide itself behind."""
    off = (counts - mean) / np.sqrt(np.maximum(mean, 1e-9))
    return max(1.0, (1.4826 * float(np.median(np.abs(off - np.median(off))))) ** 2)


def _regress(counts: Reals, design: Reals, weights: Reals) -> tuple[Reals, Reals] | None:
    """Poisson regression with a log link by iterated least squares: coefficients and their covariance."""
    level = np.log(np.maximum(counts, 0.5))
    coefficients = np.asarray(np.linalg.lstsq(design, level, rcond=None)[0], dtype=np.float64)
    for _step in range(50):
        linear = np.clip(design @ coefficients, -20, 20)
        mean = np.exp(linear)
        working = weights * mean
        inner = design.T @ (design * working[:, None])
        try:
            covariance = np.asarray(np.linalg.inv(inner + 1e-9 * np.eye(len(inner))), dtype=np.float64)
        except np.linalg.LinAlgError:
            return None
        fresh = covariance @ (design.T @ (working * (linear + (counts - mean) / mean)))
        if not np.all(np.isfinite(fresh)):
            return None
        settled = np.abs(fresh - coefficients).max() < 1e-6
        coefficients = fresh
        if settled:
            return coefficients, covariance
    return (coefficients, covariance) if np.abs(coefficients).max() < 20 else None
