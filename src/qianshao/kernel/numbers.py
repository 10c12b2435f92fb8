"""Rates, medians and months in whole numbers: what is stored, compared and opened is never a float."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from .hours import SHANGHAI


def basis_points(part: int, whole: int) -> int | None:
    """``part`` out of ``whole`` in hundredths of a per cent, rounded half up.

    None out of nothing, never a made-up 100 %. Raises ``ValueError`` for a negative count.
    """
    if part < 0 or whole < 0:
        raise ValueError(f"a rate is made of counts, not of {part} out of {whole}")
    return (20_000 * part + whole) // (2 * whole) if whole else None


def quantile(counts: Mapping[int, int], hundredths: int) -> int | None:
    """The smallest value that ``hundredths`` per cent of all do not pass; None of nothing.

    ``counts`` says how often each value was seen (minutes, working days). Nearest rank (type 1 of Hyndman & Fan,
    1996), so the answer is always a value that was seen and its record can be opened.
    """
    if not 1 <= hundredths <= 100:
        raise ValueError(f"a quantile is taken at 1 to 100 per cent, not at {hundredths}")
    rank = -(-hundredths * sum(counts.values()) // 100)
    passed = 0
    for value in sorted(counts):
        passed += counts[value]
        if passed >= rank and counts[value]:
            return value
    return None


def median(counts: Mapping[int, int]) -> int | None:
    """The value in the middle, the lower of two: half of all do not pass it. None of nothing."""
    return quantile(counts, 50)


def month_of(at: datetime) -> int:
    """The month a moment falls into in Shanghai, as a number that sorts: 202603."""
    local = at.astimezone(SHANGHAI)
    return local.year * 100 + local.month
