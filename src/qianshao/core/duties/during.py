"""Find what held at a past moment without reading everything before it: a relational interval tree.

After Kriegel, Pötke and Seidl, "Managing Intervals Efficiently in Object-Relational Databases", VLDB 2000. Hours
are the nodes of a binary tree (4 stands above 2 and 6). A span is kept at the highest hour it touches; the spans
that hold at an hour are all kept at one of its some twenty ancestors, which an index finds at once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

STILL = -1  # the node of spans that have not ended
# In UTC: moments of one zone are subtracted by their wall clocks, and Shanghai moved its own.
_FIRST = datetime(1900, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_INSTANT = timedelta(microseconds=1)
_LEVELS = 24  # 2**24 hours end in the year 3813


def node(since: datetime, until: datetime | None) -> int:
    """Where a span (``until`` exclusive) is kept: the hour with the most trailing zero bits that it touches."""
    if until is None:
        return STILL
    first = _hour(since)
    last = max(first, _hour(until - _INSTANT))
    level = ((first - 1) ^ last).bit_length() - 1
    return last >> level << level


def nodes(at: datetime) -> list[int]:
    """Where spans that hold at a moment can be kept: its hour, that hour's ancestors, and ``STILL``."""
    hour = _hour(at)
    lowest = (hour & -hour).bit_length() if hour else 0
    above = [(hour >> level + 1 << level + 1) | 1 << level for level in range(lowest, _LEVELS)]
    return [STILL, hour, *above]


def _hour(moment: datetime) -> int:
    return (moment - _FIRST) // _HOUR
