"""A big base on SQLite and PostgreSQL: what pages, figures, search, rebuild and verification cost in it.

The base is the sample city's story, recorded duty by duty through the door as an import of past years is
(five entries for each duty asked for, so a few more duties); above 20,000 it is copied (see ``multiply``). It is kept in ``--keep`` and used again.
Run: ``python -m benchmarks.bench_scale --duties 1000000 [--on sqlite|postgresql] [--only pages …]``.
A PostgreSQL named in QIANSHAO_DATABASE is used instead of a temporary one, and kept.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from . import machine
from .multiply import multiply

_TOLD = 20_000  # told through the door; a larger base is made of copies of these
_AT_ONCE = 2000  # duties in one transaction
_UNTIL = (2026, 11, 20, 17)
_TIMES = 20
_WORDS = ("路灯", "电梯故障", "望帆花园", "拖欠工资", "帆坂镇", "榕影路积水")


def _until() -> datetime:
    from qianshao.kernel.hours import SHANGHAI

    return datetime(*_UNTIL, tzinfo=SHANGHAI)


def build(duties: int) -> None:
    """Record requests until there are that many duties and five times as many entries; above ``_TOLD`` by copies."""
    told = min(duties, _TOLD)
    _tell(told)
    if duties <= told:
        return
    began, shown = time.perf_counter(), Counter[str]()

    def say(there: int, entries: int) -> None:
        if there - shown["duties"] >= duties // 20:
            shown["duties"] = there
            spent = time.perf_counter() - began
            print(f"  {there:,} duties, {entries:,} entries by copies, {spent:.0f} s", flush=True)

    multiply(duties, 5 * duties, say)
    print(f"copied in {time.perf_counter() - began:.0f} s, {_memory()} MB", flush=True)


def _tell(duties: int) -> None:
    from qianshao.core.duties import calendars, rulebook
    from qianshao.core.duties.models import Duty
    from qianshao.core.ledger import store
    from qianshao.core.ledger.models import Entry
    from qianshao.core.org.models import Unit
    from qianshao.site.samplecity import cast, founding
    from qianshao.site.samplecity.city import city_of
    from qianshao.site.samplecity.scales import Scale
    from qianshao.site.samplecity.story import Script, Told, lives

    _room_for_building()
    there, entries = Duty.objects.count(), Entry.objects.count()
    if there >= duties and entries >= 5 * duties:
        return
    # The story is told to its end whatever its length, so it is given a few more duties than are needed.
    scale = Scale("bench", int(duties * 1.4), 60, 12, 160, 11)
    city = city_of(scale, 1)
    if not Unit.objects.exists():
        founding.found(city, 1)
        founding.reform(city)
        cast.appoint(1, _until())
    script = Script(scale, 1, date(2026, 1, 1), _until())
    told: Iterator[list[Told]] = (
        life for life in lives(script, city, calendars.current(), rulebook.book()) if life
    )
    for _skipped in islice(told, there):
        pass
    began, shown, entries = time.perf_counter(), there, Entry.objects.count()
    while there < duties or entries < 5 * duties:
        part = list(islice(told, _AT_ONCE))
        if not part:
            raise SystemExit("the story is too short")
        entries += _record([one for life in part for one in life])
        there += len(part)
        while store.seal():
            pass
        if there - shown >= max(20_000, duties // 20):
            spent = time.perf_counter() - began
            print(f"  {there:,} duties, {entries:,} entries, {spent:.0f} s, {_memory()} MB", flush=True)
            shown = there
    spent = time.perf_counter() - began
    print(f"built: {there:,} duties, {entries:,} entries in {spent:.0f} s, {_memory()} MB", flush=True)


def _room_for_building() -> None:
    """Indexes over random keys want memory while millions of rows go in; measuring reconnects without it."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -2000000")
            cursor.execute("PRAGMA wal_autocheckpoint = 200000")


def _record(told: list[Any]) -> int:
    from qianshao.core.duties.door import Receipt, perform_many
    from qianshao.site.samplecity.replay import ACTOR

    outcomes = perform_many([one.delivery for one in told], actor=ACTOR, now=_until(), src="sample")
    refused = [outcome for outcome in outcomes if not isinstance(outcome, Receipt)]
    if refused:
        raise SystemExit(f"refused: {refused[0]}")
    return len(told)


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _client(login: str) -> Any:
    from django.conf import settings
    from django.test import Client

    from qianshao.core.accounts.models import Account

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    client = Client()
    client.force_login(Account.objects.get(login=login))
    return client


