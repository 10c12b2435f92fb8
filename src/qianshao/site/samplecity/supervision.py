"""The supervised items of 刺桐市 in its present: given out, reported, extended, closed in time or chased by slips."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from qianshao.core.duties.door import stream_of
from qianshao.kernel.calendar import Calendar
from qianshao.kernel.declare import Fact
from qianshao.kernel.hours import DAY, midnight
from qianshao.modules.supervision.items import facts as f
from qianshao.modules.supervision.items.kind import ITEM
from qianshao.modules.supervision.slips import facts as s
from qianshao.modules.supervision.slips.kind import SLIP

from .city import City, serving
from .days import desk
from .life import Life, Step
from .openness import Disclosure

_TASKS = (
    "建成口袋公园{n}个",
    "改造老旧小区{n}个",
    "新增公共停车泊位{n}百个",
    "完成农村公路提升{n}公里",
    "新建社区食堂{n}家",
    "加装既有住宅电梯{n}部",
    "整治城区积水点{n}处",
    "新增普惠托位{n}百个",
    "修复河道岸线{n}公里",
    "推进“一件事一次办”事项{n}项",
    "建成充电桩{n}百个",
    "完成高标准农田{n}千亩",
)
_ORIGINS = {"report": 46, "decision": 22, "minutes": 20, "upper": 12}
_REFERENCES = {
    "report": "{year}年市政府工作报告",
    "decision": "刺政〔{year}〕{n}号",
    "minutes": "市政府常务会议纪要〔{year}〕{n}号",
    "upper": "上级重点工作安排",
}
_PHRASES = {3: "一季度", 6: "6月底前", 9: "三季度", 12: "年底前"}
_DIFFICULTIES = (
    ("用地指标尚未落实", "请协调自然资源部门调剂指标"),
    ("管线迁改涉及多家单位", "请召开协调会明确迁改顺序"),
    ("上级补助资金未下达", "请财政部门先行垫付"),
)
_LEVELS = (
    ("blue", -3, "蓝色督办单（提醒）"),
    ("orange", 1, "橙色督办单（警告）"),
    ("red", 10, "红色督办单（督办）"),
)


@dataclass(frozen=True, slots=True)
class _Given:
    """A slip before it has its number, for the item of a source, and what happened to it later."""

    source: str
    issued: s.Issued
    later: tuple[Step, ...]

    @property
    def at(self) -> datetime:
        """When it was given."""
        return self.issued.at


def supervised(
    duties: int, seed: int, present: date, until: datetime, city: City, calendar: Calendar
) -> Iterator[Disclosure]:
    """All items from the first day of the present on, about one for 15 of ``duties``, and the slips they earned.

    A later ``until`` only adds what comes after, so that the story can be taken up again; slips are numbered in order
    of their days.
    """
    items: dict[str, list[Step]] = {}
    given: list[_Given] = []
    for number in range(max(30, duties // 15)):
        random = Random(f"{seed}/item/{number}")
        begun = desk(random, calendar.next_workday(present + timedelta(days=random.randrange(300))))
        if begun <= until:
            source = f"sample/{seed}/item/{number}"
            items[source], slips = _item(random, begun, source, city, calendar)
            given += slips
    counts: dict[str, int] = {}
    for slip in sorted(given, key=lambda one: (one.at, one.source)):
        issued = slip.issued
        prefix = f"督〔{slip.at.year}〕{f.LEVELS[issued.level]}"
        counts[prefix] = counts.get(prefix, 0) + 1
        numbered = replace(issued, number=f"{prefix}{counts[prefix]}号")
        escalated = f.Escalated(at=slip.at, level=issued.level, slip=numbered.number)
        items[slip.source].append(Step(slip.at + timedelta(seconds=1), escalated))
        steps = (Step(slip.at + timedelta(seconds=1), numbered), *slip.later)
        yield Disclosure(SLIP, f"{issued.stream}/{issued.level}", steps)
    for source, life in items.items():
        yield Disclosure(ITEM, source, tuple(sorted(life, key=lambda step: step.rec)))


def _item(
    random: Random, begun: datetime, source: str, city: City, calendar: Calendar
) -> tuple[list[Step], list[_Given]]:
    counties = [unit.code for unit in city.units if unit.kind == "county"]
    unit = random.choice(counties) if random.random() < 0.35 else random.choice(city.bureaus)
    unit = serving(unit, begun.date())
    life = Life(random, calendar, unit=unit)
    (origin,) = random.choices(list(_ORIGINS), list(_ORIGINS.values()))
    due, phrase = _due(random, begun, origin)
    (weight,) = random.choices(("", "important", "special"), (80, 16, 4))
    told = f.Assigned(
        at=begun,
        title=random.choice(_TASKS).format(n=random.randint(2, 30)),
        reference=_REFERENCES[origin].format(year=begun.year, n=random.randint(1, 60)),
        label=str(random.randint(1, 146)),
        unit=unit,
        co_units=random.choice(city.bureaus) if random.random() < 0.4 else "",
        origin=origin,
        due=due,
        phrase=phrase,
        weight=weight,
        rhythm="monthly" if (due - begun.date()).days > 60 else "",
        content="deployed",
    )
    life.add(told)
    life.add(f.Signed(at=life.workday(begun, random.randint(0, 2))))
    late = random.random() > max(city.punctual[unit], 0.8)
    done = _done(random, due, late, calendar)
    due = _work(life, told, due, done)
    return life.steps, _slips(random, source, told, due, done, calendar)


def _due(random: Random, begun: datetime, origin: str) -> tuple[date, str]:
    """The last day of the limit and how the document says it."""
    if origin == "minutes":
        return begun.date() + timedelta(days=random.randint(20, 60)), ""
    months = [month for month in _PHRASES if month >= min(12, begun.month + 1)] or [12]
    month = random.choice(months)
    year = begun.year if month > begun.month else begun.year + 1
    last = date(year + month // 12, month % 12 + 1, 1) - DAY
    return last, _PHRASES[month]


def _done(random: Random, due: date, late: bool, calendar: Calendar) -> datetime:
    days = random.randint(2, 45) if late else -random.choice((0, 1, 1, 2, 3, 4, 6, 9))
    return desk(
        random,
        calendar.next_workday(due + timedelta(days=days))
        if late
        else calendar.previous_workday(due + timedelta(days=days)),
    )


def _work(life: Life, told: f.Assigned, due: date, done: datetime) -> date:
    """Plan, reports, a difficulty, an extension, and the closing; returns the limit that counted."""
    random, calendar = life.random, life.calendar
    if told.rhythm:
        middle = told.at.date() + (due - told.at.date()) / 2
        nodes = f"{middle.isoformat()} 完成过半\n{due.isoformat()} 全部完成"
        life.add(f.Planned(at=life.workday(life.last, random.randint(2, 9)), nodes=nodes))
        month = life.last.date().replace(day=25)
        percent = 10
        while (month := (month.replace(day=1) + timedelta(days=32)).replace(day=25)) < min(due, done.date()):
            percent = min(95, percent + random.randint(5, 20))
            at = desk(
                random, calendar.previous_workday(month + timedelta(days=random.choice((0, 1, 2, 2, 6))))
            )
            if at < done and at > life.last:
                life.add(f.Reported(at=at, progress=f"按计划推进，完成约{percent}%。", percent=percent))
    if random.random() < 0.1:
        what, need = random.choice(_DIFFICULTIES)
        at = life.workday(life.last, random.randint(1, 5))
        if at < done - timedelta(days=20):
            life.add(f.DifficultyReported(at=at, what=what, need=need))
            answered = life.workday(at, random.randint(3, 9))
            life.add(
                f.DifficultyAnswered(at=answered, by="分管副市长", answer="已召开协调会，明确责任和时限。")
            )
    extended = _extended(life, due, done) if random.random() < 0.12 else due
    proposed = life.later(done)
    life.add(f.CloseProposed(at=proposed, summary="任务已经完成，相关资料备查。"))
    reviewed = life.workday(proposed, random.randint(1, 4))
    back = random.random() < 0.08
    conclusion = "部分内容尚未完成，退回续办。" if back else "经核查，任务已经完成。"
    life.add(f.CloseReviewed(at=reviewed, result="back" if back else "pass", conclusion=conclusion))
    if back:
        again = life.workday(reviewed, random.randint(5, 20))
        life.add(f.CloseProposed(at=again, summary="已按要求补充完成。"))
        passed = life.workday(again, random.randint(1, 4))
        life.add(f.CloseReviewed(at=passed, result="pass", conclusion="经核查，任务已经完成。"))
    return extended


def _extended(life: Life, due: date, done: datetime) -> date:
    """More time, asked for before the limit by those who will need it."""
    random = life.random
    asked = desk(random, life.calendar.previous_workday(due - timedelta(days=random.randint(5, 9))))
    later = due + timedelta(days=random.choice((30, 60)))
    if asked <= life.last or asked >= done - timedelta(days=4) or asked.date() >= due - timedelta(days=4):
        return due
    life.add(f.ExtensionAsked(at=asked, until=later, reason="受台风和汛期影响，工期顺延"))
    judged = life.workday(asked, 1)
    life.add(f.ExtensionJudged(at=judged, result="upheld", until=later, by="分管副市长"))
    return later


def _slips(
    random: Random, source: str, told: f.Assigned, due: date, done: datetime, calendar: Calendar
) -> list[_Given]:
    """The slips the watch would have given while the item was open, with what became of them."""
    stream = stream_of(ITEM, source)
    number = f"DC{told.at:%Y%m%d}-{stream[:6].upper()}"
    first = {"": 0, "important": 1, "special": 2}[told.weight]
    found: list[_Given] = []
    for step, (_level, days, _title) in enumerate(_LEVELS):
        place = min(first + step, len(_LEVELS) - 1)
        level, _days, title = _LEVELS[place]
        on = due + timedelta(days=days) + (DAY if days < 0 else timedelta())
        at = midnight(on) + timedelta(minutes=1)
        if at >= done or at <= told.at + timedelta(days=4) or any(one.issued.level == level for one in found):
            continue
        issued = s.Issued(
            at=at, level=level, title=title, number="", unit=told.unit, item=number, stream=stream,
            matter=told.title, limit=due, requirement="请抓紧办理，按期办结；逾期的书面说明原因。",
        )  # fmt: skip
        found.append(_Given(source, issued, _answered(random, issued, calendar)))
    return found


def _answered(random: Random, issued: s.Issued, calendar: Calendar) -> tuple[Step, ...]:
    received = desk(random, calendar.next_workday(issued.on))
    steps: list[tuple[datetime, Fact]] = [
        (received, s.Received(at=received, way="platform", post="办公室主任")),
    ]
    if random.random() < 0.9:
        answered = desk(random, calendar.add_workdays(received.date(), random.randint(1, 6)))
        remedy = "已倒排工期，明确专人负责。"
        steps.append((answered, s.Answered(at=answered, why="施工进度受天气影响。", remedy=remedy)))
    return tuple(Step(at + timedelta(seconds=random.randint(2, 300)), fact) for at, fact in steps)
