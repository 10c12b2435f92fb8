"""The site watch against Scrapy: the same generated site on 127.0.0.1, in the same run, with the same findings.

    python -m benchmarks.bench_watch [--pages 3000] [--rounds 3] [--memory 20000,100000]

Both go round as fast as the site answers, with 16 requests on their way. The watch does all it does for a real site: it reads
every field of every page in processes of its own, keeps captures, digests and its own state on disk. Scrapy runs a spider
that looks for the flaws the site has and keeps nothing. Scrapy is installed into an environment made for the run
from ``requirements-scrapy.txt``; ``SCRAPY_PYTHON`` names one that exists already.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from . import machine

HERE = Path(__file__).parent
_SPIDERED = ("LBL", "LNK", "PRO-1", "INT-1")  # what the spider looks for; the rest is of the site as a whole
TARGET = 2.0


@contextmanager
def site(pages: int) -> Iterator[str]:
    """The generated site in a process of its own."""
    server = subprocess.Popen(
        [sys.executable, str(HERE / "watch_site.py"), str(pages)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}/"
    finally:
        server.kill()
        server.wait()


@contextmanager
def scrapy_python() -> Iterator[str]:
    """A Python that has Scrapy."""
    given = os.environ.get("SCRAPY_PYTHON")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="scrapy-") as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = str(Path(folder) / "bin" / "python")
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(HERE / "requirements-scrapy.txt")],
            check=True,
        )  # fmt: skip
        yield python


def run(command: list[str]) -> dict[str, Any]:
    """A crawl in a process of its own, which prints one JSON document."""
    env = {**os.environ, "PYTHONPATH": str(machine.ROOT / "src")}
    done = subprocess.run(command, stdout=subprocess.PIPE, env=env, cwd=machine.ROOT, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def ours(address: str) -> dict[str, Any]:
    """One watch, in another process of this file."""
    return run([sys.executable, "-m", "benchmarks.bench_watch", "--one", address])


def one(address: str) -> None:
    """The watch itself; prints what the spider prints."""
    from qianshao.kernel.calendar import Calendar
    from qianshao.modules.openness.watch import running
    from qianshao.modules.openness.watch.items import Numbers

    with tempfile.TemporaryDirectory() as folder:
        plan = running.plan_of(address, allow_private=True, delay=0.0, workers=16, most_pages=1_000_000)
        began = time.perf_counter()
        watched = running.watch(
            plan,
            home=Path(folder),
            today=date(2026, 3, 2),
            calendar=Calendar.china(),
            numbers=Numbers(),
            tell=lambda tally: None,
        )
        seconds = time.perf_counter() - began
    findings: Counter[str] = Counter()
    for finding in watched.verdict.findings:
        if finding.rule == "LBL":
            findings[f"LBL {finding.subject.split()[1]}"] += finding.places
        elif finding.rule in _SPIDERED:
            findings[f"{finding.rule} {finding.url.removeprefix(address)}"] += 1
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(
        json.dumps(
            {
                "pages": watched.tally.done,
                "seconds": seconds,
                "cpu": sum(each.ru_utime + each.ru_stime for each in used),
                "peak_mb": used[0].ru_maxrss / 1024,
                "reader_mb": used[1].ru_maxrss / 1024,
                "findings": findings,
            }
        )
    )


def compare(pages: int, rounds: int) -> bool:
    """Both in turn, so that other work on the machine meets both; the best round of each counts."""
    best: dict[str, dict[str, Any]] = {}
    with scrapy_python() as python:
        for number in range(1, rounds + 1):
            told = {}
            for name in ("scrapy", "watch"):
                with site(pages) as address:
                    spider = [python, str(HERE / "scrapy_watch.py"), address]
                    told[name] = run(spider) if name == "scrapy" else ours(address)
                rate = told[name]["pages"] / told[name]["seconds"]
                print(
                    f"round {number} {name:<7} {told[name]['pages']} pages {told[name]['seconds']:.1f} s {rate:.0f}/s "
                    f"processor {told[name]['cpu']:.1f} s, peak {told[name]['peak_mb']:.0f} MB, "
                    f"load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
                if name not in best or told[name]["seconds"] < best[name]["seconds"]:
                    best[name] = told[name]
            same = told["scrapy"]["findings"] == told["watch"]["findings"]
            print(
                f"round {number} findings: {sum(told['watch']['findings'].values())}, the same: {same}",
                flush=True,
            )
            if not same:
                return False
    ratio = best["scrapy"]["seconds"] / best["watch"]["seconds"]
    print(f"the watch is {ratio:.1f} times as fast as Scrapy (wanted: {TARGET})")
    return ratio >= TARGET


def memory(sizes: list[int]) -> None:
    """Peak memory of the watch for growing sites: it must not grow with them."""
    for size in sizes:
        with site(size) as address:
            told = ours(address)
        print(
            f"{told['pages']} pages: {told['pages'] / told['seconds']:.0f}/s, peak {told['peak_mb']:.0f} MB, "
            f"largest reader {told['reader_mb']:.0f} MB",
            flush=True,
        )


def main() -> int:
    """1 when the findings differ or the watch is less than twice as fast."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--pages", type=int, default=3000)
    reader.add_argument("--rounds", type=int, default=3)
    reader.add_argument("--memory", default="", help="sizes of sites, for example 20000,100000")
    reader.add_argument("--one", default="", help=argparse.SUPPRESS)
    asked = reader.parse_args()
    if asked.one:
        one(asked.one)
        return 0
    if asked.memory:
        memory([int(size) for size in asked.memory.split(",")])
        return 0
    return 0 if compare(asked.pages, asked.rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
