"""Going round a site: politely, several pages at a time, from where the last run stopped."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from protego import Protego

from qianshao.core.outward.addresses import Forbidden, target
from qianshao.modules.openness.pages import Page
from qianshao.modules.openness.pages.bounded import Reader, Unreadable
from qianshao.modules.openness.pages.links import is_file

from .fetching import AGENT, Failed, Fetcher, Got
from .spool import Spool

_CHALLENGE = re.compile(
    "captcha|人机验证|安全验证|滑动验证|访问(?:过于)?频繁|请完成(?:下列|以下)?验证|请输入验证码|waf|人机识别",
    re.I,
)
_CHALLENGE_STATUS = frozenset((412, 521, 567))  # how common shields answer programs
_SMALL = 20_000  # bytes; a page that asks for a captcha is not a page with a captcha in a form at its foot
_BATCH = 400
_EVERY = 1.0  # seconds between commits
_LONGEST_URL = 1500
_REPEATED = re.compile(r"(/[^/]+)(?:/[^/]+){0,2}?\1(?:/[^/]+){0,2}?\1")
_FAILURES = 25  # in a row: the site is down, asking on does not help it


@dataclass(frozen=True)
class Plan:
    """How to go round. ``delay`` seconds between two requests to a host, more where robots.txt asks for more."""

    start: str
    hosts: frozenset[str]
    allow_private: bool = False
    delay: float = 1.0
    workers: int = 4
    readers: int = 1
    most_pages: int = 100_000
    deepest: int = 30


@dataclass
class Tally:
    """How the crawl stands; shown as progress. ``stopped`` is why it ended before its end."""

    done: int = 0
    waiting: int = 0
    failed: int = 0
    disallowed: int = 0
    seconds: float = 0.0
    stopped: str = ""
    interrupted: bool = False


@dataclass
class _Host:
    rules: Protego | None = None
    asked: bool = False
    closed: str = ""  # why robots.txt could not be had; then nothing is asked for (RFC 9309, 2.3.1.4)
    next_at: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Crawl:
    """One run over a spool."""

    def __init__(self, plan: Plan, spool: Spool, fetcher: Fetcher, tell: Callable[[Tally], None]) -> None:
        self.plan = plan
        self.spool = spool
        self.fetcher = fetcher
        self.tell = tell
        self.tally = Tally()
        self._hosts: dict[str, _Host] = {}
        self._queue: asyncio.Queue[tuple[int, str, int]] = asyncio.Queue()
        self._busy = 0
        self._last = 0
        self._began = 0.0
        self._committed = 0.0
        self._failures = 0
        self._recent: dict[int, None] = {}
        self._local = threading.local()
        self._readers: list[Reader] = []
        self._pool = ThreadPoolExecutor(plan.readers, thread_name_prefix="reader")

    def interrupt(self) -> None:
        """Stop after the pages that are on their way; what is done is kept."""
        self.tally.interrupted = True

    async def run(self) -> Tally:
        """Fetch until nothing waits, the limit is reached, the site asks us to stop, or somebody interrupts."""
        self._began = self._committed = time.monotonic()
        self.spool.add([self.plan.start], 0, None)
        self.spool.again()
        self.tally.done, self.tally.waiting = self.spool.counts()
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self.plan.workers):
                    group.create_task(self._work())
        finally:
            self._pool.shutdown()
            for reader in self._readers:
                reader.close()
            self.spool.commit()
            self.tally.done, self.tally.waiting = self.spool.counts()
            self.tally.seconds = time.monotonic() - self._began
        return self.tally

    @property
    def _ended(self) -> bool:
        return bool(self.tally.stopped) or self.tally.interrupted or self.tally.done >= self.plan.most_pages

    async def _work(self) -> None:
        while not self._ended:
            step = self._next()
            if step is None:
                if not self._busy:
                    return
                await asyncio.sleep(0.005)
                continue
            self._busy += 1
            try:
                await self._visit(*step)
            finally:
                self._busy -= 1
            self._keep()

    def _next(self) -> tuple[int, str, int] | None:
        if self._queue.empty():
            for step in self.spool.waiting(self._last, _BATCH):
                self._queue.put_nowait(step)
                self._last = step[0]
        return None if self._queue.empty() else self._queue.get_nowait()

    def _keep(self) -> None:
        now = time.monotonic()
        if now - self._committed >= _EVERY:
            self._committed = now
            self.spool.commit()
            self.tally.seconds = now - self._began
            self.tell(self.tally)

    async def _visit(self, number: int, url: str, depth: int) -> None:
        try:
            host = await self._host(url)
            if not self._allowed(host, url):
                self.tally.disallowed += 1
                self._count()
                return self.spool.failed(number, host.closed or "robots", _now())
            await self._turn(host)
            if self._ended:
                return None
            got = await self.fetcher.get(url, stays=self._ours, body=not is_file(url))
        except (Failed, Forbidden) as error:
            self.tally.failed += 1
            self._count()
            reason = error.reason if isinstance(error, Failed) else "forbidden"
            self._failures += 1
            if self._failures >= _FAILURES:
                self.tally.stopped = f"连续 {_FAILURES} 次访问失败，最后一次：{error}"
            return self.spool.failed(number, reason, _now())
        self._failures = 0
        page, reason = await self._page(got)
        if self._told_to_stop(got, page):
            self._last = min(self._last, number - 1)  # this page is asked for again next time
            return None
        self._count()
        self.spool.fetched(number, got, page, reason)
        if page is not None and depth < self.plan.deepest:
            self._follow(page, depth, number)
        return None

    def _count(self) -> None:
        self.tally.done += 1

    async def _page(self, got: Got) -> tuple[Page | None, str]:
        if got.status != 200 or not got.body or not _is_html(got):
            return None, ""
        if not self._ours(urlsplit(got.url).hostname or ""):
            return None, "elsewhere"
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, self._read, got), ""
        except Unreadable:
            return None, "unreadable"

    def _read(self, got: Got) -> Page:
        reader: Reader | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = self._local.reader = Reader()
            self._readers.append(reader)
        return reader.read(got.body, url=got.url, content_type=got.content_type, brief=True)

    def _told_to_stop(self, got: Got, page: Page | None) -> bool:
        """403, 429, a pause with a date, or a captcha: the site does not want us now."""
        if (
            got.status in (403, 429)
            or got.status in _CHALLENGE_STATUS
            or (got.status == 503 and got.retry_after)
        ):
            after = f"，请在 {got.retry_after} 后再来" if got.retry_after else ""
            self.tally.stopped = f"{got.url[:120]} 回应 {got.status}，已停止访问{after}"
        elif (
            page is not None
            and len(got.body) < _SMALL
            and page.get("kind") == "other"
            and _CHALLENGE.search(got.body.decode("utf-8", "replace"))
        ):
            self.tally.stopped = f"{got.url[:120]} 要求人机验证，已停止访问"
        return bool(self.tally.stopped)

    def _follow(self, page: Page, depth: int, number: int) -> None:
        fresh = []
        for url in page.outgoing:
            mark = hash(url)
            if mark in self._recent:
                continue
            self._recent[mark] = None
            if self._wanted(url):
                fresh.append(url)
        if len(self._recent) > 100_000:  # a menu repeats on every page; only this much of it is remembered
            for mark in list(self._recent)[:50_000]:
                del self._recent[mark]
        if fresh:
            self.spool.add(fresh, depth + 1, number)

    def _wanted(self, url: str) -> bool:
        if len(url) > _LONGEST_URL:
            return False
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return False
        return self._ours(host) and not _REPEATED.search(unquote(parts.path))

    def _ours(self, host: str) -> bool:
        return host.lower() in self.plan.hosts

    async def _host(self, url: str) -> _Host:
        origin = target(url, allow_private=self.plan.allow_private).origin
        host = self._hosts.setdefault(origin, _Host())
        if host.asked:
            return host
        async with host.lock:
            if not host.asked:
                await self._ask_robots(host, origin)
                host.asked = True
        return host

    async def _ask_robots(self, host: _Host, origin: str) -> None:
        try:
            got = await self.fetcher.get(origin + "/robots.txt", stays=self._ours)
        except (Failed, Forbidden) as error:
            reason = error.reason if isinstance(error, Failed) else "forbidden"
            host.closed = "" if reason == "redirects" else reason
            return
        if got.status == 429 or got.status >= 500:
            host.closed = "robots"
        elif got.status == 200:
            host.rules = Protego.parse(got.body[: 512 * 2**10].decode("utf-8", "replace"))

    def _allowed(self, host: _Host, url: str) -> bool:
        if host.closed:
            self.tally.stopped = "robots.txt 无法读取，按规矩不访问（RFC 9309）"
            return False
        return host.rules is None or host.rules.can_fetch(url, AGENT)

    async def _turn(self, host: _Host) -> None:
        """Wait until the host may be asked again."""
        asked = host.rules.crawl_delay(AGENT) if host.rules is not None else None
        delay = max(self.plan.delay, min(float(asked or 0), 60.0))
        if not delay:
            return
        now = time.monotonic()
        at = max(now, host.next_at)
        host.next_at = at + delay
        while at > now and not self._ended:
            await asyncio.sleep(min(at - now, 0.25))
            now = time.monotonic()


def _is_html(got: Got) -> bool:
    kind = got.content_type.lower()
    if "html" in kind:
        return True
    return (not kind or "xml" in kind or "text/plain" in kind) and b"<html" in got.body[:4096].lower()


def _now() -> str:
    return datetime.now(UTC).isoformat()