def _pages() -> dict[str, list[str]]:
    """What users ask a list: by name, addresses that differ so that no answer is just remembered."""
    from django.urls import reverse

    from qianshao.core.org.models import Unit

    at = reverse("duties")
    codes = list(Unit.objects.filter(kind="bureau").order_by("code").values_list("code", flat=True))[:_TIMES]
    days = [date(2018, 3, 1) + timedelta(days=37 * n) for n in range(_TIMES)]
    months = [201801 + n for n in range(12)]
    order = f"{at}?kind=hotline.order"
    return {
        "newest": [order] * _TIMES,
        "all kinds": [at] * _TIMES,
        "oldest first": [f"{order}&sort=opened"] * _TIMES,
        "open, by due date": [f"{order}&open=1&sort=due"] * _TIMES,
        "by due date": [f"{order}&sort=due"] * _TIMES,
        "closed, newest": [f"{order}&open=0&sort=-closed"] * _TIMES,
        "by number": [f"{order}&sort=number"] * _TIMES,
        "red lamps": [f"{order}&lamp=red&sort=due"] * _TIMES,
        "late": [f"{order}&late=1"] * _TIMES,
        "late, oldest first": [f"{order}&late=1&sort=opened"] * _TIMES,
        "one unit": [f"{order}&unit={code}" for code in codes],
        "one unit, late": [f"{order}&unit={code}&late=1" for code in codes],
        "one unit, open": [f"{order}&unit={code}&open=1&sort=due" for code in codes],
        "one county and below": [f"{order}&unit__under=county-{n % 12 + 1:02}" for n in range(_TIMES)],
        "one month": [f"{order}&month={month}" for month in months],
        "topic": [f"{order}&topic={topic}" for topic in ("道路维护", "噪声扰民", "文化旅游", "医疗保障")],
        "channel": [f"{order}&channel={channel}" for channel in ("phone", "mail", "board")],
        "phase": [f"{order}&phase={phase}" for phase in ("asked", "withdrawn", "handling")],
        "search": [f"{order}&text={word}" for word in _WORDS],
        "search, one unit": [f"{order}&text={word}&unit=bureau-transport" for word in _WORDS],
        "number begins": [f"{order}&text=RX2026{n + 1:02}" for n in range(10)],
        "as of": [f"{order}&as_of={day}" for day in days],
        "as of, open, one unit": [f"{order}&as_of={day}&open=1&unit=bureau-urban" for day in days],
        "as of, red lamps": [f"{order}&as_of={day}&lamp=red" for day in days],
    }


def pages() -> None:
    """Milliseconds of whole pages by Django's test client: first page of each, then two more of the first."""
    rows: list[tuple[object, ...]] = [("list", "p50 ms", "p95 ms", "worst ms")]
    everything: list[float] = []
    client = _client("director")
    client.get("/duties/")
    for name, addresses in _pages().items():
        taken = [_time(client, address) for address in addresses]
        taken += [_time(client, address) for address in _next_pages(client, addresses[0])]
        everything += taken
        rows.append((name, *_summary(taken)))
    rows.append(("every list page", *_summary(everything)))
    rows.append(("cockpit", *_summary([_time(client, "/") for _n in range(_TIMES)])))
    past = [f"/?as_of={date(2018, 6, 1) + timedelta(days=45 * n)}" for n in range(_TIMES)]
    rows.append(("cockpit as of", *_summary([_time(client, address) for address in past])))
    housing = _client("housing")
    rows.append(("cockpit of one unit", *_summary([_time(housing, "/") for _n in range(_TIMES)])))
    rows.append(("list of one unit's clerk", *_summary([_time(housing, "/duties/") for _n in range(_TIMES)])))
    rows.append(("one duty", *_summary([_time(client, address) for address in _duties()])))
    print(machine.table(rows), f"\nmemory {_memory()} MB", flush=True)


