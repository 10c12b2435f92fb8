"""The study sessions of 刺桐市: one a month for every unit that holds them, most held in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.clock import Period, periods
from qianshao.modules.learning.module import SESSION, Held

from .city import City
from .days import desk
from .life import Step

_TOPICS = (
    "政府信息公开条例专题学习",
    "优化营商环境专题研讨",
    "安全生产责任制学习",
    "基层减负有关规定学习",
    "依法行政与重大决策程序",
    "数字政府建设经验交流",
    "预算法与过紧日子要求",
    "信访工作条例学习",
    "生态环境保护专题学习",
    "防汛防台风工作部署学习",
)


@dataclass(frozen=True, slots=True)
class Session:
    """One unit's month; ``source`` is the key the tick would open it under."""

    source: str
    steps: tuple[Step, ...]


def sessions(months: int, seed: int, until: datetime, city: City, calendar: Calendar) -> Iterator[Session]:
    """Every unit's sessions in the last months before ``until``, in order of the month."""
    recurs = SESSION.recurs
    assert recurs is not None
    since = until - timedelta(days=32 * months)
    told = [
        period for period in periods(recurs.every, since, until + timedelta(days=1)) if period.start <= until
    ]
    for period in told[-months:]:
        for code, of in city.holders(period.start.date(), recurs.holders):
            random = Random(f"{seed}/{code}/{period.start}")
            opened = period.start + timedelta(minutes=2, seconds=random.randrange(300))
            steps = [Step(opened, recurs.opens(code, of, period))]
            held = _held(random, period, calendar)
            if held is not None:
                fact = Held(at=held, topic=random.choice(_TOPICS), present=random.randint(7, 40))
                steps.append(Step(held + timedelta(minutes=random.randint(30, 600)), fact))
            yield Session(f"{code}/{period.start:%Y-%m-%d}", tuple(steps))


def _held(random: Random, period: Period, calendar: Calendar) -> datetime | None:
    """When the session took place: in the month, some days after it, or never."""
    luck = random.random()
    if luck < 0.04:
        return None
    day = period.until.date() + timedelta(days=random.randint(0, 8)) if luck < 0.1 else None
    day = day or period.start.date() + timedelta(
        days=random.choice((6, 9, 12, 14, 16, 19, 20, 21, 23, 24, 25, 26))
    )
    return desk(random, calendar.next_workday(day))
