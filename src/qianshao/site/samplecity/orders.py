"""The life of one request, as a city sees thousands: dispatched, sent on, asked about, extended, answered, late."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.declare import Fact, Voided
from qianshao.modules.hotline import facts as f

from . import texts
from .city import REFORM_AT, City, serving
from .days import desk, evening
from .topics import TOPICS, Topic

_CHANNELS = {"phone": 55, "wechat": 20, "web": 12, "upper": 6, "board": 5, "mail": 2}
_MISSING = (
    "请补充具体地点和现场照片。",
    "请补充联系方式和事情发生的时间。",
    "请提供合同或票据的照片。",
    "请说明具体楼栋和楼层。",
)
_SUPPLIED = ("诉求人已补充照片和具体位置。", "已电话联系，诉求人补充了时间和地点。", "诉求人已上传材料。")
_REASONS = ("需现场勘测后确定方案", "涉及多个单位，正在协商", "设备采购需要时间", "需等待检测结果")
_WITHDRAWN = ("问题已自行解决。", "诉求人表示已与对方协商一致。", "重复来电，合并办理。")


@dataclass(frozen=True, slots=True)
class Promise:
    """The rule an order is born under, as far as the story plays with it; both in working days."""

    days: int
    extension: int


@dataclass(frozen=True, slots=True)
class Step:
    """A fact and the moment somebody recorded it."""

    rec: datetime
    fact: Fact


@dataclass(slots=True)
class Life:
    """An order growing step by step; no step is recorded before the one it follows."""

    random: Random
    calendar: Calendar
    steps: list[Step] = field(default_factory=list)
    unit: str = ""

    @property
    def last(self) -> datetime:
        """When the last step was recorded."""
        return self.steps[-1].rec

    def later(self, at: datetime) -> datetime:
        """``at``, or a little after the last step when that is later."""
        return at if at > self.last else self.last + timedelta(minutes=self.random.randint(12, 150))

    def workday(self, since: datetime, n: int) -> datetime:
        """A moment at the desk ``n`` working days after another moment, never before the last step."""
        on = since.date()
        day = self.calendar.add_workdays(on, n) if n else self.calendar.next_workday(on)
        return self.later(desk(self.random, day))

    def add(self, fact: Fact, rec: datetime | None = None) -> None:
        """Record a fact some minutes after it happened, or at ``rec``."""
        self.steps.append(Step(rec or fact.at + timedelta(seconds=self.random.randint(20, 900)), fact))

    def dispatch(self, at: datetime, unit: str, note: str = "") -> None:
        """Name the unit that answers."""
        self.unit = serving(unit, at.date())
        self.add(f.Dispatched(at=at, unit=self.unit, note=note))

    def reformed(self, at: datetime) -> datetime:
        """Before a step after the reform, hand the order to whoever took over the unit's work."""
        if self.last < REFORM_AT <= at and serving(self.unit, at.date()) != self.unit:
            self.dispatch(
                REFORM_AT + timedelta(minutes=self.random.randint(10, 200)), self.unit, "机构改革，职责划转"
            )
            return self.later(at)
        return at


def live(random: Random, at: datetime, city: City, promise: Promise, calendar: Calendar) -> list[Step]:
    """Everything that will happen to a request of this moment, as if nobody ever looked."""
    (topic,) = random.choices(TOPICS, [_weight(topic, at.month) for topic in TOPICS])
    town = random.choice(city.towns)
    local = random.random() < topic.local
    first = town.county if local else serving(topic.unit, at.date())
    owner = town.code if local else topic.unit
    letter = texts.letter(random, topic, town.county_name)
    order = Life(random, calendar)
    _receive(order, at, topic, letter, town.place, first)
    _reach(order, at, city, first, owner if local else "")
    shift = _ask(order, at) if random.random() < 0.3 else 0
    extra = _extend(order, at, promise) if promise.extension and random.random() < 0.12 else 0
    if random.random() < 0.025:
        gone = order.reformed(order.workday(at, random.randint(0, 3)))
        order.add(f.Withdrawn(at=gone, reason=random.choice(_WITHDRAWN)))
    else:
        days = _days(random, promise.days + extra, city.punctual[order.unit], letter.appeal == "consult")
        answered = order.workday(at, days + shift)
        # On the very last day they stay until it is answered.
        overtime = timedelta(hours=random.randint(0, 5)) if days == promise.days + extra else timedelta()
        _reply(order, order.later(evening(answered, overtime)), topic, letter.title, city)
    return order.steps


def _weight(topic: Topic, month: int) -> int:
    return topic.share * (2 if month in topic.season else 1)


