"""The answers the hotline of 刺桐市 keeps ready: one for each thing people ring about, most read again in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from qianshao.kernel.calendar import Calendar
from qianshao.modules.hotline.knowledge import facts as k

from .city import City, serving
from .days import desk
from .life import Step
from .topics import TOPICS

_FORGOTTEN = 0.15  # the part of entries nobody reads again


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry; ``source`` is the key it is opened under."""

    source: str
    steps: tuple[Step, ...]


def answers(seed: int, present: date, until: datetime, city: City, calendar: Calendar) -> Iterator[Kept]:
    """Every entry, written in the first days of the present and confirmed twice a year by its unit."""
    for topic in TOPICS:
        for number, case in enumerate(topic.cases):
            random = Random(f"{seed}/answers/{topic.title}/{number}")
            at = desk(random, calendar.next_workday(present + timedelta(days=random.randrange(60))))
            if at > until:
                continue
            unit = serving(topic.unit, at.date())
            written = k.Written(
                at=at,
                question=f"{case.title}怎么反映？由谁办理？",
                answer=f"由{city.shorts[unit]}办理。请说明具体位置和时间，登记后派单。一般{random.choice(topic.answers)}。",
                words=f"{topic.title} {case.title}",
                topic=topic.title,
                unit=unit,
            )
            steps = [Step(at + timedelta(minutes=random.randint(1, 20)), written)]
            forgotten = random.random() < _FORGOTTEN
            while not forgotten:
                read = calendar.next_workday(steps[-1].fact.on + timedelta(days=random.randint(120, 185)))
                at = desk(random, read)
                if at > until:
                    break
                steps.append(Step(at + timedelta(minutes=random.randint(1, 20)), k.Confirmed(at=at)))
            yield Kept(f"{seed}/answer/{topic.title}/{number}", tuple(steps))
