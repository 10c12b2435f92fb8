"""A job for the tests: it tells account 1 as many things as it is asked to, twenty in each transaction."""

from __future__ import annotations

import time

from qianshao.core.jobs import handlers
from qianshao.core.jobs.work import Work
from qianshao.core.notices.telling import Telling, tell_many
from qianshao.kernel.words import say


def count(work: Work) -> dict[str, int]:
    """Idempotent by the keys of what it writes; slow enough to be killed in the middle."""
    total: int = work.payload["total"]
    new = 0
    for first in range(0, total, 20):
        new += tell_many(
            [
                Telling(key=f"count/{n}", to=[1], words=say("第 {n} 件", n=n))
                for n in range(first, min(first + 20, total))
            ],
            now=work.now(),
        )
        work.beat(first, total)
        time.sleep(work.payload["pause"])
    return {"new": new}


handlers.register("test.count", count)
