"""Verification, measured: entries a second in the database and in the standalone verifier, and memory.

The named alternative runs in the same turn over the same bytes: read each body from the database, hash it once (SHA-256) and parse
it (``json.loads``), one process, nothing compared. A verification does that, and besides re-writes each body, hashes it a second
way (SM3), joins both trees, follows every stream and compares checkpoints, so a ratio near 1 means the rest is nearly free.
Run: ``python -m benchmarks.bench_verify [entries]``.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from . import machine

_BATCH = 5000
_NOTE = "您好，小区东门的路灯最近一个星期晚上不亮，请核实办理。"


def bodies(count: int, seed: int = 7) -> Iterator[tuple[str, int, bytes]]:
    """Made-up entries of about 600 bytes as acts write them: (stream, number, body), four to a stream, interleaved."""
    from qianshao.kernel.ledger.entry import Entry
    from qianshao.kernel.ledger.hashes import SHA256
    from qianshao.kernel.ledger.merkle import leaf_hash

    dice = random.Random(seed)
    open_: list[tuple[str, int, str]] = []
    for number in range(count):
        if len(open_) < 2000 or dice.random() < 0.25:
            stream, sseq, prev = f"{number:026}", 0, ""
        else:
            stream, sseq, prev = open_.pop(dice.randrange(len(open_)))
        entry = Entry(
            v=1,
            log="bench",
            stream=stream,
            sseq=sseq + 1,
            prev=prev,
            kind="hotline.order",
            fact="Received" if not sseq else "Dispatched",
            fv=1,
            rule="hotline.answer@2021",
            actor=f"account:{number % 97}",
            post="科员",
            unit="office",
            at="2026-03-02T09:00:00+08:00",
            rec=f"2026-03-02T09:{number // 600_000:02}:{number // 10_000 % 60:02}.{number % 10_000:06}+08:00",
            src="web",
            idem=f"{number:032x}",
            pii={"title": f"{number:064x}"} if not sseq else {},
            files=[],
            data={"unit": "housing", "note": _NOTE, "n": number},
        )
        body = entry.body()
        yield stream, sseq + 1, body
        if sseq < 6:
            open_.append((stream, sseq + 1, leaf_hash(SHA256, body).hex()))


def fill(home: str, database: str, count: str) -> dict[str, Any]:
    """Write the entries as the store does, a checkpoint on top, and export them."""
    machine.product(Path(home), database)
    from django.db import transaction
    from django.utils import timezone

    from qianshao.core.ledger import checkpoints, exporting, store

    batch: list[store.Row] = []

    def put() -> None:
        with transaction.atomic():
            store.write(batch)
        batch.clear()
        while store.seal():
            pass

    total = 0
    for stream, sseq, body in bodies(int(count)):
        batch.append(store.Row(stream, sseq, bytes.fromhex(json.loads(body)["idem"]), body))
        total += len(body)
        if len(batch) == _BATCH:
            put()
    if batch:
        put()
    checkpoints.make(timezone.now())
    with Path(home, "bundle.jsonl").open("wb") as file:
        exporting.whole(file, now=timezone.now())
    return {"bytes an entry": total // int(count)}


def plain(home: str, database: str) -> dict[str, Any]:
    """The alternative: read, hash once, parse."""
    machine.product(Path(home), database)
    from django.db import connection

    count = 0
    began, on_processor = time.perf_counter(), time.process_time()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.seq, e.body FROM ledger_leaf l JOIN ledger_entry e ON e.eid = l.eid ORDER BY l.seq"
        )
        while rows := cursor.fetchmany(5000):
            for _seq, body in rows:
                hashlib.sha256(body).digest()
                json.loads(bytes(body))
            count += len(rows)
    wall = time.perf_counter() - began
    return {"entries": count, "wall": wall, "processor": time.process_time() - on_processor}


def timed(command: list[str], home: str, database: str) -> dict[str, Any]:
    """A command to its end: seconds on the wall and on the processor, the largest memory of any of its processes in MB."""
    environment = {**os.environ, "QIANSHAO_HOME": home, "QIANSHAO_DATABASE": database}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, text=True, cwd=machine.ROOT, check=True
    )
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = json.loads(done.stdout)
    sound = told.get("sound", told.get("status") == 0)
    return {"sound": sound, "wall": wall, "processor": processor, "megabytes": after.ru_maxrss // 1024}


def measure(home: str, database: str, part: str) -> dict[str, Any]:
    """One command in a process of its own, so that its memory is its own."""
    verify = [sys.executable, "-m", "qianshao.site.commands", "ledger", "verify", "--json"]
    commands = {
        "verify": verify,
        "verify, one process": [*verify, "--workers", "1"],
        "standalone": [sys.executable, "tools/verify_ledger.py", f"{home}/bundle.jsonl", "--json"],
    }
    return timed(commands[part], home, database)


_PARTS: dict[str, Callable[..., dict[str, Any]]] = {"fill": fill, "plain": plain, "measure": measure}


def _start(part: str, *words: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.bench_verify", part, *map(str, words)]
    done = subprocess.run(command, cwd=machine.ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _row(what: str, count: int, found: dict[str, Any], floor: float) -> tuple[object, ...]:
    per_wall, per_processor = count / found["wall"], count / found["processor"]
    return (
        what,
        f"{per_wall:,.0f}",
        f"{per_processor:,.0f}",
        f"{per_wall / floor:.2f}",
        found.get("megabytes", ""),
    )


def _report(name: str, database: str, folder: Path, counts: tuple[int, ...]) -> None:
    rows: list[tuple[object, ...]] = [
        ("entries", "what", "entries/s, wall", "entries/s of one core", "× plain, wall", "MB")
    ]
    for count in counts:
        home = folder / f"{name}-{count}"
        home.mkdir()
        _start("fill", home, database, count)
        alternative = _start("plain", home, database)
        floor = count / alternative["wall"]
        rows.append((f"{count:,}", *_row("plain: read, hash, parse", count, alternative, floor)))
        for part in ("verify", "verify, one process", "standalone"):
            found = _start("measure", home, database, part)
            if not found["sound"]:
                raise SystemExit(f"{part}: the generated ledger is not sound")
            rows.append((f"{count:,}", *_row(part, count, found, floor)))
    print(name, "\n" + machine.table(rows), "\n", flush=True)


def main() -> None:
    """On SQLite at two sizes, which shows that memory stays flat; then on PostgreSQL."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory() as folder:
        _report("SQLite", "", Path(folder), (count // 4, count))
        with machine.postgres() as url:
            _report("PostgreSQL", url, Path(folder), (count,))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        part, *words = sys.argv[1:]
        print(json.dumps(_PARTS[part](*words)))
    else:
        main()