def _duties() -> list[str]:
    from qianshao.core.duties.models import Duty

    last = Duty.objects.order_by("-id").values_list("id", flat=True)[0]
    wanted = [1 + last * n // _TIMES for n in range(_TIMES)]
    return [
        f"/duties/{stream}/" for stream in Duty.objects.filter(id__in=wanted).values_list("stream", flat=True)
    ]


def _next_pages(client: Any, address: str) -> list[str]:
    found = []
    for _page in range(2):
        further = re.search(r"[?&](after=[^\"&]+)", client.get(address).content.decode())
        if further is None:
            break
        base = re.sub(r"&after=[^&]+", "", address)
        address = f"{base}{'&' if '?' in base else '?'}{further.group(1)}"
        found.append(address)
    return found


def _time(client: Any, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address)
    taken = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code} {answer.headers.get('Location', '')}")
    return taken


def _summary(taken: list[float]) -> tuple[str, str, str]:
    return (
        f"{machine.percentile(taken, 0.5):.0f}",
        f"{machine.percentile(taken, 0.95):.0f}",
        f"{max(taken):.0f}",
    )


def rebuilt() -> None:
    """Every stream folded again and compared with its row."""
    from qianshao.core.duties import rebuild

    began = time.perf_counter()
    found = rebuild.rebuild(write=False, workers=2)
    spent = time.perf_counter() - began
    print(
        f"rebuild: {found.streams:,} duties compared in {spent:.0f} s, {found.streams / spent:,.0f}/s,"
        f" {'nothing differs' if found.none else 'DIFFERENCES'}, {_memory()} MB",
        flush=True,
    )


def verified() -> None:
    """The whole ledger verified in the database with two workers."""
    from qianshao.core.ledger import checking
    from qianshao.core.ledger.models import Entry

    entries = Entry.objects.count()
    began = time.perf_counter()
    result = checking.verify(workers=2)
    spent = time.perf_counter() - began
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(
        f"verify: {entries:,} entries in {spent:.0f} s, {entries / spent:,.0f}/s,"
        f" {'sound' if result.sound else 'FINDINGS'}, {_memory()} MB (+ {children} MB in a worker)",
        flush=True,
    )


_PARTS: dict[str, Callable[[], None]] = {"pages": pages, "rebuild": rebuilt, "verify": verified}


def _on(home: Path, database: str, duties: int, only: list[str]) -> None:
    """One database in a process of its own, so that memory is told for it alone."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            home.mkdir(parents=True, exist_ok=True)
            machine.product(home, database)
            build(duties)
            _reconnect()
            _fresh_statistics()
            for name, part in _PARTS.items():
                if not only or name in only:
                    gc.collect()
                    part()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    if status:
        raise SystemExit(1)


def _reconnect() -> None:
    from django.db import connection

    connection.close()


def _fresh_statistics() -> None:
    """What the planner knows of the tables and of their pages, as autovacuum and the nightly backup keep it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "VACUUM (ANALYZE)" if connection.vendor == "postgresql" else "PRAGMA optimize = 0x10002"
        )


def main() -> None:
    """Build or reuse, then measure."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks.bench_scale", description=__doc__)
    reader.add_argument("--duties", type=int, default=20_000)
    reader.add_argument("--on", choices=["sqlite", "postgresql"])
    reader.add_argument("--only", nargs="+", choices=["build", *_PARTS], default=[])
    reader.add_argument(
        "--keep", type=Path, default=machine.ROOT / "home" / "bench", help="where bases are kept"
    )
    asked = reader.parse_args()
    print(machine.describe(), flush=True)
    bases = asked.keep
    if asked.on != "postgresql":
        print(f"\nSQLite, {asked.duties:,} duties", flush=True)
        _on(bases / f"sqlite-{asked.duties}", "", asked.duties, asked.only)
    if asked.on == "sqlite":
        return
    print(f"\nPostgreSQL, {asked.duties:,} duties", flush=True)
    named = os.environ.get("QIANSHAO_DATABASE")
    if named:
        _on(bases / f"postgresql-{asked.duties}", named, asked.duties, asked.only)
        return
    with machine.postgres() as url, tempfile.TemporaryDirectory() as folder:
        _on(Path(folder), url, asked.duties, asked.only)


if __name__ == "__main__":
    main()
