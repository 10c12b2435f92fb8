"""The life of one request, as a city sees thousands: dispatched, sent on, asked about, extended, answered, late."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from qianshao.kernel.calendar import Calendar
from qianshao.kernel.declare import Voided
from qianshao.modules.hotline import facts as f

from . import texts
from .afterwards import follow, pressed
from .city import City, serving
from .days import desk, evening
from .life import Life, Promise, Step
from .returns import reach, take
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
_WAYS = {
    "lawful_way": "可依法向人民法院提起诉讼或者申请仲裁",
    "petition": "由原受理的信访部门继续办理，可凭信访编号查询",
    "outside": "属于当事人之间的民事约定，建议协商或者向行业协会反映",
}


def live(random: Random, at: datetime, city: City, promise: Promise, calendar: Calendar) -> list[Step]:
    """Everything that will happen to a request of this moment, as if nobody ever looked."""
    (topic,) = random.choices(TOPICS, [_weight(topic, at.month) for topic in TOPICS])
    town = random.choice(city.towns)
    local = random.random() < topic.local
    first = town.county if local else serving(topic.unit, at.date())
    owner = town.code if local else topic.unit
    letter = texts.letter(random, topic, town.county_name)
    order = Life(random, calendar)
    urgent = _receive(order, at, topic, letter, town.place, first)
    if not order.unit and _at_the_desk(order, topic, letter, city, first):
        return order.steps
    reach(order, at, city, first, owner if local else "")
    if urgent:
        answered = at + timedelta(hours=random.choice((3, 6, 9, 14, 20, 23, 23, 40)))
        _reply(order, order.later(max(answered, order.last)), topic, letter.title, city)
        return order.steps
    take(order)
    shift = _ask(order, at) if random.random() < 0.3 else 0
    extra = _extend(order, at, promise) if promise.extension and random.random() < 0.12 else 0
    if random.random() < 0.025:
        gone = order.reformed(order.workday(at, random.randint(0, 3)))
        order.add(f.Withdrawn(at=gone, reason=random.choice(_WITHDRAWN)))
        return order.steps
    days = _days(random, promise.days + extra, city.punctual[order.unit], letter.appeal == "consult")
    answered = order.workday(at, days + shift)
    pressed(order, answered, late=days > promise.days + extra)
    # On the very last day they stay until it is answered.
    overtime = timedelta(hours=random.randint(0, 5)) if days == promise.days + extra else timedelta()
    _reply(order, order.later(evening(answered, overtime)), topic, letter.title, city)
    return order.steps


def _at_the_desk(order: Life, topic: Topic, letter: texts.Letter, city: City, first: str) -> bool:
    """Answered while the caller is there, or turned away with the lawful way to go."""
    random = order.random
    at = order.later(order.last + timedelta(minutes=random.randint(2, 12)))
    if letter.appeal == "consult" and random.random() < 0.35:
        reply = texts.answer(random, topic, letter.title, city.shorts[serving(first, at.date())])
        order.add(f.AnsweredAtOnce(at=at, reply=reply))
        return True
    if random.random() < 0.015:
        reason = random.choice(list(_WAYS))
        order.add(f.Declined(at=at, reason=reason, way=_WAYS[reason]))
        return True
    return False


def _weight(topic: Topic, month: int) -> int:
    return topic.share * (2 if month in topic.season else 1)


def _receive(order: Life, at: datetime, topic: Topic, letter: texts.Letter, place: str, first: str) -> bool:
    """Write down what was said; whether it cannot wait."""
    random = order.random
    (channel,) = random.choices(list(_CHANNELS), list(_CHANNELS.values()))
    caller = texts.caller(random)
    known = channel in ("upper", "board") and random.random() < 0.7
    urgent = channel == "phone" and random.random() < 0.03
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
        urgency="urgent" if urgent else "",
        secret=letter.appeal == "report" and random.random() < 0.5,
    )
    order.unit = fact.unit
    # Letters on paper lie for some days before somebody types them in: a back-dated recording (补录).
    late = channel == "mail" and random.random() < 0.6
    day = order.calendar.add_workdays(at.date(), random.randint(2, 5))
    order.add(fact, desk(random, day) if late else None)
    return urgent


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
    if any(isinstance(step.fact, f.Dispatched) for step in order.steps):
        follow(order, 0.45 + 0.5 * city.punctual[order.unit], reply)
