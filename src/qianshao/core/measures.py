"""What the product counts about itself, for Prometheus; several processes count into files of one folder (see docs/operations.md).

Labels are names from declarations and routes, never what somebody typed.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable

from prometheus_client import Counter, Histogram

REQUESTS = Histogram(
    "qianshao_request_seconds",
    "Requests by route, method and status",
    ("route", "method", "status"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 15.0),
)
ACTS = Counter(
    "qianshao_acts",
    "Facts that came to the door, by kind and outcome (recorded, repeated, refused, stale)",
    ("kind", "outcome"),
)
ROUNDS = Histogram(
    "qianshao_tick_round_seconds", "Rounds of the tick", buckets=(0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0)
)
FAILED_ROUNDS = Counter("qianshao_tick_failures", "Rounds of the tick that ended in an error", ("part",))


def count_acts(outcomes: Iterable[tuple[str, str]]) -> None:
    """Count (kind, outcome) of a batch."""
    for (kind, outcome), n in Tally(outcomes).items():
        ACTS.labels(kind, outcome).inc(n)
