"""One act through the door against a bare insert, and sixteen writers against one.

The bare insert is one row into a table of the same database, as durable as the act: same connection, same
disk, taken in turns with the acts. Writers are processes; a sequencer goes round every second beside them
as ``tick`` does. Afterwards nothing acknowledged may be missing, and neither order may have a gap.

How many times dearer an act is depends on the disk: to a bare insert the flush is nearly everything, to an
act it is the smaller part. So all is measured twice, on this disk and on one whose every flush takes 5 ms
longer, as network disks do (a delay under the C library, for server and client alike).
Run: ``python -m benchmarks.bench_door``.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from . import machine

_ROUNDS, _TURN = 12, 20
_SECONDS = 6.0
_WRITERS = (1, 4, 16)
_PAUSE = 1.0  # as the tick has it
_SLOWER = 5  # milliseconds
_DUTIES = 40  # for each writer
_TEXT = "您好，小区东门的路灯最近一个星期晚上不亮，老人出行很不方便，希望有关部门尽快处理，谢谢！" * 3


def _at() -> datetime:
    from qianshao.kernel.hours import SHANGHAI

    return datetime.now(SHANGHAI)


def _city() -> None:
    from datetime import date

    from qianshao.core.org.models import Unit

    for order, code in enumerate(("office", "housing")):
        Unit.objects.get_or_create(
            code=code,
            defaults={
                "name": code,
                "short": code,
                "kind": "bureau",
                "path": f"/{code}/",
                "valid_from": date(2000, 1, 1),
                "order": order,
            },
        )


def _open(count: int, name: str) -> list[Any]:
    """Duties as the page that offers an act has read them."""
    from qianshao.core.accounts.actor import machine as robot
    from qianshao.core.duties.door import Delivery, perform_many, stream_of
    from qianshao.core.duties.models import Duty
    from qianshao.modules.hotline.facts import Received
    from qianshao.modules.hotline.module import ORDER

    now = _at()
    fact = Received(at=now, title="路灯不亮", body=_TEXT, channel="phone", caller="林一", phone="10000000001")
    sources = [f"{name}/{number}" for number in range(count)]
    perform_many(
        [Delivery(kind=ORDER, fact=fact, source=source) for source in sources],
        actor=robot("bench"),
        now=now,
        src="bench",
    )
    return list(Duty.objects.filter(stream__in=[stream_of(ORDER, source) for source in sources]))


def _act(duty: Any, number: int) -> Any:
    """One act: the order is dispatched, which anybody may do again and again."""
    from qianshao.core.accounts.actor import machine as robot
    from qianshao.core.duties.door import perform
    from qianshao.modules.hotline.facts import Dispatched
    from qianshao.modules.hotline.module import ORDER

    now = _at()
    fact = Dispatched(at=now, unit=("office", "housing")[number % 2], note="请核实办理")
    return perform(kind=ORDER, duty=duty, fact=fact, actor=robot("bench"), now=now, src="bench")


def _receive(number: int) -> Any:
    from qianshao.core.accounts.actor import machine as robot
    from qianshao.core.duties.door import perform
    from qianshao.modules.hotline.facts import Received
    from qianshao.modules.hotline.module import ORDER

    now = _at()
    fact = Received(
        at=now, title=f"路灯不亮{number}", body=_TEXT, channel="phone", caller="林一", phone="10000000001"
    )
    return perform(kind=ORDER, fact=fact, actor=robot("bench"), now=now, src="bench")


def against_a_bare_insert(home: str, database: str) -> dict[str, tuple[float, float]]:
    """Median milliseconds of each, in turns on one connection: waited, and of this process's processor."""
    from django.db import connection, transaction

    machine.product(Path(home), database)
    _city()
    kind = "bytea" if connection.vendor == "postgresql" else "blob"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS bench_bare (number integer PRIMARY KEY, body {kind})")
    duties = _open(_ROUNDS * _TURN, "bare")
    body = _TEXT.encode()[:650]

    def bare(number: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_bare VALUES (%s, %s)", [number, body])

    works = {
        "bare insert": bare,
        "act (dispatch)": lambda number: _act(duties[number], number),
        "act (receive, sealed)": _receive,
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for turn in range(_ROUNDS):
        for name, work in works.items():
            for number in range(turn * _TURN, (turn + 1) * _TURN):
                began, worked = time.perf_counter(), time.process_time()
                work(number)
                taken[name].append((time.perf_counter() - began, time.process_time() - worked))
    return {
        name: tuple(statistics.median(column) * 1000 for column in zip(*values[_TURN:], strict=True))
        for name, values in taken.items()
    }


def _wait_for(path: Path) -> None:
    while not path.exists():
        time.sleep(0.005)


def write(home: str, database: str, name: str, signals: str) -> list[tuple[str, int, float]]:
    """One writer: acts until time is up; (stream, sseq, when acknowledged) of each."""
    machine.product(Path(home), database)
    duties = _open(_DUTIES, name)
    Path(signals, name).touch()
    _wait_for(Path(signals, "go"))
    end = time.time() + _SECONDS
    done: list[tuple[str, int, float]] = []
    while time.time() < end:
        receipt = _act(duties[len(done) % _DUTIES], len(done))
        done.append((receipt.stream, receipt.sseq, time.time()))
    return done


def tick(home: str, database: str, signals: str) -> dict[str, float]:
    """The sequencer beside the writers; says when it first saw each entry numbered."""
    from django.db import connection

    machine.product(Path(home), database)
    from qianshao.core.ledger import store

    seen: dict[str, float] = {}
    last = -1
    stopping = False
    while not stopping:
        stopping = Path(signals, "stop").exists()
        store.seal()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT l.seq, e.stream, e.sseq FROM ledger_leaf l JOIN ledger_entry e ON e.eid = l.eid"
                " WHERE l.seq > %s ORDER BY l.seq",
                [last],
            )
            for seq, stream, sseq in cursor.fetchall():
                seen[f"{stream}/{sseq}"] = time.time()
                last = seq
        time.sleep(_PAUSE)
    return seen


def gaps(home: str, database: str) -> dict[str, int]:
    """What is wrong afterwards: missing places in the log or in a stream, and entries without a place."""
    from django.db import connection

    machine.product(Path(home), database)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(max(seq) + 1, 0) FROM ledger_leaf")
        leaves, size = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM ledger_entry GROUP BY stream HAVING max(sseq) <> count(*)) x"
        )
        (broken,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM ledger_pending")
        (pending,) = cursor.fetchone()
    return {"log gaps": size - leaves, "stream gaps": broken, "unnumbered": pending}


_PARTS: dict[str, Callable[..., Any]] = {
    "bare": against_a_bare_insert,
    "write": write,
    "tick": tick,
    "gaps": gaps,
}


def _start(part: str, *words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.bench_door", part, *map(str, words)]
    return subprocess.Popen(command, cwd=machine.ROOT, stdout=subprocess.PIPE, text=True)


def _result(process: subprocess.Popen[str]) -> Any:
    told, _nothing = process.communicate()
    if process.returncode:
        raise SystemExit(f"a part of the benchmark failed: {process.args}")
    return json.loads(told)


def _race(home: Path, database: str, writers: int) -> dict[str, float]:
    signals = home / f"race-{writers}"
    signals.mkdir()
    ticking = _start("tick", home, database, signals)
    names = [f"w{writers}-{number}" for number in range(writers)]
    running = [_start("write", home, database, name, signals) for name in names]
    for name in names:
        _wait_for(signals / name)
    (signals / "go").touch()
    done = [receipt for process in running for receipt in _result(process)]
    time.sleep(2 * _PAUSE)
    (signals / "stop").touch()
    seen = _result(ticking)
    lags = [seen[f"{stream}/{sseq}"] - at for stream, sseq, at in done if f"{stream}/{sseq}" in seen]
    return {
        "per_s": len(done) / _SECONDS,
        "lost": len(done) - len(lags),
        "lag_p99": machine.percentile(lags, 0.99),
        "lag_max": max(lags),
        **_result(_start("gaps", home, database)),
    }


def _measure() -> None:
    """Both databases against the bare insert, then the race on PostgreSQL."""
    rows: list[tuple[object, ...]] = [
        ("database", "work", "median ms", "× bare insert", "of it processor ms")
    ]
    with tempfile.TemporaryDirectory() as folder, machine.postgres() as url:
        for name, database in (("SQLite", ""), ("PostgreSQL", url)):
            home = Path(folder) / name
            home.mkdir()
            found = _result(_start("bare", home, database))
            floor, _processor = found["bare insert"]
            rows += [
                (name, work, f"{ms:.2f}", f"{ms / floor:.1f}", f"{processor:.2f}")
                for work, (ms, processor) in found.items()
            ]
        print(machine.table(rows), "\n", flush=True)
        race: list[tuple[object, ...]] = [
            ("writers", "acts/s", "× one", "lost", "log gaps", "stream gaps", "receipt p99 s", "max s")
        ]
        one = 0.0
        for writers in _WRITERS:
            found = _race(Path(folder) / "PostgreSQL", url, writers)
            one = one or found["per_s"]
            race.append(
                (
                    writers,
                    f"{found['per_s']:.0f}",
                    f"{found['per_s'] / one:.1f}",
                    found["lost"],
                    found["log gaps"],
                    found["stream gaps"],
                    f"{found['lag_p99']:.2f}",
                    f"{found['lag_max']:.2f}",
                )
            )
        print(machine.table(race), flush=True)


def main() -> None:
    """On this disk, and on a slower one."""
    print(f"this disk, {machine.flush_ms():.1f} ms a flush", flush=True)
    _measure()
    with machine.slower_disk(_SLOWER) as slower:
        if slower:
            print(f"\na disk {_SLOWER} ms slower", flush=True)
            _measure()
        else:
            print("\nno C compiler: the slower disk is left out")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        part, *words = sys.argv[1:]
        print(json.dumps(_PARTS[part](*words)))
    else:
        main()
