"""How 刺桐市 checks: budgets, inspections within them, documents, meetings, and one round of appraisal to its end.

Told once, after the story, through the same services as real work: a draw needs the city's accounts and what was done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import Max

from qianshao.core.duties import calendars, registry
from qianshao.core.duties.door import Delivery, Receipt, perform, perform_many, stream_of
from qianshao.core.duties.models import Duty
from qianshao.core.meters import services as meters
from qianshao.core.org.models import Unit
from qianshao.kernel.declare import Fact
from qianshao.kernel.hours import SHANGHAI
from qianshao.modules.appraisal import running
from qianshao.modules.appraisal.claims import facts as c
from qianshao.modules.appraisal.rounds import facts as f
from qianshao.modules.appraisal.rounds import planning
from qianshao.modules.burden.inspections import facts as i
from qianshao.modules.burden.meters import DOCUMENTS, MADE, MEETINGS, RECEIVED, REQUESTS
from qianshao.modules.burden.papers import facts as p
from qianshao.modules.burden.requests import facts as r

from . import plan as city_plan
from .days import desk
from .founding import moments
from .life import Step
from .openness import Disclosure
from .replay import ACTOR, SRC

_MATTERS = (
    "营商环境",
    "安全生产",
    "耕地保护",
    "河湖长制",
    "食品安全",
    "防汛备汛",
    "村级财务",
    "校园周边秩序",
)
_PAPERS = ("关于做好{matter}工作的通知", "关于印发{matter}工作方案的通知", "关于{matter}情况的通报")
_MATERIALS = ("“三资”清理情况表", "防汛物资储备统计表", "民生项目进度表", "高标准农田台账")
_LIMITS = {RECEIVED: 6, MADE: 40, DOCUMENTS: 60, MEETINGS: 30, REQUESTS: 12}


@transaction.atomic
def check(seed: int, present: date, until: datetime) -> None:
    """Tell it all, or nothing; everything lies between the present's first day and ``until``. Once in a city's life."""
    if Duty.objects.filter(kind=running.ROUND).exists() or not running.inspectors(until.date()):
        return
    random = Random(f"{seed}/checking")
    units = {unit.code: unit for unit in Unit.objects.filter(valid_to=None)}
    work = (
        *_inspections(random, units, present, until),
        *_papers(random, present, until),
        *_requests(random, units, present, until),
    )
    _tell(work, units, present)
    _round(random, present, until)


def _at(random: Random, on: date) -> datetime:
    return desk(random, calendars.current().next_workday(on))


def _tell(work: Iterable[Disclosure], units: dict[str, Unit], present: date) -> None:
    """Everything in the order it happened, each year's ceilings set as it begins."""
    steps = [
        (step.rec, one.source, number, one.kind, step.fact)
        for one in work
        for number, step in enumerate(one.steps)
    ]
    budgeted = present.year - 1
    for rec, source, number, kind, fact in sorted(steps, key=lambda one: one[:3]):
        while budgeted < rec.year:
            budgeted += 1
            _budgets(units, budgeted, budgeted == present.year)
        stream = stream_of(kind, source) if number else ""
        delivery = Delivery(
            kind=kind, fact=fact, stream=stream, source=f"{source}/{number}" if number else source
        )
        (outcome,) = perform_many([delivery], actor=ACTOR, now=rec, src=SRC)
        assert isinstance(outcome, Receipt), outcome


def _life(kind: str, source: str, *facts: Fact) -> Disclosure:
    steps = tuple(Step(fact.at + timedelta(minutes=2), fact) for fact in facts)
    return Disclosure(registry.kind(kind), f"sample/{source}", steps)


