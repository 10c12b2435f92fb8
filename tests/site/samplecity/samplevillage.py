"""A village for the tests of the sample city."""

from __future__ import annotations

from datetime import datetime

from qianshao.kernel.hours import SHANGHAI
from qianshao.site.samplecity import folder

UNTIL = datetime(2026, 3, 2, 15, 0, tzinfo=SHANGHAI)


def make(until: datetime = UNTIL, *, seed: int = 1) -> folder.Count:
    """A village in the present data folder."""
    return folder.make(seed=seed, scale="village", until=until, progress=lambda done: None)