def _receive(order: Life, at: datetime, topic: Topic, letter: texts.Letter, place: str, first: str) -> None:
    random = order.random
    (channel,) = random.choices(list(_CHANNELS), list(_CHANNELS.values()))
    caller = texts.caller(random)
    known = random.random() < 0.25
    number = f"SJ{at:%Y%m%d}{random.randrange(10**4):04}" if channel in ("upper", "board") else ""
    fact = f.Received(
        at=at,
        title=letter.title,
        body=letter.body,
        channel=channel,
        appeal=letter.appeal,
        topic=topic.title,
        place=place,
        unit=first if known else "",
        caller=caller.name,
        phone=caller.phone,
        number=number,
    )
    order.unit = fact.unit
    # Letters on paper lie for some days before somebody types them in: a back-dated recording (补录).
    late = channel == "mail" and random.random() < 0.6
    day = order.calendar.add_workdays(at.date(), random.randint(2, 5))
    order.add(fact, desk(random, day) if late else None)


def _reach(order: Life, at: datetime, city: City, first: str, town: str) -> None:
    """Dispatch, sometimes to the wrong unit first; a county sends on to its town."""
    random = order.random
    if not order.unit:
        wrong = random.random() < 0.16
        target = random.choice(city.bureaus) if wrong else first
        order.dispatch(order.later(at + timedelta(minutes=random.randint(5, 120))), target)
        if wrong and random.random() < 0.1:
            void = order.later(order.last + timedelta(minutes=20))
            order.add(Voided(at=void, entry=len(order.steps), reason="派单时选错了单位"))
            order.unit = ""
    if order.unit != serving(first, order.last.date()):
        order.dispatch(order.workday(order.last, random.randint(0, 1)), first, "不属于该单位职责，退回重派")
    if town:
        order.dispatch(order.workday(order.last, random.randint(0, 1)), town, "请属地核实办理")


def _ask(order: Life, at: datetime) -> int:
    """The unit asks the caller for more; returns the working days its own clock stood."""
    random = order.random
    asked = order.reformed(order.workday(at, random.randint(1, 2)))
    until = asked.date() + timedelta(days=random.randint(3, 7))
    order.add(f.Asked(at=asked, until=until, what=random.choice(_MISSING)))
    if random.random() < 0.8:
        brought = order.later(asked + timedelta(hours=random.randint(3, 60)))
        note = random.choice(_SUPPLIED)
    else:
        brought = order.later(desk(random, order.calendar.next_workday(until + timedelta(days=1))))
        note = "期限内未补充，按现有材料办理。"
    brought = order.reformed(brought)
    order.add(f.Supplied(at=brought, note=note))
    return order.calendar.workdays_between(asked.date(), brought.date())


def _extend(order: Life, at: datetime, promise: Promise) -> int:
    """More days, asked for while there is still time; 0 when it is too late to ask."""
    random = order.random
    moment = order.reformed(order.workday(at, 2))
    if order.calendar.workdays_between(at.date(), moment.date()) >= promise.days:
        return 0
    days = min(promise.extension, random.choice((3, 5, 5, 10)))
    order.add(f.Extended(at=moment, days=days, reason=random.choice(_REASONS), agreed_by="热线中心主任"))
    return days


def _days(random: Random, promised: int, punctual: float, simple: bool) -> int:
    """How many working days an answer takes of those promised."""
    if simple and random.random() < 0.35:
        return random.randint(0, 1)
    if random.random() < punctual:
        # Every fourth answer comes on the very last day.
        return promised if random.random() < 0.25 else max(1, round(promised * random.betavariate(2.8, 1.1)))
    stuck = random.randint(20, 60) if random.random() < 0.15 else 0
    return promised + 1 + int(random.expovariate(0.28)) + stuck


def _reply(order: Life, moment: datetime, topic: Topic, title: str, city: City) -> None:
    """The answer; now and then it is typed in days later, or hung on the wrong order and reversed."""
    random = order.random
    moment = order.reformed(moment)
    reply = texts.answer(random, topic, title, city.shorts[order.unit])
    late = random.random() < 0.03
    typed = desk(random, order.calendar.add_workdays(moment.date(), random.randint(2, 4)))
    order.add(f.Replied(at=moment, reply=reply), typed if late else None)
    if random.random() < 0.006:
        noticed = order.workday(order.last, 1)
        order.add(Voided(at=noticed, entry=len(order.steps), reason="答复误挂到另一件工单，予以冲正"))
        order.add(f.Replied(at=order.workday(noticed, random.randint(1, 3)), reply=reply))