def _budgets(units: dict[str, Unit], year: int, first: bool) -> None:
    """Ceilings of a year for whoever inspects, is inspected, writes, meets or is asked."""
    checked = [unit for unit in units.values() if unit.kind in ("bureau", "county", "town")]
    held = {RECEIVED: checked, REQUESTS: [unit for unit in checked if unit.kind != "bureau"]}
    office = [units[city_plan.OFFICE]]
    now = moments(datetime(year, 1, 2, 8, tzinfo=SHANGHAI))
    reason = "首年启用，没有上年数" if first else "新年度重点工作增加"
    for meter, amount in _LIMITS.items():
        for unit in held.get(meter, office):
            meters.set_limit(meter.key, unit, str(year), amount, actor=ACTOR, now=next(now))
            meters.explain(meter.key, unit, reason, actor=ACTOR, now=next(now))


def _inspections(
    random: Random, units: dict[str, Unit], present: date, until: datetime
) -> Iterator[Disclosure]:
    counties = [code for code, unit in sorted(units.items()) if unit.kind == "county"]
    for number in range(min(16, 4 * len(counties))):
        since = calendars.current().next_workday(present + timedelta(days=20 + 20 * number))
        planned = _at(random, since - timedelta(days=12))
        if planned + timedelta(days=3) >= until or since.year != present.year:
            return
        last = since + timedelta(days=random.randint(0, 2))
        matter = random.choice(_MATTERS)
        facts: list[Fact] = [
            i.Planned(
                at=planned, title=f"{matter}专项督查", matter=matter, body=city_plan.OFFICE,
                unit=counties[number % len(counties)], since=since, until=last, form="special", method="visit",
                content="deployed", basis=f"{present.year}年度督查检查考核计划", leader="督查室主任",
            ),
            i.Filed(at=planned + timedelta(hours=3)),
        ]  # fmt: skip
        after = datetime.combine(last, planned.timetz().replace(hour=17))
        if after < until - timedelta(days=20):
            facts.append(i.CarriedOut(at=after, since=since, until=last, found="个别事项进度滞后。"))
            concluded = _at(random, last + timedelta(days=random.randint(2, 8)))
            told = "总体落实较好，两个问题限期整改。"
            facts.append(i.Concluded(at=concluded, conclusion=told, delivered=concluded.date()))
        yield _life("burden.inspection", f"inspection/{number}", *facts)


def _papers(random: Random, present: date, until: datetime) -> Iterator[Disclosure]:
    for number, on in enumerate(_days(present, until, 9)):
        drafted = p.Drafted(
            at=_at(random, on),
            title=random.choice(_PAPERS).format(matter=random.choice(_MATTERS)),
            unit=city_plan.OFFICE,
            sort=random.choice(("general", "special", "deployment")),
            characters=random.randint(900, 4000),
            assessed=True,
        )
        registered = p.Registered(at=drafted.at + timedelta(hours=1))
        yield _life("burden.document", f"document/{number}", drafted, registered)
    for number, on in enumerate(_days(present, until, 17)):
        arranged = p.Arranged(
            at=_at(random, on),
            title=f"{random.choice(_MATTERS)}工作会议",
            unit=city_plan.OFFICE,
            sort="business",
            on_day=on + timedelta(days=4),
            minutes=random.choice((60, 90, 120)),
            speech=random.randint(15, 50),
            below=random.random() < 0.3,
        )
        registered = p.Registered(at=arranged.at + timedelta(hours=1))
        yield _life("burden.meeting", f"meeting/{number}", arranged, registered)


def _days(present: date, until: datetime, every: int) -> Iterator[date]:
    on = present + timedelta(days=every)
    while on < until.date() - timedelta(days=12):
        yield on
        on += timedelta(days=every)


def _requests(random: Random, units: dict[str, Unit], present: date, until: datetime) -> Iterator[Disclosure]:
    """Each material once from each town that is asked at all."""
    towns = [code for code, unit in sorted(units.items()) if unit.kind == "town"][:12]
    for number, title in enumerate(_MATERIALS):
        on = present + timedelta(days=30 + 45 * number)
        if on >= until.date() - timedelta(days=30):
            return
        for code in towns:
            asked = r.Requested(
                at=_at(random, on), title=title, body=city_plan.OFFICE, unit=code, until=on + timedelta(days=14),
                fields=random.randint(8, 60), basis="年度工作安排",
            )  # fmt: skip
            given = desk(random, calendars.current().add_workdays(asked.on, random.randint(2, 8)))
            delivered = r.Delivered(at=given, minutes=random.randint(30, 240), people=random.randint(1, 3))
            sent = r.Sent(at=asked.at + timedelta(minutes=20))
            yield _life("burden.request", f"request/{number}/{code}", asked, sent, delivered)


