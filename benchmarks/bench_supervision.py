"""A city of 20,000 live items and five years of history: what every page of supervision, burden and appraisal costs.

Items, slips, budgets, inspections, requests and two rounds of appraisal (one published, one being checked) of 60 bureaus, 12
counties and 160 towns go in through the one door; then each page is asked for as the people who use it ask.
Run: ``python -m benchmarks.bench_supervision [--live 20000] [--years 5] [--database postgresql://…] [--keep FOLDER]``.
A base that is there is used again.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from . import machine
from .bench_scale import _client, _fresh_statistics, _reconnect, _summary, _time

_AT_ONCE = 2000  # facts in one transaction
_TIMES = 20
_TARGET = 200  # milliseconds, p95
_METERS = ("inspections-received", "inspections-made", "report-requests")


def _moment(on: date) -> datetime:
    from qianshao.kernel.hours import SHANGHAI

    return datetime(on.year, on.month, on.day, 9, tzinfo=SHANGHAI)


def build(live: int, years: int, today: date) -> None:
    """Found the city and give it its work, unless it is there."""
    from qianshao.core.duties.models import Duty
    from qianshao.site.samplecity import cast, founding
    from qianshao.site.samplecity.city import city_of
    from qianshao.site.samplecity.scales import Scale

    if Duty.objects.filter(kind="appraisal.round", phase="drawn").exists():
        return
    began = time.perf_counter()
    city = city_of(Scale("bench", 100, 60, 12, 160, 11), 1)
    founding.found(city, 1)
    founding.reform(city)
    cast.appoint(1, _moment(today) - timedelta(days=60))
    streams = _items(live, years, today)
    _slips(streams, today)
    _burden(years, today)
    _rounds(today)
    from qianshao.core.ledger import store

    while store.seal():
        pass
    from qianshao.core.ledger.models import Entry

    told = f"{Duty.objects.count():,} duties, {Entry.objects.count():,} entries"
    print(f"built: {told} in {time.perf_counter() - began:.0f} s", flush=True)


def _units(*kinds: str) -> list[str]:
    from qianshao.core.org.models import Unit

    found = Unit.objects.filter(kind__in=kinds, valid_to=None).order_by("code")
    return list(found.values_list("code", flat=True))


def _record(facts: Iterator[tuple[str, str, str, Any]]) -> None:
    """(kind, source, stream, fact) through the door, many at once; the day of a fact is the day it is recorded."""
    from qianshao.core.accounts.actor import machine as robot
    from qianshao.core.duties import registry
    from qianshao.core.duties.door import Delivery, Receipt, perform_many

    waiting: list[Any] = []

    def send() -> None:
        if waiting:
            now = max(one.fact.at for one in waiting) + timedelta(minutes=1)
            for outcome in perform_many(waiting, actor=robot("bench"), now=now, src="bench"):
                if not isinstance(outcome, Receipt):
                    raise SystemExit(f"refused: {outcome}")
            waiting.clear()

    for kind, source, stream, fact in facts:
        waiting.append(Delivery(kind=registry.kind(kind), fact=fact, source=source, stream=stream))
        if len(waiting) >= _AT_ONCE:
            send()
    send()


def _items(live: int, years: int, today: date) -> list[tuple[str, str, date, bool]]:
    """Live items of the past ten months, and as many again closed in each fifth of the history."""
    from qianshao.core.duties import registry
    from qianshao.core.duties.door import stream_of
    from qianshao.modules.supervision.items import facts as f

    units = _units("bureau", "county", "town")
    random = Random(7)
    kind = registry.kind("supervision.item")
    made: list[tuple[str, str, date, bool]] = []

    def lives() -> Iterator[tuple[str, str, str, Any]]:
        for number in range(2 * live):
            past = number >= live
            age = random.randint(310, 365 * years) if past else random.randint(2, 300)
            begun = _moment(today - timedelta(days=age))
            due = begun.date() + timedelta(days=random.randint(40, 300))
            unit = units[number % len(units)]
            source = f"bench/{number}"
            stream = stream_of(kind, source)
            told = f.Assigned(
                at=begun, title=f"建成口袋公园{number}个", body="按年度计划推进，分三批实施，接受社会监督。" * 3,
                reference=f"刺政〔{begun.year}〕{number % 90}号", unit=unit, origin="report", due=due,
                weight=("important", "", "", "")[number % 4], rhythm=("monthly", "")[number % 2], phrase="年底前",
                co_units=units[(number + 1) % len(units)],
            )  # fmt: skip
            yield "supervision.item", source, "", told
            steps: list[Any] = [f.Signed(at=begun + timedelta(days=1))]
            if told.rhythm:
                nodes = f"{due - timedelta(days=20)} 完成过半\n{due} 全部完成"
                steps.append(f.Planned(at=begun + timedelta(days=1, hours=1), nodes=nodes))
                steps.append(
                    f.Reported(at=begun + timedelta(days=1, hours=2), progress="按计划推进。", percent=20)
                )
            if number % 9 == 0:
                steps.append(
                    f.DifficultyReported(at=begun + timedelta(days=1, hours=3), what="用地", need="协调")
                )
            if past:
                late = timedelta(days=random.choice((-3, -1, 5)))
                done = max(
                    begun + timedelta(days=2), min(_moment(due) + late, _moment(today) - timedelta(days=2))
                )
                steps.append(f.CloseProposed(at=done, summary="已完成。"))
                steps.append(f.CloseReviewed(at=done + timedelta(days=1), result="pass", conclusion="属实。"))
            for place, fact in enumerate(steps):
                yield "supervision.item", f"{source}/{place}", stream, fact
            made.append((stream, unit, due, past))

    _record(lives())
    return made


def _slips(items: list[tuple[str, str, date, bool]], today: date) -> None:
    from qianshao.core.duties import registry
    from qianshao.core.duties.door import stream_of
    from qianshao.modules.supervision.slips import facts as s

    kind = registry.kind("supervision.slip")

    def lives() -> Iterator[tuple[str, str, str, Any]]:
        for number, (item, unit, due, past) in enumerate(items):
            if number % 8 or due >= today - timedelta(days=2):
                continue
            at = _moment(due + timedelta(days=1))
            level = ("orange", "red")[number % 3 == 0]
            source = f"bench/slip/{item}"
            yield "supervision.slip", source, "", s.Issued(
                at=at, level=level, title="督办单", number=f"督〔{at.year}〕{level}{number}号", unit=unit, stream=item,
                matter="建成口袋公园", limit=due, requirement="请抓紧办理。",
            )  # fmt: skip
            if past:
                stream = stream_of(kind, source)
                yield "supervision.slip", f"{source}/1", stream, s.Received(at=at, way="platform")
                yield (
                    "supervision.slip",
                    f"{source}/2",
                    stream,
                    s.Answered(at=at, why="天气", remedy="月底完成"),
                )

    _record(lives())


def _burden(years: int, today: date) -> None:
    """Budgets of every unit for every year, with what was drawn from them."""
    from django.db import transaction

    from qianshao.core.duties import registry
    from qianshao.core.duties.door import stream_of
    from qianshao.core.org.models import Unit
    from qianshao.modules.burden.inspections import facts as i

    units = {unit.code: unit for unit in Unit.objects.filter(valid_to=None)}
    targets = _units("bureau", "county", "town")
    kind = registry.kind("burden.inspection")
    for year in range(today.year - years, today.year + 1):
        opened = _moment(date(year, 1, 4))
        with transaction.atomic():
            _limits(units, targets, year, opened)

        def lives(year: int = year) -> Iterator[tuple[str, str, str, Any]]:
            for number, code in enumerate(targets):
                since = date(year, 2, 10) + timedelta(days=number % 240)
                if since > today - timedelta(days=3):
                    continue
                source = f"bench/inspection/{year}/{code}"
                stream = stream_of(kind, source)
                at = _moment(since - timedelta(days=20))
                yield "burden.inspection", source, "", i.Planned(
                    at=at, title=f"{year}年专项检查{number}", matter=f"重点事项{number}", body="office", unit=code,
                    since=since, until=since + timedelta(days=1), form="special", basis="年度计划",
                )  # fmt: skip
                yield "burden.inspection", f"{source}/1", stream, i.Filed(at=at + timedelta(days=1))

        _record(lives())


def _limits(units: dict[str, Any], targets: list[str], year: int, at: datetime) -> None:
    from qianshao.core.accounts.actor import machine as robot
    from qianshao.core.meters import services as meters

    for key in _METERS:
        for code in ["office"] if key == "inspections-made" else targets:
            amount = 2000 if key == "inspections-made" else 9
            actor = robot("bench")
            meters.set_limit(f"burden.{key}", units[code], str(year), amount, actor=actor, now=at)
            meters.explain(f"burden.{key}", units[code], "新年度重点工作", actor=actor, now=at)


def _rounds(today: date) -> None:
    """One round published half a year ago, one being checked now; every unit declares most of what was due."""
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
    for name, ago, span in (("基准-1", 200, 300), ("基准-2", 12, 150)):
        opened = _moment(today - timedelta(days=ago))
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
        if ago < 60:
            continue
        plan = planning.plan(duty)
        checked = c.Checked(at=opened, result="confirmed", found="现场核对", seen=True)
        with transaction.atomic():
            for place, (one, visit) in enumerate(sorted(plan.items())):
                result = "refuted" if place % 11 == 0 else "confirmed"
                fact_ = replace(checked, at=_moment(visit.on), result=result)
                claim = Duty.objects.get(stream=one)
                perform(
                    kind=registry.kind(running.CLAIM),
                    duty=claim,
                    fact=fact_,
                    actor=actor,
                    now=fact_.at,
                    src="bench",
                )
        running.reveal(duty, actor=actor, now=opened + timedelta(days=31))
        running.rate(duty, actor=actor, now=opened + timedelta(days=32))
        running.publish(duty, place="门户网站", actor=actor, now=opened + timedelta(days=60))


def _pages() -> dict[str, tuple[str, list[str]]]:
    """Who asks for what: addresses that differ where users' differ."""
    from qianshao.core.duties.models import Duty

    def some(kind: str, **more: Any) -> list[str]:
        rows = Duty.objects.filter(kind=kind, **more).order_by("id")
        step = max(1, rows.count() // _TIMES)
        return [f"/duties/{one}/" for one in rows.values_list("stream", flat=True)[:: step or 1][:_TIMES]]

    items, slips = "/duties/?kind=supervision.item", "/duties/?kind=supervision.slip"
    bureaus = _units("bureau")[:_TIMES]
    last = f"burden.{_METERS[0]}"
    pages: dict[str, tuple[str, list[str]]] = {
        "matrix": ("supervisor", ["/supervision/"] * _TIMES),
        "matrix of one unit": ("liaison", ["/supervision/"] * _TIMES),
        "items, newest": ("supervisor", [items] * _TIMES),
        "items, open by due date": ("supervisor", [f"{items}&open=1&sort=due"] * _TIMES),
        "items, red": ("supervisor", [f"{items}&lamp=red&sort=due"] * _TIMES),
        "items, amber": ("supervisor", [f"{items}&open=1&lamp=amber"] * _TIMES),
        "items of a unit": ("supervisor", [f"{items}&unit={code}&open=1" for code in bureaus]),
        "items with a difficulty": ("supervisor", [f"{items}&open=1&marks=difficulty_open"] * _TIMES),
        "items closed late this year": ("supervisor", [f"{items}&phase=closed&late=1&month__gte=202601"] * _TIMES),
        "items, search": ("supervisor", [f"{items}&text=口袋公园{n}个" for n in range(_TIMES)]),
        "items of the liaison": ("liaison", [items] * _TIMES),
        "one item": ("supervisor", some("supervision.item")),
        "one item, its date explained": ("supervisor", [f"{one}why/" for one in some("supervision.item")]),
        "act form of an item": ("supervisor", [f"{one}act/Transferred/" for one in some("supervision.item", open=True)]),
        "form of a new item": ("supervisor", ["/duties/new/supervision.item/Assigned/"] * _TIMES),
        "slips": ("supervisor", [slips] * _TIMES),
        "slips open, of a unit": ("supervisor", [f"{slips}&open=1&unit={code}" for code in bureaus]),
        "one slip": ("supervisor", some("supervision.slip")),
        "decision page": ("supervisor", ["/supervision/decisions/new/"] * _TIMES),
        "budgets": ("burden", ["/burden/"] * _TIMES),
        "one budget": ("burden", [f"/burden/{last}/{code}/" for code in bureaus]),
        "the office's budget": ("burden", [f"/burden/burden.{_METERS[1]}/office/"] * _TIMES),
        "last year's numbers": ("burden", ["/burden/last-year/"] * _TIMES),
        "inspections": ("burden", ["/duties/?kind=burden.inspection"] * _TIMES),
        "round published": ("appraisal", ["/appraisal/基准-1/"] * _TIMES),
        "round being checked": ("appraisal", ["/appraisal/基准-2/"] * _TIMES),
        "rounds": ("appraisal", ["/appraisal/"] * _TIMES),
        "own visits": ("inspector", ["/visits/"] * _TIMES),
        "claims": ("appraisal", ["/duties/?kind=appraisal.claim"] * _TIMES),
        "claims of a round and unit": (
            "appraisal", [f"/duties/?kind=appraisal.claim&topic=基准-1&unit={code}" for code in bureaus],
        ),
        "ratings": ("appraisal", ["/duties/?kind=appraisal.rating"] * _TIMES),
        "one claim": ("appraisal", some("appraisal.claim")),
        "one rating": ("appraisal", some("appraisal.rating")),
        "points of a unit": ("appraisal", [f"/appraisal/points/{code}/" for code in bureaus]),
    }  # fmt: skip
    figures = ("supervision.in-time", "supervision.slips", "appraisal.confirmed")
    from qianshao.core.duties import registry

    known = {indicator.key for kind in registry.kinds().values() for indicator in kind.indicators}
    for key in figures:
        if key in known:
            pages[f"figure {key}"] = ("director", [f"/figures/{key}/"] * _TIMES)
    return pages


def pages() -> int:
    """Milliseconds of whole pages by Django's test client; how many miss the target."""
    rows: list[tuple[object, ...]] = [("page", "p50 ms", "p95 ms", "worst ms")]
    clients: dict[str, Any] = {}
    missed = 0
    for name, (login, addresses) in _pages().items():
        client = clients.setdefault(login, _client(login))
        client.get(addresses[0])
        taken = [_time(client, address) for address in addresses]
        rows.append((name, *_summary(taken)))
        missed += machine.percentile(taken, 0.95) > _TARGET
    print(machine.table(rows), flush=True)
    print(f"{missed} of {len(rows) - 1} pages miss p95 < {_TARGET} ms", flush=True)
    return missed


def main() -> None:
    """Build or reuse, then measure."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks.bench_supervision", description=__doc__)
    reader.add_argument("--live", type=int, default=20_000)
    reader.add_argument("--years", type=int, default=5)
    reader.add_argument("--database", default="", help="postgresql://…; SQLite without")
    reader.add_argument("--keep", type=Path, default=machine.ROOT / "home" / "bench-supervision")
    asked = reader.parse_args()
    print(machine.describe(), flush=True)
    asked.keep.mkdir(parents=True, exist_ok=True)
    machine.product(asked.keep, asked.database)
    build(asked.live, asked.years, datetime.now(UTC).date())
    _reconnect()
    _fresh_statistics()
    sys.exit(1 if pages() else 0)


if __name__ == "__main__":
    main()
