"""A whole watch of one site: crawl, check, keep the evidence, tell."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from qianshao.core.outward.addresses import Lookup, system_lookup, target
from qianshao.kernel.calendar import Calendar

from .checks import Verdict, check
from .crawl import Crawl, Plan, Tally
from .fetching import SECONDS, Fetcher
from .finding import Finding
from .items import ITEMS, Numbers
from .spool import Spool


@dataclass(frozen=True)
class Watched:
    """What a watch brought: how far it went, what it found, and where its evidence lies."""

    site: str
    folder: Path
    tally: Tally
    verdict: Verdict
    whole: bool
    today: date

    def document(self, human: Callable[[str], dict[str, Any] | None] = lambda _: None) -> dict[str, Any]:
        """The JSON document of ``qianshao openness watch``; ``human`` answers for a finding's id."""
        return {
            "site": self.site,
            "on": self.today.isoformat(),
            "complete": self.whole,
            "stopped": self.tally.stopped or ("interrupted" if self.tally.interrupted else None),
            "pages": {
                "fetched": self.tally.done,
                "waiting": self.tally.waiting,
                "failed": self.tally.failed,
                "disallowed_by_robots": self.tally.disallowed,
                "seconds": round(self.tally.seconds, 3),
            },
            "evidence_folder": str(self.folder),
            "items": [
                {"rule": item.rule, "title": item.title, "source": item.source, "status": item.status, "watched": item.watched}
                for item in ITEMS
            ],
            "findings": [finding.document(human(finding.key)) for finding in self.verdict.findings],
            "not_assessable": [{"rule": rule, "why": str(why)} for rule, why in self.verdict.unjudged],
        }  # fmt: skip


def folder_of(home: Path, start: str) -> Path:
    """Where the watch of a site keeps what it needs to go on: readable name, and a digest against clashes."""
    parts = urlsplit(start)
    name = re.sub(r"[^a-z0-9.]+", "-", (parts.netloc + parts.path).lower()).strip("-.")[:60]
    return home / "watch" / f"{name}-{hashlib.sha256(start.encode()).hexdigest()[:8]}"


def plan_of(start: str, *, hosts: tuple[str, ...] = (), **how: Any) -> Plan:
    """A plan for a site, its own host and the named ones in bounds. Raises ``Forbidden`` for a bad address."""
    if "://" not in start:
        start = f"http://{start}"
    if not urlsplit(start).path:
        start += "/"
    how.setdefault("readers", min(4, os.cpu_count() or 1))
    first = target(start, allow_private=how.get("allow_private", False))
    return Plan(start=start, hosts=frozenset({first.host.lower(), *(host.lower() for host in hosts)}), **how)


def watch(
    plan: Plan,
    *,
    home: Path,
    today: date,
    calendar: Calendar,
    numbers: Numbers,
    tell: Callable[[Tally], None],
    afresh: bool = False,
    lookup: Lookup = system_lookup,
    seconds: float = SECONDS,
) -> Watched:
    """Watch a site from where the last unfinished watch stopped; a finished one is begun anew.

    Ctrl-C stops cleanly. Raises ``BusyWatch`` when the same site is being watched already.
    """
    folder = folder_of(home, plan.start)
    with alone(folder):
        spool = Spool(folder)
        if afresh or spool.about("complete"):
            spool.close()
            _archive(folder)
            spool = Spool(folder)
        try:
            tally = _crawl(plan, spool, tell, lookup, seconds)
            whole = not (tally.stopped or tally.interrupted or tally.waiting)
            if whole:
                spool.remember("complete", today.isoformat())
            verdict = check(
                spool, start=plan.start, today=today, numbers=numbers, calendar=calendar, whole=whole
            )
            verdict.findings[:] = [_keep(finding, spool, folder) for finding in verdict.findings]
            return Watched(plan.start, folder, tally, verdict, whole, today)
        finally:
            spool.close()


class BusyWatch(RuntimeError):
    """Another process is watching the same site."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder of a watch; the system lets it go when the process dies. Raises ``BusyWatch``."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "lock"
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BusyWatch(f"另一个进程正在监测这个网站（{path}）。请等它结束。") from None
        yield


def _archive(folder: Path) -> None:
    """Clear the state of a finished crawl; evidence files stay, findings point to them."""
    for name in ("crawl.sqlite3", "crawl.sqlite3-wal", "crawl.sqlite3-shm", "captures"):
        with suppress(FileNotFoundError):
            (folder / name).unlink()


def _crawl(plan: Plan, spool: Spool, tell: Callable[[Tally], None], lookup: Lookup, seconds: float) -> Tally:
    async def run() -> Tally:
        async with Fetcher(
            allow_private=plan.allow_private, connections=plan.workers, lookup=lookup, seconds=seconds
        ) as fetcher:
            crawl = Crawl(plan, spool, fetcher, tell)
            loop = asyncio.get_running_loop()
            for sign in (signal.SIGINT, signal.SIGTERM):
                with suppress(ValueError, NotImplementedError, RuntimeError):  # not in a main thread
                    loop.add_signal_handler(sign, crawl.interrupt)
            return await crawl.run()

    return asyncio.run(run())


def _keep(finding: Finding, spool: Spool, folder: Path) -> Finding:
    """Write the captured bytes of a finding to a file named by their digest."""
    proof = finding.evidence
    if not proof.packed:
        return finding
    path = folder / "evidence" / f"{proof.sha256}.html"
    if not path.exists():
        path.parent.mkdir(exist_ok=True, mode=0o700)
        whole = path.with_suffix(".part")
        whole.write_bytes(spool.body(proof.place, proof.packed))
        os.replace(whole, path)  # noqa: PTH105 - one step, so a kill leaves no half capture
    return replace(finding, evidence=replace(proof, capture=str(path.relative_to(folder))))