def _round(random: Random, present: date, until: datetime) -> None:
    """One round over what was due until six weeks ago, declared, drawn, visited, rated and published."""
    on = until.date()
    opened = _at(random, on - timedelta(days=44))
    fact = f.Opened(
        at=opened, title=f"{present.year}年第一轮综合评比", name=f"{present.year}-1", unit=city_plan.OFFICE,
        since=present, until=opened.date() - timedelta(days=2), declare_by=on - timedelta(days=36),
        visit_by=on - timedelta(days=16), share=20, risk_share=50,
    )  # fmt: skip
    kind = registry.kind(running.ROUND)
    stream = perform(kind=kind, fact=fact, actor=ACTOR, now=opened, src=SRC).stream
    duty = Duty.objects.get(stream=stream)
    running.list_due(stream=stream, eid=0, now=opened + timedelta(minutes=5))
    if not _declared(random, fact.name, opened):
        return
    seal = datetime.combine(on - timedelta(days=35), opened.timetz())
    running.seal(duty, seed=random.randbytes(16), actor=ACTOR, now=seal)
    running.draw(duty, actor=ACTOR, now=seal + timedelta(hours=1))
    _visited(random, duty)
    after = seal + timedelta(days=20)
    running.reveal(duty, actor=ACTOR, now=after)
    running.rate(duty, actor=ACTOR, now=after + timedelta(days=1))
    contested = Duty.objects.filter(kind=running.RATING, topic=fact.name).aggregate(last=Max("wake_at"))
    published = contested["last"].astimezone(SHANGHAI) + timedelta(hours=10)
    if published < until:
        running.publish(duty, place="市政府门户网站", actor=ACTOR, now=published)


def _declared(random: Random, name: str, opened: datetime) -> int:
    """Units declare what was closed, and now and then what is not."""
    kind = registry.kind(running.CLAIM)
    deliveries = []
    for claim, done in _claims(name):
        if done or random.random() < 0.2:
            at = opened + timedelta(days=random.randint(1, 7), minutes=random.randint(0, 300))
            declared = c.Declared(at=at, summary="任务已经完成，资料备查。")
            deliveries.append(Delivery(kind=kind, fact=declared, stream=claim.stream))
    for delivery in deliveries:
        perform_many([delivery], actor=ACTOR, now=delivery.fact.at + timedelta(minutes=1), src=SRC)
    return len(deliveries)


def _claims(name: str) -> list[tuple[Duty, bool]]:
    """The listed items of a round, with whether they were closed."""
    claims = list(Duty.objects.filter(kind=running.CLAIM, topic=name).order_by("stream"))
    kept = {claim.stream: planning.item_of(claim) for claim in claims}
    closed = set(
        Duty.objects.filter(stream__in=kept.values(), phase="closed").values_list("stream", flat=True)
    )
    return [(claim, kept[claim.stream] in closed) for claim in claims]


def _visited(random: Random, duty: Duty) -> None:
    done = {claim.stream: was for claim, was in _claims(duty.number)}
    kind = registry.kind(running.CLAIM)
    for stream, visit in sorted(planning.plan(duty).items()):
        weights = (93, 5, 2) if done[stream] else (0, 35, 65)
        (result,) = random.choices(("confirmed", "partly", "refuted"), weights)
        at = desk(random, visit.on)
        checked = c.Checked(at=at, result=result, found="到场核对，与申报情况比对。", seen=True)
        (outcome,) = perform_many(
            [Delivery(kind=kind, fact=checked, stream=stream)],
            actor=ACTOR,
            now=at + timedelta(minutes=3),
            src=SRC,
        )
        assert isinstance(outcome, Receipt), outcome
