"""A city of so many live items with its years of history, for ``bench_supervision``: told once, then multiplied.

A few items of every unit go in through the one door; copies of them with streams, links and leaves of their own (see
``multiply``) make the size. Slips, conclusions, budgets, inspections, documents, meetings, requests and two rounds of
appraisal then go in through the door as well, since they name items, take from budgets and draw among all there are.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from .multiply import multiply

METERS = ("inspections-received", "inspections-made", "documents", "meetings", "report-requests")
_AT_ONCE = 2000  # facts in one transaction
_TOLD = 4  # live items of each unit that are told, and as many closed ones
_PUBLISHED, _DRAWN = "基准-1", "基准-2"


def build(live: int, years: int, today: date) -> None:
    """Found the city and give it its work, unless it is there; raises ``SystemExit`` when something is refused."""
    from qianshao.core.duties.models import Duty
    from qianshao.core.ledger.models import Entry
    from qianshao.site.samplecity import cast, founding
    from qianshao.site.samplecity.city import city_of
    from qianshao.site.samplecity.scales import Scale

    if Duty.objects.filter(kind="appraisal.round", topic=_DRAWN, phase="drawn").exists():
        return
    began = time.perf_counter()
    city = city_of(Scale("bench", 100, 60, 12, 160, 11), 1)
    founding.found(city, 1)
    founding.reform(city)
    cast.appoint(1, moment(today) - timedelta(days=60))
    _items(live, years, today)
    for part in (_slips, _conclusions, _burden, _rounds):
        part(years, today)
        _seal()
        spent = time.perf_counter() - began
        print(f"  {part.__name__[1:]}: {Duty.objects.count():,} duties, {spent:.0f} s", flush=True)
    told = f"{Duty.objects.count():,} duties, {Entry.objects.count():,} entries"
    print(f"built: {told} in {time.perf_counter() - began:.0f} s", flush=True)


def moment(on: date) -> datetime:
    """Nine in the morning of a day."""
    from qianshao.kernel.hours import SHANGHAI

    return datetime(on.year, on.month, on.day, 9, tzinfo=SHANGHAI)


def units(*kinds: str) -> list[str]:
    """The codes of the units of these kinds that exist."""
    from qianshao.core.org.models import Unit

    found = Unit.objects.filter(kind__in=kinds, valid_to=None).order_by("code")
    return list(found.values_list("code", flat=True))


def _seal() -> None:
    from qianshao.core.ledger import store

    while store.seal():
        pass


def _record(facts: Iterable[tuple[str, str, str, Any]], by: str = "bench") -> None:
    """(kind, source, stream, fact) through the door, many at once, recorded a minute after the last of them."""
    from qianshao.core.accounts.actor import machine as robot
    from qianshao.core.duties import registry
    from qianshao.core.duties.door import Delivery, Receipt, perform_many

    waiting: list[Any] = []

    def send() -> None:
        if waiting:
            now = max(one.fact.at for one in waiting) + timedelta(minutes=1)
            for outcome in perform_many(waiting, actor=robot(by), now=now, src="bench"):
                if not isinstance(outcome, Receipt):
                    raise SystemExit(f"refused: {outcome}")
            waiting.clear()

    for kind, source, stream, fact in facts:
        waiting.append(Delivery(kind=registry.kind(kind), fact=fact, source=source, stream=stream))
        if len(waiting) >= _AT_ONCE:
            send()
    send()


def _life(kind: str, source: str, *facts: Any) -> Iterator[tuple[str, str, str, Any]]:
    """A duty opened by the first of these facts and carried on by the others."""
    from qianshao.core.duties import registry
    from qianshao.core.duties.door import stream_of

    stream = stream_of(registry.kind(kind), source)
    for place, fact in enumerate(facts):
        yield (kind, f"{source}/{place}", stream, fact) if place else (kind, source, "", fact)


def _items(live: int, years: int, today: date) -> None:
    """Live items of the past ten months, and as many closed over all the years."""
    all_units = units("bureau", "county", "town")
    told = min(2 * live, 2 * _TOLD * len(all_units))
    random = Random(7)
    lives = (_item(number, all_units, years, today, random) for number in range(told))
    _record(step for life in lives for step in life)
    _seal()
    if told < 2 * live:
        multiply(2 * live, 0, lambda there, entries: None)


def _item(
    number: int, all_units: list[str], years: int, today: date, random: Random
) -> Iterator[tuple[str, str, str, Any]]:
    from qianshao.modules.supervision.items import facts as f

    place, turn = number % len(all_units), number // len(all_units)
    past = turn % 2 == 1
    begun = moment(
        today - timedelta(days=random.randint(310, 365 * years) if past else random.randint(2, 300))
    )
    due = begun.date() + timedelta(days=random.randint(40, 300))
    opened = f.Assigned(
        at=begun, title=f"建成口袋公园{number}个", body="按年度计划推进，分三批实施，接受社会监督。" * 3,
        reference=f"刺政〔{begun.year}〕{number % 90}号", unit=all_units[place], origin="report", due=due,
        weight=("important", "", "", "")[random.randrange(4)], rhythm=("monthly", "")[random.randrange(2)],
        phrase="年底前", co_units=all_units[(place + 1) % len(all_units)],
    )  # fmt: skip
    steps: list[Any] = [f.Signed(at=begun + timedelta(days=1))]
    if opened.rhythm:
        nodes = f"{due - timedelta(days=20)} 完成过半\n{due} 全部完成"
        steps.append(f.Planned(at=begun + timedelta(days=1, hours=1), nodes=nodes))
        steps.append(f.Reported(at=begun + timedelta(days=1, hours=2), progress="按计划推进。", percent=20))
    if random.randrange(9) == 0:
        steps.append(f.DifficultyReported(at=begun + timedelta(days=1, hours=3), what="用地", need="协调"))
    if past:
        late = timedelta(days=random.choice((-3, -1, 5)))
        done = max(begun + timedelta(days=2), min(moment(due) + late, moment(today) - timedelta(days=2)))
        steps.append(f.CloseProposed(at=done, summary="已完成。"))
        steps.append(f.CloseReviewed(at=done + timedelta(days=1), result="pass", conclusion="属实。"))
    return _life("supervision.item", f"bench/{number}", opened, *steps)


def _slips(years: int, today: date) -> None:
    """One slip for every fourth item that was or is overdue; those of closed items are answered."""
    from qianshao.core.duties.models import Duty
    from qianshao.modules.supervision.slips import facts as s

    late = Duty.objects.filter(kind="supervision.item", missed_at__isnull=False) | Duty.objects.filter(
        kind="supervision.item", open=True, due_at__lt=moment(today) - timedelta(days=2)
    )

    def lives() -> Iterator[tuple[str, str, str, Any]]:
        columns = ("stream", "unit__code", "title", "open", "missed_at", "due_at")
        for number, row in enumerate(late.order_by("id").values_list(*columns).iterator()):
            if number % 4:
                continue
            stream, unit, title, is_open, missed_at, due_at = row
            at = (missed_at or due_at) + timedelta(hours=10)
            level = ("orange", "red")[number % 3 == 0]
            issued = s.Issued(
                at=at, level=level, title="督办单", number=f"督〔{at.year}〕{number}号", unit=unit, stream=stream,
                matter=title, limit=(at - timedelta(days=1)).date(), requirement="请抓紧办理。",
            )  # fmt: skip
            answers = (
                []
                if is_open
                else [
                    s.Received(at=at + timedelta(hours=1), way="platform"),
                    s.Answered(at=at + timedelta(days=1), why="天气", remedy="月底完成"),
                ]
            )
            yield from _life("supervision.slip", f"bench/slip/{number}", issued, *answers)

    _record(lives())


def _conclusions(years: int, today: date) -> None:
    """One of every unit and year; every tenth is contested and upheld by others, those of this month still may be."""
    from qianshao.modules.supervision.conclusions import facts as c

    made: list[tuple[str, str, str, Any]] = []
    decided: list[tuple[str, str, str, Any]] = []
    for year in range(years):
        for number, unit in enumerate(units("bureau", "county", "town")):
            at = moment(today - timedelta(days=3 + 365 * year + number % 300))
            contested = number % 10 == 0 and at < moment(today) - timedelta(days=20)
            first = c.Made(at=at, title=f"专项督查结论{number}", conclusion="情况属实，已整改。", unit=unit)
            life = _life(
                "supervision.conclusion",
                f"bench/conclusion/{year}/{unit}",
                first,
                c.Delivered(at=at + timedelta(hours=1), way="平台送达"),
                c.ReviewAsked(at=at + timedelta(days=5), grounds="数据口径不同。"),
                c.ReviewDecided(at=at + timedelta(days=15), outcome="upheld", reason="口径一致，予以维持。"),
            )
            *steps, decision = life
            made += steps if contested else steps[:2]
            decided += [decision] if contested else []
    _record(made)
    _record(decided, by="review")


def _burden(years: int, today: date) -> None:
    """Budgets of every unit for every year, with inspections, documents, meetings and requests drawn from them."""
    from django.db import transaction

    for year in range(today.year - years, today.year + 1):
        with transaction.atomic():
            _limits(year)
        for lives in (_inspections, _papers, _requests):
            _record(step for life in lives(year, today) for step in life if step[3].at < moment(today))


def _limits(year: int) -> None:
    from qianshao.core.accounts.actor import machine as robot
    from qianshao.core.meters import services as meters
    from qianshao.core.org.models import Unit

    actor, at = robot("bench"), moment(date(year, 1, 4))
    bodies, below = units("bureau", "county"), units("county", "town")
    amounts = dict(zip(METERS, (9, 2000, 40, 20, 12), strict=True))
    holders = dict(
        zip(METERS, (units("bureau", "county", "town"), ["office"], bodies, bodies, below), strict=True)
    )
    known = {unit.code: unit for unit in Unit.objects.filter(valid_to=None)}
    for key in METERS:
        for code in holders[key]:
            meters.set_limit(f"burden.{key}", known[code], str(year), amounts[key], actor=actor, now=at)
            meters.explain(f"burden.{key}", known[code], "新年度重点工作", actor=actor, now=at)


def _inspections(year: int, today: date) -> Iterator[Iterator[tuple[str, str, str, Any]]]:
    from qianshao.modules.burden.inspections import facts as i

    for number, code in enumerate(units("bureau", "county", "town")):
        since = date(year, 2, 10) + timedelta(days=number % 300)
        at, until = moment(since - timedelta(days=20)), since + timedelta(days=1)
        yield _life(
            "burden.inspection",
            f"bench/inspection/{year}/{code}",
            i.Planned(
                at=at, title=f"{year}年专项检查{number}", matter=f"重点事项{number}", body="office", unit=code,
                since=since, until=until, form="special", basis="年度计划",
            ),
            i.Filed(at=at + timedelta(days=1)),
            i.CarriedOut(at=moment(until) + timedelta(hours=6), since=since, until=until),
            i.Concluded(
                at=moment(until) + timedelta(days=2), conclusion="情况属实。", delivered=until + timedelta(days=2)
            ),
        )  # fmt: skip


def _papers(year: int, today: date) -> Iterator[Iterator[tuple[str, str, str, Any]]]:
    """Ten documents and five meetings of every bureau and county."""
    from qianshao.modules.burden.papers import facts as p

    for place, code in enumerate(units("bureau", "county")):
        for number in range(10):
            at = moment(date(year, 1, 10) + timedelta(days=30 * number + place % 30))
            yield _life(
                "burden.document",
                f"bench/document/{year}/{code}/{number}",
                p.Drafted(
                    at=at, title=f"关于做好重点工作的通知{number}", unit=code, sort="general", characters=4200,
                    assessed=True, asks_follow_up=False,
                ),
                p.Registered(at=at + timedelta(hours=2)),
            )  # fmt: skip
            if number % 2:
                continue
            yield _life(
                "burden.meeting",
                f"bench/meeting/{year}/{code}/{number}",
                p.Arranged(
                    at=at, title=f"重点工作推进会{number}", unit=code, sort="business", on_day=at.date(),
                    minutes=120, speech=40, second_speech=False, below=False,
                ),
                p.Registered(at=at + timedelta(hours=2)),
            )  # fmt: skip


def _requests(year: int, today: date) -> Iterator[Iterator[tuple[str, str, str, Any]]]:
    """Four of every county and town, delivered in a week."""
    from qianshao.modules.burden.requests import facts as r

    for place, code in enumerate(units("county", "town")):
        for quarter in range(4):
            at = moment(date(year, 1 + 3 * quarter, 8) + timedelta(days=place % 50))
            yield _life(
                "burden.request",
                f"bench/request/{year}/{code}/{quarter}",
                r.Requested(
                    at=at, title=f"{year}年第{quarter + 1}季度工作情况", body="office", unit=code,
                    until=at.date() + timedelta(days=9), fields=20, basis="年度计划",
                ),
                r.Sent(at=at + timedelta(hours=1)),
                r.Delivered(at=at + timedelta(days=7), minutes=40, people=1),
            )  # fmt: skip


def _rounds(years: int, today: date) -> None:
    """One round published half a year ago, one being checked now; every unit declares most of what was due."""
    _round(_PUBLISHED, 200, 300, today, published=True)
    _round(_DRAWN, 12, 150, today, published=False)


def _round(name: str, ago: int, span: int, today: date, *, published: bool) -> None:
    from django.db import transaction

    from qianshao.core.accounts.actor import machine as robot
    from qianshao.core.duties import registry
    from qianshao.core.duties.door import perform
    from qianshao.core.duties.models import Duty
    from qianshao.modules.appraisal import running
    from qianshao.modules.appraisal.claims import facts as c
    from qianshao.modules.appraisal.rounds import facts as f
    from qianshao.modules.appraisal.rounds import planning

    actor = robot("bench")
    opened = moment(today - timedelta(days=ago))
    on = opened.date()
    fact = f.Opened(
        at=opened, title=f"综合评比 {name}", name=name, unit="office", since=on - timedelta(days=span), until=on,
        declare_by=on + timedelta(days=2), visit_by=on + timedelta(days=30), share=10, risk_share=20,
    )  # fmt: skip
    stream = perform(
        kind=registry.kind(running.ROUND), fact=fact, actor=actor, now=opened, src="bench"
    ).stream
    running.list_due(stream=stream, eid=0, now=opened)
    duty = Duty.objects.get(stream=stream)
    claims = Duty.objects.filter(kind=running.CLAIM, topic=name).order_by("id")
    declared = [one for place, one in enumerate(claims.values_list("stream", flat=True)) if place % 10]
    at = opened + timedelta(days=1)
    _record((running.CLAIM, f"d/{one}", one, c.Declared(at=at, summary="已完成")) for one in declared)
    running.seal(duty, seed=bytes(range(16)), actor=actor, now=opened + timedelta(days=3))
    running.draw(duty, actor=actor, now=opened + timedelta(days=3, hours=1))
    if not published:
        return
    plan = planning.plan(duty)
    checked = c.Checked(at=opened, result="confirmed", found="现场核对", seen=True)
    with transaction.atomic():
        for place, (one, visit) in enumerate(sorted(plan.items())):
            found = replace(
                checked, at=moment(visit.on), result="refuted" if place % 11 == 0 else "confirmed"
            )
            claim = Duty.objects.get(stream=one)
            perform(
                kind=registry.kind(running.CLAIM), duty=claim, fact=found, actor=actor, now=found.at, src="bench"
            )  # fmt: skip
    running.reveal(duty, actor=actor, now=opened + timedelta(days=31))
    running.rate(duty, actor=actor, now=opened + timedelta(days=32))
    running.publish(duty, place="门户网站", actor=actor, now=opened + timedelta(days=60))
