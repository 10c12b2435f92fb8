"""A city of 20,000 live items and five years of history: what every page of supervision, burden and appraisal costs.

The city (``supervised_city``) is 60 bureaus, 12 counties and 160 towns; its ledger is verified first, then each page is
asked for as the people who use it ask. Both the clock on the wall and the processor's time are told: on a machine that
others use the second is what a page costs. With SQLite all of a page's work is in this process, so the second is the
measure; with a server of its own for the database the first is.
Run: ``python -m benchmarks.bench_supervision [--live 20000] [--years 5] [--database postgresql://…] [--keep FOLDER]``.
A base that is there is used again.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import machine
from .bench_scale import _client, _fresh_statistics, _reconnect, verified
from .supervised_city import METERS, build, units

_TIMES = 20
_TARGET = 200  # milliseconds, p95


def _pages() -> dict[str, tuple[str, list[str]]]:
    """Who asks for what: addresses that differ where users' differ."""
    from qianshao.core.duties.models import Duty

    def some(kind: str, **more: Any) -> list[str]:
        rows = Duty.objects.filter(kind=kind, **more).order_by("id")
        step = max(1, rows.count() // _TIMES)
        return [f"/duties/{one}/" for one in rows.values_list("stream", flat=True)[:: step or 1][:_TIMES]]

    items, slips = "/duties/?kind=supervision.item", "/duties/?kind=supervision.slip"
    bureaus = units("bureau")[:_TIMES]
    last = f"burden.{METERS[0]}"
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
        "slip as .docx": ("supervisor", [one.replace("/duties/", "/supervision/slips/") for one in some("supervision.slip")]),
        "conclusions": ("supervisor", ["/duties/?kind=supervision.conclusion"] * _TIMES),
        "one conclusion": ("supervisor", some("supervision.conclusion")),
        "decision page": ("supervisor", ["/supervision/decisions/new/"] * _TIMES),
        "budgets": ("burden", ["/burden/"] * _TIMES),
        "one budget": ("burden", [f"/burden/{last}/{code}/" for code in bureaus]),
        "the office's budget": ("burden", [f"/burden/burden.{METERS[1]}/office/"] * _TIMES),
        "last year's numbers": ("burden", ["/burden/last-year/"] * _TIMES),
        "inspections": ("burden", ["/duties/?kind=burden.inspection"] * _TIMES),
        "one inspection": ("burden", some("burden.inspection")),
        "form of a new inspection": ("burden", ["/duties/new/burden.inspection/Planned/"] * _TIMES),
        "documents": ("burden", ["/duties/?kind=burden.document"] * _TIMES),
        "meetings": ("burden", ["/duties/?kind=burden.meeting"] * _TIMES),
        "requests": ("burden", ["/duties/?kind=burden.request"] * _TIMES),
        "one document": ("burden", some("burden.document")),
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


def pages(on_the_wall: bool) -> int:
    """Milliseconds of whole pages by Django's test client; how many miss the target, by the wall or the processor."""
    rows: list[tuple[object, ...]] = [("page", "wall p50", "p95", "processor p50", "p95", "worst")]
    clients: dict[str, Any] = {}
    missed = 0
    for name, (login, addresses) in _pages().items():
        client = clients.setdefault(login, _client(login))
        client.get(addresses[0])
        taken = [_time(client, address) for address in addresses]
        wall, processor = [one[0] for one in taken], [one[1] for one in taken]
        measured = (_at(wall, 0.5), _at(wall, 0.95), _at(processor, 0.5), _at(processor, 0.95))
        rows.append((name, *measured, f"{max(processor):.0f}"))
        missed += machine.percentile(wall if on_the_wall else processor, 0.95) > _TARGET
    print(machine.table(rows), flush=True)
    measure = "wall" if on_the_wall else "processor"
    print(f"{missed} of {len(rows) - 1} pages miss p95 < {_TARGET} ms of the {measure}", flush=True)
    return missed


def _at(taken: list[float], part: float) -> str:
    return f"{machine.percentile(taken, part):.0f}"


def _time(client: Any, address: str) -> tuple[float, float]:
    """Milliseconds of the wall and of the processor."""
    wall, processor = time.perf_counter(), time.process_time()
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    taken = (time.perf_counter() - wall) * 1000, (time.process_time() - processor) * 1000
    if answer.status_code != 200 or not body:
        raise SystemExit(f"{address}: {answer.status_code} {answer.headers.get('Location', '')}")
    return taken


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
    verified()
    sys.exit(1 if pages(on_the_wall=bool(asked.database)) else 0)


if __name__ == "__main__":
    main()
